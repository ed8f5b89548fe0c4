import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Conflict index") struct ConflictIndexTests {
    private struct Notice {
        let id: NoticeID
        let kind: ActivityKind
        let mode: Mode
        let volumes: [Volume4D]
    }

    private func table(_ scale: Double = 1) throws -> MinimaTable {
        try #require(
            MinimaTable(rows: [
                .init(.strike, .strike, try minima(9_000 * scale, .all, .minutes(30))),
                .init(.strike, .airOperation, try minima(5_000 * scale, .metres(600), .minutes(10))),
                .init(.airOperation, .airOperation, try minima(3_000 * scale, .metres(300), .zero)),
                .init(.airOperation, .groundMovement, try minima(200 * scale, .metres(0), .zero)),
            ]))
    }

    private static let kinds: [ActivityKind] = [.strike, .airOperation, .groundMovement]

    private func notices(_ count: Int, _ maker: inout VolumeMaker, from first: UInt64 = 0) throws -> [Notice] {
        let parties = [try #require(PartyID("alpha")), try #require(PartyID("bravo"))]
        return try (0..<count).map { i in
            Notice(
                id: NoticeID(party: parties[i % 2], index: first + UInt64(i)),
                kind: Self.kinds[Int(maker.random.below(3))], mode: maker.random.below(8) == 0 ? .drill : .real,
                volumes: try (0..<1 + Int(maker.random.below(3))).map { _ in try maker.volume() })
        }
    }

    private func bruteForce(
        _ probe: Notice, _ stored: [Notice], excluding: PartyID?, _ tables: [MinimaTable]
    ) -> [ConflictIndex.Hit] {
        var hits: [ConflictIndex.Hit] = []
        for notice in stored.sorted(by: { $0.id < $1.id })
        where notice.mode == probe.mode && notice.id.party != excluding {
            for (i, mine) in probe.volumes.enumerated() {
                for (j, theirs) in notice.volumes.enumerated() {
                    let verdicts = tables.map {
                        ConflictTest.conflict(
                            mine, theirs, minima: $0[probe.kind, notice.kind], reference: .anywhere)
                    }
                    guard verdicts.contains(where: \.isConflict) else { continue }
                    hits.append(
                        .init(
                            key: notice.id, owner: notice.id.party, volume: j, queryVolume: i,
                            proven: verdicts.contains(.conflict(proven: true))))
                }
            }
        }
        return hits
    }

    @Test("it finds exactly what looking at every pair finds: in the Levant, at a pole, across the antimeridian",
        arguments: [(34.5, 38.0), (89.9, 0), (-20, 179.9)] as [(Double, Double)])
    func equalsBruteForce(_ latitude: Double, _ longitude: Double) throws {
        var maker = VolumeMaker(seed: 7, centre: at(latitude, longitude), reachM: 250_000)
        let stored = try notices(300, &maker)
        var index = ConflictIndex(reference: .anywhere)
        for notice in stored {
            index.insert(
                notice.id, owner: notice.id.party, kind: notice.kind, mode: notice.mode, volumes: notice.volumes)
        }
        #expect(index.count == stored.reduce(0) { $0 + $1.volumes.count })
        let tables = [try table(), try table(2)]
        var total = 0
        for probe in try notices(25, &maker, from: 10_000) {
            for excluded in [nil, probe.id.party] {
                for used in [[tables[0]], tables] {
                    let found = index.query(
                        probe.volumes, kind: probe.kind, mode: probe.mode, excluding: excluded, tables: used)
                    #expect(found == bruteForce(probe, stored, excluding: excluded, used))
                    total += found.count
                }
            }
        }
        #expect(total > 100)
    }

    @Test("what was removed is not found, what was replaced is found as it is now, in any order of doing so",
        arguments: UInt64(0)..<4)
    func churn(seed: UInt64) throws {
        var maker = VolumeMaker(seed: seed, centre: at(34.5, 38), reachM: 60_000)
        var current: [Notice] = []
        var index = ConflictIndex(reference: .anywhere)
        let tables = [try table()]
        for round in 0..<200 {
            let fresh = try notices(1, &maker, from: maker.random.below(60))[0]
            switch maker.random.below(3) {
            case 0 where !current.isEmpty:
                let gone = current.remove(at: Int(maker.random.below(UInt64(current.count))))
                #expect(index.contains(gone.id))
                let wasThere = index.remove(gone.id)
                let isThereStill = index.remove(gone.id)
                #expect(wasThere && !isThereStill)
                #expect(!index.contains(gone.id) && index.volume(0, of: gone.id) == nil)
            default:
                current.removeAll { $0.id == fresh.id }
                current.append(fresh)
                index.insert(
                    fresh.id, owner: fresh.id.party, kind: fresh.kind, mode: fresh.mode, volumes: fresh.volumes)
                #expect(index.volume(0, of: fresh.id) == fresh.volumes[0])
            }
            #expect(index.count == current.reduce(0) { $0 + $1.volumes.count })
            guard round % 10 == 0 else { continue }
            let probe = try notices(1, &maker, from: 10_000)[0]
            #expect(
                index.query(probe.volumes, kind: probe.kind, mode: probe.mode, excluding: nil, tables: tables)
                    == bruteForce(probe, current, excluding: nil, tables))
        }
    }

    @Test("the order of insertion does not show")
    func order() throws {
        var maker = VolumeMaker(seed: 3, centre: at(34.5, 38), reachM: 30_000)
        let stored = try notices(100, &maker)
        var one = ConflictIndex(reference: .anywhere)
        var other = ConflictIndex(reference: .anywhere)
        for n in stored { one.insert(n.id, owner: n.id.party, kind: n.kind, mode: n.mode, volumes: n.volumes) }
        for n in stored.reversed() {
            other.insert(n.id, owner: n.id.party, kind: n.kind, mode: n.mode, volumes: n.volumes)
        }
        let tables = [try table()]
        for probe in try notices(20, &maker, from: 10_000) {
            let a = one.query(probe.volumes, kind: probe.kind, mode: .real, excluding: nil, tables: tables)
            let b = other.query(probe.volumes, kind: probe.kind, mode: .real, excluding: nil, tables: tables)
            #expect(a == b)
        }
    }

    @Test("without a table there is no conflict to find, with one each hit can be explained")
    func explained() throws {
        var maker = VolumeMaker(seed: 4, centre: at(34.5, 38), reachM: 30_000)
        var index = ConflictIndex(reference: .anywhere)
        for n in try notices(60, &maker) {
            index.insert(n.id, owner: n.id.party, kind: n.kind, mode: n.mode, volumes: n.volumes)
        }
        let probe = try notices(1, &maker, from: 10_000)[0]
        #expect(index.query(probe.volumes, kind: probe.kind, mode: .real, excluding: nil, tables: []).isEmpty)
        let tables = [try table()]
        let hits = index.query(probe.volumes, kind: .strike, mode: .real, excluding: nil, tables: tables)
        try #require(!hits.isEmpty)
        for hit in hits {
            let explanation = try #require(
                index.explanation(of: hit, probe.volumes, kind: .strike, tables: tables))
            #expect(explanation.verdict == .conflict(proven: hit.proven))
        }
    }
}
