import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("The ladder of a STOP")
struct StopLadderTests {
    let alpha = StopBench.alpha
    let bravo = StopBench.bravo
    let mediator = StopBench.mediator

    /// Bravo's board with a STOP of alpha that has just come.
    func pressed() throws -> (StopBench, StopID, String) {
        var bench = StopBench(bravo)
        let note = bench.note(.stop(StopPress(officer: "Maj. Demir")), by: alpha)
        let effects = try bench.receive(note)
        let stop = StopBench.id(note)
        #expect(effects.rungs == [0])
        #expect(effects.rings.first?.isNew == true)
        #expect(effects.signed == [.received(message: stop)])
        return (bench, stop, note)
    }

    @Test("it rings the watch at receipt, the next role at 15 s, command and the mediator at 60 s, and again each minute")
    func climbs() throws {
        var (bench, stop, _) = try pressed()
        #expect(try bench.play(14.9).rings.isEmpty)
        #expect(try bench.play(0.2).rungs == [1])
        #expect(try bench.play(44.8).rings.isEmpty)
        let top = try bench.play(0.2)
        #expect(top.rungs == [2])
        let escalation = try #require(top.escalations.first)
        #expect(escalation.to == mediator)
        #expect(escalation.from == alpha)
        #expect(escalation.addressee == bravo)
        #expect(escalation.stop == stop)
        // Asked again until it is signed, and then no more.
        #expect(try bench.play(0.3).escalations.isEmpty == false)
        try bench.say(.escalation(escalation))
        #expect(try bench.play(50).escalations.isEmpty)
        let again = try bench.play(10).rings
        #expect(again.map(\.id.turn) == [1])
    }

    @Test("heard by a named officer it is silent, and without a further answer it rings anew after a minute")
    func heardOnly() throws {
        var (bench, stop, _) = try pressed()
        try bench.play(5)
        try bench.say(try bench.board.answer(stop, .heard, officer: "Lt Cohen"))
        #expect(bench.call(stop)?.ladder.state == .heard)
        #expect(try bench.play(59).rings.isEmpty)
        let anew = try bench.play(2).rings
        #expect(anew.map(\.id) == [StopRing.ID(stop: stop, round: 2, rung: 0, turn: 0)])
        #expect(try bench.play(60).rungs == [1, 2])
        try bench.say(try bench.board.answer(stop, .ordered, officer: "Lt Cohen", units: ["155 Bn"]))
        #expect(bench.call(stop)?.ladder.state == .settled)
        #expect(try bench.play(600).rings.isEmpty)
    }

    @Test("cease reported ends nothing, and a report that it goes on rings anew", arguments: StopAnswer.Word.allCases)
    func falseReport(word: StopAnswer.Word) throws {
        var (bench, stop, _) = try pressed()
        try bench.say(try bench.board.answer(stop, word, officer: "Lt Cohen"))
        #expect(bench.call(stop)?.isOpen == true)
        let report = StopContent.effect(StopEffectReport(stop: stop, observed: false, officer: "Maj. Demir"))
        let effects = try bench.receive(bench.note(report, by: alpha))
        #expect(effects.rings.map(\.id) == [StopRing.ID(stop: stop, round: 2, rung: 0, turn: 0)])
        #expect(try bench.play(61).rungs == [1, 2])
    }

    @Test("only its author's lift ends it, and another press after that is a STOP of its own")
    func lifted() throws {
        var (bench, stop, _) = try pressed()
        let lift = StopContent.lift(StopLift(stop: stop, outcome: .withdrawn, officer: "x"))
        #expect(throws: StopRefusal.notItsAuthor(bravo)) { try bench.receive(bench.note(lift, by: bravo)) }
        #expect(throws: StopRefusal.notItsAuthor(mediator)) { try bench.receive(bench.note(lift, by: mediator)) }
        #expect(bench.call(stop)?.isOpen == true)
        try bench.receive(bench.note(lift, by: alpha))
        #expect(bench.call(stop)?.isOpen == false)
        #expect(try bench.play(300).rings.isEmpty)
        #expect(throws: StopRefusal.alreadyLifted(stop)) { try bench.board.answer(stop, .heard, officer: "x") }
        let next = bench.note(.stop(StopPress(officer: "x")), by: alpha)
        #expect(try bench.receive(next).rungs == [0])
    }

    @Test("a press that its lift does not name opens it again: its author has forgotten the lift")
    func uncovered() throws {
        var (bench, stop, _) = try pressed()
        try bench.receive(bench.note(.lift(StopLift(stop: stop, outcome: .withdrawn, officer: "x")), by: alpha))
        let again = bench.note(.stop(StopPress(officer: "x", repeats: stop)), by: alpha)
        let effects = try bench.receive(again)
        #expect(effects.rungs == [0])
        #expect(bench.call(stop)?.isOpen == true)
        let covers = [StopBench.id(again)]
        try bench.receive(bench.note(.lift(StopLift(stop: stop, outcome: .withdrawn, officer: "x", covers: covers)), by: alpha))
        #expect(bench.call(stop)?.isOpen == false)
    }

    @Test("further presses join the ladder, hold nothing up and start nothing over")
    func repeats() throws {
        var (bench, stop, _) = try pressed()
        var effects: [StopEffect] = []
        for _ in 0..<70 {
            effects += try bench.play(1)
            effects += try bench.receive(bench.note(.stop(StopPress(officer: "x", repeats: stop)), by: alpha))
        }
        #expect(effects.rungs == [1, 2])
        #expect(bench.board.calls.count == 1)
        #expect(try bench.play(50).rings.map(\.id) == [StopRing.ID(stop: stop, round: 1, rung: 2, turn: 1)])
    }

