import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// Whole mechanisms under terms that ask for passing on, watched by the checker that shares no code with the core.
@Suite("The checker, where strikes are passed on")
struct PassingCheckerTests {
    private func violations(_ seeds: Range<UInt64>, mutation: Mutation?) -> (found: [Violation], stated: Int) {
        var found: [Violation] = []
        var stated = 0
        for seed in seeds {
            var simulation = Simulation(seed: seed, demands: .strikesPassedOn)
            simulation.checkers = Checkers()
            simulation.mutation = mutation
            var history = RandomHistory(seed: seed)
            history.play(&simulation, actions: 40)
            found += simulation.checkers?.violations ?? []
            stated += simulation.nodes[0].mechanism.notices.values.count { !$0.passedOn.isEmpty }
        }
        return (found, stated)
    }

    @Test("finds no false clear in histories in which officers pass strikes on, and not, and amend them")
    func sound() {
        let (found, stated) = violations(700..<706, mutation: nil)
        #expect(found.isEmpty, "\(found.first?.text ?? "")")
        #expect(stated > 0)
    }

    @Test("finds a clear over a strike that has not been passed on")
    func planted() throws {
        let turkiye = try #require(PartyID("turkiye"))
        let (found, _) = violations(700..<703, mutation: .hidesDoubt)
        #expect(found.contains { $0.sentence.contains("has not passed it on") }, "\(found.prefix(3))")
        #expect(found.allSatisfy { $0.party == turkiye })
    }

    /// The whole way on two real nodes: clear with everything, and unknown for the sake of one unit.
    @Test("sees a clear only after both sides have passed a strike on, and none after a unit was added")
    func wholeWay() throws {
        var simulation = Simulation(seed: 711, demands: .strikesPassedOn)
        simulation.start()
        let (israel, turkiye) = (simulation["israel"].party, simulation["turkiye"].party)
        for party in [israel, turkiye] { try simulation.command(.present, at: party) }
        simulation.run(for: .seconds(4))
        simulation.checkers = Checkers()
        let fields = SampleNotices.strike(at: .hama, from: simulation.utc.advanced(by: .hours(1)))
        guard case .filed(let id, _, _) = try simulation.command(.file(fields, mode: .real, audience: nil), at: israel)
        else { return }
        simulation.run(for: .seconds(2))
        try simulation.command(
            .acknowledge(id, version: 1, SampleNotices.rightReadBack(of: fields)), at: turkiye)
        let subject = PassedOn.Subject.notice(NoticeVersion(notice: id, version: 1))
        func answers(_ simulation: Simulation) -> [Assurance.Answer?] {
            [israel, turkiye].map {
                simulation[$0].mechanism.assurance(of: id, now: simulation.now(at: $0))?.answer
            }
        }
        for party in [israel, turkiye] {
            #expect(answers(simulation) == [.unknown, .unknown])
            try simulation.command(.watch(.concerns(subject, units: [])), at: party)
            simulation.run(for: .seconds(4))
        }
        #expect(answers(simulation) == [.clear, .clear])
        try simulation.command(.watch(.registerUnit("1st Battery")), at: turkiye)
        try simulation.command(.watch(.concerns(subject, units: ["1st Battery"])), at: turkiye)
        simulation.run(for: .seconds(4))
        #expect(answers(simulation) == [.unknown, .unknown])
        #expect(simulation.checkers?.violations == [])
        #expect((simulation.checkers?.cleared ?? 0) > 0)
    }
}
