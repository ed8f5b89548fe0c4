import Geodesy
import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("Messages between desks")
struct CallTests {
    @Test("sent, receipted, judged and acknowledged are separate facts, each by the one who can know it")
    func facts() throws {
        var bench = try Bench.ready()
        let id = try bench.send(try SampleCalls.crossed())
        let call = try #require(bench.mechanism.calls.messages[id])
        #expect(call.audience == [bench.israel.party] && call.officer == "Cpt. Sample" && call.missing == call.audience)
        #expect(bench.facts(id) == CallFacts())
        try bench.receiptOurs()
        #expect(bench.facts(id)?.receiptedAt != nil && bench.facts(id)?.evaluatedAt == nil)
        try bench.takeOurs()
        #expect(bench.facts(id)?.evaluatedAt == bench.utc && bench.facts(id)?.acknowledgedAt == nil)
        bench.wait(.seconds(5))
        try bench.israelAcknowledges(id, SampleCalls.crossing)
        #expect(bench.facts(id)?.acknowledgedAt == bench.utc && bench.facts(id)?.acknowledgedBy == "Maj. Scripted")
        #expect(bench.mechanism.calls.messages[id]?.isClosed == true)
    }

    @Test("a node restored from an old copy has neither receipted nor judged what it lost")
    func lostReceipt() throws {
        var bench = try Bench.ready()
        let before = bench.mechanism.ownLog.size
        let id = try bench.send(try SampleCalls.crossed())
        try bench.takeOurs()
        #expect(bench.facts(id)?.receiptedAt != nil && bench.facts(id)?.evaluatedAt != nil)
        bench.wait(.seconds(2))
        try bench.handle(bench.answer(sentAt: bench.now.monotonic, holds: before))
        #expect(bench.facts(id)?.receiptedAt == nil && bench.facts(id)?.evaluatedAt == nil)
    }

    @Test("a wrong read-back is kept, rings the sender and acknowledges nothing; the right one ends it")
    func wrongReadBack() throws {
        var bench = try Bench.ready()
        let id = try bench.send(try SampleCalls.crossed())
        try bench.israelAcknowledges(id, [SampleCalls.position(.hama), SampleCalls.altitude(3_000, 4_000)])
        #expect(bench.facts(id)?.mismatches == [.position] && bench.facts(id)?.acknowledgedAt == nil)
        #expect(bench.facts(id)?.readBacks == 1)
        let alarm = try #require(bench.alarm(.readBackMismatch, id.description))
        #expect(alarm.state == .ringing && alarm.party == bench.israel.party && alarm.sentence.contains("position"))
        try bench.israelAcknowledges(id, [SampleCalls.position(.palmyra)])
        #expect(bench.facts(id)?.mismatches == [.altitude])
        try bench.israelAcknowledges(id, SampleCalls.crossing)
        #expect(bench.facts(id)?.mismatches == [] && bench.facts(id)?.acknowledgedAt != nil)
        #expect(bench.facts(id)?.readBacks == 3)
        #expect(bench.alarm(.readBackMismatch, id.description)?.state == .cleared)
    }

