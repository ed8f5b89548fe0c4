import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Steps of advice") struct AdviceStepsTests {
    @Test("the cheapest gap between random blocks is the one that trying every step finds, or there is none")
    func gaps() throws {
        var random = SeededGenerator(seed: 1)
        var (found, none) = (0, 0)
        for number in 0..<3_000 {
            let times = -Int64(random.below(12))...Int64(random.below(12))
            let heights = -Int64(random.below(6))...Int64(random.below(6))
            let blocks = (0..<random.below(14)).map { _ in
                let time = Int64(random.below(24)) - 12
                let height = Int64(random.below(14)) - 7
                return LatticeBlock(
                    times: random.below(12) == 0 ? Int64.min...time : time...time + Int64(random.below(14)),
                    heights: random.below(8) == 0 ? Int64.min...Int64.max : height...height + Int64(random.below(8)))
            }
            var gaps = LatticeGaps(times: times, heights: heights, timeCost: 1, heightCost: [0.5, 1, 3][number % 3])
            var best: Double?
            for time in times {
                for height in heights where !blocks.contains(where: { $0.times.contains(time) && $0.heights.contains(height) }) {
                    let cost = Double(time.magnitude) + Double(height.magnitude) * gaps.heightCost
                    best = min(best ?? cost, cost)
                }
            }
            var work = 0
            let gap = gaps.cheapest(blocks, &work)
            #expect(gap?.cost == best, "case \(number)")
            if let gap {
                found += 1
                #expect(!blocks.contains { $0.times.contains(gap.time) && $0.heights.contains(gap.height) })
                #expect(times.contains(gap.time) && heights.contains(gap.height))
            } else {
                none += 1
            }
        }
        #expect(found > 1_000 && none > 200)
    }

    @Test("steps of a minute keep the minimum and touch neither end of it")
    func timeSteps() throws {
        // Theirs 01:00 … 02:00, ours half an hour, a minimum of ten minutes: touching at ten minutes counts.
        let bravo = NoticeID(party: try #require(PartyID("bravo")), index: 1)
        let place = try circle(35, 38, radiusM: 100)
        let band = try metres(0, 100)
        var index = ConflictIndex(reference: .anywhere)
        index.insert(
            bravo, owner: bravo.party, kind: .strike, mode: .real,
            volumes: [Volume4D(footprint: place, band: band, window: try seconds(3_600, 7_200))])
        let table = try #require(MinimaTable(rows: [.init(.strike, .strike, try minima(0, .all, .minutes(10)))]))
        func changes(_ step: Duration, earlier: Duration = .hours(2), later: Duration = .hours(2)) throws -> [Duration] {
            let report = index.advice(
                AdviceRequest(
                    volumes: [Volume4D(footprint: place, band: band, window: try seconds(4_500, 6_300))], kind: .strike,
                    mode: .real, owner: try #require(PartyID("alpha")), notice: nil, tables: [table],
                    bounds: try #require(AdviceBounds(earlier: earlier, later: later, timeStep: step))))
            return report.advice.map(\.change.time)
        }
        #expect(try changes(.microseconds(1)) == [.seconds(3_300) + .microseconds(1), .zero - .seconds(3_300) - .microseconds(1)])
        #expect(try changes(.seconds(1)) == [.seconds(3_301), .seconds(-3_301)])
        #expect(try changes(.minutes(1)) == [.minutes(56), .minutes(-56)])
        #expect(try changes(.minutes(1), earlier: .minutes(56), later: .minutes(55)) == [.minutes(-56)])
        #expect(try changes(.minutes(1), earlier: .minutes(55), later: .minutes(55)) == [])
    }

    @Test("standing presence, without an end, leaves only what comes before it, another height or another place")
    func openEnded() throws {
        let bravo = NoticeID(party: try #require(PartyID("bravo")), index: 1)
        let place = try circle(35, 38, radiusM: 1_000)
        var index = ConflictIndex(reference: .anywhere)
        index.insert(
            bravo, owner: bravo.party, kind: .standingPresence, mode: .real,
            volumes: [Volume4D(footprint: place, band: try metres(0, 500), window: try seconds(3_600, 7_200).openEnded)])
        let table = try #require(
            MinimaTable(rows: [.init(.airOperation, .standingPresence, try minima(500, .metres(300), .minutes(5)))]))
        let report = index.advice(
            AdviceRequest(
                volumes: [Volume4D(footprint: place, band: try metres(600, 900), window: try seconds(1_000_000, 1_003_600))],
                kind: .airOperation, mode: .real, owner: try #require(PartyID("alpha")), notice: nil, tables: [table],
                bounds: try #require(
                    AdviceBounds(
                        earlier: .hours(300), later: .hours(300), downM: 600, upM: 600, withinM: 5_000, positionStepM: 100))))
        let byAxes = report.advice.map { ($0.change.axes, $0.change) }
        // 1 003 600 s less the shift has to lie more than 300 s before 3 600 s.
        #expect(byAxes.first { $0.0 == .time }?.1.time == .minutes(-16_672))
        #expect(byAxes.filter { $0.0 == .time }.count == 1)
        #expect(byAxes.first { $0.0 == .altitude }?.1.altitudeM == 210)
        // Two circles of 1 000 m and 500 m between them: the nearest place of the lattice that is farther, be it by the
        // centimetre to which its coordinates are rounded.
        let moved = try #require(report.advice.first { $0.change.axes == .position })
        #expect(moved.change.distanceM >= 2_500 && moved.change.distanceM < 2_510)
        #expect(moved.volumes[0].footprint.distance(to: place).lowerM > 500)
        #expect(report.advice.first?.change.axes == .altitude)
    }

    @Test("feet and flight levels move in their own units, and stay readable")
    func units() throws {
        func band(_ lower: Double, _ upper: Double, _ unit: AltitudeUnit, _ datum: AltitudeDatum) throws -> AltitudeBand {
            AltitudeBand(
                lower: try #require(Altitude(value: lower, unit: unit, datum: datum)),
                upper: try #require(Altitude(value: upper, unit: unit, datum: datum)))
        }
        let feet = try #require(try band(5_000, 12_000, .feet, .amsl).moved(byM: 30.48 * 7))
        #expect(feet.lower.value == 5_700 && feet.upper.value == 12_700 && feet.lower.unit == .feet)
        let levels = try #require(try band(250, 300, .flightLevel, .flightLevel).moved(byM: -30.48 * 20))
        #expect(levels.lower.value == 230 && levels.upper.value == 280)
        #expect(try band(10, 300, .flightLevel, .flightLevel).moved(byM: -30.48 * 11) == nil)
    }

    @Test("a floor and a ceiling leave just the room between, and refuse a band that is not between them")
    func room() throws {
        let place = try circle(35, 38, radiusM: 1_000)
        let volumes = [
            Volume4D(footprint: place, band: try metres(1_000, 2_000, .amsl), window: try seconds(0, 1)),
            Volume4D(footprint: place, band: try metres(1_500, 2_400, .amsl), window: try seconds(0, 1)),
        ]
        func altitude(_ value: Double, _ datum: AltitudeDatum = .amsl) throws -> Altitude {
            try #require(Altitude(value: value, unit: .metres, datum: datum))
        }
        func room(_ floor: Altitude?, _ ceiling: Altitude?) throws(AltitudeRoom.Rejection) -> AltitudeRoom {
            try AltitudeRoom(of: volumes, floor: floor, ceiling: ceiling, withinM: 0, .anywhere)
        }
        let both = try room(try altitude(400), try altitude(3_000))
        #expect(both.downM == 600 && both.upM == 600)
        let none = try room(nil, nil)
        #expect(none.downM == 0 && none.upM == 0)
        #expect(throws: AltitudeRoom.Rejection.belowFloor(volume: 0)) { try room(try altitude(1_001), nil) }
        #expect(throws: AltitudeRoom.Rejection.aboveCeiling(volume: 1)) { try room(nil, try altitude(2_399)) }
        // The geoid lies within 110 m below and 90 m above the ellipsoid: of that much nothing is certain.
        let ellipsoid = try room(try altitude(400, .ellipsoid), nil)
        #expect(ellipsoid.downM == 490)
        // Heights above the ground are not lowered beneath it.
        let low = try AltitudeRoom(
            of: [Volume4D(footprint: place, band: try metres(50, 90, .agl), window: try seconds(0, 1))],
            floor: try altitude(-900, .agl), ceiling: nil, withinM: 0, .anywhere)
        #expect(low.downM == 50)
    }
}
