import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// The founding case on two real nodes: from filing to NO KNOWN CONFLICT.
@Suite("Two desks")
struct TwoDesksTests {
    @Test("file, ring, read back wrongly and rightly, collide, amend, clear; then one falls silent")
    func wholeLife() throws {
        var simulation = Simulation(seed: 21, mediator: "azerbaijan")
        simulation.start()
        let (israel, turkiye) = (simulation["israel"].party, simulation["turkiye"].party)
        for party in [israel, turkiye] { try simulation.command(.present, at: party) }
        simulation.run(for: .seconds(3))

        let presence = SampleNotices.standingPresence(at: .t4, from: simulation.utc)
        let standing = try filed(try simulation.command(.file(presence, mode: .real, audience: nil), at: turkiye))
        simulation.run(for: .seconds(1))
        #expect(simulation["israel"].mechanism.alarms["notice:\(standing)"]?.state == .ringing)
        let facts = try #require(simulation["turkiye"].mechanism.notices[standing]?.facts[israel])
        #expect(facts.receiptedAt != nil && facts.evaluatedAt != nil && facts.acknowledgedAt == nil)

        let fields = SampleNotices.strike(at: .t4, from: simulation.utc.advanced(by: .hours(2)))
        let strike = try filed(try simulation.command(.file(fields, mode: .real, audience: nil), at: israel))
        simulation.run(for: .seconds(1))
        let id = Conflict.id(mechanism: simulation.terms.mechanism, mode: .real, standing, strike)
        for party in [israel, turkiye] {
            #expect(simulation[party].mechanism.conflicts.keys == [id])
            #expect(simulation[party].mechanism.conflicts[id]?.findings.keys == [israel, turkiye])
            #expect(simulation[party].mechanism.alarms["conflict:\(id)"]?.state == .ringing)
            #expect(answer(simulation, party, strike) == .conflict)
        }

        // Wrong, then right; both nodes compare by themselves.
        let wrong = try simulation.command(
            .acknowledge(strike, version: 1, SampleNotices.wrongReadBack(of: fields)), at: turkiye)
        #expect(wrong == .acknowledged([.position]))
        simulation.run(for: .seconds(1))
        for party in [israel, turkiye] {
            let notice = try #require(simulation[party].mechanism.notices[strike])
            #expect(notice.readBacks.map(\.mismatches) == [[.position]])
            #expect(notice.facts[turkiye]?.acknowledgedAt == nil)
        }
        let right = try simulation.command(
            .acknowledge(strike, version: 1, SampleNotices.rightReadBack(of: fields)), at: turkiye)
        #expect(right == .acknowledged([]))
        simulation.run(for: .seconds(1))
        for party in [israel, turkiye] {
            #expect(simulation[party].mechanism.notices[strike]?.facts[turkiye]?.acknowledgedAt != nil)
        }

        // Moved elsewhere: the conflict clears on both, and the new version starts anew.
        let moved = SampleNotices.strike(at: .hama, from: simulation.utc.advanced(by: .hours(2)))
        try simulation.command(.amend(strike, expectedVersion: 1, moved), at: israel)
        simulation.run(for: .seconds(1))
        for party in [israel, turkiye] {
            #expect(simulation[party].mechanism.conflicts[id]?.state == .cleared)
            #expect(answer(simulation, party, strike) == .unknown)
        }
        try simulation.command(
            .acknowledge(strike, version: 2, SampleNotices.rightReadBack(of: moved)), at: turkiye)
        simulation.run(for: .seconds(3))
        for party in [israel, turkiye] {
            #expect(answer(simulation, party, strike) == .clear)
            #expect(answer(simulation, party, standing) == .clear)
            #expect(simulation[party].mechanism.assurance(now: simulation.now(at: party)).answer == .clear)
        }

        // One is killed: the other turns unknown by itself; it returns and both are clear again.
        simulation.crash(israel)
        simulation.run(for: .seconds(9))
        #expect(answer(simulation, turkiye, strike) == .unknown)
        simulation.start()
        #expect(answer(simulation, israel, strike) == .unknown)
        simulation.run(for: .seconds(5))
        for party in [israel, turkiye] { #expect(answer(simulation, party, strike) == .clear) }
    }

    @Test("what one side missed while it was cut off arrives in order when it comes back, in batches")
    func catchUp() throws {
        var simulation = Simulation(seed: 22)
        simulation.start()
        let (israel, turkiye) = (simulation["israel"].party, simulation["turkiye"].party)
        simulation.run(for: .seconds(3))
        simulation.network.part(israel, turkiye)
        for i in 0..<150 {
            try simulation.command(
                .file(
                    SampleNotices.airOperation(at: .hama, from: simulation.utc.advanced(by: .hours(Int64(i) * 4))),
                    mode: .real, audience: nil), at: turkiye)
        }
        simulation.run(for: .seconds(10))
        #expect(simulation["israel"].mechanism.notices.isEmpty)
        simulation.network.join(israel, turkiye)
        simulation.run(for: .seconds(10))
        #expect(simulation["israel"].mechanism.notices.count == 150)
        #expect(simulation["turkiye"].mechanism.links[israel]?.receipted == simulation["turkiye"].mechanism.ownLog.size)
    }

    @Test("a drill is seen, rung and acknowledged on both sides and meets nothing real")
    func drill() throws {
        var simulation = Simulation(seed: 23)
        simulation.start()
        let (israel, turkiye) = (simulation["israel"].party, simulation["turkiye"].party)
        for party in [israel, turkiye] { try simulation.command(.present, at: party) }
        simulation.run(for: .seconds(3))
        let presence = SampleNotices.standingPresence(at: .t4, from: simulation.utc)
        try simulation.command(.file(presence, mode: .real, audience: nil), at: turkiye)
        let drill = try filed(
            try simulation.command(
                .file(
                    SampleNotices.strike(at: .t4, from: simulation.utc.advanced(by: .hours(2))), mode: .drill,
                    audience: nil),
                at: israel))
        simulation.run(for: .seconds(5))
        #expect(simulation["turkiye"].mechanism.alarms["notice:\(drill)"]?.state == .ringing)
        for node in simulation.nodes { #expect(node.mechanism.conflicts.isEmpty) }
    }

    private func filed(_ reply: Reply) throws -> NoticeID {
        guard case .filed(let id, _, _) = reply else { throw Unexpected(reply: reply) }
        return id
    }

    private struct Unexpected: Error { let reply: Reply }

    private func answer(_ simulation: Simulation, _ party: PartyID, _ id: NoticeID) -> Assurance.Answer? {
        simulation[party].mechanism.assurance(of: id, now: simulation.now(at: party))?.answer
    }
}
