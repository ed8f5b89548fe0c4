import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// A node signs nothing before it knows how much it has signed.
@Suite("Signing after a start")
struct SigningTests {
    private func started(seed: UInt64, sealing: Sealing = .none) throws -> Simulation {
        var simulation = Simulation(seed: seed, mediator: "azerbaijan", sealing: sealing)
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        return simulation
    }

    private func presence(_ place: SamplePlace, _ simulation: Simulation) -> Command {
        .file(SampleNotices.standingPresence(at: place, from: simulation.utc), mode: .real, audience: nil)
    }

    @Test(
        "an old copy of a disk is found before anything is signed, refuses by name, and goes on where its log stood",
        arguments: [Sealing.none, .xWing])
    func oldCopy(sealing: Sealing) throws {
        var simulation = try started(seed: 51, sealing: sealing)
        let (israel, turkiye) = (simulation["israel"].party, simulation["turkiye"].party)
        try simulation.command(presence(.palmyra, simulation), at: turkiye)
        simulation.run(for: .seconds(3))
        let events = simulation[turkiye].journal.count
        let old = simulation[turkiye].mechanism.ownLog.size
        try simulation.command(presence(.hama, simulation), at: turkiye)
        try simulation.command(presence(.t4, simulation), at: israel)
        simulation.run(for: .seconds(3))
        let log = simulation[turkiye].mechanism.ownLog
        #expect(log.size > old)

        simulation.restoreOldCopy(of: turkiye, events: events)
        simulation.start()
        #expect(simulation[turkiye].mechanism.ownLog.size == old)
        #expect(throws: Refusal.sizeNotConfirmed) { try simulation.command(presence(.t4, simulation), at: turkiye) }
        simulation.run(for: .seconds(8))
        #expect(simulation[turkiye].mechanism.signing == .behind(theirs: log.size))
        #expect(simulation[turkiye].mechanism.ownLog.size == old)
        #expect(simulation[turkiye].mechanism.alarms["behind:turkiye"]?.precedence == .flash)
        #expect(throws: Refusal.ownLogBehind(held: old, theirs: log.size)) {
            try simulation.command(presence(.t4, simulation), at: turkiye)
        }
        // The others see that it shows less than it has signed.
        let reasons = simulation[israel].mechanism.assurance(now: simulation.now(at: israel)).reasons
        #expect(reasons.contains(.headSmaller(turkiye, theirs: old, ours: log.size)))

