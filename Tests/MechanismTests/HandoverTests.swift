import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// HOT-6: the watch goes on with everything that is open, and none of it is overlooked.
@Suite("The watch and its handover")
struct HandoverTests {
    private static let (a, b, c) = ("Cpt. Sample", "Lt. Next", "Maj. Third")

    /// `a` has the watch; two alarms are standing.
    private func bench() throws -> (Bench, first: NoticeID, second: NoticeID) {
        var bench = try Bench.ready()
        try bench.act(.takeWatch, by: Self.a)
        let first = try bench.israelFiles(
            SampleNotices.airOperation(at: .hama, from: bench.utc.advanced(by: .hours(9))))
        let second = try bench.israelFiles(
            SampleNotices.airOperation(at: .palmyra, from: bench.utc.advanced(by: .hours(9))))
        return (bench, first, second)
    }

    private func items(_ bench: Bench) -> [String] { bench.mechanism.handoverItems.map(\.id) }

    private func handovers(_ bench: Bench) throws -> [Handover] {
        try bench.ownBodies(.handover).compactMap { body in
            guard case .handover(let content) = body.content else { return nil }
            return content
        }
    }

    @Test("the first officer takes the watch, which is nobody's news but this desk's")
    func take() throws {
        var bench = try Bench.ready()
        #expect(bench.mechanism.watch.onDuty == nil)
        try bench.act(.takeWatch, by: Self.a)
        #expect(bench.mechanism.watch.onDuty?.officer == Self.a)
        #expect(bench.mechanism.watch.onDuty?.since == bench.now)
        #expect(try handovers(bench).isEmpty)
    }

    @Test("nobody takes the watch from an officer who acts")
    func notTaken() throws {
        var (bench, _, _) = try bench()
        bench.wait(.seconds(600))
        try bench.expect(.watchTaken(by: Self.a), of: .takeWatch, by: Self.b)
        try bench.act(.takeWatch, by: Self.a)
        #expect(bench.mechanism.watch.onDuty?.officer == Self.a)
    }

    @Test("a watch whose officer has not acted for the terms' time is taken, and the record says how")
    func takenFromNobody() throws {
        var (bench, _, _) = try bench()
        bench.wait(.seconds(300))
        // Another officer's act is not this one's.
        try bench.handle(.command(.present, officer: Self.b))
        bench.wait(.seconds(301))
        try bench.exchange()
        try bench.act(.takeWatch, by: Self.b)
        #expect(bench.mechanism.watch.onDuty?.officer == Self.b)
        let content = try #require(try handovers(bench).first)
        #expect(content.from == Self.a && content.to == Self.b && content.items == 0)
        #expect(content.remarks?.contains("had not acted for 10 min") == true)
    }

    @Test("what is open is handed over item by item, and then the other side hears who has the watch")
    func complete() throws {
        var (bench, first, second) = try bench()
        try bench.act(.offerHandover(to: Self.b, remarks: "quiet night"), by: Self.a)
        #expect(bench.alarm(.handover, Self.b)?.state == .ringing)
        let open = items(bench)
        #expect(open == ["notice:\(first)", "notice:\(second)"])
        #expect(bench.mechanism.handoverItems.allSatisfy { !$0.isAccepted })
        try bench.expect(.itemsLeft(2), of: .completeHandover, by: Self.b)
        try bench.act(.acceptItem(open[0]), by: Self.b)
        #expect(bench.mechanism.handoverItems.map(\.isAccepted) == [true, false])
        try bench.expect(.itemsLeft(1), of: .completeHandover, by: Self.b)
        try bench.act(.acceptItem(open[1]), by: Self.b)
        #expect(bench.mechanism.watch.onDuty?.officer == Self.a)
        try bench.act(.completeHandover, by: Self.b)
        #expect(bench.mechanism.watch.onDuty?.officer == Self.b)
        #expect(bench.mechanism.watch.handover == nil)
        #expect(bench.alarm(.handover, Self.b)?.state == .cleared)
        #expect(try handovers(bench) == [Handover(from: Self.a, to: Self.b, items: 2, remarks: "quiet night")])
        #expect(try bench.ownBodies(.handover).map(\.officer) == [Self.b])
        try WatchFold.survivesEachEvent(bench)
    }

