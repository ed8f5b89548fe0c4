import Foundation
import Geodesy
import Kernel
import Mechanism
import Records
import Simulation
import Testing

extension Bench {
    /// As ``ready(timing:)``, under terms that ask more of people.
    static func ready(_ demands: SampleTerms.Demands) throws -> Bench {
        var bench = Bench()
        bench.simulation = Simulation(seed: 1, demands: demands)
        bench.simulation.nodesTalk = false
        bench.israel = ScriptedPeer(standingFor: bench.simulation["israel"])
        bench.peerTerms = bench.simulation.terms.fingerprint
        bench.simulation.restart(bench.turkiye)
        bench.israel.write(
            .termsAcceptance(
                TermsAcceptance(
                    fingerprint: bench.terms.fingerprint, terms: String(decoding: bench.terms.bytes, as: UTF8.self))),
            at: bench.utc)
        try bench.command(.present)
        try bench.beat()
        try bench.exchange()
        return bench
    }

    @discardableResult
    mutating func act(_ command: WatchCommand, by officer: String = "Cpt. Sample") throws -> Reply {
        try handle(.command(.watch(command), officer: officer)).reply
    }

    /// Refused by that name, with nothing changed and nothing journalled.
    mutating func expect(
        _ refusal: Refusal, of command: Command, by officer: String = "Cpt. Sample",
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let before = try WatchFold.bytes(mechanism)
        let journal = node.journal.count
        #expect(throws: refusal, sourceLocation: location) {
            try handle(.command(command, officer: officer))
        }
        #expect(try WatchFold.bytes(mechanism) == before && node.journal.count == journal, sourceLocation: location)
    }

    mutating func expect(
        _ refusal: Refusal, of command: WatchCommand, by officer: String = "Cpt. Sample",
        at location: SourceLocation = #_sourceLocation
    ) throws {
        try expect(refusal, of: .watch(command), by: officer, at: location)
    }

    /// The bodies of our own records of a kind, in order.
    func ownBodies(_ kind: RecordKind) throws -> [RecordBody] {
        try (node.held[turkiye] ?? []).compactMap { bytes in
            let record = try VerifiedRecord(fromOwnJournal: bytes)
            var epochs = OpenedEpochs()
            let opened = record.opened(
                by: turkiye, in: LogID(party: turkiye), sealing: .none, epochs: &epochs, decapsulate: { _, _ in nil })
            guard case .open(let body) = opened, body.content.kind == kind else { return nil }
            return body
        }
    }
}

/// The node killed after each event of its journal and started again from a snapshot: the same state at every step.
enum WatchFold {
    static func bytes(_ mechanism: Mechanism) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(mechanism.snapshot)
    }

    static func survivesEachEvent(_ bench: Bench, at location: SourceLocation = #_sourceLocation) throws {
        let node = bench.node
        let reference = VerticalReference(bounds: node.terms)
        var whole = Mechanism(party: node.party, terms: node.terms, reference: reference)
        var restored = whole
        for recorded in node.journal {
            var first = ReplayingAuthority(recorded.given)
            var second = ReplayingAuthority(recorded.given)
            let a = try whole.handle(recorded.event, now: recorded.now, authority: &first, isReplay: true)
            let b = try restored.handle(recorded.event, now: recorded.now, authority: &second, isReplay: true)
            #expect(a.reply == b.reply && a.writes == b.writes && a.effects == b.effects, sourceLocation: location)
            let snapshot = try JSONDecoder().decode(MechanismSnapshot.self, from: bytes(restored))
            restored = try #require(
                Mechanism(snapshot, party: node.party, terms: node.terms, reference: reference))
            #expect(restored.nextDeadline == whole.nextDeadline, sourceLocation: location)
        }
        #expect(try bytes(restored) == bytes(node.mechanism), sourceLocation: location)
    }
}

@Suite("The board")
struct WatchBoardTests {
    @Test("shows both sides' notices that begin within two hours or are under way, in order of start")
    func order() throws {
        var bench = try Bench.ready()
        let utc = bench.utc
        let presence = try bench.file(SampleNotices.standingPresence(at: .palmyra, from: utc.advanced(by: .hours(-3))))
        let soon = try bench.israelFiles(SampleNotices.airOperation(at: .hama, from: utc.advanced(by: .hours(1))))
        let edge = try bench.file(SampleNotices.airOperation(at: .hama, from: utc.advanced(by: .hours(2))))
        let later = try bench.file(
            SampleNotices.airOperation(at: .hama, from: utc.advanced(by: .hours(2) + .seconds(60))))
        let ended = try bench.file(SampleNotices.airOperation(at: .hama, from: utc.advanced(by: .hours(1))))
        try bench.command(.end(ended, reason: .cancelled, remarks: nil))
        let now = Now(utc: utc, monotonic: bench.now.monotonic)
        #expect(bench.mechanism.board(now: now).map(\.notice.id) == [presence, soon, edge])
        #expect(bench.mechanism.board(now: now).map(\.isUnderWay) == [true, false, false])
        let wider = bench.mechanism.board(now: now, within: .hours(3))
        #expect(wider.map(\.notice.id) == [presence, soon, edge, later])
        #expect(wider.map(\.start) == wider.map(\.start).sorted())
    }

    @Test("keeps what is past its time without its owner's word, and drops what its owner has ended")
    func overdue() throws {
        var bench = try Bench.ready()
        let id = try bench.file(SampleNotices.airOperation(at: .hama, from: bench.utc, lasting: .seconds(60)))
        bench.wait(.hours(1))
        let entry = try #require(bench.mechanism.board(now: bench.now).first)
        #expect(entry.notice.id == id && entry.notice.status == .overdue && entry.isUnderWay)
        try bench.command(.end(id, reason: .over, remarks: nil))
        #expect(bench.mechanism.board(now: bench.now).isEmpty)
    }

    @Test("tells of each notice the answer, the conflicts, and who has not acknowledged or passed it on")
    func entry() throws {
        var bench = try Bench.ready(.strikesPassedOn)
        let presence = try bench.file(Founding.presence(bench.utc))
        let strike = try bench.israelFiles(Founding.strike(bench.utc))
        let board = bench.mechanism.board(now: bench.now)
        #expect(board.map(\.notice.id) == [presence, strike])
        let conflict = try #require(bench.mechanism.conflicts.first)
        #expect(board.map(\.conflicts) == [[conflict.key], [conflict.key]])
        #expect(board.map(\.assurance.answer) == [.conflict, .conflict])
        #expect(board[0].notAcknowledged == [bench.israel.party] && board[1].notAcknowledged == [bench.turkiye])
        #expect(board[0].notPassedOn.isEmpty && board[1].notPassedOn == [bench.israel.party, bench.turkiye])
        try bench.command(
            .acknowledge(strike, version: 1, SampleNotices.rightReadBack(of: Founding.strike(bench.utc))))
        try bench.act(.concerns(.notice(NoticeVersion(notice: strike, version: 1)), units: []))
        let after = try #require(bench.mechanism.board(now: bench.now).last)
        #expect(after.notAcknowledged.isEmpty && after.notPassedOn == [bench.israel.party])
        for entry in bench.mechanism.board(now: bench.now) {
            #expect(entry.assurance == bench.mechanism.assurance(of: entry.notice.id, now: bench.now))
        }
    }
}
