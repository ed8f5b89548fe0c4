import JointLog
import Kernel
import Mechanism
import Records
import Separation
import Simulation
import Testing

/// What a peer's properly signed record may claim, and what becomes of nonsense: it is held, attributed and makes
/// `unknown`; it never acts and never stops the node.
@Suite("A peer's record")
struct PeerRecordTests {
    private func expectUnreadable(
        _ bench: inout Bench, _ content: RecordContent, mode: Mode = .real, because part: String,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let notices = bench.mechanism.notices
        let conflicts = bench.mechanism.conflicts
        let record = bench.israel.write(content, mode: mode, at: bench.utc, audience: [bench.turkiye])
        try bench.deliver()
        let reason = bench.mechanism.logs[bench.israel.party]?.unreadable[record.index]
        #expect(reason?.contains(part) == true, "\(reason ?? "readable")", sourceLocation: location)
        #expect(bench.mechanism.notices == notices && bench.mechanism.conflicts == conflicts, sourceLocation: location)
        #expect(bench.mechanism.assurance(now: bench.now).answer != .clear, sourceLocation: location)
    }

    private func notice(
        _ fields: NoticeFields, of id: NoticeID? = nil, version: UInt64 = 1, kind: ActivityKind? = nil
    ) -> RecordContent {
        .notice(
            NoticeContent(
                notice: id, version: version, kind: kind ?? fields.kind, onBehalfOf: nil, volumes: fields.volumes,
                contact: "x", remarks: nil, reviewBy: fields.reviewBy))
    }

    @Test("about notices that do not fit is held, attributed, and does nothing")
    func notices() throws {
        var bench = try Bench.ready()
        let mine = try bench.file(Founding.presence(bench.utc))
        let fields = Founding.elsewhere(bench.utc)
        let theirs = try bench.israelFiles(fields)
        let ended = try bench.israelFiles(fields)
        try bench.israelEnds(ended)
        let nobody = RecordID(party: bench.israel.party, index: 900)
        try expectUnreadable(&bench, notice(fields, kind: .navalActivity), because: "know no kind")
        try expectUnreadable(&bench, notice(fields, kind: .standingPresence), because: "review date")
        try expectUnreadable(&bench, notice(fields, of: nobody, version: 2), because: "do not hold")
        try expectUnreadable(&bench, notice(fields, of: mine, version: 2), because: "do not hold")
        try expectUnreadable(&bench, notice(fields, of: theirs, version: 3), because: "is version 3")
        try expectUnreadable(&bench, notice(fields, of: ended, version: 2), because: "has ended")
        try expectUnreadable(&bench, notice(fields, of: theirs, version: 2), mode: .drill, because: "mode or audience")
        func end(_ id: NoticeID, version: UInt64) -> RecordContent {
            .noticeEnd(NoticeEnd(notice: id, version: version, reason: .over, remarks: nil))
        }
        try expectUnreadable(&bench, end(mine, version: 1), because: "do not hold")
        try expectUnreadable(&bench, end(theirs, version: 2), because: "ends version 2")
        try expectUnreadable(&bench, end(ended, version: 1), because: "ends version 1")
        let readBack = SampleNotices.rightReadBack(of: fields)
        func acknowledge(_ id: NoticeID, version: UInt64) -> RecordContent {
            .acknowledgement(
                Acknowledgement(
                    notice: id, version: version, leaf: bench.mechanism.notices[id]?.leaf ?? MerkleHash.sha256([]), readBack: readBack))
        }
        try expectUnreadable(&bench, acknowledge(theirs, version: 1), because: "not addressed to its author")
        try expectUnreadable(&bench, acknowledge(mine, version: 2), because: "does not exist")
        #expect(bench.mechanism.notices[mine]?.status == .current)
    }

