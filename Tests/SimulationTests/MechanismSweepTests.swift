import Kernel
import Mechanism
import Simulation
import Testing

@Suite("Looking for all conflicts at once")
struct MechanismSweepTests {
    /// Nodes as some seeds of the swarm leave them, with the collisions that a sweep of each finds.
    private static let nodes: [(mechanism: Mechanism, found: SortedSet<NoticePair>)] = (UInt64(0)..<24).flatMap { seed in
        var run = SwarmRun(seed: seed)
        _ = run.play()
        return run.simulation.nodes.map { ($0.mechanism, swept($0.mechanism, parts: 3)) }
    }

    private static func swept(_ mechanism: Mechanism, parts: Int) -> SortedSet<NoticePair> {
        var found = SortedSet<NoticePair>()
        for part in 0..<parts { for pair in mechanism.sweep(part: part, of: parts) { found.insert(pair) } }
        return found
    }

    @Test("finds what one change after the other has led to, and nothing else")
    func agrees() {
        for node in MechanismSweepTests.nodes { #expect(node.mechanism.differences(from: node.found) == []) }
        // Otherwise nothing would have been compared.
        #expect(MechanismSweepTests.nodes.reduce(0) { $0 + $1.found.count } > 20)
    }

    @Test("gives the same in one part as in many")
    func parts() {
        for node in MechanismSweepTests.nodes.prefix(12) {
            #expect(MechanismSweepTests.swept(node.mechanism, parts: 1) == node.found)
            #expect(MechanismSweepTests.swept(node.mechanism, parts: 64) == node.found)
        }
    }

    @Test("names a collision without a conflict, and a conflict without a collision")
    func differs() throws {
        let node = try #require(MechanismSweepTests.nodes.first { !$0.found.isEmpty })
        #expect(Set(node.mechanism.differences(from: SortedSet())) == Set(node.found.map { .unfounded($0) }))
        let apart = try #require(
            node.mechanism.notices.keys.lazy.flatMap { a in node.mechanism.notices.keys.map { NoticePair(a, $0) } }
                .first { $0.first != $0.second && !node.found.contains($0) })
        var found = node.found
        found.insert(apart)
        #expect(node.mechanism.differences(from: found) == [.missing(apart)])
    }
}