    @Test("positions are held to the tight tolerance, altitudes and times to theirs, all else to the letter")
    func tolerances() throws {
        let terms = try Bench.ready().terms
        let start = VirtualClock.origin
        let hold = try SampleCalls.message(
            .holdRequest,
            [
                TemplateMessage.Entry(.activity, .reason(.airStrikes)), SampleCalls.position(.t4),
                TemplateMessage.Entry(.radius, .distance(metres: 5_000)), SampleCalls.altitude(0, 6_000),
                TemplateMessage.Entry(.start, .time(start)),
            ])
        func read(
            _ activity: MessageReason = .airStrikes, northDeg: Double = 0, radiusM: Double = 5_000,
            lowerM: Double = 0, upperM: Double = 6_000, later: Duration = .zero
        ) -> [MessageFieldName] {
            MessageReadBack.mismatches(
                [
                    TemplateMessage.Entry(.activity, .reason(activity)), SampleCalls.position(.t4, northDeg: northDeg),
                    TemplateMessage.Entry(.radius, .distance(metres: radiusM)), SampleCalls.altitude(lowerM, upperM),
                    TemplateMessage.Entry(.start, .time(start.advanced(by: later))),
                ], with: hold, terms: terms)
        }
        #expect(read() == [])
        // A degree of latitude there has 110.94 km (WGS 84): 99.8 m and 100.9 m.
        #expect(read(northDeg: 0.0009) == [] && read(northDeg: 0.00091) == [.position])
        #expect(read(radiusM: 5_001) == [.radius])
        #expect(read(lowerM: 30) == [] && read(lowerM: 31) == [.altitude] && read(upperM: 6_031) == [.altitude])
        #expect(read(later: .seconds(60)) == [] && read(later: .seconds(-61)) == [.start])
        #expect(read(.artilleryFire) == [.activity])
        #expect(
            MessageReadBack.mismatches([], with: hold, terms: terms)
                == [.activity, .position, .radius, .altitude, .start])
        #expect(MessageReadBack.mismatches([], with: try SampleCalls.text(), terms: terms) == [])
    }

    @Test("a message rings the desk that it is for, says what to read back, and is heard by a right read-back only")
    func received() throws {
        var bench = try Bench.ready()
        let id = try bench.israelWrites(.message(try SampleCalls.crossed()), mode: .drill)
        let alarm = try #require(bench.alarm(.message, id.description))
        #expect(alarm.state == .ringing && alarm.precedence == .flash && alarm.roles == [.watch])
        #expect(alarm.sentence.contains("DRILL") && alarm.sentence.contains("position, altitude"))
        #expect(bench.mechanism.calls.messages[id]?.facts[bench.turkiye]?.evaluatedAt == bench.utc)
        try bench.acknowledge(id, [SampleCalls.position(.hama), SampleCalls.altitude(3_000, 4_000)])
        #expect(bench.mechanism.calls.messages[id]?.facts[bench.turkiye]?.mismatches == [.position])
        #expect(bench.alarm(.message, id.description)?.state == .ringing)
        try bench.acknowledge(id, SampleCalls.crossing)
        #expect(bench.mechanism.calls.messages[id]?.facts[bench.turkiye]?.acknowledgedBy == "Cpt. Sample")
        #expect(bench.alarm(.message, id.description)?.state == .cleared)
        #expect(refusal(.acknowledge(MessageAcknowledgement(message: id, readBack: [])), &bench) == .alreadyAcknowledged(id))
        let forCommand = try bench.israelWrites(.message(try SampleCalls.message(.distress, role: .command)))
        #expect(bench.alarm(.message, forCommand.description)?.roles == DeskRole.allCases)
    }

    @Test("whoever replies to a message that takes no read-back has acknowledged it")
    func reply() throws {
        var bench = try Bench.ready()
        let plain = try bench.israelWrites(.message(try SampleCalls.message(.commCheck)))
        let distress = try bench.israelWrites(
            .message(try SampleCalls.message(.distress, [SampleCalls.position(.hama)])))
        _ = try bench.send(try SampleCalls.message(.commCheckAnswer, inReplyTo: plain))
        let wait = TemplateMessage.Entry(.wait, .duration(seconds: 60))
        _ = try bench.send(try SampleCalls.message(.waitOut, [wait], inReplyTo: distress))
        #expect(bench.mechanism.calls.messages[plain]?.isClosed == true)
        #expect(bench.alarm(.message, plain.description)?.state == .cleared)
        #expect(bench.mechanism.calls.messages[distress]?.isClosed == false)
        #expect(bench.alarm(.message, distress.description)?.state == .ringing)
    }

    @Test("it is due by its precedence, its sender's wish or what it is about, never before it is written")
    func due() throws {
        var bench = try Bench.ready()
        let strike = try bench.file(Founding.strike(bench.utc, in: .minutes(14)))
        let begun = try bench.file(SampleNotices.standingPresence(at: .hama, from: bench.utc.advanced(by: .hours(-9))))
        let now = bench.utc
        func due(_ content: MessageContent) throws -> Duration? {
            let id = try bench.send(content)
            return bench.mechanism.calls.messages[id]?.dueAt.duration(since: now)
        }
        #expect(try due(try SampleCalls.text(.flash)) == .seconds(60))
        #expect(try due(try SampleCalls.text(.immediate)) == .seconds(300))
        #expect(try due(try SampleCalls.text(.priority)) == .seconds(1_800))
        #expect(try due(try SampleCalls.text(.routine)) == .hours(6))
        // A report of danger does not ring less than its template.
        #expect(try due(try SampleCalls.message(.distress, precedence: .routine)) == .seconds(60))
        #expect(
            try due(try SampleCalls.message(.resumeReady, due: now.advanced(by: .seconds(90)))) == .seconds(90))
        #expect(try due(try SampleCalls.message(.resumeReady, due: now.advanced(by: .seconds(-90)))) == .zero)
        // Fourteen minutes to the start, ten of margin; half an hour by precedence.
        func request(_ notice: NoticeID) throws -> MessageContent {
            try SampleCalls.message(
                .noticeEndRequest, [TemplateMessage.Entry(.notice, .notice(notice))], about: notice)
        }
        #expect(try due(try request(strike)) == .minutes(4))
        #expect(try due(try request(begun)) == .minutes(30))
    }

    @Test("what is about a notice falls due alike at a node that knows its newer version")
    func dueIsStated() throws {
        var simulation = Simulation(seed: 3)
        simulation.start()
        simulation.run(for: .seconds(5))
        let turkiye = simulation["turkiye"].party
        let israel = simulation["israel"].party
        let reply = try simulation.command(
            .file(Founding.strike(simulation.utc, in: .minutes(14)), mode: .real, audience: nil), at: turkiye)
        guard case .filed(let strike, _, _) = reply else { return #expect(Bool(false), "\(reply)") }
        simulation.run(for: .seconds(5))
        // Both at once: it is put off while the other side asks about it.
        let content = try SampleCalls.message(
            .noticeEndRequest, [TemplateMessage.Entry(.notice, .notice(strike))], about: strike)
        let sent = try simulation.command(.call(.send(content, mode: .real, to: nil)), at: israel)
        try simulation.command(
            .amend(strike, expectedVersion: 1, Founding.strike(simulation.utc, in: .hours(3))), at: turkiye)
        simulation.run(for: .seconds(5))
        guard case .recorded(let id) = sent else { return #expect(Bool(false), "\(sent)") }
        let there = simulation[turkiye].mechanism.calls.messages[id]
        #expect(there?.dueAt == simulation[israel].mechanism.calls.messages[id]?.dueAt)
        #expect(there?.dueAt.duration(since: there?.createdAt ?? .distantPast) ?? .zero < .minutes(5))
    }

    @Test("a message goes to parties of the terms, in a template for its sender's role, about what they may know of")
    func refusals() throws {
        var bench = try Bench.ready()
        let text = try SampleCalls.text()
        let unknown = try #require(PartyID("jordan"))
        let nobody = RecordID(party: bench.israel.party, index: 999)
        func refused(_ content: MessageContent, to: [PartyID]? = nil) -> Refusal? {
            refusal(.send(content, mode: .real, to: to), &bench)
        }
        #expect(refused(text, to: [unknown]) == .unknownAudience(unknown))
        #expect(refused(text, to: [bench.turkiye]) == .unknownAudience(bench.turkiye))
        #expect(refused(text, to: []) == .unknownAudience(bench.turkiye))
        let advice = TemplateMessage.Entry(.advice, .reason(.speakDirectly))
        #expect(
            refused(try SampleCalls.message(.recommendation, [advice])) == .templateNotForRole(.recommendation))
        let cause = TemplateMessage.Entry(.cause, .reason(.weather))
        #expect(
            refused(try SampleCalls.message(.crossingExplained, [cause], about: nobody)) == .noSuchNotice(nobody))
        #expect(
            refused(try SampleCalls.message(.commCheckAnswer, inReplyTo: nobody)) == .noSuchRecord(nobody))
        #expect(
            refusal(.acknowledge(MessageAcknowledgement(message: nobody, readBack: [])), &bench) == .noSuchCall(nobody))
        let ours = try bench.send(text)
        #expect(refusal(.acknowledge(MessageAcknowledgement(message: ours, readBack: [])), &bench) == .notYourCall(ours))
    }

    @Test("what a peer may not say is unreadable and attributed")
    func badRecords() throws {
        var bench = try Bench.ready()
        let advice = TemplateMessage.Entry(.advice, .reason(.speakDirectly))
        let foreign = try bench.israelWrites(.message(try SampleCalls.message(.recommendation, [advice])))
        #expect(bench.isUnreadable(foreign))
        let toItself = try bench.israelWrites(
            .message(try SampleCalls.text()), audience: [bench.turkiye, bench.israel.party])
        #expect(bench.isUnreadable(toItself))
        let ours = try bench.send(try SampleCalls.text())
        let unnamed = try bench.israelWrites(
            .messageAcknowledgement(MessageAcknowledgement(message: ours, readBack: [])), officer: nil)
        #expect(bench.isUnreadable(unnamed) && bench.facts(ours)?.acknowledgedAt == nil)
        let theirs = try bench.israelWrites(.message(try SampleCalls.text()))
        let own = try bench.israelWrites(
            .messageAcknowledgement(MessageAcknowledgement(message: theirs, readBack: [])))
        #expect(bench.isUnreadable(own))
        #expect(bench.mechanism.calls.messages[theirs]?.isClosed == false)
    }

    @Test("an acknowledgement that arrives before the message that it is of waits for it")
    func earlyAcknowledgement() throws {
        var simulation = Simulation(seed: 5, principals: ["israel", "jordan", "turkiye"])
        simulation.nodesTalk = false
        let turkiye = simulation["turkiye"].party
        var israel = ScriptedPeer(standingFor: simulation["israel"])
        var jordan = ScriptedPeer(standingFor: simulation["jordan"])
        simulation.restart(turkiye)
        let utc = simulation.utc
        let id = israel.write(
            .message(try SampleCalls.text()), at: utc, officer: "A", audience: [jordan.party, turkiye])
        let acknowledgement = MessageAcknowledgement(message: id, readBack: [])
        jordan.write(
            .messageAcknowledgement(acknowledgement), at: utc, officer: "B", audience: [israel.party, turkiye])
        try simulation.handle(jordan.push(from: 0), at: turkiye)
        #expect(simulation[turkiye].mechanism.logs[jordan.party]?.unreadable.isEmpty == true)
        #expect(simulation[turkiye].mechanism.calls.messages[id] == nil)
        try simulation.handle(israel.push(from: 0), at: turkiye)
        let call = try #require(simulation[turkiye].mechanism.calls.messages[id])
        #expect(call.facts[jordan.party]?.acknowledgedBy == "B" && call.missing == [turkiye])
    }

    @Test("open calls are in the order of precedence, then of age, ours and theirs")
    func order() throws {
        var bench = try Bench.ready()
        let routine = try bench.israelWrites(.message(try SampleCalls.text(.routine)))
        let flash = try bench.israelWrites(.message(try SampleCalls.text(.flash)))
        let query = try bench.recorded(
            .query(SampleCalls.query(at: .hama, from: bench.utc), mode: .real, to: nil))
        bench.wait(.seconds(1))
        let distress = try bench.send(try SampleCalls.message(.distress, precedence: .routine))
        let open = bench.mechanism.openCalls
        #expect(open.map(\.id) == [flash, distress, query, routine])
        #expect(open.map(\.kind) == [.message, .message, .presenceQuery, .message])
        #expect(open.map(\.missing) == [[bench.turkiye], [bench.israel.party], [bench.israel.party], [bench.turkiye]])
        try bench.acknowledge(flash)
        #expect(bench.mechanism.openCalls.map(\.id) == [distress, query, routine])
    }

    @Test("a danger that nobody has acknowledged is a gap of every clear, in its own mode only")
    func dangerGap() throws {
        var bench = try Bench.ready()
        let notice = try bench.clearNotice()
        let drill = try bench.israelWrites(.message(try SampleCalls.message(.distress)), mode: .drill)
        let real = try bench.israelWrites(.message(try SampleCalls.message(.aircraftCrossed)))
        try bench.israelWrites(.message(try SampleCalls.text(.flash)))
        try bench.exchange()
        let gap = CoverageGap.dangerNotAcknowledged(bench.israel.party, real)
        #expect(try bench.assurance(of: notice).answer == .clear)
        #expect(try bench.assurance(of: notice).gaps.contains(gap))
        #expect(bench.mechanism.assurance(now: bench.now).gaps.contains(gap))
        #expect(try !bench.assurance(of: notice).gaps.contains(.dangerNotAcknowledged(bench.israel.party, drill)))
        try bench.acknowledge(real)
        #expect(try !bench.assurance(of: notice).gaps.contains(gap))
        let ours = try bench.send(try SampleCalls.message(.groundCrossed))
        #expect(try bench.assurance(of: notice).gaps.contains(.dangerNotAcknowledged(bench.turkiye, ours)))
    }
}
