import Geodesy
import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// Every cell of the state table on `NoticeStatus`, and what goes with it.
@Suite("The life of a notice")
struct NoticeLifeTests {
    /// On Cyprus, beyond the terms' area.
    private static let larnaca = Position(latitudeDeg: 34.875, longitudeDeg: 33.625) ?? SamplePlace.t4.position

    @Test("a filed notice is current, is named by its record, and is written before anything is pushed")
    func filed() throws {
        var bench = try Bench.ready()
        let before = bench.mechanism.ownLog.size
        let handled = try bench.handle(
            .command(.file(Founding.presence(bench.utc), mode: .real, audience: nil), officer: "Cpt. Sample"))
        let id = RecordID(party: bench.turkiye, index: before)
        #expect(handled.reply == .filed(id, version: 1, collisions: []))
        #expect(handled.writes.map(\.record) == [id])
        #expect(handled.effects.first == .push)
        let notice = try #require(bench.mechanism.notices[id])
        #expect(notice.status == .current && notice.version == 1 && notice.audience == [bench.israel.party])
        #expect(notice.facts[bench.israel.party] == DeliveryFacts())
    }

    @Test("a current notice becomes overdue when its last window has passed, and rings its owner")
    func currentToOverdue() throws {
        var bench = try Bench.ready()
        let id = try bench.file(
            SampleNotices.airOperation(at: .hama, from: bench.utc, lasting: .seconds(60)))
        bench.wait(.seconds(60))
        #expect(bench.mechanism.notices[id]?.status == .current)
        bench.wait(.milliseconds(1))
        #expect(bench.mechanism.notices[id]?.status == .overdue)
        #expect(bench.alarm(.overdue, id.description)?.state == .ringing)
    }

    @Test("a standing notice becomes unconfirmed at its review date, though its window still runs")
    func currentToUnconfirmed() throws {
        var bench = try Bench.ready()
        let id = try bench.file(
            SampleNotices.standingPresence(
                at: .hama, from: bench.utc, reviewBy: bench.utc.advanced(by: .seconds(30))))
        bench.wait(.seconds(31))
        #expect(bench.mechanism.notices[id]?.status == .unconfirmed)
        #expect(bench.alarm(.unconfirmed, id.description)?.state == .ringing)
    }

    @Test("the other side's overdue notice does not ring this desk")
    func overdueRingsItsOwner() throws {
        var bench = try Bench.ready()
        let id = try bench.israelFiles(
            SampleNotices.airOperation(at: .hama, from: bench.utc, lasting: .seconds(5)))
        bench.wait(.seconds(6))
        #expect(bench.mechanism.notices[id]?.status == .overdue)
        #expect(bench.alarm(.overdue, id.description) == nil)
    }

    @Test("a new version makes an overdue or unconfirmed notice current again and quiets its alarm")
    func backToCurrent() throws {
        var bench = try Bench.ready()
        let overdue = try bench.file(
            SampleNotices.airOperation(at: .hama, from: bench.utc, lasting: .seconds(5)))
        let unconfirmed = try bench.file(
            SampleNotices.standingPresence(
                at: .palmyra, from: bench.utc, reviewBy: bench.utc.advanced(by: .seconds(5))))
        bench.wait(.seconds(6))
        try bench.command(
            .amend(overdue, expectedVersion: 1, SampleNotices.airOperation(at: .hama, from: bench.utc)))
        try bench.command(
            .amend(unconfirmed, expectedVersion: 1, SampleNotices.standingPresence(at: .palmyra, from: bench.utc)))
        for (id, kind) in [(overdue, Alarm.Kind.overdue), (unconfirmed, .unconfirmed)] {
            #expect(bench.mechanism.notices[id]?.status == .current)
            #expect(bench.mechanism.notices[id]?.version == 2)
            #expect(bench.alarm(kind, id.description)?.state == .cleared)
        }
    }

    @Test(
        "its owner's end ends a notice from every state, and it is overdue no more",
        arguments: [NoticeStatus.current, .overdue, .unconfirmed])
    func anyToEnded(status: NoticeStatus) throws {
        var bench = try Bench.ready()
        let end = bench.utc.advanced(by: .seconds(5))
        let fields =
            status == .unconfirmed
            ? SampleNotices.standingPresence(at: .hama, from: bench.utc, reviewBy: end)
            : SampleNotices.airOperation(
                at: .hama, from: bench.utc, lasting: status == .overdue ? .seconds(5) : .hours(1))
        let id = try bench.file(fields)
        bench.wait(.seconds(6))
        try #require(bench.mechanism.notices[id]?.status == status)
        try bench.command(.end(id, reason: .over, remarks: "done"))
        let notice = try #require(bench.mechanism.notices[id])
        #expect(notice.status == .ended && notice.ended?.reason == .over)
        #expect(bench.mechanism.alarms.values.allSatisfy { $0.subject != id.description || $0.state == .cleared })
        #expect(throws: Refusal.alreadyEnded(id)) { try bench.command(.end(id, reason: .over, remarks: nil)) }
        bench.wait(.hours(3))
        #expect(bench.mechanism.notices[id]?.status == .ended)
    }

