import Geodesy
import Kernel
import Mechanism
import Records
import Separation
import Simulation
import Testing

@Suite("Presence queries")
struct PresenceTests {
    private func ask(_ bench: inout Bench, at place: SamplePlace = .hama, mode: Mode = .real) throws -> RecordID {
        try bench.recorded(.query(SampleCalls.query(at: place, from: bench.utc), mode: mode, to: nil))
    }

    private func israelAnswers(
        _ bench: inout Bench, _ answer: PresenceAnswer.Answer, to query: RecordID, validFor validity: Duration = .hours(3)
    ) throws -> RecordID {
        let until = bench.utc.advanced(by: validity)
        return try bench.israelWrites(.presenceAnswer(SampleCalls.answer(answer, to: query, until: until)))
    }

    private func fact(_ bench: Bench, _ query: RecordID) -> PresenceFact? {
        bench.mechanism.calls.presence[query]?.answers[bench.israel.party]
    }

    @Test("a query is delivered, answered and counted with its newest answer")
    func asked() throws {
        var bench = try Bench.ready()
        let query = try ask(&bench)
        #expect(bench.mechanism.calls.presence[query]?.missing == [bench.israel.party])
        try bench.takeOurs()
        let facts = bench.mechanism.calls.presence[query]?.facts[bench.israel.party]
        #expect(facts?.receiptedAt != nil && facts?.evaluatedAt != nil && facts?.acknowledgedAt == nil)
        _ = try israelAnswers(&bench, .decline, to: query)
        #expect(bench.mechanism.calls.presence[query]?.missing == [])
        #expect(fact(bench, query)?.answer.answer == .decline && fact(bench, query)?.answer.affiliated == nil)
        #expect(bench.mechanism.openCalls.isEmpty)
        let newest = try israelAnswers(&bench, .some, to: query)
        #expect(fact(bench, query)?.record == newest && fact(bench, query)?.answer.affiliated == .covered)
        #expect(fact(bench, query)?.officer == "Maj. Scripted")
        bench.wait(.hours(1))
        #expect(bench.alarm(.unanswered, query.description) == nil)
    }

    @Test("a query rings the desk that is asked until it answers, and climbs")
    func answered() throws {
        var bench = try Bench.ready()
        let query = try bench.israelWrites(
            .presenceQuery(SampleCalls.query(at: .hama, from: bench.utc)), mode: .drill)
        let alarm = try #require(bench.alarm(.presenceQuery, query.description))
        #expect(alarm.state == .ringing && alarm.rung == 0 && alarm.sentence.contains("DRILL"))
        bench.wait(.seconds(301))
        #expect(bench.alarm(.presenceQuery, query.description)?.rung == 1)
        let until = bench.utc.advanced(by: .hours(1))
        let answer = try bench.recorded(.answer(SampleCalls.answer(.some, to: query, until: until, .notCovered)))
        #expect(bench.alarm(.presenceQuery, query.description)?.state == .cleared)
        let fact = try #require(bench.mechanism.calls.presence[query]?.answers[bench.turkiye])
        #expect(fact.record == answer && fact.answer.affiliated == .notCovered)
        #expect(bench.mechanism.openCalls.isEmpty)
    }

    @Test("a query that nobody answers is told to whoever asked, and climbs")
    func unanswered() throws {
        var bench = try Bench.ready()
        let query = try ask(&bench)
        bench.wait(.seconds(301))
        #expect(bench.alarm(.unanswered, query.description)?.rung == 1)
        bench.wait(.minutes(5))
        #expect(bench.alarm(.unanswered, query.description)?.rung == 2)
        _ = try israelAnswers(&bench, .decline, to: query)
        #expect(bench.alarm(.unanswered, query.description)?.state == .cleared)
    }

