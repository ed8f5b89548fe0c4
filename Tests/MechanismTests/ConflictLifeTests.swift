import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// Every cell of the state table on `Conflict`.
@Suite("The life of a conflict")
struct ConflictLifeTests {
    /// Our presence at T4 and Israel's strike there, both known; the strike read back.
    private func colliding() throws -> (Bench, mine: NoticeID, theirs: NoticeID, ConflictID) {
        var bench = try Bench.ready()
        let mine = try bench.file(Founding.presence(bench.utc))
        let theirs = try bench.israelFiles(Founding.strike(bench.utc))
        let id = Conflict.id(mechanism: bench.terms.mechanism, mode: .real, mine, theirs)
        return (bench, mine, theirs, id)
    }

    private func state(_ bench: Bench, _ id: ConflictID) -> ConflictState? { bench.mechanism.conflicts[id]?.state }

    @Test("two versions that collide open a conflict, ring the desk one precedence up, and are found in writing")
    func opens() throws {
        let (bench, mine, theirs, id) = try colliding()
        let conflict = try #require(bench.mechanism.conflicts[id])
        #expect(conflict.state == .open && conflict.ownProof == .proven && conflict.clearedAt == nil)
        #expect(conflict.findings[bench.turkiye]?.firstVersion == 1)
        #expect(bench.alarm(.conflict, id.hex)?.precedence == .flash)
        for notice in [mine, theirs] {
            #expect(try bench.assurance(of: notice).answer == .conflict)
            #expect(bench.mechanism.notices[notice]?.conflicts.elements == [id])
        }
    }

    @Test("a finding by the other side alone opens it on both, and a new version without one clears it")
    func foundByOtherOnly() throws {
        var bench = try Bench.ready()
        let mine = try bench.file(Founding.presence(bench.utc))
        // At Hama, a hundred kilometres away: our geometry sees nothing.
        let theirs = try bench.israelFiles(Founding.elsewhere(bench.utc))
        #expect(bench.mechanism.conflicts.isEmpty)
        let id = Conflict.id(mechanism: bench.terms.mechanism, mode: .real, mine, theirs)
        bench.israel.write(
            .finding(
                Finding(
                    conflict: id, first: NoticeVersion(notice: min(mine, theirs), version: 1),
                    second: NoticeVersion(notice: max(mine, theirs), version: 1), proven: false)),
            at: bench.utc, audience: [bench.turkiye])
        try bench.deliver()
        let conflict = try #require(bench.mechanism.conflicts[id])
        #expect(conflict.state == .open && conflict.ownProof == nil)
        #expect(conflict.findings.keys == [bench.israel.party])
        #expect(bench.alarm(.conflict, id.hex)?.state == .ringing)
        #expect(try bench.assurance(of: mine).answer == .conflict)
        try bench.israelAmends(
            theirs, version: 2, SampleNotices.strike(at: .palmyra, from: bench.utc.advanced(by: .hours(1))))
        #expect(state(bench, id) == .cleared)
        #expect(bench.alarm(.conflict, id.hex)?.state == .cleared)
    }

    @Test("both sides' signatures under the same conditions settle it; one side's do not")
    func settles() throws {
        var (bench, mine, _, id) = try colliding()
        try bench.israelSays(.settle, ["after 0400Z"], to: id)
        #expect(state(bench, id) == .open)
        #expect(bench.alarm(.conflict, id.hex)?.sentence.contains("offers conditions") == true)
        try bench.command(.position(id, stance: .settle, conditions: ["after 0400Z"], remarks: nil))
        #expect(state(bench, id) == .settled)
        #expect(bench.alarm(.conflict, id.hex)?.state == .cleared)
        #expect(try bench.assurance(of: mine).conditions == ["after 0400Z"])
    }

