import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("All conflicts at once") struct SweepTests {
    private let kinds: [ActivityKind] = [.strike, .airOperation, .groundMovement]

    private func table() throws -> MinimaTable {
        try #require(
            MinimaTable(rows: [
                .init(.strike, .strike, try minima(9_000, .all, .minutes(30))),
                .init(.strike, .airOperation, try minima(5_000, .metres(600), .minutes(10))),
                .init(.airOperation, .groundMovement, try minima(200, .metres(0), .zero)),
            ]))
    }

    private struct Stored {
        let key: NoticeID
        let kind: ActivityKind
        let mode: Mode
        let volumes: [Volume4D]
    }

    private func fill(_ seed: UInt64, _ count: Int) throws -> (ConflictIndex, [Stored]) {
        var maker = VolumeMaker(seed: seed, centre: at(34.5, 38), reachM: 120_000)
        let parties = [try #require(PartyID("alpha")), try #require(PartyID("bravo"))]
        var index = ConflictIndex(reference: .anywhere)
        var all: [Stored] = []
        for i in 0..<count {
            let one = Stored(
                key: NoticeID(party: parties[i % 2], index: UInt64(i)), kind: kinds[Int(maker.random.below(3))],
                mode: maker.random.below(6) == 0 ? .drill : .real,
                volumes: try (0..<1 + Int(maker.random.below(2))).map { _ in try maker.volume() })
            index.insert(one.key, owner: one.key.party, kind: one.kind, mode: one.mode, volumes: one.volumes)
            all.append(one)
        }
        return (index, all)
    }

    private func name(_ side: ConflictPair.Side) -> String { "\(side.key)/\(side.volume)" }

    @Test("a sweep in parts finds each pair that looking at every pair finds, once", arguments: [1, 7])
    func within(parts: Int) throws {
        let (index, all) = try fill(11, 150)
        let table = try table()
        for acrossOwners in [false, true] {
            var expected: [String] = []
            for (i, a) in all.enumerated() {
                for b in all[(i + 1)...] where a.mode == b.mode && !(acrossOwners && a.key.party == b.key.party) {
                    for (j, one) in a.volumes.enumerated() {
                        for (k, other) in b.volumes.enumerated()
                        where ConflictTest.conflict(
                            one, other, minima: table[a.kind, b.kind], reference: .anywhere
                        ).isConflict {
                            let sides = ["\(a.key)/\(j)", "\(b.key)/\(k)"]
                            expected.append((a.key < b.key ? sides : sides.reversed()).joined(separator: " "))
                        }
                    }
                }
            }
            var found: [String] = []
            var probe = ConflictProbe(tables: [table])
            for part in 0..<parts {
                index.sweep(part: part, of: parts, acrossOwners: acrossOwners, &probe) {
                    found.append(name($0.first) + " " + name($0.second))
                }
            }
            #expect(found.sorted() == expected.sorted())
            #expect(found.count > 50)
        }
    }

    @Test("between two sets a sweep finds what querying one with every volume of the other finds")
    func between() throws {
        let (mine, all) = try fill(21, 80)
        let (theirs, _) = try fill(22, 80)
        let table = try table()
        var expected: [String] = []
        for one in all {
            for hit in theirs.query(one.volumes, kind: one.kind, mode: one.mode, excluding: nil, tables: [table]) {
                expected.append("\(one.key)/\(hit.queryVolume) \(hit.key)/\(hit.volume) \(hit.proven)")
            }
        }
        var found: [String] = []
        var probe = ConflictProbe(tables: [table])
        for part in 0..<3 {
            mine.sweep(against: theirs, part: part, of: 3, acrossOwners: false, &probe) {
                found.append("\(name($0.first)) \(name($0.second)) \($0.isProven)")
            }
        }
        #expect(found.sorted() == expected.sorted())
        #expect(found.count > 30)
    }
}