    @Test("an answer comes from who was asked and holds for at most thirty days from when it is given")
    func validity() throws {
        var bench = try Bench.ready()
        let query = try bench.israelWrites(.presenceQuery(SampleCalls.query(at: .hama, from: bench.utc)))
        let now = bench.utc
        func refused(_ until: UTCInstant) -> Bool {
            guard case .field(let rejection) = refusal(.answer(SampleCalls.answer(.none, to: query, until: until)), &bench)
            else { return false }
            return rejection.path == "validUntil"
        }
        #expect(refused(now))
        #expect(refused(now.advanced(by: .hours(30 * 24) + .microseconds(1))))
        #expect(!refused(now.advanced(by: .hours(30 * 24))))
        let ours = try ask(&bench)
        for validity in [Duration.zero, .seconds(-1), .hours(30 * 24) + .microseconds(1)] {
            let record = try israelAnswers(&bench, .none, to: ours, validFor: validity)
            #expect(bench.isUnreadable(record) && fact(bench, ours) == nil)
        }
        #expect(refusal(.answer(SampleCalls.answer(.decline, to: ours, until: now)), &bench) == .notYourCall(ours))
        let nothing = RecordID(party: bench.israel.party, index: 900)
        #expect(refusal(.answer(SampleCalls.answer(.decline, to: nothing, until: now)), &bench) == .noSuchQuery(nothing))
        let itself = try bench.israelWrites(.presenceAnswer(SampleCalls.answer(.decline, to: query, until: now)))
        #expect(bench.isUnreadable(itself))
    }

    @Test("a notice within a none that is valid rings whoever asked, in its own mode, until there is a new answer")
    func contradiction() throws {
        var bench = try Bench.ready()
        let query = try ask(&bench)
        let answer = try israelAnswers(&bench, .none, to: query)
        let elsewhere = try bench.israelFiles(SampleNotices.standingPresence(at: .palmyra, from: bench.utc))
        let drill = try bench.israelFiles(SampleNotices.standingPresence(at: .hama, from: bench.utc), mode: .drill)
        #expect(fact(bench, query)?.contradictedBy == [] && bench.alarm(.presenceContradicted, answer.description) == nil)
        let fields = SampleNotices.standingPresence(at: .hama, from: bench.utc)
        let proxies = try bench.israelFiles(
            NoticeFields(
                kind: fields.kind, onBehalfOf: "A local force", volumes: fields.volumes, contact: fields.contact,
                remarks: nil, reviewBy: fields.reviewBy))
        #expect(fact(bench, query)?.contradictedBy == [proxies])
        let alarm = try #require(bench.alarm(.presenceContradicted, answer.description))
        #expect(alarm.state == .ringing && alarm.precedence == .flash && alarm.party == bench.israel.party)
        // An end does not make true what was said.
        try bench.israelEnds(proxies)
        try bench.israelEnds(elsewhere)
        try bench.israelEnds(drill)
        #expect(fact(bench, query)?.contradictedBy == [proxies])
        #expect(bench.alarm(.presenceContradicted, answer.description)?.state == .ringing)
        let newer = try israelAnswers(&bench, .none, to: query)
        #expect(bench.alarm(.presenceContradicted, answer.description)?.state == .cleared)
        #expect(fact(bench, query)?.contradictedBy == [] && bench.alarm(.presenceContradicted, newer.description) == nil)
    }

    @Test("a none that is given while such a notice stands rings at once; one of before, of another party or too late does not")
    func standing() throws {
        var bench = try Bench.ready()
        let over = try bench.israelFiles(SampleNotices.standingPresence(at: .hama, from: bench.utc))
        try bench.israelEnds(over)
        _ = try bench.file(SampleNotices.standingPresence(at: .hama, from: bench.utc))
        let query = try ask(&bench)
        _ = try israelAnswers(&bench, .none, to: query, validFor: .minutes(1))
        #expect(fact(bench, query)?.contradictedBy == [])
        bench.wait(.seconds(61))
        let late = try bench.israelFiles(SampleNotices.standingPresence(at: .hama, from: bench.utc))
        #expect(fact(bench, query)?.contradictedBy == [])
        let answer = try israelAnswers(&bench, .none, to: query)
        #expect(fact(bench, query)?.contradictedBy == [late])
        #expect(bench.alarm(.presenceContradicted, answer.description)?.state == .ringing)
    }

