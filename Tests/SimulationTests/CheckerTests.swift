import Geodesy
import JointLog
import Kernel
import Mechanism
import Simulation
import Testing

/// The checkers themselves, where a plain history would not lead.
@Suite("The checkers")
struct CheckerTests {
    @Test("see clears in ordinary histories, and nothing wrong with them")
    func sound() {
        var cleared = 0
        for seed in UInt64(300)..<303 {
            var trial = CheckerTrial(seed: seed, mutation: nil, withFaults: true)
            trial.play(actions: 25)
            trial.heal()
            #expect(trial.violations.isEmpty, "\(trial.violations.first?.text ?? "")")
            cleared += trial.simulation.checkers?.cleared ?? 0
        }
        #expect(cleared > 50)
    }

    @Test("find a clear over records that were shown and not delivered, over an old copy, and over two histories")
    func jointRecord() throws {
        var shown = try started()
        let (israel, turkiye) = (shown["israel"].party, shown["turkiye"].party)
        let azerbaijan = shown["azerbaijan"].party
        shown.network.part(israel, turkiye)
        try shown.command(.suspend(true, reason: nil), at: israel)
        shown.run(for: .seconds(6))
        expect("it was shown", in: shown)

        var old = try started()
        let events = old[turkiye].journal.count
        try old.command(.suspend(true, reason: nil), at: turkiye)
        old.run(for: .seconds(3))
        old.restoreOldCopy(of: turkiye, events: events)
        old.start()
        old.run(for: .seconds(3))
        expect("holds more of its own log", in: old)

        var forked = try started()
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

    /// Türkiye's screens say clear where its core knows better.
    private func started() throws -> Simulation {
        var simulation = Simulation(seed: 310, mediator: "azerbaijan")
        simulation.checkers = Checkers()
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(4))
        simulation.mutation = .hidesDoubt
        return simulation
    }

    private func expect(_ part: String, in simulation: Simulation, at location: SourceLocation = #_sourceLocation) {
        let found = simulation.checkers?.violations ?? []
        #expect(
            found.contains { $0.checker == MissingRecordsChecker.name && $0.sentence.contains(part) },
            "\(found.prefix(3))", sourceLocation: location)
        // And without the planted defect there is none.
        #expect(found.allSatisfy { $0.party == PartyID("turkiye") }, sourceLocation: location)
    }

    @Test("measure a distance as geodesists do, and a tree as its standard does")
    func oracles() throws {
        // Flinders Peak to Buninyong, the worked example of the Australian geodetic manual: 54 972.271 m.
        let flinders = try #require(Position(latitudeDeg: -37.951033416667, longitudeDeg: 144.424867888889))
        let buninyong = try #require(Position(latitudeDeg: -37.652821138889, longitudeDeg: 143.926495527778))
        let distance = try #require(PlainSeparation.distanceM(flinders, buninyong))
        #expect(abs(distance - 54_972.271) < 0.002)
        // RFC 6962's own test tree, as Certificate Transparency's tests have it.
        let leaves = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        ]
        let roots = [
            1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var tree = PlainTree()
        #expect(tree.root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (i, leaf) in leaves.enumerated() {
            tree.append(try #require(leaf.isEmpty ? [] : [UInt8](hex: leaf)))
            if let root = roots[i + 1] { #expect(tree.root.hex == root) }
        }
    }

    @Test("find a collection that nobody named, however deep it lies")
    func collections() {
        struct Inner { var waiting = [1, 2, 3] }
        struct Outer {
            var byParty: SortedMap<PartyID, Inner> = [PartyID("israel"), PartyID("turkiye")].compactMap { $0 }
                .reduce(into: SortedMap()) { $0[$1] = Inner() }
            var rest: Inner? = Inner(waiting: [1])
            var text = "not a collection"
        }
        let sizes = CollectionSizes(of: Outer(), without: ["rest"]).sizes
        #expect(sizes == ["byParty": 2, "byParty[].waiting": 3])
    }
}
