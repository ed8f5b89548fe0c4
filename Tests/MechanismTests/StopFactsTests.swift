import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("an open STOP is a doubt")
struct StopFactsTests {
    private func note(
        _ bench: Bench, _ author: String, _ content: StopContent, nonce: UInt8
    ) throws -> (id: Hash32, note: String) {
        let key = bench.simulation[author].stopKey
        let message = try #require(
            StopMessage(
                mechanism: bench.terms.mechanism, author: bench.simulation[author].party, createdAt: bench.utc,
                nonce: Bytes([UInt8](repeating: nonce, count: 16)), content: content))
        return (message.id, message.signed(publicKey: key.publicKey, sign: { key.sign($0) }))
    }

    private func stopDoubts(_ bench: Bench) -> [AssuranceReason] {
        bench.mechanism.assurance(now: bench.now).reasons.filter { $0.name == "stopOpen" }
    }

    @Test("it is unknown from a press, by either side, until that side's lift; a drill is no doubt")
    func openUntilLifted() throws {
        var bench = try Bench.ready()
        let israel = bench.simulation["israel"].party
        let press = try note(bench, "israel", .stop(StopPress(officer: "Levi")), nonce: 1)
        try bench.handle(.stop(note: press.note))
        #expect(stopDoubts(bench) == [.stopOpen(israel, press.id)])
        #expect(bench.mechanism.assurance(now: bench.now).answer == .unknown)
        // Whoever did not press ends nothing.
        let foreign = try note(
            bench, "turkiye", .lift(StopLift(stop: press.id, outcome: .withdrawn, officer: "Kaya")), nonce: 2)
        try bench.handle(.stop(note: foreign.note))
        #expect(stopDoubts(bench) == [.stopOpen(israel, press.id)])
        let lift = try note(
            bench, "israel", .lift(StopLift(stop: press.id, outcome: .withdrawn, officer: "Levi")), nonce: 3)
        try bench.handle(.stop(note: lift.note))
        #expect(stopDoubts(bench).isEmpty)
        let drill = try note(bench, "israel", .stop(StopPress(mode: .drill, officer: "Levi")), nonce: 4)
        try bench.handle(.stop(note: drill.note))
        #expect(stopDoubts(bench).isEmpty)
    }

    @Test("nobody hides another's STOP by speaking of it first, and a press that joins an unknown one is one")
    func nobodyHides() throws {
        var bench = try Bench.ready()
        let israel = bench.simulation["israel"].party
        let press = try note(bench, "israel", .stop(StopPress(officer: "Levi")), nonce: 1)
        let claim = try note(
            bench, "turkiye", .lift(StopLift(stop: press.id, outcome: .withdrawn, officer: "Kaya")), nonce: 2)
        try bench.handle(.stop(note: claim.note))
        try bench.handle(.stop(note: press.note))
        #expect(stopDoubts(bench) == [.stopOpen(israel, press.id)])
        var other = try Bench.ready()
        let joining = try note(other, "israel", .stop(StopPress(officer: "Levi", repeats: press.id)), nonce: 5)
        try other.handle(.stop(note: joining.note))
        #expect(stopDoubts(other) == [.stopOpen(israel, press.id)])
    }

    @Test("presses beyond the limit join the newest STOP of their author, as on the board, and the lift that names them ends them")
    func bounded() throws {
        var bench = try Bench.ready()
        var presses: [Hash32] = []
        for i in 0..<(Limits.openStops + 4) {
            let press = try note(bench, "israel", .stop(StopPress(officer: "Levi")), nonce: UInt8(i + 1))
            bench.wait(.milliseconds(1))
            try bench.handle(.stop(note: press.note))
            presses.append(press.id)
        }
        #expect(stopDoubts(bench).count == Limits.openStops)
        // The board of the desk that pressed knows the further ones as part of its newest.
        for (i, id) in presses.prefix(Limits.openStops).enumerated() {
            let isNewest = i == Limits.openStops - 1
            let lift = StopLift(
                stop: id, outcome: .withdrawn, officer: "Levi",
                covers: isNewest ? presses.suffix(4).sorted() : [])
            let lifted = try note(bench, "israel", .lift(lift), nonce: UInt8(100 + i))
            try bench.handle(.stop(note: lifted.note))
        }
        #expect(stopDoubts(bench).isEmpty)
    }
}
