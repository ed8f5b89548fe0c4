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

    @Test("finds a clear over records that were shown and not delivered, over an old copy, and over two histories")
    func jointRecord() throws {
        let turkiye = try #require(PartyID("turkiye"))
        var shown = try started(.alwaysClear(turkiye))
        let (israel, azerbaijan) = (shown["israel"].party, shown["azerbaijan"].party)
        shown.network.part(israel, turkiye)
        try shown.command(.suspend(true, reason: nil), at: israel)
        shown.run(for: .seconds(6))
        expect("it was shown", in: shown)

        var old = try started(.alwaysClear(turkiye))
        let events = old[turkiye].journal.count
        try old.command(.suspend(true, reason: nil), at: turkiye)
        old.run(for: .seconds(3))
        old.restoreOldCopy(of: turkiye, events: events)
        old.start()
        old.run(for: .seconds(3))
        expect("holds more of its own log", in: old)

        var forked = try started(.alwaysClear(turkiye))
        let before = forked[israel].journal.count
        try forked.command(.suspend(true, reason: nil), at: israel)
        forked.run(for: .seconds(3))
        forked.restoreOldCopy(of: israel, events: before)
        for other in [turkiye, azerbaijan] { forked.network.part(israel, other) }
        forked.start()
        try forked.command(.signUnconfirmed(reason: "planted"), at: israel)
        for _ in 0..<3 { try forked.command(.present, at: israel) }
        try forked.command(.suspend(true, reason: "another history"), at: israel)
        forked.network.heal()
        forked.run(for: .seconds(6))
        expect("another history", in: forked)
    }

    private func started(_ mutation: ScreenMutation) throws -> Simulation {
        var simulation = Simulation(seed: 310, mediator: "azerbaijan")
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(4))
        simulation.checker = ClearChecker()
        simulation.mutation = mutation
        return simulation
    }

    private func expect(_ part: String, in simulation: Simulation, at location: SourceLocation = #_sourceLocation) {
        let found = simulation.checker?.violations ?? []
        #expect(found.contains { $0.contains(part) }, "\(found.prefix(3))", sourceLocation: location)
        // And without the planted defect there is none.
        #expect(found.allSatisfy { $0.hasPrefix("turkiye") }, sourceLocation: location)
    }
}
