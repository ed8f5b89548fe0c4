import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// Our desk is rung in time for what our own units do not have yet; and STOP, which is passed on as a notice is.
@Suite("Passing on in time")
struct PassingAlarmTests {
    private static let first = "1st Battery"
    private static let second = "2nd Battery"

    private func bench() throws -> Bench {
        var bench = try Bench.ready(.strikesPassedOn)
        for unit in [Self.first, Self.second] { try bench.act(.registerUnit(unit)) }
        return bench
    }

    private func subject(_ id: NoticeID) -> PassedOn.Subject { .notice(NoticeVersion(notice: id, version: 1)) }

    @Test("a received strike that is not passed on rings ten minutes before its start, climbs, and is quiet once it is")
    func rings() throws {
        var bench = try bench()
        let id = try bench.israelFiles(SampleNotices.strike(at: .hama, from: bench.utc.advanced(by: .hours(1))))
        bench.wait(.minutes(50) - .milliseconds(1))
        #expect(bench.alarm(.passingOn, id.description) == nil)
        bench.wait(.milliseconds(2))
        let alarm = try #require(bench.alarm(.passingOn, id.description))
        #expect(alarm.state == .ringing && alarm.roles == [.watch] && alarm.party == bench.israel.party)
        try bench.command(.acknowledgeAlarm(alarm.id))
        bench.wait(.seconds(301))
        let climbed = try #require(bench.alarm(.passingOn, id.description))
        #expect(climbed.state == .ringing && climbed.roles == [.watch, .releasing])
        try bench.act(.concerns(subject(id), units: [Self.first]))
        #expect(bench.alarm(.passingOn, id.description)?.state == .ringing)
        try bench.act(.passOn(subject(id), units: [Self.first], disclose: false))
        #expect(bench.alarm(.passingOn, id.description)?.state == .cleared)
        try bench.act(.concerns(subject(id), units: [Self.first, Self.second]))
        #expect(bench.alarm(.passingOn, id.description)?.state == .ringing)
        try WatchFold.survivesEachEvent(bench)
    }

    @Test("passed on in time, it never rings; amended, it rings anew; ended, it rings no more")
    func ringsAnew() throws {
        var bench = try bench()
        let start = bench.utc.advanced(by: .minutes(30))
        let id = try bench.israelFiles(SampleNotices.strike(at: .hama, from: start))
        try bench.act(.concerns(subject(id), units: []))
        bench.wait(.minutes(25))
        #expect(bench.alarm(.passingOn, id.description) == nil)
        try bench.israelAmends(id, version: 2, SampleNotices.strike(at: .hama, radiusM: 4_500, from: start))
        // Less than ten minutes are left.
        #expect(bench.alarm(.passingOn, id.description)?.state == .ringing)
        try bench.israelEnds(id, version: 2)
        #expect(bench.alarm(.passingOn, id.description)?.state == .cleared)
        bench.wait(.hours(1))
        #expect(bench.alarm(.passingOn, id.description)?.state == .cleared)
    }

    @Test("our own strike and kinds that do not ask for it ring nobody")
    func silent() throws {
        var bench = try bench()
        let own = try bench.file(Founding.elsewhere(bench.utc))
        let other = try bench.israelFiles(
            SampleNotices.airOperation(at: .palmyra, from: bench.utc.advanced(by: .hours(1))))
        bench.wait(.hours(1))
        for id in [own, other] { #expect(bench.alarm(.passingOn, id.description) == nil) }
    }

    // MARK: STOP

    @Test("a STOP is passed on as a notice is, and each side's numbers are kept")
    func stop() throws {
        var bench = try bench()
        let key = SeededAuthority(seed: Self.israelsSeed).stopKey
        let message = try #require(
            StopMessage(
                mechanism: bench.terms.mechanism, author: bench.israel.party, createdAt: bench.utc,
                nonce: Bytes(Array(repeating: 7, count: StopMessage.nonceBytes)),
                content: .stop(StopPress(officer: "Maj. Scripted"))))
        try #require(bench.terms.party(bench.israel.party)?.stopKey == key.publicKey)
        bench.israel.write(
            .stop(StopRecord(note: message.signed(publicKey: key.publicKey, sign: { key.sign($0) }))), at: bench.utc,
            audience: [bench.turkiye])
        try bench.deliver()
        let subject = PassedOn.Subject.stop(message.id)
        try bench.act(.concerns(subject, units: [Self.first]))
        try bench.act(.passOn(subject, units: [Self.first], disclose: false))
        #expect(bench.mechanism.passing.stops[message.id]?[bench.turkiye]?.isComplete == true)
        bench.israel.write(
            .passedOn(PassedOn(subject: subject, leaf: nil, reached: 1, of: 3, units: [])), at: bench.utc,
            audience: [bench.turkiye])
        try bench.deliver()
        let theirs = try #require(bench.mechanism.passing.stops[message.id]?[bench.israel.party])
        #expect(theirs.reached == 1 && theirs.of == 3 && !theirs.isComplete)
        #expect(bench.mechanism.handoverItems.contains { $0.id == "stop:\(message.id.hex)" })
    }

    /// The first draw of the bench's seed.
    private static let israelsSeed: UInt64 = {
        var random = SeededGenerator(seed: 1)
        return random.next()
    }()
}
