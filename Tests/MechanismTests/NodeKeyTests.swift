import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("Node keys")
struct NodeKeyTests {
    private func started(seed: UInt64, sealing: Sealing = .xWing) throws -> Simulation {
        var simulation = Simulation(seed: seed, sealing: sealing)
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        return simulation
    }

    private func presence(_ place: SamplePlace, _ simulation: Simulation) -> Command {
        .file(SampleNotices.standingPresence(at: place, from: simulation.utc), mode: .real, audience: nil)
    }

    private func expectClear(_ simulation: Simulation, at location: SourceLocation = #_sourceLocation) {
        for node in simulation.nodes {
            let whole = node.mechanism.assurance(now: simulation.now(at: node.party))
            #expect(whole.answer == .clear, "\(whole.reasons.map(\.sentence))", sourceLocation: location)
        }
    }

    @Test("are changed by the root while the node is down, stated by its next record, and known to the other side")
    func rotation() throws {
        var simulation = try started(seed: 61)
        let (israel, turkiye) = (simulation["israel"].party, simulation["turkiye"].party)
        let before = simulation[turkiye].key.publicKey
        simulation.crash(turkiye)
        let from = simulation[turkiye].mechanism.ownLog.size
        let note = simulation.changeKeys(of: turkiye, from: from, reason: .rotation)
        simulation.start()
        try simulation.command(.present, at: turkiye)
        simulation.run(for: .seconds(6))
        let key = simulation[turkiye].key.publicKey
        #expect(key != before)
        for node in simulation.nodes {
            let log = try #require(node.mechanism.logs[turkiye])
            #expect(
                log.keys.current.note == note && log.keys.key(at: from) == key && log.keys.key(at: from - 1) == before)
            #expect(log.size > from && log.unreadable.isEmpty)
        }
        #expect(simulation[israel].mechanism.alarms["keys:turkiye"]?.state == .ringing)
        try simulation.command(presence(.palmyra, simulation), at: turkiye)
        simulation.run(for: .seconds(4))
        #expect(simulation[israel].mechanism.notices.count == 1)
        expectClear(simulation)
        // The replaced key signs nothing more, and what it signed stands.
        let old = try #require(simulation[israel].note(of: LogID(party: turkiye), size: from))
        let held = simulation[israel]
        #expect(
            held.mechanism.news(in: [ShownHead(log: LogID(party: turkiye), note: old, relation: nil)], held).isEmpty)
    }

    @Test("that the node does not have are not replaced by those it has: it signs nothing and says which it needs")
    func lackingKey() throws {
        var simulation = try started(seed: 62)
        let turkiye = simulation["turkiye"].party
        let other = SeededAuthority(seed: 99)
        let size = simulation[turkiye].mechanism.ownLog.size
        let statement = KeyChangeStatement(
            mechanism: simulation.terms.mechanism, party: turkiye, sequence: 1, from: size, reason: .rotation,
            keys: NodePublicKeys(
                node: other.key.publicKey, tls: MerkleHash.sha256(other.key.publicKey.bytes),
                seal: other.sealKey.publicKey))
        try simulation.handle(.statement(note: simulation.signed(.keyChange(statement), of: turkiye)), at: turkiye)
        #expect(!simulation[turkiye].mechanism.maySign)
        #expect(simulation[turkiye].mechanism.alarms["keys:turkiye"]?.state == .ringing)
        #expect(throws: Refusal.sizeNotConfirmed) { try simulation.command(presence(.hama, simulation), at: turkiye) }
        simulation.run(for: .seconds(20))
        #expect(simulation[turkiye].mechanism.ownLog.size == size)
        #expect(simulation["israel"].mechanism.logs[turkiye]?.size == size)
    }

    @Test(
        "that were stolen sign until the root revokes them from what is cosigned; then nothing, and what stood stands")
    func stolen() throws {
        var simulation = try started(seed: 63, sealing: .none)
        let (israel, turkiye) = (simulation["israel"].party, simulation["turkiye"].party)
        var thief = ScriptedPeer(stealing: simulation[israel])
        let own = simulation[israel].mechanism.ownLog
        thief.write(
            .suspension(Suspension(suspended: true, reason: "forged")), at: simulation.utc, audience: [turkiye],
            plan: nil)
        thief.write(
            .linkChange(LinkChange(party: turkiye, state: .up)), at: simulation.utc, audience: [turkiye], plan: nil)
        try simulation.handle(thief.push(from: own.size, withProof: true), at: turkiye)
        simulation.run(for: .seconds(5))
        // Türkiye's answer shows Israel its own signature over more than it wrote.
        #expect(simulation[israel].mechanism.signing == .behind(theirs: own.size + 2))
        #expect(throws: Refusal.ownLogBehind(held: own.size, theirs: own.size + 2)) {
            try simulation.command(presence(.hama, simulation), at: israel)
        }
        // Nobody revokes to repudiate: what Türkiye has cosigned binds.
        let stolenKey = simulation[israel].key
        simulation.crash(israel)
        let low = KeyChangeStatement(
            mechanism: simulation.terms.mechanism, party: israel, sequence: 1, from: own.size + 1, reason: .revocation,
            keys: NodePublicKeys(
                node: SeededAuthority(seed: 5).key.publicKey, tls: MerkleHash.empty, seal: nil))
        let note = simulation.signed(.keyChange(low), of: israel)
        #expect(
            throws: Refusal.badStatement(.history(.belowCosigned(from: own.size + 1, cosigned: own.size + 2)))
        ) {
            try simulation.handle(.statement(note: note), at: turkiye)
        }
        simulation.changeKeys(of: israel, from: thief.size, reason: .revocation)
        simulation.start()
        simulation.restore(israel, from: turkiye)
        try simulation.command(.present, at: israel)
        simulation.run(for: .seconds(8))
        #expect(simulation[israel].mechanism.signing == .confirmed)
        #expect(simulation[israel].key.publicKey != stolenKey.publicKey)
        #expect(simulation[turkiye].mechanism.logs[israel]?.tree == simulation[israel].mechanism.ownLog.tree)
        #expect(simulation[turkiye].mechanism.logs[israel]?.size ?? 0 > thief.size)

        // The thief goes on with records, checkpoints and receipts; none of them does anything.
        let before = simulation[turkiye].mechanism.logs[israel]
        let size = try #require(before?.size)
        while thief.size <= size {
            thief.write(
                .linkChange(LinkChange(party: turkiye, state: .down)), at: simulation.utc, audience: [turkiye],
                plan: nil)
        }
        #expect(throws: Refusal.badCheckpoint(israel)) { try simulation.handle(thief.push(from: size), at: turkiye) }
        let held = simulation[turkiye]
        for head in [
            thief.head(), thief.shown(size: 3, root: MerkleHash.empty), thief.shown(size: 900, root: MerkleHash.empty),
        ] {
            let news = held.mechanism.news(in: [head], held)
            #expect(throws: Refusal.badHead(LogID(party: israel))) {
                try simulation.handle(.heads(from: israel, news.isEmpty ? [head] : news), at: turkiye)
            }
        }
        let log = simulation[turkiye].mechanism.ownLog
        #expect(throws: Refusal.badReceipt(israel)) {
            try simulation.handle(
                thief.receipt(for: turkiye, size: log.size, root: log.tree.root, at: simulation.utc), at: turkiye)
        }
        #expect(simulation[turkiye].mechanism.logs[israel] == before)
        #expect(before?.fork == nil)
    }

    @Test("that were revoked below what a thief signed leave the node silent until people have looked")
    func revokedTooLow() throws {
        var bench = try Bench.ready()
        var thief = ScriptedPeer(stealing: bench.node)
        let size = bench.mechanism.ownLog.size
        for _ in 0..<3 { thief.write(.linkChange(LinkChange(party: bench.israel.party, state: .up)), at: bench.utc) }
        bench.simulation.crash(bench.turkiye)
        bench.simulation.changeKeys(of: bench.turkiye, from: size, reason: .revocation)
        bench.simulation.restart(bench.turkiye)
        try bench.handle(.heads(from: bench.israel.party, [thief.head(from: size)]))
        try bench.beat()
        #expect(bench.mechanism.signing == .behind(theirs: size + 3))
        #expect(bench.mechanism.ownLog.size == size)
        // An administrator who has asked: nobody holds those records.
        try bench.command(.signUnconfirmed(reason: "forged, as all parties agree"))
        #expect(bench.mechanism.signing == .confirmed && bench.mechanism.ownLog.size > size)
        #expect(throws: Refusal.badHead(bench.mechanism.ownLog.id)) {
            try bench.handle(.heads(from: bench.israel.party, [thief.head(from: size)]))
        }
        #expect(bench.mechanism.maySign)
    }
}
