import Geodesy
import Kernel
import Mechanism
import Records
import Separation
import Simulation
import Testing

/// NOT-9: what removes a warning takes two officers where the terms say so.
@Suite("A second officer")
struct TwoOfficersTests {
    private static let (a, b) = ("Cpt. Sample", "Maj. Second")

    private func pend(_ command: Command, _ bench: inout Bench) throws -> PendingID {
        let size = bench.mechanism.ownLog.size
        let reply = try bench.command(command)
        guard case .pending(let id) = reply else {
            Issue.record("answered by \(reply)")
            return 0
        }
        #expect(bench.mechanism.ownLog.size == size)
        #expect(bench.alarm(.secondOfficer, "\(id)")?.state == .ringing)
        return id
    }

    @Test("without such terms one officer is enough, and the record names one")
    func one() throws {
        var bench = try Bench.ready()
        let id = try bench.file(Founding.presence(bench.utc))
        #expect(try bench.command(.end(id, reason: .over, remarks: nil)) == .done)
        #expect(try bench.ownBodies(.noticeEnd).map(\.secondOfficer) == [nil])
        #expect(bench.mechanism.watch.pending.isEmpty)
    }

    @Test("an end waits, rings, and is done when another officer approves it; the record names both")
    func end() throws {
        var bench = try Bench.ready(.twoOfficers)
        let notice = try bench.file(Founding.presence(bench.utc))
        let id = try pend(.end(notice, reason: .over, remarks: "left"), &bench)
        #expect(bench.mechanism.watch.pending[id]?.by == Self.a)
        #expect(bench.mechanism.notices[notice]?.status == .current)
        try bench.expect(.sameOfficer, of: .approve(id), by: Self.a)
        #expect(try bench.act(.approve(id), by: Self.b) == .done)
        #expect(bench.mechanism.notices[notice]?.status == .ended)
        #expect(bench.mechanism.watch.pending.isEmpty)
        #expect(bench.alarm(.secondOfficer, "\(id)")?.state == .cleared)
        let body = try #require(try bench.ownBodies(.noticeEnd).last)
        #expect(body.officer == Self.a && body.secondOfficer == Self.b)
        try bench.expect(.noSuchPendingAct(id), of: .approve(id), by: Self.b)
        // Nothing that follows is said to have been approved.
        _ = try bench.file(SampleNotices.standingPresence(at: .palmyra, from: bench.utc))
        #expect(try bench.ownBodies(.notice).last?.secondOfficer == nil)
        try WatchFold.survivesEachEvent(bench)
    }

    @Test("settling waits; disputing and withdrawing do not")
    func settle() throws {
        var bench = try Bench.ready(.twoOfficers)
        _ = try bench.file(Founding.presence(bench.utc))
        _ = try bench.israelFiles(Founding.strike(bench.utc))
        let conflict = try #require(bench.mechanism.conflicts.first?.key)
        for stance in [ConflictPosition.Stance.dispute, .withdraw] {
            #expect(try bench.command(.position(conflict, stance: stance, conditions: [], remarks: nil)) == .done)
        }
        let id = try pend(
            .position(conflict, stance: .settle, conditions: ["above 3000 m"], remarks: nil), &bench)
        try bench.act(.approve(id), by: Self.b)
        #expect(bench.mechanism.conflicts[conflict]?.positions[bench.turkiye]?.stance == .settle)
        #expect(try bench.ownBodies(.conflictPosition).map(\.secondOfficer) == [nil, nil, Self.b])
    }

    @Test("filing, suspending, resuming and answering alarms take one officer")
    func others() throws {
        var bench = try Bench.ready(.twoOfficers)
        let theirs = try bench.israelFiles(Founding.elsewhere(bench.utc))
        let own = try bench.command(.file(Founding.presence(bench.utc), mode: .real, audience: nil))
        guard case .filed = own else {
            Issue.record("\(own)")
            return
        }
        try bench.command(.suspend(true, reason: nil))
        try bench.command(.suspend(false, reason: nil))
        try bench.command(.acknowledgeAlarm("notice:\(theirs)"))
        #expect(bench.mechanism.watch.pending.isEmpty)
    }

    @Test("kinds that the terms name take two officers to file and to amend, whatever the amendment does")
    func kinds() throws {
        var demands = SampleTerms.Demands()
        demands.twoOfficersFor = [.strike]
        var bench = try Bench.ready(demands)
        let id = try pend(.file(Founding.elsewhere(bench.utc), mode: .real, audience: nil), &bench)
        let reply = try bench.act(.approve(id), by: Self.b)
        guard case .filed(let notice, version: 1, _) = reply else {
            Issue.record("\(reply)")
            return
        }
        let wider = SampleNotices.strike(at: .hama, radiusM: 9_000, from: bench.utc.advanced(by: .hours(1)))
        let amendment = try pend(.amend(notice, expectedVersion: 1, wider), &bench)
        try bench.act(.approve(amendment), by: Self.b)
        #expect(bench.mechanism.notices[notice]?.version == 2)
        // Removals are not asked for by these terms.
        #expect(try bench.command(.end(notice, reason: .over, remarks: nil)) == .done)
        let presence = try bench.file(Founding.presence(bench.utc))
        #expect(bench.mechanism.notices[presence] != nil)
    }

