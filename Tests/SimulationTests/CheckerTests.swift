import Kernel
import Mechanism
import Simulation
import Testing

/// The checker itself: it finds what is planted, and it has something to look at.
@Suite("The checker for false clears")
struct CheckerTests {
    private func violations(_ seeds: Range<UInt64>, mutation: ScreenMutation?) -> (found: [String], cleared: Int) {
        var found: [String] = []
        var cleared = 0
        for seed in seeds {
            var simulation = Simulation(seed: seed)
            simulation.checker = ClearChecker()
            simulation.mutation = mutation
            var history = RandomHistory(seed: seed)
            history.play(&simulation, actions: 25)
            found += simulation.checker?.violations ?? []
            cleared += simulation.checker?.cleared ?? 0
        }
        return (found, cleared)
    }

    @Test("sees clears in ordinary histories, and nothing wrong with them")
    func sound() {
        let (found, cleared) = violations(300..<303, mutation: nil)
        #expect(found.isEmpty, "\(found.first ?? "")")
        #expect(cleared > 50)
    }

    @Test("finds a node that always shows a clear: collisions, silence, missing deliveries and more")
    func alwaysClear() throws {
        let turkiye = try #require(PartyID("turkiye"))
        let (found, _) = violations(300..<303, mutation: .alwaysClear(turkiye))
        for part in ["collides with", "is stale", "does not hold it", "has not read it back"] {
            #expect(found.contains { $0.contains(part) }, "\(part) in \(found.prefix(3))")
        }
        #expect(found.allSatisfy { $0.hasPrefix("turkiye") })
    }

    @Test("finds a screen that keeps showing the clear that it once showed")
    func stuck() throws {
        let turkiye = try #require(PartyID("turkiye"))
        let (found, _) = violations(300..<303, mutation: .stuck(turkiye))
        #expect(found.contains { $0.contains("outlives the end that it names") }, "\(found.prefix(3))")
    }
}
