import Kernel
import Mechanism
import Simulation
import Testing

@Suite("Random histories")
struct RandomHistoryTests {
    /// Histories in one test case; the cases run side by side.
    private static let perCase: UInt64 = 25

    @Test(
        "after any history and a healed network both nodes hold the same conflicts in the same states, and no answer was falsely clear",
        arguments: UInt64(0)..<8)
    func nodesAgree(block: UInt64) throws {
        for seed in block * Self.perCase..<(block + 1) * Self.perCase {
            var simulation = Simulation(
                seed: seed, principals: seed % 8 == 7 ? ["egypt", "israel", "turkiye"] : ["israel", "turkiye"],
                mediator: seed % 4 == 3 ? "azerbaijan" : nil,
                timing: SampleTerms.Timing(heartbeatS: 4, staleAfterS: 12, unstaffedAfterS: 60),
                // With sealed bodies the mediator relays.
                sealing: seed % 4 == 3 ? .xWing : .none)
            simulation.checker = ClearChecker()
            var history = RandomHistory(seed: seed)
            history.play(&simulation, actions: 60)
            history.heal(&simulation)
            let checker = try #require(simulation.checker)
            #expect(checker.violations.isEmpty, "seed \(seed): \(checker.violations.first ?? "")")
            #expect(checker.looked > 200, "seed \(seed)")
            expectAgreement(simulation, seed: seed)
        }
    }

    @Test("put disks back to older copies, and no node ever signs two histories")
    func oldCopies() throws {
        var copies = 0
        for seed in UInt64(600)..<612 {
            let isMediated = seed % 3 == 0
            var simulation = Simulation(
                seed: seed, mediator: isMediated ? "azerbaijan" : nil, sealing: isMediated ? .xWing : .none)
            simulation.checker = ClearChecker()
            var history = RandomHistory(seed: seed)
            history.play(&simulation, actions: 40)
            history.heal(&simulation)
            copies += simulation.oldCopies
            for node in simulation.nodes {
                #expect(node.mechanism.maySign, "seed \(seed): \(node.party)")
                #expect(node.mechanism.logs.allSatisfy { $0.value.fork == nil }, "seed \(seed): \(node.party)")
            }
            #expect(simulation.checker?.violations.isEmpty == true, "seed \(seed)")
            expectAgreement(simulation, seed: seed)
        }
        #expect(copies > 4)
    }

    private func expectAgreement(_ simulation: Simulation, seed: UInt64) {
        let principals = simulation.nodes.filter { $0.mechanism.role == .principal }
        for node in simulation.nodes {
            for peer in simulation.nodes where peer.party != node.party {
                #expect(
                    node.mechanism.logs[peer.party]?.size == peer.mechanism.ownLog.size,
                    "seed \(seed): \(node.party) lacks records of \(peer.party)")
                #expect(
                    node.mechanism.logs[peer.party]?.unreadable.isEmpty == true,
                    "seed \(seed): \(node.party) cannot read \(peer.party)'s own records")
            }
        }
        for node in principals {
            let (theirs, first) = (facts(node), facts(principals[0]))
            let differing = theirs.filter { !first.contains($0) } + first.filter { !theirs.contains($0) }
            #expect(differing.isEmpty, "seed \(seed): \(principals[0].party) and \(node.party) differ")
        }
    }

    /// What every node must agree on.
    private func facts(_ node: SimulatedNode) -> [String] {
        // A collision of others' older versions that crossed on the way here, and that neither of them signed, is
        // this node's own memory.
        node.mechanism.conflicts.values.filter { !$0.findings.isEmpty }.map { conflict in
            let positions = conflict.positions.map { "\($0.key) \($0.value.stance) \($0.value.record)" }
            return "\(conflict.id) \(conflict.state) \(positions)"
        }
            + node.mechanism.notices.values.map { notice in
                // One that crossed with an amendment is known to its author only as what it was.
                let current = notice.readBacks.filter { $0.version == notice.version }
                let mismatches = current.map { "\($0.party) \($0.mismatches)" }.sorted()
                return "\(notice.id) \(notice.version) \(notice.ended == nil) \(notice.flags) \(mismatches)"
            }
    }

    @Test("the same seed gives the same bytes")
    func sameSeed() throws {
        let first = try EventFile.sample(seed: 4, actions: 30)
        #expect(try EventFile.sample(seed: 4, actions: 30) == first)
        #expect(try EventFile.sample(seed: 5, actions: 30) != first)
    }
}
