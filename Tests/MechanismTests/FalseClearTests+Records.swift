import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// The same for what the logs hold, how far they have come, and what happens to notices.
extension FalseClearTests {
    @Test("a record that is not JSON makes it unknown and is attributed to its author")
    func unreadableRecord() throws {
        var (bench, id) = try clearBench()
        let record = bench.israel.write(rawBody: Array("{\"kind\":\"notice\",".utf8))
        try bench.deliver()
        try expectUnknown(bench, id, "unreadableHere")
        #expect(try bench.assurance(of: id).reasons == [.unreadableHere(record)])
        #expect(bench.alarm(.unreadable, record.description)?.state == .ringing)
    }

    @Test("a record of an unknown kind makes it unknown")
    func unknownKindOfRecord() throws {
        var (bench, id) = try clearBench()
        let body = """
            {"kind":"surprise","mode":"real","createdAt":"2026-11-22T03:00:00.000000Z","officer":null,"content":{}}
            """
        bench.israel.write(rawBody: Array(body.utf8))
        try bench.deliver()
        try expectUnknown(bench, id, "unreadableHere")
    }

    @Test("a body that is withheld though it is addressed to us makes it unknown")
    func withheldBody() throws {
        var (bench, id) = try clearBench()
        let fields = Founding.elsewhere(bench.utc)
        let record = bench.israel.write(
            .notice(
                NoticeContent(
                    notice: nil, version: 1, kind: fields.kind, onBehalfOf: nil, volumes: fields.volumes,
                    contact: "x", remarks: nil, reviewBy: nil)), at: bench.utc, audience: [bench.turkiye])
        try bench.deliver(withholding: [record.index])
        try expectUnknown(bench, id, "unreadableHere")
    }

    @Test("a notice past its window is unknown, also to whoever reads before the tick")
    func overdueNotice() throws {
        var bench = try Bench.ready()
        let fields = SampleNotices.airOperation(
            at: .palmyra, from: bench.utc.advanced(by: .seconds(-10)), lasting: .seconds(14))
        let id = try bench.file(fields)
        try bench.exchange()
        #expect(try bench.assurance(of: id).answer == .clear)
        let later = Now(
            utc: bench.utc.advanced(by: .seconds(5)), monotonic: bench.now.monotonic.advanced(by: .seconds(5)))
        let read = try #require(bench.mechanism.assurance(of: id, now: later))
        #expect(read.answer == .unknown && read.reasons == [.pastItsTime(id, .overdue)])
        bench.wait(.seconds(5))
        #expect(bench.mechanism.notices[id]?.status == .overdue)
        #expect(try bench.assurance(of: id).reasons == [.pastItsTime(id, .overdue)])
    }

    @Test("a peer's overdue notice still conflicts with what comes later at its place")
    func overdueNoticeStillConflicts() throws {
        var bench = try Bench.ready()
        let short = SampleNotices.strike(
            at: .t4, from: bench.utc.advanced(by: .seconds(-10)), lasting: .seconds(14))
        let theirs = try bench.israelFiles(short)
        try bench.command(.acknowledge(theirs, version: 1, SampleNotices.rightReadBack(of: short)))
        // Its window and the minimum of half an hour are over long before ours begins.
        let mine = try bench.file(
            SampleNotices.standingPresence(at: .t4, from: bench.utc.advanced(by: .hours(5))))
        try bench.exchange()
        #expect(try bench.assurance(of: mine).answer == .clear)
        bench.wait(.seconds(5))
        #expect(try bench.assurance(of: mine).answer == .conflict)
        #expect(bench.mechanism.notices[theirs]?.status == .overdue)
    }

    @Test("settled under conditions is no clear: the conditions are printed")
    func settledWithConditions() throws {
        var bench = try Bench.ready()
        let theirs = try bench.israelFiles(Founding.strike(bench.utc))
        try bench.command(
            .acknowledge(theirs, version: 1, SampleNotices.rightReadBack(of: Founding.strike(bench.utc))))
        let mine = try bench.file(Founding.presence(bench.utc))
        let conflict = try #require(bench.mechanism.conflicts.first?.key)
        try bench.command(.position(conflict, stance: .settle, conditions: ["east of the runway"], remarks: nil))
        #expect(try bench.assurance(of: mine).answer == .conflict)
        try bench.israelSays(.settle, ["east of the runway"], to: conflict)
        try bench.exchange()
        let assurance = try bench.assurance(of: mine)
        #expect(assurance.answer == .conditions)
        #expect(assurance.conditions == ["east of the runway"])
        #expect(assurance.validUntil != nil)
        #expect(assurance.answer.shown == "NO KNOWN CONFLICT UNDER CONDITIONS")
        let stated = try #require(bench.mechanism.assuranceStatement(of: mine, now: bench.now))
        #expect(stated.answer == .conditions && stated.conditions == ["east of the runway"])
    }