    @Test("the other side's end rings this desk until an officer has heard it")
    func endRings() throws {
        var bench = try Bench.ready()
        let id = try bench.israelFiles(Founding.elsewhere(bench.utc))
        #expect(bench.alarm(.notice, id.description)?.state == .ringing)
        try bench.israelEnds(id)
        #expect(bench.alarm(.notice, id.description)?.state == .cleared)
        let alarm = try #require(bench.alarm(.ended, id.description))
        #expect(alarm.state == .ringing && alarm.precedence == .priority)
        try bench.command(.acknowledgeAlarm(alarm.id))
        #expect(bench.alarm(.ended, id.description)?.state == .cleared)
        #expect(bench.alarm(.ended, id.description)?.acknowledgedBy == "Cpt. Sample")
    }

    @Test(
        "short lead, already begun and beyond the area are accepted, flagged and raised by one precedence",
        arguments: [
            (Duration.minutes(29), SamplePlace.hama.position, [IrregularFlag.shortLead], Precedence.flash),
            (.minutes(30), SamplePlace.hama.position, [], .immediate),
            (.seconds(-1), SamplePlace.hama.position, [.alreadyBegun], .flash),
            (.hours(1), Self.larnaca, [.beyondArea], .flash),
            (.seconds(-1), Self.larnaca, [.alreadyBegun, .beyondArea], .flash),
        ])
    func irregular(
        lead: Duration, place: Position, flags: [IrregularFlag], precedence: Precedence
    ) throws {
        var bench = try Bench.ready()
        let fields = SampleNotices.fields(
            .strike, at: place, radiusM: 500, from: bench.utc.advanced(by: lead), lasting: .hours(1), reviewBy: nil)
        let mine = try bench.file(fields)
        #expect(bench.mechanism.notices[mine]?.flags == flags)
        #expect(bench.mechanism.notices[mine]?.precedence == precedence)
        // The other side's node flags it the same, by the author's own time.
        let theirs = try bench.israelFiles(fields)
        #expect(bench.mechanism.notices[theirs]?.flags == flags)
        #expect(bench.alarm(.notice, theirs.description)?.precedence == precedence)
    }

    @Test("a wrong read-back is recorded, shown to its owner, and acknowledges nothing; a right one does")
    func readBack() throws {
        var bench = try Bench.ready()
        let fields = Founding.elsewhere(bench.utc)
        let id = try bench.file(fields)
        try bench.exchange()
        try bench.israelReadsBack(id, SampleNotices.wrongReadBack(of: fields))
        var notice = try #require(bench.mechanism.notices[id])
        #expect(notice.readBacks.map(\.mismatches) == [[.position]])
        #expect(notice.facts[bench.israel.party]?.acknowledgedAt == nil)
        #expect(bench.alarm(.readBackMismatch, id.description)?.state == .ringing)
        try bench.israelReadsBack(id, SampleNotices.rightReadBack(of: fields))
        notice = try #require(bench.mechanism.notices[id])
        #expect(notice.readBacks.map(\.mismatches) == [[.position], []])
        #expect(notice.facts[bench.israel.party]?.acknowledgedBy == "Maj. Scripted")
        #expect(bench.alarm(.readBackMismatch, id.description)?.state == .cleared)
    }

    @Test("a new version makes a wrong read-back of the old one moot")
    func mismatchOfOldVersion() throws {
        var bench = try Bench.ready()
        let id = try bench.file(Founding.elsewhere(bench.utc))
        try bench.israelReadsBack(id, SampleNotices.wrongReadBack(of: Founding.elsewhere(bench.utc)))
        try bench.command(.amend(id, expectedVersion: 1, Founding.strike(bench.utc)))
        #expect(bench.alarm(.readBackMismatch, id.description)?.state == .cleared)
        #expect(bench.mechanism.notices[id]?.facts[bench.israel.party]?.acknowledgedAt == nil)
        // A right read-back of the old version crosses with the amendment and acknowledges nothing.
        try bench.israelReadsBack(id, SampleNotices.rightReadBack(of: Founding.elsewhere(bench.utc)))
        #expect(bench.mechanism.notices[id]?.facts[bench.israel.party]?.acknowledgedAt == nil)
        #expect(bench.mechanism.logs[bench.israel.party]?.unreadable.isEmpty == true)
    }

