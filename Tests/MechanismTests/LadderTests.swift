import Foundation
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("The ladder")
struct LadderTests {
    @Test("a message that nobody acknowledges rings the next role when it is due, then command, then again and again")
    func receiver() throws {
        var bench = try Bench.ready()
        let id = try bench.israelWrites(.message(try SampleCalls.crossed()))
        func alarm() throws -> Alarm { try #require(bench.alarm(.message, id.description)) }
        let first = try alarm()
        try bench.command(.acknowledgeAlarm(first.id))
        // FLASH: a minute, then five for each rung.
        bench.wait(.milliseconds(59_900))
        #expect(try alarm().state == .acknowledged)
        bench.wait(.milliseconds(200))
        let second = try alarm()
        #expect(second.state == .ringing && second.roles == [.watch, .releasing] && second.acknowledgedBy == nil)
        #expect(second.raisedAt == first.raisedAt && second.rangAt > first.rangAt)
        try bench.command(.acknowledgeAlarm(first.id))
        bench.wait(.minutes(5))
        let third = try alarm()
        #expect(third.state == .ringing && third.roles == DeskRole.allCases)
        try bench.command(.acknowledgeAlarm(first.id))
        bench.wait(.minutes(5))
        let again = try alarm()
        #expect(again.state == .ringing && again.rung == 2 && again.rangAt > third.rangAt)
        #expect(again.raisedAt == first.raisedAt)
        try bench.acknowledge(id, SampleCalls.crossing)
        bench.wait(.hours(1))
        #expect(try alarm().state == .cleared)
    }

    @Test("a message that was due before it came rings the next role at once")
    func late() throws {
        var bench = try Bench.ready()
        let written = bench.utc
        bench.wait(.minutes(10))
        let id = bench.israel.write(
            .message(try SampleCalls.crossed()), at: written, officer: "Maj. Scripted", audience: [bench.turkiye])
        try bench.deliver()
        bench.wait(.milliseconds(1))
        #expect(bench.alarm(.message, id.description)?.roles == [.watch, .releasing])
    }

    @Test("a notice that is not read back in time climbs too")
    func notice() throws {
        var bench = try Bench.ready()
        let id = try bench.israelFiles(Founding.strike(bench.utc, in: .hours(2)))
        bench.wait(.seconds(301))
        let first = try #require(bench.alarm(.acknowledgementOverdue, id.description))
        #expect(first.state == .ringing && first.rung == 1)
        try bench.command(.acknowledgeAlarm(first.id))
        bench.wait(.minutes(5))
        let top = try #require(bench.alarm(.acknowledgementOverdue, id.description))
        #expect(top.state == .ringing && top.rung == 2 && top.raisedAt == first.raisedAt)
        let fields = try #require(bench.mechanism.notices[id]?.fields)
        try bench.command(.acknowledge(id, version: 1, SampleNotices.rightReadBack(of: fields)))
        bench.wait(.hours(1))
        #expect(bench.alarm(.acknowledgementOverdue, id.description)?.state == .cleared)
    }

    @Test("whoever called is told that no one is there, and whether at least the node has it")
    func noOneThere() throws {
        var bench = try Bench.ready()
        let id = try bench.send(try SampleCalls.crossed())
        bench.wait(.milliseconds(59_900))
        #expect(bench.alarm(.unanswered, id.description) == nil)
        bench.wait(.milliseconds(200))
        let alarm = try #require(bench.alarm(.unanswered, id.description))
        #expect(alarm.state == .ringing && alarm.rung == 1 && alarm.party == bench.israel.party)
        #expect(alarm.sentence.hasPrefix("No one there: \(id)") && alarm.sentence.contains("not receipted"))
        try bench.takeOurs()
        bench.wait(.minutes(5))
        #expect(bench.alarm(.unanswered, id.description)?.rung == 2)
        // Nobody mediates here, so nobody is told; it rings on.
        let size = bench.mechanism.ownLog.size
        bench.wait(.minutes(5))
        #expect(bench.alarm(.unanswered, id.description)?.state == .ringing)
        #expect(bench.mechanism.ownLog.size == size || bench.mechanism.calls.messages.count == 1)
        try bench.israelAcknowledges(id, SampleCalls.crossing)
        bench.wait(.hours(1))
        #expect(bench.alarm(.unanswered, id.description)?.state == .cleared)
    }

    @Test(
        "at the top the mediator hears who does not answer which call since when, once, and not what it says",
        arguments: [Sealing.none, .xWing])
    func mediator(sealing: Sealing) throws {
        var simulation = try nodesWithMediator(sealing: sealing)
        let (turkiye, israel) = (simulation["turkiye"].party, simulation["israel"].party)
        let mediator = simulation["azerbaijan"].party
        let reply = try simulation.command(
            .call(.send(try SampleCalls.crossed(), mode: .real, to: nil)), at: turkiye)
        guard case .recorded(let id) = reply else { return #expect(Bool(false), "\(reply)") }
        simulation.run(for: .seconds(350))
        #expect(simulation[mediator].mechanism.calls.messages.isEmpty)
        simulation.run(for: .seconds(20))
        let told = simulation[mediator].mechanism.calls.messages
        let call = try #require(told.first?.value)
        #expect(told.count == 1 && call.id.party == turkiye && call.content.inReplyTo == id && call.officer == nil)
        guard case .text(let text, .english) = call.content.body else { return #expect(Bool(false)) }
        let since = try #require(simulation[turkiye].mechanism.calls.messages[id]?.createdAt)
        #expect(text == "No answer from israel to \(id) since \(since.rfc3339).")
        #expect(call.precedence == .flash)
        #expect(simulation[turkiye].mechanism.calls.messages[id]?.escalatedAt != nil)
        #expect(simulation[mediator].mechanism.alarms[Alarm.id(.message, call.id.description)]?.state == .ringing)
        // The other principal is not told of the escalation, and its own desk rings at the top.
        #expect(simulation[israel].mechanism.calls.messages.keys == [id])
        #expect(simulation[israel].mechanism.alarms[Alarm.id(.message, id.description)]?.rung == 2)
        simulation.run(for: .minutes(30))
        #expect(simulation[mediator].mechanism.calls.messages.count == 1)
        // What the node says by itself rings nobody at the desk that called when the mediator keeps silent.
        #expect(simulation[turkiye].mechanism.alarms[Alarm.id(.unanswered, call.id.description)] == nil)
        try simulation.command(
            .call(.acknowledge(MessageAcknowledgement(message: call.id, readBack: []))), at: mediator)
        simulation.run(for: .seconds(5))
        #expect(simulation[turkiye].mechanism.calls.messages[call.id]?.isClosed == true)
        for node in simulation.nodes { #expect(node.refusals.isEmpty && node.mechanism.logs.values.allSatisfy { $0.unreadable.isEmpty }) }
    }

    @Test("what falls due while the node is down is signed only when its size is confirmed, and then it is")
    func notSignedAtStart() throws {
        var simulation = try nodesWithMediator()
        let turkiye = simulation["turkiye"].party
        let mediator = simulation["azerbaijan"].party
        _ = try simulation.command(.call(.send(try SampleCalls.crossed(), mode: .real, to: nil)), at: turkiye)
        simulation.run(for: .seconds(5))
        simulation.crash(turkiye)
        simulation.run(for: .minutes(30))
        let size = simulation[turkiye].mechanism.ownLog.size
        simulation.restart(turkiye)
        #expect(simulation[turkiye].mechanism.ownLog.size == size)
        #expect(!simulation[turkiye].mechanism.maySign)
        simulation.run(for: .minutes(6))
        #expect(simulation[mediator].mechanism.calls.messages.count == 1)
    }

    // MARK: Death and rebirth

    /// Both desks ring: a message each way, a query each way, a notice, one acknowledged.
    private func history() throws -> Bench {
        var bench = try Bench.ready()
        let id = try bench.israelWrites(.message(try SampleCalls.crossed()))
        _ = try bench.israelFiles(Founding.strike(bench.utc, in: .hours(2)))
        bench.wait(.seconds(70))
        _ = try bench.send(try SampleCalls.crossed())
        try bench.israelWrites(.presenceQuery(SampleCalls.query(at: .hama, from: bench.utc)))
        bench.wait(.seconds(200))
        _ = try bench.recorded(.query(SampleCalls.query(at: .palmyra, from: bench.utc), mode: .real, to: nil))
        try bench.command(.acknowledgeAlarm(Alarm.id(.message, id.description)))
        bench.wait(.seconds(130))
        try bench.acknowledge(id, SampleCalls.crossing)
        bench.wait(.seconds(300))
        return bench
    }

    private static let ladders: [Alarm.Kind] = [
        .message, .notice, .acknowledgementOverdue, .unanswered, .presenceQuery,
    ]

    /// What rings, as people hear of it: when and how high. What a clock that began anew calls those moments is left out.
    private func ladders(_ mechanism: Mechanism) -> [String] {
        mechanism.alarms.values.filter { LadderTests.ladders.contains($0.kind) }.map { alarm in
            // Moments of UTC are microseconds, those of a ladder nanoseconds: two roundings lie within a millisecond.
            let rang = (alarm.rangAt.microseconds + 500) / 1_000
            return "\(alarm.id) \(alarm.state) \(alarm.rung) \(alarm.raisedAt.rfc3339) \(rang)"
        }
    }

    /// Ticks at every deadline until `end`.
    private func tick(
        _ mechanism: inout Mechanism, from start: Now, until end: UTCInstant
    ) throws {
        var authority = SeededAuthority(seed: 9)
        func at(_ moment: MonotonicInstant) -> Now {
            Now(utc: start.utc.advanced(by: moment.duration(since: start.monotonic)), monotonic: moment)
        }
        while let deadline = mechanism.nextDeadline, at(deadline).utc <= end {
            _ = try mechanism.handle(.tick, now: at(deadline), authority: &authority)
        }
    }

    @Test("killed after any event, with or without a reboot, the same alarms ring at the same times on the same rungs")
    func killedAnywhere() throws {
        let bench = try history()
        let node = bench.node
        var fold = Mechanism(party: node.party, terms: node.terms, reference: node.mechanism.reference)
        #expect(node.journal.count > 20)
        for recorded in node.journal {
            var replaying = ReplayingAuthority(recorded.given)
            _ = try fold.handle(recorded.event, now: recorded.now, authority: &replaying, isReplay: true)
            let end = recorded.now.utc.advanced(by: .minutes(40))
            var alive = fold
            try tick(&alive, from: recorded.now, until: end)
            // At once: the monotonic clock goes on, or begins anew at a minute.
            let reborn = Now(utc: recorded.now.utc, monotonic: MonotonicInstant(nanoseconds: 60_000_000_000))
            for start in [recorded.now, reborn] {
                var killed = fold
                let before = ladders(killed)
                var authority = SeededAuthority(seed: 9)
                _ = try killed.handle(.started, now: start, authority: &authority)
                #expect(ladders(killed) == before, "a start rings nothing by itself")
                try tick(&killed, from: start, until: end)
                #expect(ladders(killed) == ladders(alive))
            }
        }
    }

    @Test("after a reboot the time that the machine was off has passed for every ladder, and none waits longer")
    func rebootWithPause() throws {
        let bench = try history()
        let last = bench.now
        var alive = bench.mechanism
        var killed = bench.mechanism
        let pause = Duration.seconds(217)
        let end = last.utc.advanced(by: .minutes(30))
        try tick(&alive, from: last, until: end)
        let start = Now(utc: last.utc.advanced(by: pause), monotonic: MonotonicInstant(nanoseconds: 30_000_000_000))
        var authority = SeededAuthority(seed: 9)
        _ = try killed.handle(.started, now: start, authority: &authority)
        try tick(&killed, from: start, until: end)
        let rungs = { (mechanism: Mechanism) in
            mechanism.alarms.values.filter { LadderTests.ladders.contains($0.kind) }.map { "\($0.id) \($0.state) \($0.rung)" }
        }
        #expect(rungs(killed) == rungs(alive))
        #expect(rungs(killed).contains { $0.hasSuffix("ringing 2") })

        // UTC was set back meanwhile: what was left to wait is left, and not more.
        var back = bench.mechanism
        let earlier = Now(utc: last.utc.advanced(by: .hours(-5)), monotonic: start.monotonic)
        _ = try back.handle(.started, now: earlier, authority: &authority)
        // As of the last event that the journal has.
        let known = try #require(bench.mechanism.clock.last)
        for alarm in bench.mechanism.alarms.values {
            guard let was = alarm.dueAt else { continue }
            let due = try #require(back.alarms[alarm.id]?.dueAt)
            #expect(due.duration(since: earlier.monotonic) <= was.duration(since: known.monotonic))
        }
    }

    @Test("after a reboot nobody counts as present on the word of a clock that is gone")
    func staffedAfterReboot() throws {
        var bench = try Bench.ready()
        try bench.command(.present)
        var mechanism = bench.mechanism
        var authority = SeededAuthority(seed: 9)
        let start = Now(utc: bench.utc.advanced(by: .hours(2)), monotonic: MonotonicInstant(nanoseconds: 1))
        _ = try mechanism.handle(.started, now: start, authority: &authority)
        #expect(mechanism.isOwnDeskUnstaffed(at: start.monotonic))
        let link = try #require(mechanism.links[bench.israel.party])
        #expect(link.humanActAt == nil)
    }

    @Test("an alarm counts its years of silence in one step")
    func longAway() throws {
        var bench = try Bench.ready()
        let id = try bench.israelWrites(.message(try SampleCalls.crossed()))
        var mechanism = bench.mechanism
        var authority = SeededAuthority(seed: 9)
        let years = Duration.hours(24 * 365 * 20)
        let later = Now(utc: bench.utc.advanced(by: years), monotonic: bench.now.monotonic.advanced(by: years))
        _ = try mechanism.handle(.tick, now: later, authority: &authority)
        let alarm = try #require(mechanism.alarms[Alarm.id(.message, id.description)])
        let due = try #require(alarm.dueAt)
        #expect(alarm.rung == 2 && due > later.monotonic && due <= later.monotonic.advanced(by: .minutes(5)))
    }
}