    @Test("an answer to an earlier press does not silence a later one")
    func crossed() throws {
        var (bench, stop, _) = try pressed()
        let early = try bench.board.answer(stop, .ordered, officer: "Lt Cohen")
        // The report comes while the answer is being signed.
        try bench.receive(bench.note(.effect(StopEffectReport(stop: stop, observed: false, officer: "x")), by: alpha))
        try bench.say(early)
        #expect(bench.call(stop)?.ladder.state == .ringing)
        try bench.say(try bench.board.answer(stop, .ordered, officer: "Lt Cohen"))
        #expect(bench.call(stop)?.ladder.state == .settled)
    }

    @Test("the desk that pressed climbs until every addressee has heard, and again when nothing follows")
    func sender() throws {
        var bench = StopBench(alpha)
        let press = try bench.say(try bench.board.press(StopPress(officer: "Maj. Demir")))
        #expect(press.effects.rings.isEmpty)
        #expect(press.effects.logged == [press.id])
        #expect(try bench.play(16).rungs == [1])
        let top = try bench.play(45)
        #expect(top.rungs == [2])
        #expect(top.escalations.first?.addressee == bravo)
        try bench.receive(
            bench.note(.answer(StopAnswer(stop: press.id, to: press.id, word: .heard, officer: "Lt")), by: bravo))
        #expect(try bench.play(59).rings.isEmpty)
        #expect(try bench.play(17).rungs == [1])
        try bench.receive(
            bench.note(.answer(StopAnswer(stop: press.id, to: press.id, word: .ordered, officer: "Lt")), by: bravo))
        #expect(try bench.play(300).rings.isEmpty)
        #expect(bench.call(press.id)?.isOpen == true)
    }

    @Test("it is lifted only with grounds: the effect observed, all say not ours, or pressed in error")
    func grounds() throws {
        var bench = StopBench(alpha)
        let stop = try bench.say(try bench.board.press(StopPress(officer: "x"))).id
        #expect(throws: StopRefusal.noGrounds(.effectObserved)) { try bench.board.lift(stop, .effectObserved, officer: "x") }
        #expect(throws: StopRefusal.noGrounds(.notOurs)) { try bench.board.lift(stop, .notOurs, officer: "x") }
        #expect(throws: Never.self) { try bench.board.lift(stop, .withdrawn, officer: "x") }
        try bench.receive(bench.note(.answer(StopAnswer(stop: stop, to: stop, word: .notOurs, officer: "Lt")), by: bravo))
        #expect(throws: Never.self) { try bench.board.lift(stop, .notOurs, officer: "x") }
        try bench.say(try bench.board.effect(stop, observed: true, officer: "x"))
        try bench.say(try bench.board.effect(stop, observed: false, officer: "x"))
        #expect(throws: StopRefusal.noGrounds(.effectObserved)) { try bench.board.lift(stop, .effectObserved, officer: "x") }
        try bench.say(try bench.board.effect(stop, observed: true, officer: "x"))
        try bench.say(try bench.board.lift(stop, .effectObserved, officer: "x"))
        #expect(bench.call(stop)?.isOpen == false)
    }

    @Test("a mediator's desk rings for an escalation, may only hear, and is told when it is over")
    func mediatorDesk() throws {
        var bench = StopBench(mediator)
        let stop = StopBench.id(bench.note(.stop(StopPress(officer: "x")), by: alpha))
        let escalation = StopEscalation(
            stop: stop, to: mediator, from: alpha, addressee: bravo, pressedAt: bench.now.utc, mode: .real, round: 1)
        let first = bench.note(.escalation(escalation), by: alpha)
        #expect(try bench.receive(first).rungs == [0])
        #expect(throws: StopRefusal.mediatorOnlyHears(mediator)) { try bench.board.answer(stop, .ordered, officer: "x") }
        #expect(throws: StopRefusal.mediatorMayNotPress(mediator)) { try bench.board.press(StopPress(officer: "x")) }
        let heard = try bench.say(try bench.board.answer(stop, .heard, officer: "Observer"))
        #expect(bench.call(stop)?.ladder.state == .settled)
        #expect(try bench.play(0.3).sent(to: alpha) == [heard.id])
        var over = escalation
        over.over = true
        over.covers = [StopBench.id(first)]
        // Nobody calls off another's.
        try bench.receive(bench.note(.escalation(over), by: bravo))
        #expect(bench.call(stop)?.isOpen == true)
        try bench.receive(bench.note(.escalation(over), by: alpha))
        #expect(bench.call(stop)?.isOpen == false)
    }

    @Test("a mediator's word is no answer of the addressee's")
    func mediatorHeard() throws {
        var bench = StopBench(alpha)
        let stop = try bench.say(try bench.board.press(StopPress(officer: "x"))).id
        try bench.receive(bench.note(.answer(StopAnswer(stop: stop, to: stop, word: .heard, officer: "Obs")), by: mediator))
        #expect(bench.call(stop)?.ladder.state == .ringing)
        #expect(throws: StopRefusal.mediatorOnlyHears(mediator)) {
            try bench.receive(
                bench.note(.answer(StopAnswer(stop: stop, to: stop, word: .ordered, officer: "Obs")), by: mediator))
        }
    }
}
