import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("Messages of a STOP")
struct StopMessagesTests {
    let alpha = StopBench.alpha
    let bravo = StopBench.bravo
    let mediator = StopBench.mediator

    /// A whole exchange, each message a second after the one before.
    func exchange() -> (stop: StopID, notes: [(note: String, by: PartyID)]) {
        var bench = StopBench(alpha)
        func note(_ content: StopContent, _ party: PartyID) -> (note: String, by: PartyID) {
            bench.wait(1)
            return (bench.note(content, by: party), party)
        }
        let press = note(.stop(StopPress(officer: "x")), alpha)
        let stop = StopBench.id(press.note)
        let again = note(.stop(StopPress(officer: "x", repeats: stop)), alpha)
        let goesOn = note(.effect(StopEffectReport(stop: stop, observed: false, officer: "x")), alpha)
        let heard = note(.answer(StopAnswer(stop: stop, to: stop, word: .heard, officer: "y")), bravo)
        let ordered = note(
            .answer(StopAnswer(stop: stop, to: StopBench.id(goesOn.note), word: .ordered, officer: "y", units: ["1"])), bravo)
        let covers = [StopBench.id(again.note), StopBench.id(goesOn.note)].sorted()
        let lift = note(.lift(StopLift(stop: stop, outcome: .withdrawn, officer: "x", covers: covers)), alpha)
        return (stop, [press, again, goesOn, heard, ordered, lift])
    }

    @Test("in every order, and with copies, they lead to the same: over, with the same answers", arguments: 0..<6)
    func anyOrder(first: Int) throws {
        let (stop, notes) = exchange()
        var random = SeededGenerator(seed: UInt64(first))
        for _ in 0..<30 {
            var order = [notes[first]] + notes.indices.filter { $0 != first }.map { notes[$0] }
            for i in stride(from: order.count - 1, to: 1, by: -1) {
                order.swapAt(i, 1 + Int(random.below(UInt64(i))))
            }
            // A third board, for which none of it is its own.
            var bench = StopBench(bravo)
            for (note, _) in order + order.prefix(3) {
                bench.wait(0.5)
                try bench.receive(note)
            }
            let call = try #require(bench.call(stop))
            #expect(!call.isOpen)
            #expect(SortedSet(call.messages.map(\.id)) == SortedSet(notes.map { StopBench.id($0.note) }))
            #expect(call.messages.count == notes.count)
            #expect(bench.board.standing(of: bravo, in: call) == .ordered)
            #expect(try bench.play(200).rings.isEmpty)
        }
    }

    @Test("presses that waited together and arrive the wrong way round are answered whole")
    func wrongWayRound() throws {
        var pressing = StopBench(alpha)
        let first = try pressing.say(.stop(StopPress(officer: "x")))
        pressing.wait(1)
        let second = try pressing.say(.stop(StopPress(officer: "x", repeats: first.id)))
        var rung = StopBench(bravo)
        rung.wait(3)
        for note in [second.note, first.note] { try rung.receive(note) }
        let content = try rung.board.answer(first.id, .ordered, officer: "y", units: ["1"])
        let answer = try rung.say(content)
        pressing.wait(3)
        try pressing.receive(answer.note)
        let call = try #require(pressing.call(first.id))
        #expect(pressing.board.standing(of: bravo, in: call) == .ordered)
        #expect(try pressing.play(50).rings.isEmpty)
    }

    @Test("a copy is no news, and is answered by a receipt each time")
    func copies() throws {
        var bench = StopBench(bravo)
        let note = bench.note(.stop(StopPress(officer: "x")), by: alpha)
        try bench.receive(note)
        for via in [alpha, mediator, alpha] {
            let handled = try bench.board.handle(.received(note: note, via: via), now: bench.now)
            #expect(!handled.isNews)
            #expect(handled.effects.signed == [.received(message: StopBench.id(note))])
            #expect(handled.effects.rings.isEmpty)
        }
    }

    @Test("a later press, or word that it goes on, rings although the first press never came")
    func withoutPress() throws {
        let unknown = StopBench.id(StopBench.note(.stop(StopPress(officer: "x")), by: alpha, nonce: 1, atS: 5))
        var bench = StopBench(bravo)
        #expect(try bench.receive(bench.note(.stop(StopPress(officer: "x", repeats: unknown)), by: alpha)).rungs == [0])
        #expect(bench.call(unknown)?.press == nil)
        var other = StopBench(bravo)
        let report = StopContent.effect(StopEffectReport(stop: unknown, observed: false, officer: "x"))
        #expect(try other.receive(other.note(report, by: alpha)).rungs == [0])
    }

    @Test("a press is never refused for number: the ninth and all after it join, and still ring")
    func manyPresses() throws {
        var bench = StopBench(bravo)
        var stops: [StopID] = []
        for i in 0..<40 {
            let note = bench.note(.stop(StopPress(officer: "Officer \(i)")), by: alpha)
            try bench.receive(note)
            stops.append(StopBench.id(note))
        }
        #expect(bench.board.calls.count == Limits.openStops)
        #expect(stops.allSatisfy { bench.call($0)?.isOpen == true })
        let newest = try #require(bench.call(stops[39]))
        #expect(newest.id == stops[7])
        try bench.say(try bench.board.answer(stops[39], .ordered, officer: "y"))
        #expect(bench.call(stops[7])?.ladder.state == .settled)
        #expect(try bench.receive(bench.note(.stop(StopPress(officer: "z")), by: alpha)).rungs == [0])
        // One of those that joined is lifted: the others stay.
        try bench.receive(bench.note(.lift(StopLift(stop: stops[20], outcome: .withdrawn, officer: "x")), by: alpha))
        #expect(bench.call(stops[20])?.isOpen == true)
        // Drills have room of their own, and never join what is real.
        let drill = bench.note(.stop(StopPress(mode: .drill, officer: "x")), by: alpha)
        #expect(try bench.receive(drill).rungs == [0])
        #expect(bench.call(StopBench.id(drill))?.mode == .drill)
    }

