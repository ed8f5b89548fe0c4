import Kernel
import Mechanism
import Records

/// What an officer does.
enum StopAct: Sendable {
    case press
    case answer(StopID)
    /// Looks at what became of the own STOPs: reports the effect, lifts.
    case review
}

extension StopWorld {
    /// Presses, faults and the habits of officers, as the seed has them.
    mutating func plan() {
        for i in nodes.indices {
            // Absent more often than not: then everything has to climb.
            nodes[i].officer = chance(50) ? .absent : StopOfficer.allCases[Int(random.below(4))]
        }
        if let officer = settings.officer { nodes[1].officer = officer }
        schedule(.act(.press, at: 0), inNs: between(1_000, 6_000))
        // Some press again while it is open, and some desks press at each other.
        if chance(30) { schedule(.act(.press, at: 0), inNs: between(7_000, 25_000)) }
        if chance(25) { schedule(.act(.press, at: 1), inNs: between(3_000, 60_000)) }
        for i in 0..<2 { schedule(.act(.review, at: i), inNs: between(4_000, 6_000)) }
        for i in nodes.indices { schedule(.exchange(i), inNs: between(100, 5_000)) }
        schedule(.look, inNs: 0)
        guard settings.hasFaults else { return }
        for link in 0..<3 where chance(60) {
            let cutNs = between(0, 60_000)
            schedule(.link(link, isUp: false), inNs: cutNs)
            if chance(85) { schedule(.link(link, isUp: true), inNs: cutNs + between(1_000, 60_000)) }
        }
        for i in nodes.indices {
            for _ in 0..<2 where chance(45) { schedule(.crash(i), inNs: between(500, 90_000)) }
            guard chance(20) else { continue }
            let fullNs = between(0, 60_000)
            schedule(.disk(i, isFull: true), inNs: fullNs)
            schedule(.disk(i, isFull: false), inNs: fullNs + between(5_000, 60_000))
        }
    }

    mutating func perform(_ act: StopAct, at i: Int) {
        guard nodes[i].isUp else {
            // Nobody can do anything at a desk whose node is down.
            if case .review = act {} else { return schedule(.act(act, at: i), inNs: 1_000_000_000) }
            return schedule(.act(.review, at: i), inNs: 5_000_000_000)
        }
        switch act {
        case .press:
            guard let content = try? nodes[i].board.press(StopPress(officer: "Officer of \(nodes[i].party)")) else {
                return
            }
            sign(content, at: i)
        case .answer(let stop): answer(stop, at: i)
        case .review:
            for (stop, call) in nodes[i].board.calls where call.isOpen && call.author == nodes[i].party {
                review(stop, call, at: i)
            }
            schedule(.act(.review, at: i), inNs: between(4_000, 8_000))
        }
    }

    private mutating func answer(_ stop: StopID, at i: Int) {
        let word: StopAnswer.Word
        if i == 2 {
            word = .heard
        } else if nodes[i].officer == .wrong, nodes[i].answers < 2 {
            word = .ceaseReported
        } else {
            word = chance(50) ? .heard : [.ordered, .notOurs, .cannot, .ceaseReported][Int(random.below(4))]
        }
        guard let content = try? nodes[i].board.answer(stop, word, officer: "Officer of \(nodes[i].party)") else { return }
        nodes[i].answers += 1
        sign(content, at: i)
        // Who has heard goes on to give orders, or forgets to.
        if word == .heard, i < 2, chance(60) { schedule(.act(.answer(stop), at: i), inNs: between(5_000, 40_000)) }
    }

    private mutating func review(_ stop: StopID, _ call: StopCall, at i: Int) {
        let other = 1 - i
        let officer = "Officer of \(nodes[i].party)"
        let content: StopContent?
        switch nodes[i].board.standing(of: StopWorld.parties[other], in: call) {
        case .ceaseReported where nodes[other].officer == .wrong && nodes[other].answers < 2:
            content = try? nodes[i].board.effect(stop, observed: false, officer: officer)
        case .ceaseReported, .ordered:
            guard chance(50) else { return }
            if let lift = try? nodes[i].board.lift(stop, .effectObserved, officer: officer) {
                content = lift
            } else {
                content = try? nodes[i].board.effect(stop, observed: true, officer: officer)
            }
        case .notOurs: content = try? nodes[i].board.lift(stop, .notOurs, officer: officer)
        case .sent, .handedToRelay, .received, .heard, .cannot: content = nil
        }
        if let content { sign(content, at: i) }
    }
}