    @Test("settling removes a warning, so the desk that signed first hears of it")
    func settlementRings() throws {
        var (bench, _, _, id) = try colliding()
        try bench.command(.position(id, stance: .settle, conditions: ["after 0400Z"], remarks: nil))
        try bench.israelSays(.settle, ["after 0400Z"], to: id)
        let alarm = try #require(bench.alarm(.conflict, id.hex))
        #expect(alarm.state == .ringing && alarm.sentence.contains("settles"))
        try bench.command(.acknowledgeAlarm(alarm.id))
        #expect(bench.alarm(.conflict, id.hex)?.state == .cleared)
    }

    @Test("conditions that differ, in words or in order, leave it open")
    func differingConditions() throws {
        var (bench, _, _, id) = try colliding()
        try bench.israelSays(.settle, ["a", "b"], to: id)
        for conditions in [["a"], ["b", "a"], ["a", "b", "c"], ["a", "B"]] {
            try bench.command(.position(id, stance: .settle, conditions: conditions, remarks: nil))
            #expect(state(bench, id) == .open)
        }
        try bench.command(.position(id, stance: .settle, conditions: ["a", "b"], remarks: nil))
        #expect(state(bench, id) == .settled)
    }

    @Test("a dispute by either side disputes it, and its withdrawal opens it again")
    func disputeAndWithdraw() throws {
        var (bench, _, _, id) = try colliding()
        try bench.israelSays(.dispute, to: id)
        #expect(state(bench, id) == .disputed)
        #expect(bench.mechanism.assurance(now: bench.now).answer == .conflict)
        #expect(bench.alarm(.conflict, id.hex)?.sentence.contains("disputed") == true)
        try bench.israelSays(.withdraw, to: id)
        #expect(state(bench, id) == .open)
        try bench.command(.position(id, stance: .dispute, conditions: [], remarks: "no"))
        #expect(state(bench, id) == .disputed)
        // Disputed to settled: both sign after all.
        try bench.command(.position(id, stance: .settle, conditions: ["x"], remarks: nil))
        try bench.israelSays(.settle, ["x"], to: id)
        #expect(state(bench, id) == .settled)
        // Settled to open by a withdrawal, to disputed by a dispute.
        try bench.israelSays(.withdraw, to: id)
        #expect(state(bench, id) == .open)
        try bench.israelSays(.settle, ["x"], to: id)
        #expect(state(bench, id) == .settled)
        try bench.command(.position(id, stance: .dispute, conditions: [], remarks: nil))
        #expect(state(bench, id) == .disputed)
    }

    @Test("a new version that still collides reopens a settled and a disputed conflict")
    func newVersionReopens() throws {
        var (bench, mine, theirs, id) = try colliding()
        try bench.command(.position(id, stance: .settle, conditions: ["x"], remarks: nil))
        try bench.israelSays(.settle, ["x"], to: id)
        try #require(state(bench, id) == .settled)
        try bench.command(
            .amend(mine, expectedVersion: 1, SampleNotices.standingPresence(at: .t4, radiusM: 3_100, from: bench.utc)))
        #expect(state(bench, id) == .open)
        #expect(bench.alarm(.conflict, id.hex)?.state == .ringing)
        // What was signed for version 1 does not count for version 2.
        try bench.israelSays(.settle, ["x"], to: id, versions: (1, 1))
        #expect(state(bench, id) == .open)
        try bench.israelSays(.dispute, to: id)
        #expect(state(bench, id) == .disputed)
        try bench.israelAmends(theirs, version: 2, Founding.strike(bench.utc, in: .hours(2)))
        #expect(state(bench, id) == .open)
    }