    @Test("our own notice within our own none rings our desk as well")
    func ownContradiction() throws {
        var bench = try Bench.ready()
        let query = try bench.israelWrites(.presenceQuery(SampleCalls.query(at: .hama, from: bench.utc)))
        let until = bench.utc.advanced(by: .hours(1))
        let answer = try bench.recorded(.answer(SampleCalls.answer(.none, to: query, until: until)))
        let notice = try bench.file(SampleNotices.strike(at: .hama, from: bench.utc.advanced(by: .minutes(90))))
        #expect(bench.mechanism.calls.presence[query]?.answers[bench.turkiye]?.contradictedBy == [notice])
        let alarm = try #require(bench.alarm(.presenceContradicted, answer.description))
        #expect(alarm.state == .ringing && alarm.sentence.contains("Your notice \(notice)"))
    }

    @Test("touching contradicts: a notice that begins when the window ends, or whose edge meets the area's")
    func touching() throws {
        var bench = try Bench.ready()
        let query = try ask(&bench)
        _ = try israelAnswers(&bench, .none, to: query)
        let end = bench.utc.advanced(by: .hours(2))
        _ = try bench.israelFiles(SampleNotices.strike(at: .hama, from: end.advanced(by: .microseconds(1))))
        #expect(fact(bench, query)?.contradictedBy == [])
        let next = try bench.israelFiles(SampleNotices.strike(at: .hama, from: end))
        #expect(fact(bench, query)?.contradictedBy == [next])
        // Palmyra lies 156 km from Hama: within the sum of radii, or a kilometre beyond it.
        let apart = Geodesic.distanceM(SamplePlace.hama.position, SamplePlace.palmyra.position)
        _ = try bench.israelFiles(SampleNotices.strike(at: .palmyra, radiusM: apart - 5_001, from: bench.utc))
        #expect(fact(bench, query)?.contradictedBy == [next])
        let wide = try bench.israelFiles(SampleNotices.strike(at: .palmyra, radiusM: apart - 5_000, from: bench.utc))
        #expect(fact(bench, query)?.contradictedBy == [next, wide])
    }

    @Test("a notice whose owner does not end it contradicts once its window is open-ended")
    func overdue() throws {
        var bench = try Bench.ready()
        let reply = try bench.command(
            .call(
                .query(
                    SampleCalls.query(at: .hama, from: bench.utc.advanced(by: .hours(3))), mode: .real, to: nil)))
        guard case .recorded(let query) = reply else { return #expect(Bool(false), "\(reply)") }
        _ = try israelAnswers(&bench, .none, to: query, validFor: .hours(6))
        let notice = try bench.israelFiles(
            SampleNotices.strike(at: .hama, from: bench.utc.advanced(by: .minutes(30)), lasting: .minutes(30)))
        #expect(fact(bench, query)?.contradictedBy == [])
        bench.wait(.minutes(61))
        #expect(fact(bench, query)?.contradictedBy == [notice])
    }

    @Test("both nodes find the same contradiction, each by itself")
    func both() throws {
        var simulation = Simulation(seed: 11)
        simulation.start()
        simulation.run(for: .seconds(5))
        let (turkiye, israel) = (simulation["turkiye"].party, simulation["israel"].party)
        let utc = simulation.utc
        let asked = try simulation.command(
            .call(.query(SampleCalls.query(at: .hama, from: utc), mode: .real, to: nil)), at: turkiye)
        guard case .recorded(let query) = asked else { return #expect(Bool(false), "\(asked)") }
        simulation.run(for: .seconds(5))
        try simulation.command(
            .call(.answer(SampleCalls.answer(.none, to: query, until: utc.advanced(by: .hours(1))))), at: israel)
        try simulation.command(
            .file(SampleNotices.strike(at: .hama, from: utc.advanced(by: .hours(1))), mode: .real, audience: nil),
            at: israel)
        simulation.run(for: .seconds(5))
        let facts = [turkiye, israel].map { simulation[$0].mechanism.calls.presence[query]?.answers[israel] }
        #expect(facts[0] == facts[1] && facts[0]?.contradictedBy.count == 1)
        for party in [turkiye, israel] {
            let rings = simulation[party].mechanism.alarms.values.filter { $0.kind == .presenceContradicted }
            #expect(rings.map(\.state) == [.ringing])
        }
    }
}
