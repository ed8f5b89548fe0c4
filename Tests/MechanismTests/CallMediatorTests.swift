import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("Calls and the mediator")
struct CallMediatorTests {
    @Test("a mediator sends, receives and acknowledges messages, sealed or not, and asks or approves nothing",
        arguments: [Sealing.none, .xWing])
    func speaks(sealing: Sealing) throws {
        var simulation = try nodesWithMediator(sealing: sealing)
        let (turkiye, israel) = (simulation["turkiye"].party, simulation["israel"].party)
        let mediator = simulation["azerbaijan"].party
        let advice = try SampleCalls.message(
            .recommendation, [TemplateMessage.Entry(.advice, .reason(.speakDirectly))])
        let sent = try simulation.command(.call(.send(advice, mode: .real, to: nil)), at: mediator)
        let told = try simulation.command(
            .call(.send(try SampleCalls.crossed(), mode: .real, to: [mediator])), at: turkiye)
        simulation.run(for: .seconds(5))
        guard case .recorded(let id) = sent, case .recorded(let report) = told else { return #expect(Bool(false)) }
        for principal in [turkiye, israel] {
            let acknowledgement = MessageAcknowledgement(message: id, readBack: [])
            try simulation.command(.call(.acknowledge(acknowledgement)), at: principal)
        }
        let readBack = MessageAcknowledgement(message: report, readBack: SampleCalls.crossing)
        try simulation.command(.call(.acknowledge(readBack)), at: mediator)
        simulation.run(for: .seconds(5))
        #expect(simulation[mediator].mechanism.calls.messages[id]?.isClosed == true)
        #expect(simulation[mediator].mechanism.calls.messages[id]?.facts[israel]?.receiptedAt != nil)
        #expect(simulation[turkiye].mechanism.calls.messages[report]?.isClosed == true)
        // What goes to the mediator alone the other side does not read.
        #expect(simulation[israel].mechanism.calls.messages.keys == [id])
        let query = SampleCalls.query(at: .hama, from: simulation.utc)
        #expect(throws: Refusal.mediatorCannotFile) {
            try simulation.command(.call(.query(query, mode: .real, to: nil)), at: mediator)
        }
        let hold = try SampleCalls.message(.holdEnded, inReplyTo: report)
        #expect(throws: Refusal.templateNotForRole(.holdEnded)) {
            try simulation.command(.call(.send(hold, mode: .real, to: nil)), at: mediator)
        }
    }

    @Test("a call that waits with the mediator for a silent party is shown as lodged, and is no receipt")
    func lodged() throws {
        var simulation = try nodesWithMediator()
        let (turkiye, israel) = (simulation["turkiye"].party, simulation["israel"].party)
        simulation.crash(israel)
        simulation.run(for: .seconds(10))
        let sent = try simulation.command(
            .call(.send(try SampleCalls.crossed(), mode: .real, to: nil)), at: turkiye)
        guard case .recorded(let id) = sent else { return #expect(Bool(false)) }
        simulation.run(for: .seconds(40))
        let facts = simulation[turkiye].mechanism.calls.messages[id]?.facts[israel]
        #expect(facts?.lodgedWith == simulation["azerbaijan"].party && facts?.receiptedAt == nil)
        simulation.restart(israel)
        simulation.run(for: .seconds(10))
        let later = simulation[turkiye].mechanism.calls.messages[id]?.facts[israel]
        #expect(later?.receiptedAt != nil && later?.lodgedAt == nil && later?.evaluatedAt != nil)
    }

    // MARK: Disclosure

    /// Türkiye's notice, its record at the mediator, and what Türkiye opens of it.
    private func disclosed(sealing: Sealing) throws -> (Simulation, RecordID, Disclosure.Opening) {
        var simulation = try nodesWithMediator(sealing: sealing)
        let turkiye = simulation["turkiye"].party
        let reply = try simulation.command(
            .file(Founding.presence(simulation.utc), mode: .real, audience: nil), at: turkiye)
        guard case .filed(let id, _, _) = reply else { throw Missing() }
        // The authority gives the salt of a body first, then, where it is sealed, its content key.
        let given = try #require(simulation[turkiye].journal.last?.given)
        if sealing == .xWing {
            return (simulation, id, .key(try #require(Hash32(given[1].array))))
        }
        let own = try #require(simulation[turkiye].held[turkiye]?[Int(id.index)])
        let record = try VerifiedRecord(fromOwnJournal: own)
        let body = try #require(record.disclosure(contentKey: nil, in: LogID(party: turkiye)))
        #expect(body.salt.bytes == given[0].array)
        return (simulation, id, .body(salt: body.salt, body.body))
    }

    private struct Missing: Error {}

    @Test("a principal opens one record to the mediator, who reads that and checks it against what was signed",
        arguments: [Sealing.none, .xWing])
    func disclosure(sealing: Sealing) throws {
        var (simulation, id, opening) = try disclosed(sealing: sealing)
        let (turkiye, israel) = (simulation["turkiye"].party, simulation["israel"].party)
        let mediator = simulation["azerbaijan"].party
        simulation.run(for: .seconds(5))
        let disclosure = Disclosure(record: id, opening: opening)
        // Whoever it was addressed to may disclose it as well as its author.
        for principal in [turkiye, israel] {
            try simulation.command(.call(.disclose(disclosure, to: mediator)), at: principal)
        }
        simulation.run(for: .seconds(5))
        let held = simulation[mediator].mechanism.calls.disclosures.values
        #expect(held.map(\.by) == [israel, turkiye] && held.allSatisfy { $0.disclosure == disclosure })
        let alarms = simulation[mediator].mechanism.alarms.values.filter { $0.kind == .disclosed }
        #expect(alarms.map(\.state) == [.ringing, .ringing])
        try simulation.command(.acknowledgeAlarm(alarms[0].id), at: mediator)
        #expect(simulation[mediator].mechanism.alarms[alarms[0].id]?.state == .cleared)
        // The other principal does not hear of it, the discloser keeps it.
        #expect(simulation[israel].mechanism.calls.disclosures.count == 1)

        let bytes = try #require(simulation[mediator].held[turkiye]?[Int(id.index)])
        let mirrored = try VerifiedRecord(fromOwnJournal: bytes)
        let log = LogID(party: turkiye)
        #expect(simulation[mediator].mechanism.notices[id] == nil)
        let body = try #require(mirrored.opened(by: opening, in: log))
        guard case .notice(let content) = body.content else { return #expect(Bool(false)) }
        #expect(content.kind == .standingPresence && body.officer == "Cpt. Sample")
        // Another record's key, or a body that its author did not commit to, opens nothing.
        let wrong: Disclosure.Opening
        switch opening {
        case .key(let key): wrong = .key(MerkleHash.sha256(key.bytes))
        case .body(let salt, let body): wrong = .body(salt: salt, body + [32])
        }
        #expect(mirrored.opened(by: wrong, in: log) == nil)
    }

    @Test("only a record that exists is disclosed, by a principal, to a mediator")
    func disclosureRefusals() throws {
        var (simulation, id, opening) = try disclosed(sealing: .xWing)
        let (turkiye, israel) = (simulation["turkiye"].party, simulation["israel"].party)
        let mediator = simulation["azerbaijan"].party
        let disclosure = Disclosure(record: id, opening: opening)
        #expect(throws: Refusal.unknownAudience(israel)) {
            try simulation.command(.call(.disclose(disclosure, to: israel)), at: turkiye)
        }
        #expect(throws: Refusal.mediatorCannotFile) {
            try simulation.command(.call(.disclose(disclosure, to: mediator)), at: mediator)
        }
        let nothing = RecordID(party: turkiye, index: 999)
        #expect(throws: Refusal.noSuchRecord(nothing)) {
            try simulation.command(
                .call(.disclose(Disclosure(record: nothing, opening: opening), to: mediator)), at: turkiye)
        }
        // A record about which only the other principals ought to hear is not a disclosure.
        var bench = try Bench.ready()
        let bad = try bench.israelWrites(.disclosure(disclosure))
        #expect(bench.isUnreadable(bad) && bench.mechanism.calls.disclosures.isEmpty)
    }
}