    @Test("each fact of a read-back is compared, up to the terms' tolerance and no further")
    func tolerances() throws {
        let bench = try Bench.ready()
        let fields = Founding.elsewhere(bench.utc)
        let right = SampleNotices.rightReadBack(of: fields)
        func mismatches(
            north: Double = 0, lower: Altitude? = nil, later: Duration = .zero
        ) throws -> [ReadBackMismatch] {
            let position = try #require(
                Position(
                    latitudeDeg: right.position.latitudeDeg + north, longitudeDeg: right.position.longitudeDeg))
            return ReadBackComparison.mismatches(
                ReadBack(
                    position: position, lower: lower ?? right.lower, start: right.start.advanced(by: later),
                    original: nil), with: fields, terms: bench.terms)
        }
        // A minute of latitude at 35 degrees north is 1 849 m: 100 m are 0.000901 degrees.
        #expect(try mismatches(north: 0.00089) == [])
        #expect(try mismatches(north: 0.00091) == [.position])
        #expect(try mismatches(later: .seconds(60)) == [])
        #expect(try mismatches(later: .seconds(61)) == [.start])
        #expect(try mismatches(later: .seconds(-61)) == [.start])
        #expect(try mismatches(lower: Altitude(value: 30, unit: .metres, datum: .agl)) == [])
        #expect(try mismatches(lower: Altitude(value: 31, unit: .metres, datum: .agl)) == [.lower])
        // The same number above the sea is another height.
        #expect(try mismatches(lower: Altitude(value: 0, unit: .metres, datum: .amsl)) == [.lower])
        #expect(
            try mismatches(
                north: 0.2, lower: Altitude(value: 900, unit: .feet, datum: .agl), later: .hours(1))
                == [.position, .lower, .start])
        // An air operation is held to 500 m: 0.0045 degrees.
        let air = SampleNotices.airOperation(at: .hama, from: right.start)
        let near = try #require(
            Position(latitudeDeg: right.position.latitudeDeg + 0.0044, longitudeDeg: right.position.longitudeDeg))
        let readBack = ReadBack(position: near, lower: right.lower, start: right.start, original: nil)
        #expect(ReadBackComparison.mismatches(readBack, with: air, terms: bench.terms) == [])
    }

    @Test("a notice that nobody reads back falls due at its precedence's time, or earlier by its start")
    func acknowledgementFallsDue() throws {
        var bench = try Bench.ready()
        // Priority: half an hour.
        let presence = try bench.israelFiles(
            SampleNotices.standingPresence(at: .hama, from: bench.utc.advanced(by: .hours(9))))
        // Immediate: five minutes, but it starts in twelve and the margin is ten.
        let soon = try bench.israelFiles(
            SampleNotices.airOperation(at: .palmyra, from: bench.utc.advanced(by: .minutes(72))))
        let sooner = try bench.israelFiles(
            SampleNotices.fields(
                .searchAndRescue, at: SamplePlace.palmyra.position, radiusM: 500,
                from: bench.utc.advanced(by: .minutes(12)), lasting: .hours(1), reviewBy: nil))
        bench.wait(.seconds(61))
        #expect(bench.alarm(.acknowledgementOverdue, sooner.description) == nil)
        bench.wait(.seconds(60))
        #expect(bench.alarm(.acknowledgementOverdue, sooner.description)?.state == .ringing)
        #expect(bench.alarm(.acknowledgementOverdue, soon.description) == nil)
        bench.wait(.minutes(3))
        #expect(bench.alarm(.acknowledgementOverdue, soon.description)?.state == .ringing)
        #expect(bench.alarm(.acknowledgementOverdue, presence.description) == nil)
        bench.wait(.minutes(25))
        let alarm = try #require(bench.alarm(.acknowledgementOverdue, presence.description))
        #expect(alarm.state == .ringing && alarm.precedence == .immediate)
        let fields = try #require(bench.mechanism.notices[presence]?.fields)
        try bench.command(.acknowledge(presence, version: 1, SampleNotices.rightReadBack(of: fields)))
        #expect(bench.alarm(.acknowledgementOverdue, presence.description)?.state == .cleared)
        #expect(bench.alarm(.notice, presence.description)?.state == .cleared)
    }

    @Test("own notices that collide warn their own desk only, until either moves away")
    func ownCollisions() throws {
        var bench = try Bench.ready()
        let presence = try bench.file(Founding.presence(bench.utc))
        let reply = try bench.command(.file(Founding.strike(bench.utc), mode: .real, audience: nil))
        guard case .filed(let strike, _, let collisions) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(collisions.map(\.notice) == [presence] && collisions[0].conflict == nil)
        #expect(bench.mechanism.conflicts.isEmpty)
        #expect(bench.alarm(.ownCollision, strike.description)?.state == .ringing)
        // The first of the two moves: the alarm of the second has lost its cause.
        try bench.command(
            .amend(presence, expectedVersion: 1, SampleNotices.standingPresence(at: .palmyra, from: bench.utc)))
        #expect(bench.alarm(.ownCollision, strike.description)?.state == .cleared)
        try bench.command(.amend(presence, expectedVersion: 2, Founding.presence(bench.utc)))
        #expect(bench.alarm(.ownCollision, presence.description)?.state == .ringing)
        try bench.command(.end(strike, reason: .cancelled, remarks: nil))
        #expect(bench.alarm(.ownCollision, presence.description)?.state == .cleared)
    }

    @Test("an audience that names a party twice is taken once")
    func audienceTwice() throws {
        var bench = try Bench.ready()
        let israel = bench.israel.party
        let reply = try bench.command(
            .file(Founding.presence(bench.utc), mode: .real, audience: [israel, israel]))
        guard case .filed(let id, _, _) = reply else { return }
        let held = try #require(bench.node.held[bench.turkiye]?[Int(id.index)])
        #expect(try UnverifiedRecord(held).header.audience == [israel])
    }
}