    @Test("what opens meanwhile joins, what closes leaves, and what opens again is new")
    func changing() throws {
        var (bench, first, second) = try bench()
        try bench.act(.offerHandover(to: Self.b, remarks: nil), by: Self.a)
        try bench.act(.acceptItem("notice:\(first)"), by: Self.b)
        try bench.act(.acceptItem("notice:\(second)"), by: Self.b)
        let third = try bench.israelFiles(
            SampleNotices.airOperation(at: .t4, from: bench.utc.advanced(by: .hours(9))))
        try bench.expect(.itemsLeft(1), of: .completeHandover, by: Self.b)
        // Its owner ends it: the alarm that asked for a read-back goes, and the news of the end comes.
        try bench.israelEnds(third)
        #expect(items(bench).contains("ended:\(third)") && !items(bench).contains("notice:\(third)"))
        try bench.command(.acknowledgeAlarm("ended:\(third)"))
        #expect(bench.mechanism.handoverItems.map(\.isAccepted) == [true, true])
        // An amendment of the first rings anew under the same id.
        bench.wait(.seconds(1))
        try bench.israelAmends(
            first, version: 2, SampleNotices.airOperation(at: .hama, from: bench.utc.advanced(by: .hours(10))))
        try bench.expect(.itemsLeft(1), of: .completeHandover, by: Self.b)
        try bench.act(.acceptItem("notice:\(first)"), by: Self.b)
        try bench.act(.completeHandover, by: Self.b)
        #expect(bench.mechanism.watch.onDuty?.officer == Self.b)
    }

    @Test("an alarm that only climbs stays accepted")
    func climbing() throws {
        var (bench, _, _) = try bench()
        try bench.act(.registerUnit("1st"), by: Self.a)
        // A suspension by the other side: no answer closes it.
        bench.israel.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        try bench.deliver()
        try bench.act(.offerHandover(to: Self.b, remarks: nil), by: Self.a)
        for id in items(bench) { try bench.act(.acceptItem(id), by: Self.b) }
        let before = items(bench)
        bench.wait(.seconds(400))
        let left = bench.mechanism.handoverItems.filter { !$0.isAccepted && before.contains($0.id) }
        #expect(left.isEmpty, "\(left)")
    }

    @Test("messages, presence queries, conflicts, overdue notices and acts that wait are open items")
    func kinds() throws {
        var bench = try Bench.ready(.twoOfficers)
        try bench.act(.takeWatch, by: Self.a)
        let presence = try bench.file(Founding.presence(bench.utc))
        let strike = try bench.israelFiles(Founding.strike(bench.utc))
        let overdue = try bench.file(SampleNotices.airOperation(at: .hama, from: bench.utc, lasting: .seconds(5)))
        bench.wait(.seconds(6))
        let conflict = try #require(bench.mechanism.conflicts.first { $0.value.involves(bench.turkiye) }).key
        let reply = try bench.command(.end(presence, reason: .over, remarks: nil))
        guard case .pending(let act) = reply else {
            Issue.record("\(reply)")
            return
        }
        let text = try MessageContent(
            role: .watch, precedence: .routine, body: .text("radio check at noon", language: .english))
        let theirs = bench.israel.write(
            .message(text), at: bench.utc, officer: "Maj. Scripted", audience: [bench.turkiye])
        try bench.deliver()
        let sent = try bench.command(.call(.send(text, mode: .real, to: nil)))
        guard case .recorded(let ours) = sent else {
            Issue.record("\(sent)")
            return
        }
        let open = items(bench)
        for id in [
            "conflict:\(conflict.hex)", "notice:\(strike)", "overdue:\(overdue)", "secondOfficer:\(act)",
            "message:\(theirs)", "unanswered:\(ours)",
        ] {
            #expect(open.contains(id), "\(id) in \(open)")
        }
        #expect(open == open.sorted())
    }

