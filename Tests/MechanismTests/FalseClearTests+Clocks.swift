import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// The same for clocks, restarts, and copies that are older than they should be.
extension FalseClearTests {
    @Test(
        "a step of our clock makes it unknown, forwards and back, until every principal has answered again",
        arguments: [Duration.seconds(3), .seconds(-3), .hours(-30)])
    func steppedClock(step: Duration) throws {
        var (bench, id) = try clearBench()
        bench.simulation.stepClock(of: bench.turkiye, by: step)
        // Seen by the reader alone: no event has come.
        #expect(try bench.reasons(of: id) == ["clockStepped"])
        #expect(try bench.assurance(of: id).answer == .unknown)
        try bench.command(.present)
        #expect(try bench.reasons(of: id) == ["clockStepped"])
        #expect(bench.alarm(.clock, "turkiye")?.state == .ringing)
        // A challenge of before the step was seen proves nothing.
        let before = bench.now.monotonic
        bench.peerClockAheadBy = .zero - step
        try bench.handle(bench.answer(sentAt: before))
        #expect(try bench.assurance(of: id).answer == .unknown)
        bench.wait(.seconds(1))
        try bench.beat()
        #expect(try bench.reasons(of: id).contains("clockDiffers"))
        bench.simulation.stepClock(of: bench.turkiye, by: .zero - step)
        bench.peerClockAheadBy = .zero
        try bench.command(.present)
        bench.wait(.seconds(1))
        try bench.beat()
        #expect(try bench.assurance(of: id).answer == .clear)
        #expect(bench.alarm(.clock, "turkiye")?.state == .cleared)
    }

    @Test("a step of UTC never makes stale evidence fresh again")
    func stepDoesNotFreshen() throws {
        var (bench, id) = try clearBench()
        bench.wait(.seconds(7))
        bench.simulation.stepClock(of: bench.turkiye, by: .seconds(-7))
        #expect(try bench.reasons(of: id).contains("evidenceStale"))
        #expect(try bench.assurance(of: id).answer == .unknown)
    }

    @Test("a peer whose clock differs by more than two seconds makes it unknown", arguments: [2_001, -2_001])
    func skewedPeer(milliseconds: Int64) throws {
        var (bench, id) = try clearBench()
        bench.peerClockAheadBy = .milliseconds(milliseconds)
        try bench.beat()
        try expectUnknown(bench, id, "clockDiffers")
        bench.peerClockAheadBy = .milliseconds(milliseconds > 0 ? 2_000 : -2_000)
        try bench.beat()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("after a restart all evidence is stale, however short it was")
    func restart() throws {
        var (bench, id) = try clearBench()
        bench.simulation.crash(bench.turkiye)
        let sentBefore = bench.now.monotonic
        bench.wait(.milliseconds(10))
        bench.simulation.restart(bench.turkiye)
        // Nothing is signed either, before the other side has said how much of our log it holds.
        #expect(try bench.reasons(of: id) == ["notSigning", "neverHeard"])
        #expect(try bench.assurance(of: id).answer == .unknown)
        #expect(bench.mechanism.assurance(now: bench.now).answer == .unknown)
        #expect(throws: Refusal.staleChallenge(bench.israel.party)) {
            try bench.handle(bench.answer(sentAt: sentBefore))
        }
        try bench.beat()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a head that is larger than the records held makes it unknown")
    func largerHead() throws {
        var (bench, id) = try clearBench()
        bench.peerClaimsMore = 1
        try bench.beat()
        try expectUnknown(bench, id, "headLarger")
        let size = bench.israel.size
        #expect(
            try bench.assurance(of: id).reasons == [.headLarger(bench.israel.party, theirs: size + 1, ours: size)])
    }

    @Test("a peer that holds more of our records than we do makes it unknown: we were restored from an old copy")
    func restoredFromOldCopy() throws {
        var (bench, id) = try clearBench()
        let ours = bench.mechanism.ownLog.size
        try bench.handle(bench.answer(sentAt: bench.now.monotonic, holds: ours + 1))
        try expectUnknown(bench, id, "headLarger")
        #expect(try bench.assurance(of: id).reasons == [.headLarger(bench.turkiye, theirs: ours + 1, ours: ours)])
    }

    @Test("a peer that no longer holds what it receipted has not receipted it")
    func peerRestoredFromOldCopy() throws {
        var (bench, id) = try clearBench()
        bench.wait(.seconds(1))
        try bench.handle(bench.answer(sentAt: bench.now.monotonic, holds: 1))
        #expect(try bench.assurance(of: id).answer == .unknown)
        #expect(try bench.reasons(of: id) == ["notReceipted", "notEvaluated"])
        bench.wait(.seconds(1))
        try bench.exchange()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a clock that creeps away in steps too small to be seen one by one makes it unknown until the next answer")
    func creepingClock() throws {
        var (bench, id) = try clearBench()
        // Three times 0.9 s; the terms allow 2 s.
        for step in 1...3 {
            bench.simulation.stepClock(of: bench.turkiye, by: .milliseconds(900))
            try bench.handle(.tick)
            #expect(try bench.assurance(of: id).answer == (step < 3 ? .clear : .unknown))
        }
        #expect(try bench.reasons(of: id) == ["clockStepped"])
        // The other's clock runs as ours does now.
        try bench.beat()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a receipt that was late on its way proves nothing once its holder has said that it holds less")
    func lateReceipt() throws {
        var bench = try Bench.ready()
        let held = bench.mechanism.links[bench.israel.party]?.receipted ?? 0
        let id = try bench.file(Founding.presence(bench.utc))
        let log = bench.mechanism.ownLog
        let receipt = bench.israel.receipt(for: bench.turkiye, size: log.size, root: log.tree.root, at: bench.utc)
        bench.israel.write(
            .evaluated(Evaluated(party: bench.turkiye, size: log.size, unreadable: [])), at: bench.utc)
        try bench.deliver()
        // Its disk is put back to an old copy, and it says so, before the receipt arrives and while it does.
        for asksFirst in [true, false] {
            var late = bench
            let sentAt = late.now.monotonic
            late.wait(.seconds(2))
            if asksFirst {
                try late.handle(late.answer(sentAt: sentAt, holds: held))
                try late.handle(receipt)
            } else {
                try late.handle(receipt)
                try late.handle(late.answer(sentAt: sentAt, holds: held))
            }
            #expect(try late.assurance(of: id).answer == .unknown)
            #expect(try late.reasons(of: id).contains("notReceipted"))
            try late.exchange()
            #expect(try late.assurance(of: id).answer == .clear)
        }
        // One that was given after the answer, and overtook it, is good.
        let sentAt = bench.now.monotonic
        let answer = bench.answer(sentAt: sentAt, holds: held)
        bench.wait(.milliseconds(10))
        try bench.handle(receipt)
        try bench.handle(answer)
        #expect(try bench.assurance(of: id).answer == .clear)
    }
}
