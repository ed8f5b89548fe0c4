import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("Records lodged with the mediator")
struct LodgedTests {
    private func started() throws -> Simulation {
        var simulation = Simulation(seed: 71, mediator: "azerbaijan", sealing: .xWing)
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        return simulation
    }

    private func file(_ simulation: inout Simulation, at party: PartyID) throws -> NoticeID {
        let reply = try simulation.command(
            .file(SampleNotices.standingPresence(at: .palmyra, from: simulation.utc), mode: .real, audience: nil),
            at: party)
        guard case .filed(let id, _, _) = reply else { throw Unexpected() }
        return id
    }

    private struct Unexpected: Error {}

    @Test("for a silent party are shown as lodged and never as received, until its receipt comes, by whichever way")
    func lodgedThenReceipted() throws {
        var simulation = try started()
        let (israel, turkiye, azerbaijan) = (
            simulation["israel"].party, simulation["turkiye"].party, simulation["azerbaijan"].party
        )
        simulation.crash(israel)
        let id = try file(&simulation, at: turkiye)
        simulation.run(for: .seconds(4))
        #expect(simulation[turkiye].mechanism.notices[id]?.facts[israel]?.lodgedAt == nil)
        simulation.run(for: .seconds(12))
        let facts = try #require(simulation[turkiye].mechanism.notices[id]?.facts[israel])
        #expect(facts.lodgedAt != nil && facts.lodgedWith == azerbaijan)
        #expect(facts.receiptedAt == nil && facts.evaluatedAt == nil)
        let assurance = try #require(simulation[turkiye].mechanism.assurance(of: id, now: simulation.now(at: turkiye)))
        #expect(assurance.answer == .unknown && assurance.reasons.map(\.name).contains("notReceipted"))
        // The statement names its attempts and the last contact.
        let lodged = try statements(of: azerbaijan, in: simulation)
        let last = try #require(lodged.last)
        #expect(last.party == turkiye && last.silent == israel && last.attempts >= 1 && last.lastContactAt != nil)
        #expect(last.size == simulation[turkiye].mechanism.ownLog.size)
        #expect(lodged.count < 8)

        // Israel comes back and reaches the mediator only: the mediator hands it the record and brings its receipt.
        simulation.network.part(israel, turkiye)
        simulation.start()
        simulation.run(for: .seconds(20))
        #expect(simulation[israel].mechanism.notices[id] != nil)
        #expect(simulation[israel].mechanism.logs[turkiye]?.unreadable.isEmpty == true)
        let after = try #require(simulation[turkiye].mechanism.notices[id]?.facts[israel])
        #expect(after.receiptedAt != nil && after.lodgedAt == nil && after.lodgedWith == nil)
        // And its judgement, which the mediator relays as well.
        #expect(after.evaluatedAt != nil)
        let now = try #require(simulation[turkiye].mechanism.assurance(of: id, now: simulation.now(at: turkiye)))
        #expect(
            now.answer == .unknown && now.reasons.map(\.name) == ["neverHeard"]
                || now.reasons.map(\.name) == ["evidenceStale"])
    }

    @Test("are not stated of a party that answers, nor by a principal")
    func notOfWhoAnswers() throws {
        var simulation = try started()
        _ = try file(&simulation, at: simulation["turkiye"].party)
        simulation.run(for: .seconds(60))
        #expect(try statements(of: simulation["azerbaijan"].party, in: simulation).isEmpty)
        let attempts = PushAttempts(
            to: simulation["israel"].party, log: LogID(party: simulation["azerbaijan"].party), attempts: 1,
            firstAt: simulation.utc, lastAt: simulation.utc)
        let turkiye = simulation["turkiye"].party
        #expect(throws: Refusal.notARelay(turkiye)) { try simulation.handle(.attempts(attempts), at: turkiye) }
    }

    private func statements(of mediator: PartyID, in simulation: Simulation) throws -> [Lodged] {
        // Opened by a reader of it, with its own key.
        let reader = simulation["turkiye"]
        var epochs = OpenedEpochs()
        var authority = reader.authorityForReading
        return try (reader.held[mediator] ?? []).compactMap { bytes in
            let record = try VerifiedRecord(fromOwnJournal: bytes)
            let opened = record.opened(by: reader.party, in: LogID(party: mediator), sealing: .xWing, epochs: &epochs) {
                authority.decapsulate($0, info: $1)
            }
            guard case .open(let body) = opened, case .lodged(let content) = body.content else { return nil }
            return content
        }
    }
}