    @Test("names what is wrong")
    func refusals() throws {
        var (bench, first, _) = try bench()
        try bench.expect(.noHandover, of: .acceptItem("notice:\(first)"), by: Self.b)
        try bench.expect(.noHandover, of: .completeHandover, by: Self.b)
        try bench.expect(.noHandover, of: .cancelHandover, by: Self.a)
        try bench.expect(.notOnDuty, of: .offerHandover(to: Self.c, remarks: nil), by: Self.b)
        try bench.expect(.sameOfficer, of: .offerHandover(to: Self.a, remarks: nil), by: Self.a)
        let long = String(repeating: "x", count: Limits.officerNameBytes + 1)
        #expect(throws: Refusal.self) { try bench.act(.offerHandover(to: long, remarks: nil), by: Self.a) }
        #expect(throws: Refusal.self) {
            try bench.act(.offerHandover(to: Self.b, remarks: String(repeating: "x", count: 2_001)), by: Self.a)
        }
        #expect(bench.mechanism.watch.handover == nil)
        try bench.act(.offerHandover(to: Self.b, remarks: nil), by: Self.a)
        try bench.expect(.handoverUnderWay, of: .offerHandover(to: Self.c, remarks: nil), by: Self.a)
        for other in [Self.a, Self.c] {
            try bench.expect(.notIncomingOfficer, of: .acceptItem("notice:\(first)"), by: other)
            try bench.expect(.notIncomingOfficer, of: .completeHandover, by: other)
        }
        try bench.expect(.noSuchItem("notice:israel-999"), of: .acceptItem("notice:israel-999"), by: Self.b)
        try bench.expect(.notOnDuty, of: .cancelHandover, by: Self.c)
    }

    @Test("either of the two calls it off, and what was accepted then counts no more", arguments: [a, b])
    func cancelled(by officer: String) throws {
        var (bench, first, _) = try bench()
        try bench.act(.offerHandover(to: Self.b, remarks: nil), by: Self.a)
        try bench.act(.acceptItem("notice:\(first)"), by: Self.b)
        try bench.act(.cancelHandover, by: officer)
        #expect(bench.mechanism.watch.handover == nil && bench.mechanism.watch.onDuty?.officer == Self.a)
        #expect(bench.alarm(.handover, Self.b)?.state == .cleared)
        #expect(try handovers(bench).isEmpty)
        try bench.act(.offerHandover(to: Self.b, remarks: nil), by: Self.a)
        #expect(bench.mechanism.handoverItems.allSatisfy { !$0.isAccepted })
    }

    @Test("a watch longer than a shift rings, again and higher, until it is handed over")
    func shift() throws {
        var bench = try Bench.ready()
        try bench.act(.takeWatch, by: Self.a)
        bench.wait(.hours(8))
        #expect(bench.alarm(.handover, Self.a) == nil)
        bench.wait(.milliseconds(1))
        #expect(bench.alarm(.handover, Self.a)?.state == .ringing)
        #expect(bench.alarm(.handover, Self.a)?.roles == [.watch])
        try bench.command(.acknowledgeAlarm("handover:\(Self.a)"))
        bench.wait(.seconds(301))
        #expect(bench.alarm(.handover, Self.a)?.state == .ringing)
        #expect(bench.alarm(.handover, Self.a)?.roles == [.watch, .releasing])
        // An alarm of the handover itself is no item of it.
        #expect(!items(bench).contains { $0.hasPrefix("handover:") })
        try bench.act(.offerHandover(to: Self.b, remarks: nil), by: Self.a)
        for id in items(bench) { try bench.act(.acceptItem(id), by: Self.b) }
        try bench.act(.completeHandover, by: Self.b)
        #expect(bench.alarm(.handover, Self.a)?.state == .cleared)
        bench.wait(.hours(8) + .milliseconds(1))
        #expect(bench.alarm(.handover, Self.b)?.state == .ringing)
        try WatchFold.survivesEachEvent(bench)
    }

    @Test("a restart in the middle loses nothing and rings nothing anew")
    func restart() throws {
        var (bench, first, second) = try bench()
        try bench.act(.offerHandover(to: Self.b, remarks: nil), by: Self.a)
        try bench.act(.acceptItem("notice:\(first)"), by: Self.b)
        let alarm = bench.alarm(.handover, Self.b)
        let watch = bench.mechanism.watch.handover
        bench.simulation.crash(bench.turkiye)
        bench.wait(.seconds(2))
        bench.simulation.restart(bench.turkiye)
        #expect(bench.mechanism.watch.handover == watch && watch != nil)
        #expect(bench.alarm(.handover, Self.b) == alarm && alarm != nil)
        try bench.act(.acceptItem("notice:\(second)"), by: Self.b)
        // What the restart itself has opened.
        for item in bench.mechanism.handoverItems where !item.isAccepted {
            try bench.act(.acceptItem(item.id), by: Self.b)
        }
        // Nobody has confirmed our log yet, so that the record has to wait; the watch does not.
        try bench.act(.completeHandover, by: Self.b)
        #expect(bench.mechanism.watch.onDuty?.officer == Self.b)
        #expect(try handovers(bench).isEmpty)
        try bench.exchange()
        #expect(try handovers(bench).map(\.to) == [Self.b])
        try WatchFold.survivesEachEvent(bench)
    }

    @Test("a mediator's desk has a watch too, and puts nothing on record")
    func mediator() throws {
        var simulation = Simulation(seed: 3, mediator: "azerbaijan")
        simulation.start()
        let azerbaijan = simulation["azerbaijan"].party
        simulation.run(for: .seconds(4))
        let size = simulation["azerbaijan"].mechanism.ownLog.size
        for (command, officer) in [
            (WatchCommand.takeWatch, Self.a), (.offerHandover(to: Self.b, remarks: nil), Self.a),
        ] {
            try simulation.handle(.command(.watch(command), officer: officer), at: azerbaijan)
        }
        for item in simulation["azerbaijan"].mechanism.handoverItems {
            try simulation.handle(.command(.watch(.acceptItem(item.id)), officer: Self.b), at: azerbaijan)
        }
        try simulation.handle(.command(.watch(.completeHandover), officer: Self.b), at: azerbaijan)
        #expect(simulation["azerbaijan"].mechanism.watch.onDuty?.officer == Self.b)
        #expect(simulation["azerbaijan"].mechanism.ownLog.size == size)
    }
}
