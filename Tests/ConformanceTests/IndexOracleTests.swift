import Geodesy
import Kernel
import Separation
import Testing

/// The index and its quick exact stage against the oracle's brackets.
@Suite("The conflict index agrees with the oracle")
struct IndexOracleTests {
    let pairs: [OracleRows.Pair]

    init() throws { pairs = try OracleRows.pairs() }

    private func volume(_ footprint: Footprint) throws -> Volume4D {
        let ground = try #require(Altitude(value: 0, unit: .metres, datum: .ellipsoid))
        let window = try #require(
            TimeWindow(start: UTCInstant(microseconds: 0), end: UTCInstant(microseconds: 1)))
        return Volume4D(footprint: footprint, band: AltitudeBand(lower: ground, upper: ground), window: window)
    }

    private func table(_ minimumM: Double) throws -> MinimaTable {
        let minima = try #require(Minima(horizontalM: minimumM, vertical: .all, time: .zero))
        return try #require(MinimaTable(rows: [.init(.strike, .strike, minima)]))
    }

    @Test("stored and asked for, no conflict is missed and none is found beyond the error bound")
    func verdicts() throws {
        let party = try #require(PartyID("alpha"))
        let key = NoticeID(party: party, index: 1)
        var missed = SortedSet<Int>()
        var invented = SortedSet<Int>()
        var provenWrongly = SortedSet<Int>()
        var found = 0
        for pair in pairs {
            for (stored, asked) in [(pair.first, pair.second), (pair.second, pair.first)] {
                var index = ConflictIndex(reference: .anywhere)
                index.insert(key, owner: party, kind: .strike, mode: .real, volumes: [try volume(stored)])
                let hits = index.query(
                    [try volume(asked)], kind: .strike, mode: .real, excluding: nil,
                    tables: [try table(pair.minimumM)])
                found += hits.count
                if hits.isEmpty, pair.upperM <= pair.minimumM { missed.insert(pair.id) }
                if !hits.isEmpty, pair.lowerM > pair.minimumM + DistanceBounds.errorM { invented.insert(pair.id) }
                if hits.first?.proven == true, pair.lowerM > pair.minimumM { provenWrongly.insert(pair.id) }
            }
        }
        #expect(Array(missed) == [], "MISSED; these rows")
        #expect(Array(invented) == [], "conflict beyond the stated error; these rows")
        #expect(Array(provenWrongly) == [], "called proven though farther than the minimum; these rows")
        #expect(found >= 2_000)
    }

    @Test("where the plane decides it is right, and it decides most pairs of short footprints")
    func plane() {
        var wrong = SortedSet<Int>()
        var decided = 0
        var short = 0
        var chain = FootprintChain()
        var probe = LocalProbe()
        for pair in pairs {
            var arena = ShapeArena()
            chain.load(pair.first)
            let shape = arena.insert(chain)
            chain.load(pair.second)
            probe.load(chain)
            let found = probe.closeness(to: shape, in: arena, thresholdM: pair.minimumM)
            if found == .closer, pair.lowerM > pair.minimumM { wrong.insert(pair.id) }
            if found == .farther, pair.upperM <= pair.minimumM { wrong.insert(pair.id) }
            guard pair.isShort, !pair.isNear else { continue }
            short += 1
            if found != .undecided { decided += 1 }
        }
        print("the plane decides \(decided) of \(short) short pairs that are not within ten metres of the minimum")
        #expect(Array(wrong) == [], "decided wrongly; these rows")
        #expect(decided * 10 > short * 8)
    }
}
