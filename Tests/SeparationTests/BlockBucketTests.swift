import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Buckets of the conflict index") struct BlockBucketTests {
    @Test("a bucket gives what going through all its boxes gives, whatever came and went", arguments: UInt64(0)..<4)
    func churn(seed: UInt64) throws {
        var maker = VolumeMaker(seed: seed, centre: at(34.5, 38), reachM: 200_000)
        var chain = FootprintChain()
        var shelves = BucketShelves()
        var kept: [(slot: UInt32, box: SpaceBox, volume: Volume4D, address: TimeLevels.Address)] = []
        func box(_ volume: Volume4D) -> SpaceBox {
            chain.load(volume.footprint)
            return SpaceBox(stored: chain, VerticalExtent(volume.band, over: volume.footprint, .anywhere))
        }
        var found = 0
        for step in 0..<1_500 {
            if kept.count > 20, maker.random.below(step < 900 ? 4 : 2) == 0 {
                let gone = kept.remove(at: Int(maker.random.below(UInt64(kept.count))))
                shelves.remove(place: gone.box.place, slot: gone.slot, at: gone.address)
            } else {
                let volume = try maker.volume()
                let one = (UInt32(step), box(volume), volume, TimeLevels.address(.real, volume.window))
                kept.append(one)
                shelves.insert(
                    one.1, place: one.1.place, slot: one.0, kind: step % 3, volume.window, at: one.3)
            }
            guard step % 50 == 0 else { continue }
            let probe = try maker.volume()
            chain.load(probe.footprint)
            let extent = VerticalExtent(probe.band, over: probe.footprint, .anywhere)
            let query = SpaceBox(
                query: SpaceBox.ends(chain, extent), horizontalM: 20_000, verticalM: .infinity)
            for level in 0...TimeLevels.openLevel {
                let shelf = shelves.shelves[TimeLevels.shelf(.real, level)]
                for at in shelf.numbers.indices {
                    var slots: [UInt32] = []
                    let always = BlockBucket.When(negatedStart: .infinity, end: .infinity, isFirst: true)
                    shelf.gather(at, query, [query, query, query], always, &slots)
                    let number = shelf.numbers[at]
                    let expected = kept.filter {
                        $0.address.shelf == level && ($0.address.first...$0.address.last).contains(number)
                            && $0.box.meets(query)
                    }
                    #expect(slots.sorted() == expected.map(\.slot).sorted())
                    found += slots.count
                }
            }
        }
        #expect(found > 100)
        for one in kept { shelves.remove(place: one.box.place, slot: one.slot, at: one.address) }
        #expect(shelves.shelves.allSatisfy { $0.buckets.isEmpty && $0.numbers.isEmpty })
    }

    @Test("many boxes at one place are told apart by their slots")
    func onePlace() throws {
        var bucket = BlockBucket()
        var chain = FootprintChain()
        let footprint = try circle(34, 38, radiusM: 10)
        chain.load(footprint)
        let box = SpaceBox(stored: chain, VerticalExtent(try metres(0, 9), over: footprint, .anywhere))
        for slot in UInt32(0)..<500 {
            bucket.insert(
                box, .init(start: 0, negatedEnd: 0, slot: slot, kind: 0, isFirst: true), place: box.place)
        }
        for slot in (UInt32(0)..<500).reversed() {
            let wasThere = bucket.remove(place: box.place, slot: slot)
            #expect(wasThere)
        }
        let isThereStill = bucket.remove(place: box.place, slot: 3)
        #expect(bucket.isEmpty && !isThereStill)
    }

    @Test("a window lies in few buckets, and a query within the margin looks into one of them",
        arguments: UInt64(0)..<6)
    func windows(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            func window() throws -> TimeWindow {
                let length: Int64 = random.below(3) == 0 ? 5_000_000_000_000 : 20_000_000_000
                let start = Int64(random.below(6_000_000_000_000)) - 3_000_000_000_000
                let end = start + Int64(random.below(UInt64(length)))
                return try #require(
                    TimeWindow(start: UTCInstant(microseconds: start), end: UTCInstant(microseconds: end)))
            }
            var stored = try window()
            if random.below(9) == 0 { stored = stored.openEnded }
            let query = try window()
            let margin = Int64(random.below(10_000_000_000))
            let address = TimeLevels.address(.drill, stored)
            #expect(address.last - address.first < 4)
            guard ConflictTest.areWithin(.microseconds(margin), stored, query) else { continue }
            let level = address.shelf - TimeLevels.shelvesPerMode
            let looked = TimeLevels.buckets(level, near: query, marginMicroseconds: margin)
            #expect(looked.overlaps(address.first...address.last))
        }
    }

    @Test("the ends of the scale of time neither trap nor hide anything")
    func endsOfTime() throws {
        let windows = try [
            (Int64.min, Int64.min), (.min, .max), (.min, 0), (0, .max), (.max, .max), (.max - 1, .max - 1),
        ].map { start, end in
            try #require(TimeWindow(start: UTCInstant(microseconds: start), end: UTCInstant(microseconds: end)))
        }
        let place = try circle(34, 38, radiusM: 100)
        let party = try #require(PartyID("alpha"))
        let tables = [
            try #require(MinimaTable(rows: [.init(.strike, .strike, try minima(0, .all, .hours(720)))]))
        ]
        var index = ConflictIndex(reference: .anywhere)
        for (i, window) in windows.enumerated() {
            index.insert(
                NoticeID(party: party, index: UInt64(i)), owner: party, kind: .strike, mode: .real,
                volumes: [Volume4D(footprint: place, band: try metres(0, 10), window: window)])
        }
        for window in windows {
            let found = index.query(
                [Volume4D(footprint: place, band: try metres(0, 10), window: window)], kind: .strike, mode: .real,
                excluding: nil, tables: tables)
            let expected = windows.indices.filter { ConflictTest.areWithin(.hours(720), windows[$0], window) }
            #expect(found.map { Int($0.key.index) } == expected)
        }
    }
}