    @Test("own presses join what is open, unless they name another place; the ninth joins in any case")
    func ownPresses() throws {
        var bench = StopBench(alpha)
        func press(_ notice: String?) throws -> StopPress {
            let content = try bench.board.press(StopPress(notice: notice.flatMap(NoticeID.init), officer: "x"))
            guard case .stop(let press) = content else { preconditionFailure("a press") }
            return press
        }
        let first = try bench.say(.stop(try press(nil))).id
        #expect(try press(nil).repeats == first)
        #expect(try press("bravo-1").repeats == first)
        try bench.say(.stop(try press("bravo-1")))
        #expect(try press("bravo-2").repeats == nil)
        for i in 2...8 { try bench.say(.stop(try press("bravo-\(i)"))) }
        #expect(bench.board.calls.count == Limits.openStops)
        #expect(try press("bravo-9").repeats != nil)
        #expect(try press("bravo-3").repeats == bench.board.calls.values.first { $0.press?.notice == NoticeID("bravo-3") }?.id)
    }

    @Test("a flood of one party's answers leaves the others' and keeps within bounds")
    func flood() throws {
        var bench = StopBench(alpha)
        let stop = try bench.say(try bench.board.press(StopPress(officer: "x"))).id
        for i in 0..<600 {
            let answer = StopContent.answer(
                StopAnswer(stop: stop, to: stop, word: .heard, officer: "y", remarks: "\(i)"))
            try bench.receive(bench.note(answer, by: bravo, at: Double(i)))
            let unknown = StopContent.effect(
                StopEffectReport(stop: StopBench.id(bench.note(answer, by: bravo)), observed: true, officer: "\(i)"))
            try bench.receive(bench.note(unknown, by: bravo, at: Double(i)))
        }
        let call = try #require(bench.call(stop))
        #expect(call.messages.count <= Limits.stopMessages)
        #expect(call.press != nil)
        #expect(bench.board.calls.count == 1)
        #expect(throws: StopRefusal.rejected(.notANote)) { try bench.receive("junk") }
    }

    @Test("at most so many closed STOPs are remembered, and open ones in any case")
    func closed() throws {
        var bench = StopBench(bravo)
        let kept = bench.note(.stop(StopPress(mode: .drill, officer: "x")), by: alpha)
        try bench.receive(kept)
        for i in 0..<(Limits.closedStops + 20) {
            let note = bench.note(.stop(StopPress(officer: "\(i)")), by: alpha)
            try bench.receive(note)
            try bench.receive(
                bench.note(.lift(StopLift(stop: StopBench.id(note), outcome: .withdrawn, officer: "\(i)")), by: alpha))
        }
        #expect(bench.board.calls.count == Limits.closedStops + 1)
        #expect(bench.call(StopBench.id(kept))?.isOpen == true)
    }

    @Test("it is repeated until the receipt, then as a reminder until it is heard; each state is shown")
    func delivery() throws {
        var bench = StopBench(alpha)
        let press = try bench.say(try bench.board.press(StopPress(officer: "x")))
        func standing() throws -> StopStanding { bench.board.standing(of: bravo, in: try #require(bench.call(press.id))) }
        #expect(try standing() == .sent)
        #expect(try bench.play(2).sent(to: bravo).count == 8)
        try bench.handle(.handed(message: press.id, to: bravo, relay: mediator))
        #expect(try standing() == .handedToRelay)
        #expect(try bench.play(1).sent(to: bravo).count == 4)
        try bench.receive(bench.note(.received(message: press.id), by: bravo))
        #expect(try standing() == .received)
        #expect(try bench.play(10.5).sent(to: bravo).count == 2)
        try bench.receive(
            bench.note(.answer(StopAnswer(stop: press.id, to: press.id, word: .cannot, officer: "y")), by: bravo))
        #expect(try standing() == .cannot)
        #expect(try bench.play(20).sent(to: bravo).isEmpty)
    }

    @Test("who still speaks of a lifted STOP is given the lift again")
    func liftAgain() throws {
        var bench = StopBench(alpha)
        let press = try bench.say(try bench.board.press(StopPress(officer: "x")))
        let lift = try bench.say(try bench.board.lift(press.id, .withdrawn, officer: "x"))
        let answer = bench.note(.answer(StopAnswer(stop: press.id, to: press.id, word: .heard, officer: "y")), by: bravo)
        try bench.receive(bench.note(.received(message: lift.id), by: bravo))
        for _ in 0..<2 { #expect(try bench.receive(answer).sent(to: bravo) == [lift.id]) }
    }

    @Test("a mediator is given no areas, notices and words")
    func discretion() throws {
        var bench = StopBench(bravo)
        try bench.receive(bench.note(.stop(StopPress(words: StopWords(text: "secret"), officer: "x")), by: alpha))
        try bench.play(61)
        #expect(bench.board.exchange(with: mediator).isEmpty)
        #expect(bench.board.exchange(with: alpha).count == 1)
        var desk = StopBench(mediator)
        #expect(throws: StopRefusal.notAddressedToUs) {
            try desk.receive(desk.note(.stop(StopPress(officer: "x")), by: alpha))
        }
    }
}