    @Test("conditions end when the other notice runs past the window for which they were agreed")
    func settledAndOverdue() throws {
        var bench = try Bench.ready()
        let strike = SampleNotices.strike(
            at: .t4, from: bench.utc.advanced(by: .seconds(-10)), lasting: .seconds(14))
        let theirs = try bench.israelFiles(strike)
        try bench.command(.acknowledge(theirs, version: 1, SampleNotices.rightReadBack(of: strike)))
        let mine = try bench.file(Founding.presence(bench.utc))
        let conflict = try #require(bench.mechanism.conflicts.first?.key)
        try bench.command(.position(conflict, stance: .settle, conditions: ["east of the runway"], remarks: nil))
        try bench.israelSays(.settle, ["east of the runway"], to: conflict)
        try bench.exchange()
        #expect(try bench.assurance(of: mine).answer == .conditions)
        bench.wait(.seconds(5))
        #expect(try bench.assurance(of: mine).answer == .unknown)
        #expect(try bench.assurance(of: mine).reasons == [.pastItsTime(theirs, .overdue)])
    }

    @Test("what the peer has neither receipted nor judged is not clear, step by step")
    func notReceiptedNotEvaluated() throws {
        var (bench, _) = try clearBench()
        let id = try bench.file(SampleNotices.standingPresence(at: .hama, from: bench.utc))
        let notice = try #require(bench.mechanism.notices[id])
        #expect(
            try bench.assurance(of: id).reasons == [
                .notReceipted(bench.israel.party, notice.record), .notEvaluated(bench.israel.party, notice.record),
            ])
        #expect(bench.mechanism.assurance(now: bench.now).answer == .unknown)
        try bench.receiptOurs()
        #expect(try bench.assurance(of: id).reasons == [.notEvaluated(bench.israel.party, notice.record)])
        #expect(bench.mechanism.assurance(now: bench.now).answer == .unknown)
        #expect(try bench.assurance(of: id).answer == .unknown)
        try bench.takeOurs()
        try bench.beat()
        #expect(try bench.assurance(of: id).answer == .clear)
        #expect(bench.mechanism.assurance(now: bench.now).answer == .clear)
    }

    @Test("a new version is unknown until it too is receipted and judged")
    func newVersionStartsAnew() throws {
        var (bench, id) = try clearBench()
        try bench.command(
            .amend(id, expectedVersion: 1, SampleNotices.standingPresence(at: .hama, from: bench.utc)))
        #expect(try bench.reasons(of: id) == ["notReceipted", "notEvaluated"])
        try bench.exchange()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a record of ours that the peer could not read makes it unknown")
    func unreadableThere() throws {
        var (bench, id) = try clearBench()
        let size = bench.mechanism.ownLog.size
        bench.israel.write(
            .evaluated(Evaluated(party: bench.turkiye, size: size, unreadable: [id.index])), at: bench.utc)
        try bench.deliver()
        try expectUnknown(bench, id, "unreadableThere")
    }

    @Test("other terms than ours make it unknown, in an answer and in an acceptance")
    func termsDiffer() throws {
        var (bench, id) = try clearBench()
        bench.peerTerms = MerkleHash.empty
        try bench.beat()
        try expectUnknown(bench, id, "termsDiffer")

        var other = Bench()
        other.simulation.restart(other.turkiye)
        other.israel.write(
            .termsAcceptance(TermsAcceptance(fingerprint: MerkleHash.empty, terms: "{}")), at: other.utc)
        try other.command(.present)
        try other.beat()
        let notice = try other.file(SampleNotices.standingPresence(at: .palmyra, from: other.utc))
        try other.exchange()
        #expect(try other.assurance(of: notice).answer == .unknown)
        #expect(try other.reasons(of: notice).contains("termsDiffer"))
    }

    @Test("two signed histories freeze the log, and nothing of it counts as clear again")
    func fork() throws {
        var (bench, id) = try clearBench()
        let size = bench.israel.size
        let note = bench.israel.checkpoint(size: size, root: MerkleHash.empty)
        try bench.handle(.entries(from: bench.israel.party, first: size, envelopes: [], checkpoint: note))
        try expectUnknown(bench, id, "logFrozen")
        let fork = try #require(bench.mechanism.logs[bench.israel.party]?.fork)
        #expect([fork.first.note, fork.second.note].contains(note))
        #expect(bench.alarm(.frozen, "israel")?.precedence == .flash)
        bench.israel.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        #expect(throws: Refusal.logFrozen(bench.israel.party)) { try bench.deliver() }
        try bench.beat()
        #expect(try bench.assurance(of: id).answer == .unknown)
    }

    @Test("a disk that refuses writes makes it unknown, until the others have answered after it takes them again")
    func storageDegraded() throws {
        var (bench, id) = try clearBench()
        var mechanism = bench.mechanism
        mechanism.setStorageDegraded(true)
        let assurance = try #require(mechanism.assurance(of: id, now: bench.now))
        #expect(assurance.answer == .unknown && assurance.reasons == [.storageDegraded])
        #expect(mechanism.assurance(now: bench.now).answer == .unknown)
        mechanism.setStorageDegraded(false)
        // What was refused is forgotten, and may have been a larger head.
        #expect(mechanism.assurance(of: id, now: bench.now)?.reasons.map(\.name) == ["evidenceStale"])
        #expect(mechanism.assurance(now: bench.now).answer == .unknown)
        bench.wait(.seconds(1))
        var authority = SeededAuthority(seed: 1)
        _ = try mechanism.handle(bench.answer(sentAt: bench.now.monotonic), now: bench.now, authority: &authority)
        #expect(mechanism.assurance(of: id, now: bench.now)?.answer == .clear)
    }

    @Test("a strike that nobody has read back is unknown, and a wrong read-back leaves it so")
    func needsAcknowledgement() throws {
        var bench = try Bench.ready()
        let fields = Founding.elsewhere(bench.utc)
        let id = try bench.file(fields)
        try bench.exchange()
        #expect(try bench.assurance(of: id).reasons == [.needsAcknowledgement(bench.israel.party, id)])
        try bench.israelReadsBack(id, SampleNotices.wrongReadBack(of: fields))
        #expect(try bench.assurance(of: id).answer == .unknown)
        try bench.israelReadsBack(id, SampleNotices.rightReadBack(of: fields))
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("who reads back another record that stands under the same name has not read back ours")
    func readBackOfAnotherRecord() throws {
        var bench = try Bench.ready()
        let fields = Founding.elsewhere(bench.utc)
        let id = try bench.file(fields)
        try bench.exchange()
        let another = MerkleHash.sha256(Array("what they were shown instead".utf8))
        try bench.israelReadsBack(id, leaf: another, SampleNotices.rightReadBack(of: fields))
        #expect(try bench.assurance(of: id).reasons == [.needsAcknowledgement(bench.israel.party, id)])
        #expect(try #require(bench.mechanism.notices[id]).readBacks.isEmpty)
        #expect(bench.mechanism.logs[bench.israel.party]?.unreadable.isEmpty == true)
        try bench.israelReadsBack(id, SampleNotices.rightReadBack(of: fields))
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("what an officer reads back names the record that the notice's author has signed")
    func readBackNamesTheRecord() throws {
        var bench = try Bench.ready()
        let fields = Founding.elsewhere(bench.utc)
        let id = try bench.israelFiles(fields)
        try bench.command(.acknowledge(id, version: 1, SampleNotices.rightReadBack(of: fields)))
        let stated = try bench.ownBodies(.acknowledgement).map { body -> Hash32? in
            guard case .acknowledgement(let content) = body.content else { return nil }
            return content.leaf
        }
        let theirs = try VerifiedRecord(fromOwnJournal: bench.israel.envelopes[Int(id.index)])
        #expect(stated == [MerkleHash.leaf(theirs.envelope.signed)])
    }

    @Test("a peer's strike is unknown here until our own desk has read it back")
    func needsOurAcknowledgement() throws {
        var bench = try Bench.ready()
        let fields = Founding.elsewhere(bench.utc)
        let id = try bench.israelFiles(fields)
        try bench.exchange()
        #expect(try bench.assurance(of: id).reasons == [.needsAcknowledgement(bench.turkiye, id)])
        try bench.command(.acknowledge(id, version: 1, SampleNotices.rightReadBack(of: fields)))
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("an answer to an older challenge than the newest one changes nothing")
    func replayedChallenge() throws {
        var (bench, id) = try clearBench()
        let old = bench.now.monotonic
        let answer = bench.answer(sentAt: old)
        bench.wait(.seconds(5))
        bench.peerSuspended = true
        try bench.beat()
        #expect(throws: Refusal.staleChallenge(bench.israel.party)) { try bench.handle(answer) }
        try expectUnknown(bench, id, "suspended")
    }

    @Test("an answer to a challenge that this clock has not reached is refused")
    func challengeFromTheFuture() throws {
        var (bench, id) = try clearBench()
        let future = bench.now.monotonic.advanced(by: .seconds(3_600))
        #expect(throws: Refusal.staleChallenge(bench.israel.party)) { try bench.handle(bench.answer(sentAt: future)) }
        bench.wait(.seconds(7))
        try expectUnknown(bench, id, "evidenceStale")
    }

    @Test("the age of evidence runs from when the challenge was sent, not from when its answer came")
    func ageRunsFromTheChallenge() throws {
        var (bench, id) = try clearBench()
        let sentAt = bench.now.monotonic
        bench.wait(.seconds(4))
        try bench.handle(bench.answer(sentAt: sentAt))
        bench.wait(.milliseconds(2_001))
        #expect(try bench.reasons(of: id).contains("evidenceStale"))
    }

    @Test("an ended notice is never clear")
    func endedNotice() throws {
        var (bench, id) = try clearBench()
        try bench.command(.end(id, reason: .over, remarks: nil))
        #expect(try bench.assurance(of: id).answer == .unknown)
        #expect(try bench.assurance(of: id).reasons == [.ended(id)])
    }

    @Test("records that are not addressed to us stand beside the clear")
    func withheldRecordsAreShown() throws {
        var bench = Bench()
        bench.simulation = Simulation(seed: 3, principals: ["egypt", "israel", "turkiye"])
        bench.israel = ScriptedPeer(standingFor: bench.simulation["israel"])
        bench.simulation.restart(bench.turkiye)
        let egypt = bench.simulation["egypt"].party
        let fields = Founding.elsewhere(bench.utc)
        bench.israel.write(
            .termsAcceptance(
                TermsAcceptance(
                    fingerprint: bench.terms.fingerprint, terms: String(decoding: bench.terms.bytes, as: UTF8.self))),
            at: bench.utc)
        let record = bench.israel.write(
            .notice(
                NoticeContent(
                    notice: nil, version: 1, kind: fields.kind, onBehalfOf: nil, volumes: fields.volumes,
                    contact: "x", remarks: nil, reviewBy: nil)), at: bench.utc, audience: [egypt])
        try bench.deliver(withholding: [record.index])
        let assurance = bench.mechanism.assurance(now: bench.now)
        #expect(assurance.gaps.contains(.notAddressedToUs(bench.israel.party, records: 1)))
        #expect(bench.mechanism.notices.isEmpty)
        #expect(bench.mechanism.logs[bench.israel.party]?.unreadable.isEmpty == true)
    }

    @Test("a mediator, who reads no bodies, never says clear")
    func mediatorNeverClears() throws {
        var simulation = Simulation(seed: 5, mediator: "azerbaijan")
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(5))
        let mediator = simulation["azerbaijan"]
        let assurance = mediator.mechanism.assurance(now: simulation.now(at: mediator.party))
        #expect(assurance.answer == .unknown)
        #expect(assurance.reasons == [.judgesNothing(mediator.party)])
        let principal = simulation["turkiye"]
        #expect(principal.mechanism.assurance(now: simulation.now(at: principal.party)).answer == .clear)
    }

    @Test("records that cannot be understood are named up to a limit, newest first, and the doubt stays beyond it")
    func manyUnreadable() throws {
        var (bench, id) = try clearBench()
        let first = bench.israel.size
        for i in 0..<(Limits.unreadableRecords + 5) {
            bench.israel.write(rawBody: Array("no JSON \(i)".utf8))
            if i % 200 == 199 { try bench.deliver() }
        }
        try bench.deliver()
        let log = try #require(bench.mechanism.logs[bench.israel.party])
        #expect(log.size == first + UInt64(Limits.unreadableRecords) + 5)
        #expect(log.unreadable.count == Limits.unreadableRecords && log.unreadable.keys.last == log.size - 1)
        let alarms = bench.mechanism.alarms.values.filter { $0.kind == .unreadable }
        #expect(alarms.count == Limits.unreadableRecords + 1)
        #expect(alarms.contains { $0.subject == "israel" && $0.state == .ringing })
        #expect(try bench.assurance(of: id).answer == .unknown)
    }
}
