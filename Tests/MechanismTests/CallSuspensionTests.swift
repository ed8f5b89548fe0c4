import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("While the mechanism is suspended")
struct CallSuspensionTests {
    private func filing(_ bench: inout Bench) -> Refusal? {
        do throws(Refusal) {
            let fields = SampleNotices.standingPresence(at: .palmyra, from: bench.utc)
            try bench.simulation.command(.file(fields, mode: .real, audience: nil), at: bench.turkiye)
            return nil
        } catch {
            return error
        }
    }

    private func sending(_ content: MessageContent, _ bench: inout Bench) -> Refusal? {
        refusal(.send(content, mode: .real, to: nil), &bench)
    }

    @Test("new notices are refused whoever suspended, by record or by its node's word, until it resumes")
    func filing() throws {
        var bench = try Bench.ready()
        try bench.command(.suspend(true, reason: nil))
        #expect(filing(&bench) == .suspended(by: bench.turkiye))
        try bench.command(.suspend(false, reason: nil))
        #expect(filing(&bench) == nil)
        try bench.israelWrites(.suspension(Suspension(suspended: true, reason: nil)), audience: nil)
        #expect(filing(&bench) == .suspended(by: bench.israel.party))
        try bench.israelWrites(.suspension(Suspension(suspended: false, reason: nil)), audience: nil)
        #expect(filing(&bench) == nil)
        bench.peerSuspended = true
        bench.wait(.seconds(1))
        try bench.beat()
        #expect(filing(&bench) == .suspended(by: bench.israel.party))
    }

    @Test("a record by which it resumed outweighs its node's older word, and not its newer one")
    func resumedSince() throws {
        var bench = try Bench.ready()
        bench.israel.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        try bench.deliver()
        // Written while it was suspended, over all that it had said by then.
        bench.peerSuspended = true
        let word = bench.answer(sentAt: bench.now.monotonic)
        try bench.handle(word)
        bench.israel.write(.suspension(Suspension(suspended: false, reason: nil)), at: bench.utc)
        try bench.deliver()
        #expect(filing(&bench) == nil)
        #expect(bench.mechanism.links[bench.israel.party]?.state == .up)
        try bench.beat()
        #expect(filing(&bench) == .suspended(by: bench.israel.party))
        #expect(bench.mechanism.links[bench.israel.party]?.state == .suspended)
    }

    @Test("its node's word that comes after the record by which it resumed, and was written before it, counts no more")
    func lateWord() throws {
        var bench = try Bench.ready()
        bench.israel.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        bench.peerSuspended = true
        let word = bench.answer(sentAt: bench.now.monotonic)
        bench.israel.write(.suspension(Suspension(suspended: false, reason: nil)), at: bench.utc)
        try bench.deliver()
        try bench.handle(word)
        #expect(filing(&bench) == nil)
        #expect(bench.mechanism.links[bench.israel.party]?.answer?.suspended == true)
    }

    @Test("reports of danger and checks of the line go out, ordinary messages and queries do not")
    func messages() throws {
        var bench = try Bench.ready()
        try bench.israelWrites(.suspension(Suspension(suspended: true, reason: nil)))
        let israel = bench.israel.party
        for template in MessageTemplate.allCases where template.isOnePress {
            #expect(sending(try SampleCalls.message(template), &bench) == nil, "\(template)")
        }
        #expect(sending(try SampleCalls.message(.commCheck), &bench) == nil)
        #expect(sending(try SampleCalls.message(.resumeReady), &bench) == nil)
        #expect(sending(try SampleCalls.message(.drillStarts), &bench) == .suspended(by: israel))
        #expect(sending(try SampleCalls.text(.flash), &bench) == .suspended(by: israel))
        let query = SampleCalls.query(at: .hama, from: bench.utc)
        #expect(refusal(.query(query, mode: .real, to: nil), &bench) == .suspended(by: israel))
    }

    @Test("amendments, ends, read-backs, acknowledgements, answers and positions go on")
    func whatStays() throws {
        var bench = try Bench.ready()
        let presence = try bench.file(Founding.presence(bench.utc))
        let strike = try bench.israelFiles(Founding.strike(bench.utc))
        let message = try bench.israelWrites(.message(try SampleCalls.text()))
        let query = try bench.israelWrites(.presenceQuery(SampleCalls.query(at: .hama, from: bench.utc)))
        let conflict = try #require(bench.mechanism.conflicts.first?.key)
        try bench.command(.suspend(true, reason: nil))
        try bench.command(.amend(presence, expectedVersion: 1, Founding.presence(bench.utc)))
        let fields = try #require(bench.mechanism.notices[strike]?.fields)
        try bench.command(.acknowledge(strike, version: 1, SampleNotices.rightReadBack(of: fields)))
        try bench.command(.position(conflict, stance: .dispute, conditions: [], remarks: nil))
        try bench.acknowledge(message)
        #expect(refusal(.answer(SampleCalls.answer(.decline, to: query, until: bench.utc)), &bench) == nil)
        try bench.command(.end(presence, reason: .over, remarks: nil))
        #expect(bench.mechanism.notices[presence]?.status == .ended)
    }

    @Test("either side still speaks with whoever mediates, and the mediator with both")
    func mediator() throws {
        var simulation = try nodesWithMediator()
        let (turkiye, israel) = (simulation["turkiye"].party, simulation["israel"].party)
        let mediator = simulation["azerbaijan"].party
        try simulation.command(.suspend(true, reason: nil), at: turkiye)
        simulation.run(for: .seconds(5))
        let text = try SampleCalls.text()
        for (from, to) in [(turkiye, [mediator]), (israel, [mediator]), (mediator, [israel, turkiye])] {
            try simulation.command(.call(.send(text, mode: .real, to: to)), at: from)
        }
        for to in [[israel], [israel, mediator]] {
            #expect(throws: Refusal.suspended(by: turkiye)) {
                try simulation.command(.call(.send(text, mode: .real, to: to)), at: turkiye)
            }
        }
        simulation.run(for: .seconds(5))
        #expect(simulation[israel].mechanism.calls.messages.count == 2)
        #expect(simulation[mediator].mechanism.calls.messages.count == 3)
    }
}