    @Test("about judgements and terms that cannot be is held, attributed, and does nothing")
    func judgements() throws {
        var bench = try Bench.ready()
        let ours = bench.mechanism.ownLog.size
        func evaluated(_ party: PartyID, _ size: UInt64) -> RecordContent {
            .evaluated(Evaluated(party: party, size: size, unreadable: []))
        }
        try expectUnreadable(&bench, evaluated(bench.israel.party, 1), because: "judges israel's log")
        try expectUnreadable(&bench, evaluated(try #require(PartyID("stranger")), 1), because: "judges stranger's log")
        try expectUnreadable(&bench, evaluated(bench.turkiye, 0), because: "takes back")
        try expectUnreadable(&bench, evaluated(bench.turkiye, ours + 100), because: "have not written")
        #expect((bench.mechanism.ownLog.evaluatedBy[bench.israel.party] ?? 0) <= ours)
        let text = String(decoding: bench.terms.bytes, as: UTF8.self)
        try expectUnreadable(
            &bench, .termsAcceptance(TermsAcceptance(fingerprint: bench.terms.fingerprint, terms: text)),
            because: "not proposed")
    }

    @Test("about conflicts that cannot be is held, attributed, and does nothing")
    func conflicts() throws {
        var bench = try Bench.ready()
        let mine = try bench.file(Founding.presence(bench.utc))
        let theirs = try bench.israelFiles(Founding.elsewhere(bench.utc))
        let drill = try bench.israelFiles(Founding.elsewhere(bench.utc), mode: .drill)
        let (first, second) = (min(mine, theirs), max(mine, theirs))
        let id = Conflict.id(mechanism: bench.terms.mechanism, mode: .real, mine, theirs)
        func finding(
            _ id: ConflictID, _ first: NoticeID, _ second: NoticeID, versions: (UInt64, UInt64) = (1, 1)
        ) -> RecordContent {
            .finding(
                Finding(
                    conflict: id, first: NoticeVersion(notice: first, version: versions.0),
                    second: NoticeVersion(notice: second, version: versions.1), proven: true))
        }
        func between(_ a: NoticeID, _ b: NoticeID, _ mode: Mode = .real) -> ConflictID {
            Conflict.id(mechanism: bench.terms.mechanism, mode: mode, a, b)
        }
        try expectUnreadable(&bench, finding(MerkleHash.empty, first, second), because: "id is not")
        try expectUnreadable(&bench, finding(id, first, second, versions: (1, 2)), because: "does not exist")
        let missing = RecordID(party: bench.turkiye, index: 900)
        try expectUnreadable(&bench, finding(between(theirs, missing), theirs, missing), because: "do not hold")
        try expectUnreadable(&bench, finding(between(drill, mine), drill, mine), because: "cannot collide")
        let position = ConflictPosition(
            conflict: id, first: NoticeVersion(notice: first, version: 1),
            second: NoticeVersion(notice: second, version: 1), stance: .dispute, conditions: [], remarks: nil)
        try expectUnreadable(&bench, .conflictPosition(position), because: "nobody found")
        let swapped = ConflictPosition(
            conflict: id, first: position.second, second: position.first, stance: .dispute, conditions: [],
            remarks: nil)
        try expectUnreadable(&bench, .conflictPosition(swapped), because: "id is not")
    }

    @Test("that crosses a third party's log on the way is understood when the rest arrives")
    func crossesThirdPartysLog() throws {
        var simulation = Simulation(seed: 12, principals: ["egypt", "israel", "turkiye"])
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        let (egypt, israel, turkiye) = (
            simulation["egypt"].party, simulation["israel"].party, simulation["turkiye"].party
        )
        let reply = try simulation.command(
            .file(SampleNotices.standingPresence(at: .palmyra, from: simulation.utc), mode: .real, audience: nil),
            at: turkiye)
        guard case .filed(let presence, _, _) = reply else { return }
        try simulation.command(.file(Founding.strike(simulation.utc), mode: .real, audience: nil), at: israel)
        simulation.run(for: .seconds(3))
        // Egypt hears Israel speak of a version of Türkiye's notice that it cannot hold yet.
        simulation.network.part(egypt, turkiye)
        try simulation.command(.amend(presence, expectedVersion: 1, Founding.presence(simulation.utc)), at: turkiye)
        simulation.run(for: .seconds(3))
        let conflict = try #require(simulation["israel"].mechanism.conflicts.first?.key)
        try simulation.command(.position(conflict, stance: .dispute, conditions: [], remarks: nil), at: israel)
        simulation.run(for: .seconds(3))
        #expect(simulation["egypt"].mechanism.notices[presence]?.version == 1)
        #expect(simulation["egypt"].mechanism.logs[israel]?.unreadable.isEmpty == true)
        let waiting = simulation["egypt"].mechanism.assurance(now: simulation.now(at: egypt))
        #expect(waiting.answer == .unknown && waiting.reasons.map(\.name).contains("waiting"))
        simulation.network.join(egypt, turkiye)
        simulation.run(for: .seconds(6))
        #expect(simulation["egypt"].mechanism.conflicts[conflict]?.state == .disputed)
        #expect(simulation["egypt"].mechanism.logs[israel]?.unreadable.isEmpty == true)
    }

    @Test("of a notice addressed to few says nothing to the others: not by a finding, not by a read-back")
    func narrowAudience() throws {
        var simulation = Simulation(seed: 13, principals: ["egypt", "israel", "turkiye"])
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        let (egypt, israel, turkiye) = (
            simulation["egypt"].party, simulation["israel"].party, simulation["turkiye"].party
        )
        let strike = Founding.strike(simulation.utc)
        // Israel tells Türkiye of a strike, not Egypt; both of the others stand at its place.
        try simulation.command(.file(Founding.presence(simulation.utc), mode: .real, audience: nil), at: egypt)
        try simulation.command(.file(Founding.presence(simulation.utc), mode: .real, audience: nil), at: turkiye)
        simulation.run(for: .seconds(3))
        let reply = try simulation.command(.file(strike, mode: .real, audience: [turkiye]), at: israel)
        guard case .filed(let id, _, _) = reply else { return }
        simulation.run(for: .seconds(3))
        try simulation.command(.acknowledge(id, version: 1, SampleNotices.rightReadBack(of: strike)), at: turkiye)
        simulation.run(for: .seconds(3))
        // Israel and Türkiye were told of all three; Egypt knows of no collision with it, and nothing is unreadable.
        #expect(simulation["israel"].mechanism.notices[id]?.conflicts.count == 2)
        #expect(simulation["turkiye"].mechanism.notices[id]?.conflicts.count == 2)
        #expect(simulation["egypt"].mechanism.notices[id] == nil)
        for peer in [israel, turkiye] {
            #expect(simulation["egypt"].mechanism.logs[peer]?.unreadable.isEmpty == true)
            for bytes in simulation["egypt"].held[peer] ?? [] {
                guard let sealed = Envelope(encoded: bytes)?.sealed else { continue }
                // The cipher of today is none: the bytes would show.
                #expect(!String(decoding: sealed, as: UTF8.self).contains(id.description))
            }
        }
        // A collision of which the other side was not told cannot be settled with it.
        let hidden = try #require(
            simulation["israel"].mechanism.conflicts.values.first { $0.involves(egypt) && $0.involves(israel) }?.id)
        #expect(throws: Refusal.unknownAudience(egypt)) {
            try simulation.command(.position(hidden, stance: .dispute, conditions: [], remarks: nil), at: israel)
        }
    }

    @Test("that states a judgement is answered by no other: two nodes come to rest")
    func noEndlessAnswers() throws {
        var simulation = Simulation(seed: 14)
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        try simulation.command(
            .file(Founding.presence(simulation.utc), mode: .real, audience: nil), at: simulation["turkiye"].party)
        try simulation.command(
            .file(Founding.strike(simulation.utc), mode: .real, audience: nil), at: simulation["israel"].party)
        simulation.run(for: .seconds(5))
        let sizes = simulation.nodes.map(\.mechanism.ownLog.size)
        simulation.run(for: .seconds(60))
        #expect(simulation.nodes.map(\.mechanism.ownLog.size) == sizes)
    }
}
