import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("A mechanism that seals")
struct SealedSimulationTests {
    private func started(seed: UInt64) throws -> Simulation {
        var simulation = Simulation(seed: seed, mediator: "azerbaijan", sealing: .xWing)
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        return simulation
    }

    @Test("lets its mediator mirror everything and read nothing")
    func mediatorReadsNothing() throws {
        var simulation = try started(seed: 81)
        var fields = SampleNotices.standingPresence(at: .palmyra, from: simulation.utc)
        fields = NoticeFields(
            kind: fields.kind, onBehalfOf: nil, volumes: fields.volumes, contact: "marker word", remarks: nil,
            reviewBy: fields.reviewBy)
        let turkiye = simulation["turkiye"].party
        try simulation.command(.file(fields, mode: .real, audience: nil), at: turkiye)
        simulation.run(for: .seconds(3))
        #expect(simulation["israel"].mechanism.notices.first?.value.fields.contact == "marker word")
        let mediator = simulation["azerbaijan"]
        #expect(mediator.mechanism.notices.isEmpty)
        #expect(mediator.held[turkiye] == simulation["turkiye"].held[turkiye])
        #expect(mediator.mechanism.logs[turkiye]?.withheld ?? 0 > 0)
        #expect(mediator.mechanism.logs.allSatisfy { $0.value.unreadable.isEmpty })
        for bytes in mediator.held[turkiye] ?? [] {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("marker"))
        }
        // The same search finds it in what is not sealed.
        var open = Simulation(seed: 81)
        open.start()
        for node in open.nodes { try open.command(.present, at: node.party) }
        open.run(for: .seconds(3))
        try open.command(.file(fields, mode: .real, audience: nil), at: turkiye)
        #expect(
            (open["turkiye"].held[turkiye] ?? []).contains { String(decoding: $0, as: UTF8.self).contains("marker") })
        for node in simulation.nodes where node.mechanism.role == .principal {
            #expect(node.mechanism.assurance(now: simulation.now(at: node.party)).answer == .clear)
        }
    }

    @Test(
        "holds a record that a peer sealed wrongly, names it, and is unknown",
        arguments: ["open", "other key", "other readers"])
    func sealedWrongly(how: String) throws {
        var simulation = Simulation(seed: 82, sealing: .xWing)
        simulation.nodesTalk = false
        var israel = ScriptedPeer(standingFor: simulation["israel"])
        let turkiye = simulation["turkiye"].party
        simulation.restart(turkiye)
        var authority = SeededAuthority(seed: 9)
        var epochs = SealingEpochs(log: LogID(party: israel.party))
        let mine = SealRecipient(israel.party, authority.sealKey.publicKey)
        let theirs = SealRecipient(turkiye, authority.sealKey.publicKey)
        let contentKey = authority.contentKey()
        let plan = epochs.plan(
            mechanism: simulation.terms.mechanism, index: 0, recipients: [mine, theirs], contentKey: contentKey,
            encapsulate: { authority.encapsulate(to: $0, info: $1) })
        let content = RecordContent.suspension(Suspension(suspended: true, reason: nil))
        let record: RecordID
        switch how {
        case "open": record = israel.write(content, at: simulation.utc, audience: [turkiye], plan: nil)
        default: record = israel.write(content, at: simulation.utc, audience: [turkiye], plan: plan)
        }
        if how == "other readers" {
            // The next one refers to an encapsulation that Türkiye never got.
            let next = epochs.plan(
                mechanism: simulation.terms.mechanism, index: 1, recipients: [mine, theirs],
                contentKey: authority.contentKey(), encapsulate: { authority.encapsulate(to: $0, info: $1) })
            israel.write(content, at: simulation.utc, audience: [turkiye], plan: next)
        }
        try simulation.handle(israel.push(from: 0), at: turkiye)
        let node = simulation[turkiye].mechanism
        #expect(node.logs[israel.party]?.unreadable.count == Int(israel.size))
        #expect(node.logs[israel.party]?.size == israel.size)
        #expect(node.alarms["unreadable:\(record)"]?.state == .ringing)
        let whole = node.assurance(now: simulation.now(at: turkiye))
        #expect(whole.answer == .unknown && whole.reasons.contains(.unreadableHere(record)))
        #expect(!node.suspendedBy.contains(israel.party))
    }

    @Test("takes no record from which a relay has taken the body, and takes it from its author")
    func strippedByRelay() throws {
        var simulation = try started(seed: 83)
        let (israel, turkiye, azerbaijan) = (
            simulation["israel"].party, simulation["turkiye"].party, simulation["azerbaijan"].party
        )
        simulation.network.part(israel, turkiye)
        simulation.network.part(azerbaijan, turkiye)
        let first = simulation[israel].mechanism.ownLog.size
        try simulation.command(
            .file(SampleNotices.standingPresence(at: .palmyra, from: simulation.utc), mode: .real, audience: nil),
            at: israel)
        let bytes = try #require(simulation[israel].held[israel]?[Int(first)])
        let stripped = try #require(Envelope(encoded: bytes)).withheld
        let note = try #require(simulation[israel].note(of: LogID(party: israel), size: first + 1))
        let push = Push(
            from: azerbaijan, log: LogID(party: israel), first: first, envelopes: [Bytes(stripped.encoded)],
            checkpoint: note)
        let record = RecordID(party: israel, index: first)
        #expect(throws: Refusal.record(index: first, .wrongSealedBody(record))) {
            try simulation.handle(.pushed(push), at: turkiye)
        }
        simulation.network.heal()
        simulation.run(for: .seconds(8))
        #expect(simulation[turkiye].mechanism.notices[record] != nil)
        #expect(simulation[turkiye].mechanism.logs[israel]?.unreadable.isEmpty == true)
    }
}
