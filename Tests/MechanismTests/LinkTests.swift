import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// Every row of the state table on `Link`.
@Suite("A link")
struct LinkTests {
    private func state(_ bench: Bench) -> LinkState? { bench.mechanism.links[bench.israel.party]?.state }

    @Test("is down before anything was heard, and rings once staleAfter has passed in silence")
    func neverHeard() throws {
        var bench = Bench()
        bench.simulation.restart(bench.turkiye)
        #expect(state(bench) == .down)
        bench.wait(.seconds(6))
        #expect(bench.alarm(.link, "israel") == nil)
        bench.wait(.milliseconds(1))
        #expect(bench.alarm(.link, "israel")?.state == .ringing)
        #expect(bench.alarm(.link, "israel")?.precedence == .immediate)
    }

    @Test("is up, then late after one and a half heartbeats, then down after staleAfter, by ticks alone")
    func upLateDown() throws {
        var bench = try Bench.ready()
        #expect(state(bench) == .up)
        bench.wait(.seconds(3))
        #expect(state(bench) == .up)
        bench.wait(.milliseconds(1))
        #expect(state(bench) == .late)
        #expect(bench.alarm(.link, "israel")?.state != .ringing)
        bench.wait(.seconds(3))
        #expect(state(bench) == .down)
        #expect(bench.alarm(.link, "israel")?.state == .ringing)
        try bench.beat()
        #expect(state(bench) == .up)
        #expect(bench.alarm(.link, "israel")?.state == .cleared)
    }

    @Test("is unstaffed when its node answers and nobody acts there, and becomes so by time alone")
    func unstaffed() throws {
        var bench = try Bench.ready()
        bench.peerHumanActAgeS = 598
        try bench.beat()
        #expect(state(bench) == .up)
        bench.wait(.milliseconds(2_001))
        #expect(state(bench) == .unstaffed)
        #expect(bench.alarm(.link, "israel")?.precedence == .priority)
        bench.peerHumanActAgeS = 1
        try bench.beat()
        #expect(state(bench) == .up)
    }

    @Test("is suspended while its answers or its records say so")
    func suspended() throws {
        var bench = try Bench.ready()
        bench.peerSuspended = true
        try bench.beat()
        #expect(state(bench) == .suspended)
        bench.peerSuspended = false
        try bench.beat()
        #expect(state(bench) == .up)
    }

    @Test("is not receipting when it answers and takes nothing for staleAfter, and progress of any size resets that")
    func notReceipting() throws {
        var bench = try Bench.ready()
        _ = try bench.file(Founding.presence(bench.utc))
        _ = try bench.file(Founding.elsewhere(bench.utc))
        for _ in 0..<2 {
            bench.wait(.milliseconds(2_900))
            try bench.beat()
        }
        #expect(state(bench) == .up)
        // It takes one of the two.
        let link = try #require(bench.mechanism.links[bench.israel.party])
        let root = try #require(bench.node.root(of: bench.mechanism.ownLog.id, at: link.receipted + 1))
        try bench.handle(
            bench.israel.receipt(
                for: bench.turkiye, size: link.receipted + 1, root: root, at: bench.utc, ours: root))
        for _ in 0..<2 {
            bench.wait(.milliseconds(2_900))
            try bench.beat()
        }
        #expect(state(bench) == .up)
        bench.wait(.milliseconds(500))
        try bench.beat()
        #expect(state(bench) == .notReceipting)
        #expect(bench.alarm(.link, "israel")?.state == .ringing)
        try bench.receiptOurs()
        #expect(state(bench) == .up)
    }

    @Test("that comes back gets staleAfter again before it counts as not receipting")
    func backFromDown() throws {
        var bench = try Bench.ready()
        _ = try bench.file(Founding.presence(bench.utc))
        bench.wait(.minutes(10))
        #expect(state(bench) == .down)
        bench.peerHumanActAgeS = 1
        try bench.beat()
        #expect(state(bench) == .up)
    }

    @Test("what applies first is shown: down before suspended before not receipting before unstaffed before late")
    func precedence() throws {
        var bench = try Bench.ready()
        _ = try bench.file(Founding.presence(bench.utc))
        bench.peerSuspended = true
        bench.peerHumanActAgeS = nil
        try bench.beat()
        bench.wait(.milliseconds(5_000))
        try bench.beat()
        bench.wait(.milliseconds(3_500))
        #expect(state(bench) == .suspended)
        bench.peerSuspended = false
        try bench.beat()
        bench.wait(.milliseconds(3_500))
        #expect(state(bench) == .notReceipting)
        try bench.receiptOurs()
        #expect(state(bench) == .unstaffed)
        bench.peerHumanActAgeS = 1
        try bench.beat()
        bench.wait(.milliseconds(3_500))
        #expect(state(bench) == .late)
        bench.wait(.seconds(4))
        #expect(state(bench) == .down)
    }

    @Test("puts on record what lasts, once, and never `late`")
    func recorded() throws {
        var bench = try Bench.ready()
        let before = bench.mechanism.ownLog.size
        for _ in 0..<5 {
            bench.wait(.milliseconds(3_500))
            try bench.beat()
        }
        #expect(bench.mechanism.ownLog.size == before)
        bench.wait(.seconds(60))
        #expect(bench.mechanism.ownLog.size == before + 1)
        let bytes = try #require(bench.node.held[bench.turkiye]?.last)
        guard case .open(let body) = try VerifiedRecord(fromOwnJournal: bytes).body else {
            Issue.record("our own record does not open")
            return
        }
        #expect(body.content == .linkChange(LinkChange(party: bench.israel.party, state: .down)))
    }

    @Test("does not ring for a restart of our own that its next answer bridges")
    func restart() throws {
        var bench = try Bench.ready()
        bench.simulation.crash(bench.turkiye)
        bench.wait(.seconds(30))
        bench.simulation.restart(bench.turkiye)
        let size = bench.mechanism.ownLog.size
        #expect(state(bench) == .down)
        bench.wait(.seconds(2))
        try bench.beat()
        #expect(state(bench) == .up)
        #expect(bench.alarm(.link, "israel")?.state != .ringing)
        #expect(bench.mechanism.ownLog.size == size)
    }
}
