import Foundation
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("A STOP over a restart")
struct StopRestartTests {
    let alpha = StopBench.alpha
    let bravo = StopBench.bravo

    /// Bravo's board with a STOP that came `ago` seconds before.
    func pressed(ago: Double) throws -> (StopBench, StopID) {
        var bench = StopBench(bravo)
        let note = bench.note(.stop(StopPress(officer: "Maj. Demir")), by: alpha)
        for ring in try bench.receive(note).rings { try bench.handle(.rung(ring.id)) }
        for ring in try bench.play(ago).rings { try bench.handle(.rung(ring.id)) }
        return (bench, StopBench.id(note))
    }

    @Test("what rang is rung again under its name and not as new, and the ladder goes on from where it was")
    func goesOn() throws {
        var (bench, stop) = try pressed(ago: 10)
        let effects = try bench.restart(downS: 2)
        #expect(effects.rings.map(\.id) == [StopRing.ID(stop: stop, round: 1, rung: 0, turn: 0)])
        #expect(effects.rings.map(\.isNew) == [false])
        #expect(try bench.play(2.9).rings.isEmpty)
        #expect(try bench.play(0.2).rungs == [1])
        #expect(try bench.play(44.8).rings.isEmpty)
        #expect(try bench.play(0.2).rungs == [2])
    }

    @Test("what fell due while the node was down rings at once, as new")
    func dueMeanwhile() throws {
        var (bench, _) = try pressed(ago: 10)
        let effects = try bench.restart(downS: 300)
        #expect(effects.rungs == [2])
        #expect(effects.rings.map(\.isNew) == [true])
        #expect(effects.escalations.count == 1)
    }

    @Test(
        "neither a reboot nor a step of UTC makes a wait longer",
        arguments: [(0.5, 0.0), (0.5, -3_600.0), (4_900.0, 0.0), (90_000.0, -50.0), (0.5, 7_200.0)])
    func clocks(monotonicS: Double, utcStepS: Double) throws {
        var (bench, stop) = try pressed(ago: 10)
        var rungs = try bench.restart(downS: 3, monotonicS: monotonicS, utcStepS: utcStepS).rungs
        // Ten of sixty seconds had passed before, and of the last five the file may not know.
        rungs += try bench.play(55.1).rungs
        #expect(rungs.last == 2)
        #expect(bench.call(stop)?.ladder.rung == 2)
    }

    @Test("a wait that was known to be over by UTC is over after a reboot")
    func rebootByUTC() throws {
        var (bench, _) = try pressed(ago: 10)
        #expect(try bench.restart(downS: 6, monotonicS: 1).rungs == [1])
    }

    @Test("a round that began because nothing followed is the same round after a restart")
    func quietRound() throws {
        var (bench, stop) = try pressed(ago: 5)
        try bench.say(try bench.board.answer(stop, .heard, officer: "Lt Cohen"))
        for ring in try bench.play(61).rings { try bench.handle(.rung(ring.id)) }
        let before = try #require(bench.call(stop)?.ladder)
        #expect(before.round == 2)
        let effects = try bench.restart(downS: 1)
        #expect(effects.rings.map(\.id.round) == [2])
        #expect(effects.rings.map(\.isNew) == [false])
        // Down for as long as the patience lasts, it begins by itself.
        var (other, second) = try pressed(ago: 5)
        try other.say(try other.board.answer(second, .heard, officer: "Lt Cohen"))
        #expect(try other.restart(downS: 70).rings.map(\.id) == [StopRing.ID(stop: second, round: 2, rung: 0, turn: 0)])
    }

    @Test("a memory that was written and read is the same board")
    func memory() throws {
        var (bench, stop) = try pressed(ago: 20)
        try bench.receive(bench.note(.answer(StopAnswer(stop: stop, to: stop, word: .heard, officer: "x")), by: bravo))
        let written = try JSONTwin.encode(bench.board.memory)
        let read = try JSONTwin.decode(StopMemory.self, from: written)
        #expect(read == bench.board.memory)
    }

    @Test("what the record lacks is handed to it again after a restart, until it has it")
    func record() throws {
        var bench = StopBench(alpha)
        let press = try bench.say(try bench.board.press(StopPress(officer: "x")))
        #expect(try bench.restart(downS: 1).logged == [press.id])
        try bench.handle(.logged(message: press.id))
        #expect(try bench.restart(downS: 1).logged.isEmpty)
    }

    @Test("a node that lost its file takes its own STOP, and its own answers, back from the other side")
    func lostFile() throws {
        var sender = StopBench(alpha)
        let press = try sender.say(try sender.board.press(StopPress(officer: "x")))
        var receiver = StopBench(bravo)
        try receiver.receive(press.note)
        let answer = try receiver.say(try receiver.board.answer(press.id, .ordered, officer: "Lt", units: ["1 Coy"]))
        try sender.receive(answer.note)
        // The sender's disk is replaced.
        sender.file = []
        try sender.restart(downS: 1)
        for given in receiver.board.exchange(with: alpha) { try sender.receive(given.note, via: bravo) }
        #expect(sender.call(press.id)?.author == alpha)
        #expect(sender.call(press.id)?.isOpen == true)
        #expect(throws: Never.self) { try sender.board.lift(press.id, .withdrawn, officer: "x") }
        // And the receiver's.
        receiver.file = []
        try receiver.restart(downS: 1)
        for given in sender.board.exchange(with: bravo) { try receiver.receive(given.note, via: alpha) }
        #expect(receiver.call(press.id)?.ladder.state == .settled)
    }
}

/// How a shell writes values.
private enum JSONTwin {
    static func encode(_ value: some Encodable) throws -> Data { try JSONEncoder().encode(value) }
    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try JSONDecoder().decode(type, from: data)
    }
}
