import Foundation
import Geodesy
import JointLog
import Kernel
import Mechanism
import Records
import Separation
import Simulation
import Testing

/// Each refusal at least once; after it nothing has changed and nothing is journalled.
@Suite("A refusal")
struct RefusalTests {
    private func state(_ bench: Bench) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(bench.mechanism.snapshot)
    }

    private func expect(
        _ refusal: Refusal, of event: Event, _ bench: inout Bench, at location: SourceLocation = #_sourceLocation
    ) throws {
        let before = try state(bench)
        let journal = bench.node.journal.count
        let records = bench.node.held
        #expect(throws: refusal, sourceLocation: location) { try bench.handle(event) }
        #expect(try state(bench) == before, sourceLocation: location)
        #expect(bench.node.journal.count == journal && bench.node.held == records, sourceLocation: location)
    }

    private func expect(
        _ refusal: Refusal, of command: Command, _ bench: inout Bench, officer: String = "Cpt. Sample",
        at location: SourceLocation = #_sourceLocation
    ) throws {
        try expect(refusal, of: .command(command, officer: officer), &bench, at: location)
    }

    @Test("names what is wrong with a filing")
    func filing() throws {
        var bench = try Bench.ready()
        let good = Founding.presence(bench.utc)
        let volume = good.volumes[0].volume
        func fields(
            kind: ActivityKind = .standingPresence, volumes: [StatedVolume]? = nil, contact: String = "x",
            remarks: String? = nil, reviewBy: UTCInstant?? = .none
        ) -> NoticeFields {
            NoticeFields(
                kind: kind, onBehalfOf: nil, volumes: volumes ?? good.volumes, contact: contact, remarks: remarks,
                reviewBy: reviewBy ?? good.reviewBy)
        }
        func file(_ fields: NoticeFields, audience: [PartyID]? = nil) -> Command {
            .file(fields, mode: .real, audience: audience)
        }
        try expect(.unknownKind("naval-activity"), of: file(fields(kind: .navalActivity)), &bench)
        try expect(.reviewMissing, of: file(fields(reviewBy: .some(nil))), &bench)
        let far = bench.utc.advanced(by: Limits.reviewWithin + .seconds(1))
        try expect(.reviewTooFar, of: file(fields(reviewBy: far)), &bench)
        let high = try #require(Altitude(value: 9_000, unit: .metres, datum: .amsl))
        let low = try #require(Altitude(value: 1_000, unit: .metres, datum: .amsl))
        let reversed = StatedVolume(
            volume: Volume4D(
                footprint: volume.footprint, band: AltitudeBand(lower: high, upper: low), window: volume.window),
            original: nil)
        try expect(.altitudeReversed(volume: 1), of: file(fields(volumes: good.volumes + [reversed])), &bench)
        try expect(.unknownAudience(bench.turkiye), of: file(good, audience: [bench.turkiye]), &bench)
        try expect(.unknownAudience(bench.turkiye), of: file(good, audience: []), &bench)
        let stranger = try #require(PartyID("stranger"))
        try expect(.unknownAudience(stranger), of: file(good, audience: [stranger]), &bench)
        // What no other node could read is not signed.
        try expect(
            .field(FieldRejection(path: "contact", problem: .notAllowed(rule: "not empty"))),
            of: file(fields(contact: "")), &bench)
        try expect(
            .field(FieldRejection(path: "remarks", problem: .tooLong(limit: Limits.textBytes))),
            of: file(fields(remarks: String(repeating: "x", count: Limits.textBytes + 1))), &bench)
        try expect(
            .field(FieldRejection(path: "volumes", problem: .outOfRange(rule: "1 to 64 elements"))),
            of: file(fields(volumes: Array(repeating: good.volumes[0], count: 65))), &bench)
        try expect(
            .field(FieldRejection(path: "officer", problem: .tooLong(limit: Limits.officerNameBytes))),
            of: file(good), &bench, officer: String(repeating: "x", count: 65))
        let wordy = StatedVolume(volume: volume, original: String(repeating: "x", count: 1_900))
        try expect(.bodyTooLong, of: file(fields(volumes: Array(repeating: wordy, count: 40))), &bench)
    }

    @Test("names what is wrong with a command about a notice")
    func notices() throws {
        var bench = try Bench.ready()
        let mine = try bench.file(Founding.presence(bench.utc))
        let theirs = try bench.israelFiles(Founding.elsewhere(bench.utc))
        let fields = Founding.presence(bench.utc)
        let readBack = SampleNotices.rightReadBack(of: Founding.elsewhere(bench.utc))
        let nobody = RecordID(party: bench.turkiye, index: 999)
        try expect(.noSuchNotice(nobody), of: .amend(nobody, expectedVersion: 1, fields), &bench)
        try expect(.notYourNotice(theirs), of: .amend(theirs, expectedVersion: 1, fields), &bench)
        try expect(
            .staleVersion(mine, expected: 2, current: 1), of: .amend(mine, expectedVersion: 2, fields), &bench)
        try expect(.noSuchNotice(nobody), of: .end(nobody, reason: .over, remarks: nil), &bench)
        try expect(.notYourNotice(theirs), of: .end(theirs, reason: .over, remarks: nil), &bench)
        try expect(
            .field(FieldRejection(path: "remarks", problem: .tooLong(limit: Limits.textBytes))),
            of: .end(mine, reason: .over, remarks: String(repeating: "x", count: 2_001)), &bench)
        try expect(.yourOwnNotice(mine), of: .acknowledge(mine, version: 1, readBack), &bench)
        try expect(.noSuchNotice(nobody), of: .acknowledge(nobody, version: 1, readBack), &bench)
        try expect(
            .staleVersion(theirs, expected: 2, current: 1), of: .acknowledge(theirs, version: 2, readBack), &bench)
        let wordy = ReadBack(
            position: readBack.position, lower: readBack.lower, start: readBack.start,
            original: String(repeating: "x", count: 201))
        try expect(
            .field(FieldRejection(path: "readBack.original", problem: .tooLong(limit: 200))),
            of: .acknowledge(theirs, version: 1, wordy), &bench)
        try bench.command(.end(mine, reason: .over, remarks: nil))
        try expect(.alreadyEnded(mine), of: .amend(mine, expectedVersion: 1, fields), &bench)
        try bench.israelEnds(theirs)
        try expect(.alreadyEnded(theirs), of: .acknowledge(theirs, version: 1, readBack), &bench)
    }

    @Test("stops read-backs of one notice at their limit")
    func readBackLimit() throws {
        var bench = try Bench.ready()
        let fields = Founding.elsewhere(bench.utc)
        let id = try bench.israelFiles(fields)
        let wrong = SampleNotices.wrongReadBack(of: fields)
        var mechanism = bench.mechanism
        var authority = SeededAuthority(seed: 1)
        for _ in 0..<Limits.readBackAttempts {
            _ = try mechanism.handle(
                .command(.acknowledge(id, version: 1, wrong), officer: "x"), now: bench.now, authority: &authority)
        }
        #expect(throws: Refusal.tooManyReadBacks(id)) {
            try mechanism.handle(
                .command(.acknowledge(id, version: 1, wrong), officer: "x"), now: bench.now, authority: &authority)
        }
    }

    @Test("names what is wrong with a command about a conflict, an alarm or the suspension")
    func conflicts() throws {
        var bench = try Bench.ready()
        let mine = try bench.file(Founding.presence(bench.utc))
        let theirs = try bench.israelFiles(Founding.strike(bench.utc))
        let id = Conflict.id(mechanism: bench.terms.mechanism, mode: .real, mine, theirs)
        func position(
            _ id: ConflictID, _ stance: ConflictPosition.Stance = .dispute, _ conditions: [String] = []
        ) -> Command {
            .position(id, stance: stance, conditions: conditions, remarks: nil)
        }
        try expect(.noSuchConflict(MerkleHash.empty), of: position(MerkleHash.empty), &bench)
        let rule = FieldRejection.Problem.notAllowed(rule: "at least one to settle, none otherwise")
        try expect(.field(FieldRejection(path: "conditions", problem: rule)), of: position(id, .settle), &bench)
        try expect(.field(FieldRejection(path: "conditions", problem: rule)), of: position(id, .dispute, ["x"]), &bench)
        try bench.israelEnds(theirs)
        try expect(.conflictCleared(id), of: position(id), &bench)
        try expect(.noSuchAlarm("conflict:\(id.hex)"), of: .acknowledgeAlarm("conflict:\(id.hex)"), &bench)
        try expect(.noSuchAlarm("x"), of: .acknowledgeAlarm("x"), &bench)
        try expect(.notSuspended, of: .suspend(false, reason: nil), &bench)
        try bench.command(.suspend(true, reason: nil))
        try expect(.alreadySuspended, of: .suspend(true, reason: nil), &bench)
    }

    @Test("keeps a third party out of others' conflicts and notices")
    func thirdParty() throws {
        var simulation = Simulation(seed: 9, principals: ["egypt", "israel", "turkiye"])
        simulation.start()
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        let (egypt, israel, turkiye) = (
            simulation["egypt"].party, simulation["israel"].party, simulation["turkiye"].party
        )
        try simulation.command(.file(Founding.presence(simulation.utc), mode: .real, audience: nil), at: turkiye)
        try simulation.command(.file(Founding.strike(simulation.utc), mode: .real, audience: nil), at: israel)
        let narrow = try simulation.command(
            .file(SampleNotices.strike(at: .hama, from: simulation.utc), mode: .real, audience: [turkiye]), at: israel)
        simulation.run(for: .seconds(3))
        let conflict = try #require(simulation["egypt"].mechanism.conflicts.first?.key)
        #expect(throws: Refusal.notYourConflict(conflict)) {
            try simulation.command(.position(conflict, stance: .dispute, conditions: [], remarks: nil), at: egypt)
        }
        guard case .filed(let id, _, _) = narrow else { return }
        let readBack = SampleNotices.rightReadBack(of: SampleNotices.strike(at: .hama, from: simulation.utc))
        #expect(throws: Refusal.noSuchNotice(id)) {
            try simulation.command(.acknowledge(id, version: 1, readBack), at: egypt)
        }
        #expect(simulation["egypt"].mechanism.logs[israel]?.withheld == 1)
    }

    @Test("keeps an officer from reading back a notice that came to us by mistake")
    func notAddressed() throws {
        var bench = Bench()
        bench.simulation = Simulation(seed: 3, principals: ["egypt", "israel", "turkiye"])
        bench.israel = ScriptedPeer(standingFor: bench.simulation["israel"])
        bench.simulation.restart(bench.turkiye)
        // Egypt keeps silent; Israel alone confirms the size of our log.
        bench.wait(.seconds(7))
        try bench.beat()
        let fields = Founding.elsewhere(bench.utc)
        let id = bench.israel.write(
            .notice(
                NoticeContent(
                    notice: nil, version: 1, kind: fields.kind, onBehalfOf: nil, volumes: fields.volumes, contact: "x",
                    remarks: nil, reviewBy: nil)),
            at: bench.utc, audience: [bench.simulation["egypt"].party])
        try bench.deliver()
        try expect(
            .notAddressedToUs(id), of: .acknowledge(id, version: 1, SampleNotices.rightReadBack(of: fields)), &bench)
    }

    @Test("keeps a mediator from filing")
    func mediator() throws {
        var simulation = Simulation(seed: 9, mediator: "azerbaijan")
        simulation.start()
        let mediator = simulation["azerbaijan"].party
        #expect(throws: Refusal.mediatorCannotFile) {
            try simulation.command(
                .file(Founding.presence(simulation.utc), mode: .real, audience: nil), at: mediator)
        }
        #expect(throws: Refusal.mediatorCannotFile) {
            try simulation.command(.suspend(true, reason: nil), at: mediator)
        }
    }

    @Test("names what is wrong with what a peer sends")
    func peers() throws {
        var bench = try Bench.ready()
        let israel = bench.israel.party
        let stranger = try #require(PartyID("stranger"))
        let size = bench.israel.size
        let ours = bench.mechanism.ownLog
        guard case .pushed(let push) = bench.israel.push(from: 0) else { return }
        let (envelopes, checkpoint) = (push.envelopes, push.checkpoint)
        try expect(
            .unknownPeer(stranger),
            of: .entries(from: stranger, first: 0, envelopes: envelopes, checkpoint: checkpoint), &bench)
        try expect(
            .unknownPeer(bench.turkiye),
            of: .entries(from: bench.turkiye, first: 0, envelopes: envelopes, checkpoint: checkpoint), &bench)
        try expect(
            .badCheckpoint(israel),
            of: .entries(from: israel, first: 1, envelopes: envelopes, checkpoint: checkpoint), &bench)
        try expect(
            .badCheckpoint(israel),
            of: .entries(from: israel, first: 0, envelopes: envelopes, checkpoint: "nonsense"), &bench)
        // A gap.
        bench.israel.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        bench.israel.write(.suspension(Suspension(suspended: false, reason: nil)), at: bench.utc)
        try expect(.notNext(expected: size, found: size + 1), of: bench.israel.push(from: size + 1), &bench)
        // Bytes that do not belong to the checkpoint.
        guard case .pushed(let later) = bench.israel.push(from: size) else { return }
        let (next, good) = (later.envelopes, later.checkpoint)
        var forged = next[0].array
        forged[10] ^= 1
        try expect(
            .record(index: size, .malformedHeader),
            of: .entries(from: israel, first: size, envelopes: [Bytes(forged), next[1]], checkpoint: good), &bench)
        try expect(
            .notNext(expected: size, found: size + 1),
            of: .entries(from: israel, first: size, envelopes: [next[1], next[0]], checkpoint: good), &bench)
        let wrong = bench.israel.checkpoint(size: size + 2, root: MerkleHash.empty)
        try expect(
            .checkpointMismatch(israel, size: size + 2),
            of: .entries(from: israel, first: size, envelopes: next, checkpoint: wrong), &bench)
        // Receipts.
        try expect(.unknownPeer(stranger), of: .receipt(from: stranger, note: "x", root: nil), &bench)
        try expect(.badReceipt(israel), of: .receipt(from: israel, note: "x", root: nil), &bench)
        try expect(
            .badReceipt(israel),
            of: bench.israel.receipt(for: bench.turkiye, size: ours.size + 1, root: ours.tree.root, at: bench.utc),
            &bench)
        try expect(
            .badReceipt(israel),
            of: bench.israel.receipt(for: bench.turkiye, size: ours.size, root: MerkleHash.empty, at: bench.utc),
            &bench)
        try expect(
            .unknownPeer(stranger),
            of: .heartbeat(
                HeartbeatAnswer(
                    party: stranger, challenge: MerkleHash.empty, utc: bench.utc, logSize: 0, holds: 0,
                    humanActAgeS: nil, suspended: false, termsFingerprint: MerkleHash.empty),
                sentAt: bench.now.monotonic), &bench)
        // The next good push succeeds.
        #expect(try bench.handle(bench.israel.push(from: size)).reply == .holding(size: size + 2))
    }

    @Test("what was pushed before is answered and changes nothing")
    func idempotent() throws {
        var bench = try Bench.ready()
        let size = bench.israel.size
        let handled = try bench.handle(bench.israel.push(from: 0))
        #expect(handled.reply == .holding(size: size) && handled.writes.isEmpty)
        #expect(try bench.handle(bench.israel.push(from: 0, to: 1)).reply == .holding(size: size))
        bench.israel.write(.suspension(Suspension(suspended: true, reason: nil)), at: bench.utc)
        #expect(try bench.handle(bench.israel.push(from: 0)).reply == .holding(size: size + 1))
    }
}