    @Test("an amendment that moves away clears it, and one that comes back opens it again")
    func clearsAndReopens() throws {
        var (bench, mine, theirs, id) = try colliding()
        try bench.israelAmends(theirs, version: 2, Founding.elsewhere(bench.utc))
        let cleared = try #require(bench.mechanism.conflicts[id])
        #expect(cleared.state == .cleared && cleared.clearedAt == bench.utc && cleared.ownProof == nil)
        #expect(bench.alarm(.conflict, id.hex)?.state == .cleared)
        #expect(throws: Refusal.conflictCleared(id)) {
            try bench.command(.position(id, stance: .dispute, conditions: [], remarks: nil))
        }
        try bench.israelAmends(theirs, version: 3, Founding.strike(bench.utc))
        #expect(state(bench, id) == .open)
        #expect(bench.mechanism.conflicts[id]?.clearedAt == nil)
        #expect(bench.mechanism.conflicts.count == 1)
        #expect(try bench.assurance(of: mine).answer == .conflict)
    }

    @Test("an end by either side clears it, open or disputed or settled", arguments: ["open", "disputed", "settled"])
    func endClears(from start: String) throws {
        var (bench, mine, theirs, id) = try colliding()
        if start == "disputed" { try bench.israelSays(.dispute, to: id) }
        if start == "settled" {
            try bench.command(.position(id, stance: .settle, conditions: ["x"], remarks: nil))
            try bench.israelSays(.settle, ["x"], to: id)
        }
        try #require(state(bench, id)?.rawValue == start)
        if start == "open" {
            try bench.israelEnds(theirs)
        } else {
            try bench.command(.end(mine, reason: .over, remarks: nil))
        }
        #expect(state(bench, id) == .cleared)
    }

    @Test("nothing closes it by time passing: past its window it is still open", arguments: ["open", "settled"])
    func timeClosesNothing(from start: String) throws {
        var (bench, mine, theirs, id) = try colliding()
        if start == "settled" {
            try bench.command(.position(id, stance: .settle, conditions: ["x"], remarks: nil))
            try bench.israelSays(.settle, ["x"], to: id)
        }
        bench.wait(.hours(5))
        #expect(bench.mechanism.notices[theirs]?.status == .overdue)
        #expect(state(bench, id)?.rawValue == start)
        #expect(try bench.assurance(of: mine).answer == (start == "open" ? .conflict : .unknown))
    }

    @Test("an overdue notice collides with what was filed for later, and that conflict is new")
    func overdueOpens() throws {
        var bench = try Bench.ready()
        let theirs = try bench.israelFiles(
            SampleNotices.strike(at: .t4, from: bench.utc.advanced(by: .hours(1))))
        let mine = try bench.file(
            SampleNotices.standingPresence(at: .t4, from: bench.utc.advanced(by: .hours(9))))
        #expect(bench.mechanism.conflicts.isEmpty)
        bench.wait(.hours(2) + .seconds(1))
        let id = Conflict.id(mechanism: bench.terms.mechanism, mode: .real, mine, theirs)
        #expect(state(bench, id) == .open)
        #expect(bench.mechanism.conflicts[id]?.findings.keys == [bench.turkiye])
    }

    @Test("drills and real notices never meet; two drills do")
    func modes() throws {
        var bench = try Bench.ready()
        let real = try bench.file(Founding.presence(bench.utc))
        let drill = try bench.israelFiles(Founding.strike(bench.utc), mode: .drill)
        #expect(bench.mechanism.conflicts.isEmpty)
        let mine = try bench.file(Founding.presence(bench.utc), mode: .drill)
        let id = Conflict.id(mechanism: bench.terms.mechanism, mode: .drill, mine, drill)
        #expect(bench.mechanism.conflicts.keys == [id])
        #expect(id != Conflict.id(mechanism: bench.terms.mechanism, mode: .real, mine, drill))
        #expect(bench.mechanism.notices[real]?.conflicts.isEmpty == true)
    }

    @Test("a conflict's id does not depend on the order of its notices, and does on each of them")
    func identity() throws {
        let bench = try Bench.ready()
        let a = RecordID(party: bench.turkiye, index: 3)
        let b = RecordID(party: bench.israel.party, index: 4)
        let mechanism = bench.terms.mechanism
        let id = Conflict.id(mechanism: mechanism, mode: .real, a, b)
        #expect(id == Conflict.id(mechanism: mechanism, mode: .real, b, a))
        #expect(id != Conflict.id(mechanism: mechanism, mode: .real, a, RecordID(party: b.party, index: 5)))
    }
}
