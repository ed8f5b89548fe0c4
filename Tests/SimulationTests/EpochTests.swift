import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("A new epoch after a fork")
struct EpochTests {
    private func presence(_ place: SamplePlace, _ simulation: Simulation) -> Command {
        .file(SampleNotices.standingPresence(at: place, from: simulation.utc), mode: .real, audience: nil)
    }

    private func filed(_ reply: Reply) throws -> NoticeID {
        guard case .filed(let id, _, _) = reply else { throw Unexpected() }
        return id
    }

    private struct Unexpected: Error {}

    @Test(
        "is begun by the root with both heads: all agree again, and what was said before stands unconfirmed until restated"
    )
    func wayOut() throws {
        var simulation = Simulation(seed: 91, mediator: "azerbaijan", sealing: .xWing)
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        let (israel, turkiye, azerbaijan) = (
            simulation["israel"].party, simulation["turkiye"].party, simulation["azerbaijan"].party
        )
        let both = try filed(try simulation.command(presence(.palmyra, simulation), at: israel))
        simulation.run(for: .seconds(4))
        // One history goes to Türkiye, the other, from an old copy, to the mediator: both links fail in turn, and an
        // administrator answers for what nobody confirms.
        let events = simulation[israel].journal.count
        simulation.network.part(azerbaijan, israel)
        simulation.network.part(azerbaijan, turkiye)
        try simulation.command(
            .amend(
                both, expectedVersion: 1,
                SampleNotices.standingPresence(at: .palmyra, radiusM: 3_100, from: simulation.utc)),
            at: israel)
        let one = try filed(try simulation.command(presence(.hama, simulation), at: israel))
        simulation.run(for: .seconds(3))
        #expect(simulation[turkiye].mechanism.notices[one] != nil)
        simulation.restoreOldCopy(of: israel, events: events)
        simulation.network.part(israel, turkiye)
        simulation.network.join(azerbaijan, israel)
        simulation.start()
        try simulation.command(.present, at: israel)
        if !simulation[israel].mechanism.maySign {
            try simulation.command(.signUnconfirmed(reason: "nobody answers"), at: israel)
        }
        let other = try filed(try simulation.command(presence(.t4, simulation), at: israel))
        simulation.run(for: .seconds(10))
        #expect(simulation[azerbaijan].mechanism.logs[israel]?.fork == nil)

        simulation.network.heal()
        simulation.run(for: .seconds(8))
        for node in simulation.nodes {
            #expect(node.mechanism.logs[israel]?.fork != nil, "\(node.party)")
            #expect(node.mechanism.alarms["frozen:israel"]?.state == .ringing)
            #expect(node.mechanism.assurance(now: simulation.now(at: node.party)).answer == .unknown)
        }
        #expect(throws: Refusal.ownLogFrozen) { try simulation.command(presence(.hama, simulation), at: israel) }

        let proof = try #require(simulation[turkiye].mechanism.logs[israel]?.fork)
        let heads = [proof.first, proof.second].map {
            EpochStatement.Head(size: $0.checkpoint.size, root: $0.checkpoint.root)
        }
        let largest = simulation.nodes.compactMap { $0.mechanism.logs[israel]?.tree.size }.max() ?? 0
        simulation.crash(israel)
        simulation.beginEpoch(
            of: israel, after: heads[0], EpochStatement.Head(size: max(heads[1].size, largest), root: heads[1].root))
        simulation.start()
        try simulation.command(.present, at: israel)
        simulation.run(for: .seconds(12))
        let own = simulation[israel].mechanism.ownLog
        #expect(own.id.epoch == 1 && own.start == max(heads[1].size, largest) && own.tree.size > 0)
        for node in simulation.nodes {
            let log = try #require(node.mechanism.logs[israel])
            #expect(
                log.id == own.id && log.start == own.start && log.tree == own.tree && log.fork == nil, "\(node.party)")
            #expect(log.unreadable.isEmpty, "\(node.party) \(log.unreadable)")
            #expect(node.mechanism.formerLogs.map(\.id) == [LogID(party: israel)])
            #expect(node.mechanism.formerLogs.first?.fork != nil)
            #expect(node.mechanism.alarms["frozen:israel"]?.state == .cleared)
        }
        // Old notices keep warning, unconfirmed, whichever history they stand in.
        #expect(simulation[turkiye].mechanism.notices[both]?.status == .unconfirmed)
        #expect(simulation[turkiye].mechanism.notices[one]?.status == .unconfirmed)
        #expect(simulation[israel].mechanism.notices[other]?.status == .unconfirmed)
        #expect(simulation[turkiye].mechanism.notices[both]?.version == 2)
        #expect(simulation[israel].mechanism.notices[both]?.version == 1)

        // Restated: a version that Türkiye holds already, and a notice that it never held.
        let fields = SampleNotices.standingPresence(at: .palmyra, from: simulation.utc)
        try simulation.command(.amend(both, expectedVersion: 1, fields), at: israel)
        try simulation.command(
            .amend(other, expectedVersion: 1, SampleNotices.standingPresence(at: .t4, from: simulation.utc)), at: israel
        )
        simulation.run(for: .seconds(4))
        for node in simulation.nodes where node.mechanism.role == .principal {
            #expect(node.mechanism.notices[both]?.status == .current && node.mechanism.notices[both]?.version == 2)
            #expect(node.mechanism.notices[other]?.status == .current && node.mechanism.notices[other]?.version == 2)
            #expect(node.mechanism.notices[both]?.fields == fields)
            #expect(node.mechanism.logs.allSatisfy { $0.value.unreadable.isEmpty })
        }
        try simulation.command(.end(both, reason: .over, remarks: nil), at: israel)
        let new = try filed(try simulation.command(presence(.palmyra, simulation), at: israel))
        simulation.run(for: .seconds(5))
        #expect(simulation[turkiye].mechanism.notices[both]?.status == .ended)
        for party in [israel, turkiye] {
            let answer = simulation[party].mechanism.assurance(of: new, now: simulation.now(at: party))
            #expect(answer?.answer == .clear, "\(party) \(answer?.reasons.map(\.sentence) ?? [])")
        }
    }

    @Test("is refused below what a holder has cosigned, and when the root keys did not sign it")
    func refused() throws {
        var simulation = Simulation(seed: 92)
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        let (israel, turkiye) = (simulation["israel"].party, simulation["turkiye"].party)
        let held = try #require(simulation[turkiye].mechanism.logs[israel]?.size)
        let key = SeededAuthority(seed: 8).key.publicKey
        let statement = EpochStatement(
            mechanism: simulation.terms.mechanism, party: israel, sequence: 1, epoch: 1,
            first: EpochStatement.Head(size: held - 2, root: key),
            second: EpochStatement.Head(size: held - 1, root: key),
            keys: NodePublicKeys(node: key, tls: key, seal: nil))
        let note = simulation.signed(.epoch(statement), of: israel)
        #expect(throws: Refusal.badStatement(.disowns(held: held))) {
            try simulation.handle(.statement(note: note), at: turkiye)
        }
        let unsigned = SignedRootStatement(.epoch(statement)).signed(by: key) { SeededAuthority(seed: 8).key.sign($0) }
        #expect(throws: Refusal.badStatement(.statement(.tooFewSignatures(needed: 1, found: 0)))) {
            try simulation.handle(.statement(note: unsigned.encoded), at: turkiye)
        }
        #expect(simulation[turkiye].mechanism.logs[israel]?.id.epoch == 0)
    }
}
