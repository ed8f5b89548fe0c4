import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// What was true once and is sent again, and what is announced and never sent.
@Suite("Old and withheld messages")
struct ReplayedMessagesTests {
    private func expectUnchanged(_ bench: inout Bench, by event: Event, at location: SourceLocation = #_sourceLocation)
    {
        let before = bench.mechanism
        _ = try? bench.handle(event)
        let after = bench.mechanism
        #expect(after.notices == before.notices && after.conflicts == before.conflicts, sourceLocation: location)
        #expect(after.logs == before.logs && after.alarms == before.alarms, sourceLocation: location)
        #expect(after.suspendedBy == before.suspendedBy && after.signing == before.signing, sourceLocation: location)
        #expect(after.links == before.links, sourceLocation: location)
    }

    @Test("an old push, receipt, answer or head that is sent again changes nothing")
    func replay() throws {
        var bench = try Bench.ready()
        let log = bench.mechanism.ownLog
        let receipt = bench.israel.receipt(for: bench.turkiye, size: log.size, root: log.tree.root, at: bench.utc)
        try bench.handle(receipt)
        let answer = bench.answer(sentAt: bench.now.monotonic)
        let push = bench.israel.push(from: 0)
        let head = bench.israel.head()
        bench.wait(.seconds(1))
        _ = try bench.file(SampleNotices.standingPresence(at: .palmyra, from: bench.utc))
        bench.israel.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        try bench.exchange()
        expectUnchanged(&bench, by: push)
        expectUnchanged(&bench, by: bench.israel.push(from: 1, to: 2))
        expectUnchanged(&bench, by: answer)
        guard case .receipt(let from, let note, _) = receipt else { return }
        expectUnchanged(&bench, by: .receipt(from: from, note: note, root: bench.node.root(of: log.id, at: log.size)))
        #expect(bench.mechanism.news(in: [head], bench.node).isEmpty)
        expectUnchanged(&bench, by: .heads(from: bench.israel.party, [head]))
    }

    @Test("a receipt of before its holder lost what it receipted is not counted again when another brings it")
    func receiptOfBeforeALoss() throws {
        var bench = try Bench.ready()
        let id = try bench.clearNotice()
        let log = bench.mechanism.ownLog
        let memory = bench.node
        guard
            case .receipt(_, let note, _) = bench.israel.receipt(
                for: bench.turkiye, size: log.size, root: log.tree.root, at: bench.utc),
            let receipt = SignedNote(encoded: note), let author = memory.note(of: log.id, size: log.tree.size),
            let own = SignedNote(encoded: author), let merged = SignedNote.merging([own, receipt])
        else {
            Issue.record("no receipt")
            return
        }
        bench.wait(.seconds(2))
        try bench.handle(bench.answer(sentAt: bench.now.monotonic, holds: 1))
        #expect(bench.mechanism.links[bench.israel.party]?.receipted == 1)
        let head = ShownHead(log: log.id, note: merged.encoded, relation: nil)
        try bench.handle(.heads(from: bench.israel.party, [head]))
        #expect(bench.mechanism.links[bench.israel.party]?.receipted == 1)
        #expect(bench.mechanism.notices[id]?.facts[bench.israel.party]?.receiptedAt == nil)
        bench.wait(.seconds(1))
        try bench.receiptOurs()
        #expect(bench.mechanism.notices[id]?.facts[bench.israel.party]?.receiptedAt != nil)
    }

    @Test("an author that shows less of its own log than it has signed makes it unknown, and rings")
    func authorShowsLess() throws {
        var bench = try Bench.ready()
        let id = try bench.clearNotice()
        bench.wait(.seconds(1))
        bench.peerLogSize = bench.israel.size - 1
        try bench.beat()
        #expect(
            try bench.assurance(of: id).reasons
                == [.headSmaller(bench.israel.party, theirs: bench.israel.size - 1, ours: bench.israel.size)])
        #expect(bench.alarm(.behind, "israel")?.state == .ringing)
        bench.peerLogSize = nil
        try bench.beat()
        #expect(try bench.assurance(of: id).answer == .clear)
        #expect(bench.alarm(.behind, "israel")?.state == .cleared)
    }

    @Test("an answer that crossed with a push is not taken for a rollback")
    func answerCrossedWithPush() throws {
        var bench = try Bench.ready()
        let id = try bench.clearNotice()
        let answer = bench.answer(sentAt: bench.now.monotonic)
        bench.wait(.milliseconds(20))
        bench.israel.write(.linkChange(LinkChange(party: bench.turkiye, state: .up)), at: bench.utc)
        try bench.deliver()
        try bench.handle(answer)
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a head whose records never come is a doubt at once, rings after staleAfter, and ends when they come")
    func withheldRecords() throws {
        var bench = try Bench.ready()
        let id = try bench.clearNotice()
        bench.israel.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        bench.israel.write(.suspension(Suspension(suspended: false, reason: nil)), at: bench.utc)
        let size = bench.israel.size
        bench.peerLogSize = size - 2
        try bench.handle(.heads(from: bench.israel.party, [bench.israel.head(from: size - 2)]))
        #expect(try bench.assurance(of: id).reasons == [.headNotCompared(bench.israel.party, size: size)])
        for _ in 0..<2 {
            bench.wait(.milliseconds(3_000))
            try bench.beat()
        }
        #expect(bench.alarm(.withheld, "israel") == nil)
        bench.wait(.milliseconds(2))
        #expect(bench.alarm(.withheld, "israel")?.state == .ringing)
        #expect(try bench.assurance(of: id).answer == .unknown)
        bench.peerLogSize = nil
        try bench.deliver()
        // Compared, not merely overtaken.
        #expect(try bench.reasons(of: id).contains("headNotCompared"))
        try bench.handle(.heads(from: bench.turkiye, bench.mechanism.comparableHeads(bench.node)))
        try bench.exchange()
        #expect(try bench.assurance(of: id).answer == .clear)
        #expect(bench.alarm(.withheld, "israel")?.state == .cleared)
    }

    @Test("records that an author only says it has, and never sends, ring as well")
    func claimedRecords() throws {
        var bench = try Bench.ready()
        bench.peerClaimsMore = 3
        for _ in 0..<3 {
            try bench.beat()
            bench.wait(.milliseconds(2_500))
        }
        #expect(bench.alarm(.withheld, "israel")?.state == .ringing)
        #expect(bench.mechanism.assurance(now: bench.now).reasons.map(\.name).contains("headLarger"))
    }
}