        simulation.restore(turkiye, from: israel)
        simulation.run(for: .seconds(8))
        let restored = simulation[turkiye].mechanism
        #expect(restored.signing == .confirmed && restored.alarms["behind:turkiye"]?.state == .cleared)
        #expect(simulation[turkiye].root(of: log.id, at: log.size) == log.tree.root)
        #expect(restored.logs.allSatisfy { $0.value.unreadable.isEmpty && $0.value.fork == nil })
        #expect(restored.notices.count == 3)
        try simulation.command(.present, at: turkiye)
        try simulation.command(.present, at: israel)
        simulation.run(for: .seconds(5))
        for node in simulation.nodes where node.mechanism.role == .principal {
            #expect(node.mechanism.logs[turkiye]?.fork == nil)
            #expect(node.mechanism.logs[turkiye]?.tree == simulation[turkiye].mechanism.ownLog.tree)
            let whole = node.mechanism.assurance(now: simulation.now(at: node.party))
            #expect(whole.answer == .clear, "\(whole.reasons.map(\.sentence))")
        }
    }

    /// Türkiye, Israel and the mediator; nothing talks by itself.
    private func answers(
        _ bench: inout Bench, israelHolds: UInt64?, mediatorHolds: UInt64?
    ) throws {
        let now = bench.now.monotonic
        for (name, holds) in [("israel", israelHolds), ("azerbaijan", mediatorHolds)] {
            guard let holds else { continue }
            let answer = HeartbeatAnswer(
                party: bench.simulation[name].party, challenge: bench.terms.fingerprint, utc: bench.utc, logSize: 0,
                holds: holds, humanActAgeS: 1, suspended: false, termsFingerprint: bench.terms.fingerprint)
            try bench.handle(.heartbeat(answer, sentAt: now))
        }
    }

    private func threeParties() throws -> Bench {
        var bench = Bench()
        bench.simulation = Simulation(seed: 52, mediator: "azerbaijan")
        bench.simulation.nodesTalk = false
        bench.simulation.restart(bench.turkiye)
        return bench
    }

    @Test("begins when every peer has answered, or one has and staleAfter has passed")
    func confirmation() throws {
        var all = try threeParties()
        try answers(&all, israelHolds: 0, mediatorHolds: nil)
        #expect(all.mechanism.signing == .unconfirmed && all.mechanism.ownLog.size == 0)
        try answers(&all, israelHolds: nil, mediatorHolds: 0)
        #expect(all.mechanism.signing == .confirmed && all.mechanism.ownLog.size > 0)

        var one = try threeParties()
        one.wait(.seconds(6))
        try answers(&one, israelHolds: 0, mediatorHolds: nil)
        #expect(one.mechanism.signing == .unconfirmed)
        one.wait(.milliseconds(1))
        #expect(one.mechanism.signing == .confirmed)

        var none = try threeParties()
        none.wait(.seconds(60))
        #expect(none.mechanism.signing == .unconfirmed && none.mechanism.ownLog.size == 0)
        #expect(none.mechanism.assurance(now: none.now).reasons.contains(.notSigning(none.turkiye)))
    }

    @Test("is not stopped by a peer that lies about holding more, while another answers")
    func lyingPeerOfThree() throws {
        var bench = try threeParties()
        for _ in 0..<5 {
            try answers(&bench, israelHolds: 500, mediatorHolds: 0)
            bench.wait(.seconds(2))
        }
        #expect(bench.mechanism.signing == .confirmed)
        // It signs, and the lie is still no evidence of anything good.
        #expect(bench.mechanism.assurance(now: bench.now).reasons.map(\.name).contains("headLarger"))
    }

    @Test("with one peer alone that claims more and shows no signature it waits, rings, and an administrator decides")
    func lyingPeerOfTwo() throws {
        var bench = Bench()
        bench.simulation.restart(bench.turkiye)
        for _ in 0..<5 {
            try bench.handle(bench.answer(sentAt: bench.now.monotonic, holds: 500))
            bench.wait(.seconds(2))
        }
        #expect(bench.mechanism.signing == .unconfirmed && bench.mechanism.ownLog.size == 0)
        #expect(bench.alarm(.unconfirmedSize, "israel")?.state == .ringing)
        #expect(throws: Refusal.sizeNotConfirmed) {
            try bench.command(.file(Founding.presence(bench.utc), mode: .real, audience: nil))
        }
        try bench.command(.signUnconfirmed(reason: "compared by telephone"))
        #expect(bench.mechanism.signing == .confirmed && bench.mechanism.ownLog.size > 0)
        #expect(bench.alarm(.unconfirmedSize, "turkiye")?.sentence.contains("compared by telephone") == true)
        #expect(throws: Refusal.alreadyConfirmed) { try bench.command(.signUnconfirmed(reason: "again")) }
    }

    @Test("does not begin because the process began anew: what was shown under our signature stays shown")
    func behindSurvivesRestart() throws {
        var bench = try Bench.ready()
        var elsewhere = ScriptedPeer(stealing: bench.node)
        elsewhere.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        let ours = bench.mechanism.ownLog.size
        try bench.handle(.heads(from: bench.israel.party, [elsewhere.head(from: ours)]))
        #expect(bench.mechanism.signing == .behind(theirs: ours + 1))
        bench.simulation.crash(bench.turkiye)
        bench.simulation.restart(bench.turkiye)
        bench.wait(.seconds(7))
        try bench.beat()
        #expect(bench.mechanism.signing == .behind(theirs: ours + 1) && bench.mechanism.ownLog.size == ours)
        #expect(throws: Refusal.ownLogBehind(held: ours, theirs: ours + 1)) {
            try bench.command(.suspend(true, reason: nil))
        }
        // Only the very records bring it back.
        guard case .pushed(let push) = elsewhere.push(from: ours) else { return }
        try bench.handle(
            .pushed(
                Push(
                    from: bench.israel.party, log: push.log, first: push.first, envelopes: push.envelopes,
                    checkpoint: push.checkpoint)))
        #expect(bench.mechanism.signing == .confirmed && bench.mechanism.suspendedBy.contains(bench.turkiye))
        #expect(throws: Refusal.ownLogOffered) {
            try bench.handle(
                .pushed(
                    Push(from: bench.israel.party, log: push.log, first: 0, envelopes: [], checkpoint: push.checkpoint))
            )
        }
    }

    @Test("no head of ours goes out without the records below it, so that whoever has one can give them back")
    func headsWithRecords() throws {
        var bench = try Bench.ready()
        let held = bench.mechanism.ownLog.size
        _ = try bench.file(Founding.presence(bench.utc))
        let id = bench.mechanism.ownLog.id
        #expect(bench.mechanism.ownLog.size > held)
        let shown = bench.mechanism.heads(for: bench.israel.party, holding: [(log: id, size: held)], bench.node)
        #expect(shown.filter { $0.log == id }.compactMap { Checkpoint(note: $0.note)?.size } == [held])
        #expect(bench.mechanism.heads(for: bench.israel.party, holding: [], bench.node).allSatisfy { $0.log != id })
    }

    @Test("a larger head of our own that contradicts ours is our own fork: frozen, rung, nothing signed")
    func ownFork() throws {
        var bench = try Bench.ready()
        var elsewhere = ScriptedPeer(stealing: bench.node)
        for _ in 0..<3 {
            elsewhere.write(.linkChange(LinkChange(party: bench.israel.party, state: .up)), at: bench.utc)
        }
        _ = try bench.file(Founding.presence(bench.utc))
        let shown = elsewhere.head(from: bench.mechanism.ownLog.size)
        try bench.handle(.heads(from: bench.israel.party, bench.mechanism.news(in: [shown], bench.node)))
        #expect(bench.mechanism.ownLog.fork != nil && !bench.mechanism.maySign)
        #expect(bench.alarm(.frozen, "turkiye")?.precedence == .flash)
        #expect(throws: Refusal.ownLogFrozen) { try bench.command(.suspend(true, reason: nil)) }
        #expect(bench.mechanism.assurance(now: bench.now).reasons.contains(.logFrozen(bench.turkiye)))
    }

    @Test("what waited for it is said then, once: judgements, findings, links")
    func saidOnce() throws {
        var bench = try Bench.ready()
        let mine = try bench.file(Founding.presence(bench.utc))
        try bench.exchange()
        bench.simulation.crash(bench.turkiye)
        bench.wait(.seconds(30))
        bench.simulation.restart(bench.turkiye)
        let before = bench.node.held[bench.turkiye]?.count ?? 0
        bench.wait(.seconds(7))
        let strike = try bench.israelFiles(Founding.strike(bench.utc))
        let conflict = Conflict.id(mechanism: bench.terms.mechanism, mode: .real, mine, strike)
        #expect(bench.mechanism.conflicts[conflict]?.state == .open)
        #expect(bench.node.held[bench.turkiye]?.count == before)
        try bench.beat()
        let kinds = try (bench.node.held[bench.turkiye] ?? [])[before...].map { bytes -> RecordKind? in
            guard case .open(let body) = try VerifiedRecord(fromOwnJournal: bytes).body else { return nil }
            return body.content.kind
        }
        #expect(kinds.count { $0 == .evaluated } == 1 && kinds.count { $0 == .finding } == 1)
        #expect(kinds.count { $0 == .linkChange } >= 1)
        let after = bench.node.held[bench.turkiye]?.count
        try bench.beat()
        #expect(bench.node.held[bench.turkiye]?.count == after)
    }
}
