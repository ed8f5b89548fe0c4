import Kernel
import Mechanism
import Simulation
import Testing

/// Notices as histories leave them, packed for a snapshot.
@Suite("A packed notice")
struct NoticePackingTests {
    /// What nodes hold after some seeds of the swarm, and after a mediator has held a notice for a silent party.
    private static let snapshots: [MechanismSnapshot] =
        (UInt64(0)..<24).flatMap { seed in
            var run = SwarmRun(seed: seed)
            _ = run.play()
            return run.simulation.nodes.map(\.mechanism.snapshot)
        } + lodged()

    private static func lodged() -> [MechanismSnapshot] {
        var simulation = Simulation(seed: 71, mediator: "azerbaijan", sealing: .xWing)
        simulation.start()
        for node in simulation.nodes { _ = try? simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        simulation.crash(simulation["israel"].party)
        let fields = SampleNotices.standingPresence(at: .palmyra, from: simulation.utc)
        _ = try? simulation.command(.file(fields, mode: .real, audience: nil), at: simulation["turkiye"].party)
        simulation.run(for: .seconds(16))
        return [simulation["turkiye"].mechanism.snapshot]
    }

    private static func held(_ snapshot: MechanismSnapshot) throws -> (notices: [Notice], pieces: [[UInt8]]) {
        var pieces: [[UInt8]] = []
        snapshot.packedNotices(inPiecesOf: 2) { pieces.append($0) }
        return (try pieces.flatMap { try MechanismSnapshot.notices(packed: $0) }, pieces)
    }

    @Test("comes back as it was, with every fact")
    func roundTrip() throws {
        var all: [Notice] = []
        for snapshot in NoticePackingTests.snapshots {
            let (back, _) = try NoticePackingTests.held(snapshot)
            var rest = snapshot.withoutNotices
            rest.add(back)
            #expect(rest.heldNotices == snapshot.heldNotices)
            all += back
        }
        // A fact that no history holds would not have been compared.
        let facts = all.flatMap { $0.facts.values }
        #expect(facts.contains { $0.receiptedAt != nil } && facts.contains { $0.evaluatedAt != nil })
        #expect(facts.contains { $0.acknowledgedAt != nil && $0.acknowledgedBy != nil })
        #expect(facts.contains { $0.lodgedAt != nil && $0.lodgedWith != nil })
        #expect(all.contains { $0.ended != nil } && all.contains { $0.officer != nil })
        #expect(all.contains { !$0.passedOn.isEmpty } && all.contains { !$0.conflicts.isEmpty })
        #expect(all.contains { $0.readBacks.contains { !$0.mismatches.isEmpty } })
        #expect(all.contains { !$0.flags.isEmpty } && all.contains { $0.fields.reviewBy != nil })
        #expect(Set(all.map(\.status)).count > 1 && all.contains { $0.version > 1 })
    }

    @Test("that is cut or changed is refused, or is another notice: nothing traps")
    func damaged() throws {
        let snapshot = try #require(NoticePackingTests.snapshots.first { $0.heldNotices.count > 2 })
        let (_, pieces) = try NoticePackingTests.held(snapshot)
        let piece = try #require(pieces.first)
        var refused = 0
        for length in 1..<piece.count {
            do { _ = try MechanismSnapshot.notices(packed: Array(piece[..<length])) } catch { refused += 1 }
        }
        // Only between the two notices is a cut none.
        #expect(refused >= piece.count - 2)
        for at in piece.indices {
            for value in [UInt8(0), 1, 2, 0x7F, 0x80, 0xFF] {
                var changed = piece
                changed[at] = value
                _ = try? MechanismSnapshot.notices(packed: changed)
            }
        }
    }
}
