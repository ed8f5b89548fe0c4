import Kernel
import Mechanism
import Simulation
import Testing

@Suite("A whole screen")
struct ScreenTests {
    @Test("says of each notice, and of the mechanism last, what is said of each alone", arguments: UInt64(430)..<434)
    func linesAgree(seed: UInt64) throws {
        var simulation = Simulation(seed: seed)
        var history = RandomHistory(seed: seed)
        history.play(&simulation, actions: 20)
        simulation.start()
        var answers: [Assurance.Answer] = []
        for node in simulation.nodes {
            let now = simulation.now(at: node.party)
            let ids = node.mechanism.notices.keys
            let screen = node.mechanism.assurances(of: ids, now: now)
            let alone = ids.compactMap { node.mechanism.assurance(of: $0, now: now) }
            #expect(screen == alone + [node.mechanism.assurance(now: now)])
            answers += screen.map(\.answer)
            // One that is not here has no line.
            let absent = NoticeID(party: node.party, index: 1 << 40)
            #expect(node.mechanism.assurances(of: [absent], now: now) == screen.suffix(1))
        }
        #expect(answers.count > 2)
    }
}
