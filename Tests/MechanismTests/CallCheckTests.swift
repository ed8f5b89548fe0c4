import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("Checks of the line between officers")
struct CallCheckTests {
    /// What our node has put on record about checks.
    private func checks(_ bench: Bench) -> [CommCheck] {
        (bench.node.held[bench.turkiye] ?? []).compactMap { bytes in
            guard let record = try? VerifiedRecord(fromOwnJournal: bytes), case .open(let body) = record.body,
                case .commCheck(let check) = body.content
            else { return nil }
            return check
        }
    }

    @Test("the caller's node records how long the other officer took")
    func measured() throws {
        var bench = try Bench.ready()
        let id = try bench.send(try SampleCalls.message(.commCheck))
        #expect(checks(bench) == [])
        bench.wait(.milliseconds(4_321))
        try bench.israelAcknowledges(id)
        #expect(checks(bench) == [CommCheck(party: bench.israel.party, message: id, answeredAfterMs: 4_321)])
        let other = try bench.send(try SampleCalls.text())
        try bench.israelAcknowledges(other)
        #expect(checks(bench).count == 1)
    }

    @Test("one that nobody has answered when it is due is recorded as such")
    func unanswered() throws {
        var bench = try Bench.ready()
        let due = bench.utc.advanced(by: .seconds(4))
        let id = try bench.send(try SampleCalls.message(.commCheck, due: due))
        bench.wait(.seconds(5))
        #expect(checks(bench) == [CommCheck(party: bench.israel.party, message: id, answeredAfterMs: nil)])
        #expect(bench.alarm(.unanswered, id.description)?.state == .ringing)
        try bench.israelAcknowledges(id)
        #expect(checks(bench).last?.answeredAfterMs == 5_000)
    }

    @Test("a desk that has checked no line within the terms' time is told, from its first start on, until a check is answered")
    func overdue() throws {
        var bench = try Bench.ready()
        let name = bench.israel.party.name
        bench.wait(.hours(8) - .seconds(1))
        #expect(bench.alarm(.commCheck, name) == nil)
        bench.wait(.seconds(2))
        #expect(bench.alarm(.commCheck, name)?.state == .ringing)
        let id = try bench.israelWrites(.message(try SampleCalls.message(.commCheck)))
        #expect(bench.alarm(.commCheck, name)?.state == .ringing)
        try bench.acknowledge(id)
        #expect(bench.alarm(.commCheck, name)?.state == .cleared)
        bench.wait(.hours(8) - .seconds(1))
        #expect(bench.alarm(.commCheck, name)?.state == .cleared)
        bench.wait(.seconds(2))
        #expect(bench.alarm(.commCheck, name)?.state == .ringing)
        try bench.beat()
        try bench.exchange()
        let ours = try bench.send(try SampleCalls.message(.commCheck))
        try bench.israelAcknowledges(ours)
        #expect(bench.alarm(.commCheck, name)?.state == .cleared)
    }

    @Test("a restart does not begin the wait anew")
    func restart() throws {
        var bench = try Bench.ready()
        bench.wait(.hours(7))
        bench.simulation.crash(bench.turkiye)
        bench.simulation.restart(bench.turkiye)
        bench.wait(.hours(1))
        #expect(bench.alarm(.commCheck, bench.israel.party.name)?.state == .ringing)
    }
}