    @Test("what cannot be done any more leaves the list under the refusal's own name")
    func lapsed() throws {
        var bench = try Bench.ready(.twoOfficers)
        let notice = try bench.file(SampleNotices.standingPresence(at: .hama, from: bench.utc))
        let narrow = SampleNotices.standingPresence(at: .hama, radiusM: 500, from: bench.utc)
        let wide = SampleNotices.standingPresence(at: .hama, radiusM: 9_000, from: bench.utc)
        let id = try pend(.amend(notice, expectedVersion: 1, narrow), &bench)
        try bench.command(.amend(notice, expectedVersion: 1, wide))
        #expect(
            try bench.act(.approve(id), by: Self.b)
                == .lapsed(id, .staleVersion(notice, expected: 1, current: 2)))
        #expect(bench.mechanism.watch.pending.isEmpty)
        #expect(bench.alarm(.secondOfficer, "\(id)")?.state == .cleared)
        #expect(bench.mechanism.notices[notice]?.fields == wide)
        try WatchFold.survivesEachEvent(bench)
    }

    @Test("what is refused at once does not wait for anybody")
    func refusedAtOnce() throws {
        var bench = try Bench.ready(.twoOfficers)
        let nothing = RecordID(party: bench.turkiye, index: 4_000)
        try bench.expect(.noSuchNotice(nothing), of: Command.end(nothing, reason: .over, remarks: nil))
        #expect(bench.mechanism.watch.pending.isEmpty)
    }

    @Test("only the officer who asked withdraws it, it never lapses by time, and it climbs meanwhile")
    func withdrawn() throws {
        var bench = try Bench.ready(.twoOfficers)
        let notice = try bench.file(Founding.presence(bench.utc))
        let id = try pend(.end(notice, reason: .over, remarks: nil), &bench)
        bench.wait(.hours(5))
        #expect(bench.mechanism.watch.pending[id] != nil)
        #expect(bench.alarm(.secondOfficer, "\(id)")?.roles == [.watch, .releasing, .command])
        try bench.expect(.notYourPendingAct(id), of: .withdraw(id), by: Self.b)
        try bench.act(.withdraw(id), by: Self.a)
        #expect(bench.mechanism.watch.pending.isEmpty)
        #expect(bench.alarm(.secondOfficer, "\(id)")?.state == .cleared)
        try bench.expect(.noSuchPendingAct(id), of: .withdraw(id), by: Self.a)
        #expect(bench.mechanism.notices[notice]?.status == .current)
    }

    @Test("ids are never used twice, and one more than the limit is refused")
    func limit() throws {
        var bench = try Bench.ready(.twoOfficers)
        let notice = try bench.file(Founding.presence(bench.utc))
        let end = Command.end(notice, reason: .over, remarks: nil)
        for i in 1...Limits.pendingActs { #expect(try pend(end, &bench) == PendingID(i)) }
        try bench.expect(.tooManyPendingActs, of: end)
        try bench.act(.withdraw(7), by: Self.a)
        #expect(try pend(end, &bench) == PendingID(Limits.pendingActs + 1))
    }

    @Test("a body names a second officer only beside another first one, and its form without one is unchanged")
    func body() throws {
        let content = RecordContent.suspension(Suspension(suspended: true, reason: nil))
        let at = UTCInstant(microseconds: 0)
        let two = RecordBody(mode: .real, createdAt: at, officer: Self.a, secondOfficer: Self.b, content: content)
        #expect(try RecordBody.read(two.json.bytes) == two)
        let text = String(decoding: two.json.bytes, as: UTF8.self)
        #expect(text.contains(#""officer":"Cpt. Sample","secondOfficer":"Maj. Second","content""#))
        let one = RecordBody(mode: .real, createdAt: at, officer: Self.a, content: content)
        #expect(!String(decoding: one.json.bytes, as: UTF8.self).contains("secondOfficer"))
        for bad in [
            text.replacing(#""secondOfficer":"Maj. Second""#, with: #""secondOfficer":"Cpt. Sample""#),
            text.replacing(#""officer":"Cpt. Sample""#, with: #""officer":null"#),
            text.replacing("Maj. Second", with: String(repeating: "x", count: 65)),
        ] {
            #expect(throws: BodyRejection.self) { try RecordBody.read(Array(bad.utf8)) }
        }
    }

    @Test("the longest notice still fits when a second officer's name comes to stand in its record")
    func longest() throws {
        var bench = try Bench.ready(.twoOfficers)
        let shortest = try bench.file(Founding.presence(bench.utc))
        // Quotes take two bytes in JSON each, so the text grows to the very limit.
        var low = 1
        var high = Limits.volumesPerNotice
        func fields(_ count: Int) -> NoticeFields {
            let one = SampleNotices.standingPresence(at: .palmyra, from: bench.utc)
            return NoticeFields(
                kind: one.kind, onBehalfOf: nil, volumes: Array(repeating: one.volumes[0], count: count),
                contact: String(repeating: "\"", count: 2_000), remarks: String(repeating: "\"", count: 2_000),
                reviewBy: one.reviewBy)
        }
        while low < high {
            let middle = (low + high + 1) / 2
            do {
                _ = try bench.simulation.command(
                    .amend(shortest, expectedVersion: 1, fields(middle)), at: bench.turkiye)
                low = middle
            } catch { high = middle - 1 }
        }
        let waiting = try #require(bench.mechanism.watch.pending.keys.last)
        let officer = String(repeating: "\"", count: Limits.officerNameBytes)
        let reply = try bench.act(.approve(waiting), by: officer)
        guard case .filed(shortest, version: 2, _) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(try bench.ownBodies(.notice).last?.secondOfficer == officer)
    }
}
