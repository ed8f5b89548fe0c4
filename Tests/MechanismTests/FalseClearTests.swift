import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// Each path to a false all-clear, tried: first the notice is clear, then one thing goes wrong and nothing else.
@Suite("A false all-clear")
struct FalseClearTests {
    func clearBench() throws -> (Bench, NoticeID) {
        var bench = try Bench.ready()
        let id = try bench.clearNotice()
        let assurance = try bench.assurance(of: id)
        try #require(assurance.answer == .clear, "\(assurance.reasons)")
        try #require(bench.mechanism.assurance(now: bench.now).answer == .clear)
        return (bench, id)
    }

    /// The notice and the mechanism as a whole, both.
    func expectUnknown(
        _ bench: Bench, _ id: NoticeID, _ reason: String, at location: SourceLocation = #_sourceLocation
    ) throws {
        let assurance = try bench.assurance(of: id)
        #expect(assurance.answer == .unknown, sourceLocation: location)
        #expect(assurance.reasons.map(\.name) == [reason], sourceLocation: location)
        #expect(assurance.validUntil == nil, sourceLocation: location)
        let whole = bench.mechanism.assurance(now: bench.now)
        #expect(whole.answer == .unknown && whole.reasons.map(\.name).contains(reason), sourceLocation: location)
    }

    @Test("a clear names its evidence, what it does not cover, and the moment at which it ends")
    func clearIsComplete() throws {
        let (bench, id) = try clearBench()
        let assurance = try bench.assurance(of: id)
        #expect(assurance.reasons.isEmpty)
        #expect(assurance.evidence.map(\.party) == [bench.israel.party])
        #expect(assurance.evidence.first?.size == bench.israel.size)
        #expect(assurance.gaps == [.notAcknowledged(bench.israel.party, id), .plansNotFiled])
        let freshAt = try #require(bench.mechanism.links[bench.israel.party]?.freshAt)
        #expect(assurance.validUntil == freshAt.advanced(by: .seconds(6)))
        #expect(assurance.answer.shown == "NO KNOWN CONFLICT")
    }

    @Test("what is stated of a clear is its evidence and its end; of a doubt nothing is stated")
    func statement() throws {
        var (bench, id) = try clearBench()
        let stated = try #require(bench.mechanism.assuranceStatement(of: id, now: bench.now))
        #expect(stated.answer == .clear && stated.conditions.isEmpty && stated.at == bench.now.utc)
        #expect(stated.subject?.notice == id && stated.subject?.version == 1 && stated.subject?.record.party == id.party)
        #expect(stated.evidence.map(\.log.party) == [id.party, bench.israel.party])
        #expect(stated.evidence.map(\.size) == [bench.mechanism.ownLog.size, bench.israel.size])
        let heardAt = try #require(stated.evidence.last?.heardAt)
        #expect(stated.validUntil == heardAt.advanced(by: .seconds(6)))
        #expect(stated.gaps.count == 2)
        #expect(bench.mechanism.assuranceStatement(of: nil, now: bench.now)?.subject == nil)
        #expect(bench.mechanism.assuranceStatement(of: NoticeID(party: id.party, index: 999), now: bench.now) == nil)
        bench.wait(.seconds(6) + .milliseconds(1))
        #expect(bench.mechanism.assuranceStatement(of: id, now: bench.now) == nil)
        #expect(bench.mechanism.assuranceStatement(of: nil, now: bench.now) == nil)
    }

    @Test("a silent peer makes it unknown within staleAfter, by ticks alone")
    func silentPeerByTick() throws {
        var (bench, id) = try clearBench()
        bench.wait(.seconds(6))
        #expect(try bench.assurance(of: id).answer == .clear)
        bench.wait(.milliseconds(1))
        try expectUnknown(bench, id, "evidenceStale")
        #expect(bench.mechanism.links[bench.israel.party]?.state == .down)
    }

    @Test("a silent peer makes it unknown to whoever reads later, with no event at all")
    func silentPeerByReading() throws {
        let (bench, id) = try clearBench()
        let now = bench.now
        let later = Now(
            utc: now.utc.advanced(by: .seconds(6) + .microseconds(1)),
            monotonic: now.monotonic.advanced(by: .seconds(6) + .microseconds(1)))
        let assurance = try #require(bench.mechanism.assurance(of: id, now: later))
        #expect(assurance.answer == .unknown)
        #expect(assurance.reasons.map(\.name) == ["evidenceStale"])
        #expect(bench.mechanism.assurance(now: later).answer == .unknown)
    }

    @Test("a peer that says in its answer that it has suspended makes it unknown")
    func suspendedPeerByAnswer() throws {
        var (bench, id) = try clearBench()
        bench.peerSuspended = true
        try bench.beat()
        try expectUnknown(bench, id, "suspended")
        #expect(bench.mechanism.links[bench.israel.party]?.state == .suspended)
    }

    @Test("a peer's signed suspension makes it unknown until the signed resumption")
    func suspendedPeerByRecord() throws {
        var (bench, id) = try clearBench()
        bench.israel.write(.suspension(Suspension(suspended: true, reason: "fog")), at: bench.utc)
        try bench.deliver()
        try expectUnknown(bench, id, "suspended")
        #expect(bench.alarm(.suspension, "israel")?.state == .ringing)
        bench.israel.write(.suspension(Suspension(suspended: false, reason: nil)), at: bench.utc)
        try bench.deliver()
        #expect(try bench.assurance(of: id).answer == .clear)
        #expect(bench.alarm(.suspension, "israel")?.state == .cleared)
    }

    @Test("suspending the mechanism ourselves makes it unknown")
    func suspendedSelf() throws {
        var (bench, id) = try clearBench()
        try bench.command(.suspend(true, reason: nil))
        try expectUnknown(bench, id, "suspended")
        try bench.command(.suspend(false, reason: nil))
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a peer's desk at which nobody acts makes it unknown, though its node answers")
    func unstaffedPeer() throws {
        var (bench, id) = try clearBench()
        bench.peerHumanActAgeS = 601
        try bench.beat()
        try expectUnknown(bench, id, "unstaffed")
        bench.peerHumanActAgeS = nil
        try bench.beat()
        try expectUnknown(bench, id, "unstaffed")
        bench.peerHumanActAgeS = 600
        try bench.beat()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("our own desk at which nobody acts makes it unknown")
    func unstaffedSelf() throws {
        var (bench, id) = try clearBench()
        for _ in 0..<121 {
            bench.wait(.seconds(5))
            try bench.beat()
        }
        try expectUnknown(bench, id, "unstaffed")
        #expect(try bench.assurance(of: id).reasons.map(\.party) == [bench.turkiye])
        try bench.command(.present)
        #expect(try bench.assurance(of: id).answer == .clear)
    }
}
