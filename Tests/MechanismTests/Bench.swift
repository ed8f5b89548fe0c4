import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// One real node, Türkiye, on a table; Israel is scripted and says only what a test makes it say.
struct Bench {
    var simulation: Simulation
    var israel: ScriptedPeer
    let turkiye: PartyID

    /// What the scripted peer answers to the next challenges.
    var peerClockAheadBy: Duration = .zero
    var peerHumanActAgeS: Int64? = 1
    var peerSuspended = false
    var peerTerms: Hash32
    /// Added to the size that it really has.
    var peerClaimsMore: UInt64 = 0
    /// What it says of its own log instead of the truth.
    var peerLogSize: UInt64?
    private var pushed: UInt64 = 0

    init(timing: SampleTerms.Timing = .short) {
        simulation = Simulation(seed: 1, timing: timing)
        simulation.nodesTalk = false
        israel = ScriptedPeer(standingFor: simulation["israel"])
        turkiye = simulation["turkiye"].party
        peerTerms = simulation.terms.fingerprint
    }

    /// Started, staffed, and on good terms with the other side.
    static func ready(timing: SampleTerms.Timing = .short) throws -> Bench {
        var bench = Bench(timing: timing)
        bench.simulation.restart(bench.turkiye)
        bench.israel.write(
            .termsAcceptance(
                TermsAcceptance(
                    fingerprint: bench.terms.fingerprint, terms: String(decoding: bench.terms.bytes, as: UTF8.self))),
            at: bench.utc)
        try bench.command(.present)
        // Signs nothing before the other side has said how much of our log it holds.
        try bench.beat()
        try bench.exchange()
        return bench
    }

    var node: SimulatedNode { simulation["turkiye"] }
    var mechanism: Mechanism { node.mechanism }
    var terms: Terms { simulation.terms }
    var now: Now { simulation.now(at: turkiye) }
    var utc: UTCInstant { now.utc }

    @discardableResult
    mutating func command(_ command: Command) throws -> Reply { try simulation.command(command, at: turkiye) }

    @discardableResult
    mutating func handle(_ event: Event) throws -> Handled { try simulation.handle(event, at: turkiye) }

    mutating func wait(_ duration: Duration) { simulation.run(for: duration) }

    /// Israel delivers what it has written.
    mutating func deliver(withholding: [LogIndex] = []) throws {
        try handle(israel.push(from: pushed, withholding: withholding))
        pushed = israel.size
    }

    /// Israel takes and judges all of our records, and says so.
    mutating func takeOurs() throws {
        try receiptOurs()
        israel.write(
            .evaluated(Evaluated(party: turkiye, size: mechanism.ownLog.size, unreadable: [])), at: utc)
        try deliver()
    }

    mutating func receiptOurs() throws {
        let log = mechanism.ownLog
        try handle(israel.receipt(for: turkiye, size: log.size, root: log.tree.root, at: utc.advanced(by: peerClockAheadBy)))
    }

    /// Israel answers a challenge that we send now.
    mutating func beat() throws { try handle(answer(sentAt: now.monotonic)) }

    func answer(sentAt: MonotonicInstant, holds: UInt64? = nil) -> Event {
        .heartbeat(
            HeartbeatAnswer(
                party: israel.party, challenge: terms.fingerprint, utc: utc.advanced(by: peerClockAheadBy),
                logSize: peerLogSize ?? israel.size + peerClaimsMore,
                holds: holds ?? mechanism.links[israel.party]?.receipted ?? 0,
                humanActAgeS: peerHumanActAgeS, suspended: peerSuspended, termsFingerprint: peerTerms),
            sentAt: sentAt)
    }

    /// Everything that the other side's node does by itself, once.
    mutating func exchange() throws {
        if israel.size > pushed { try deliver() }
        try beat()
        try takeOurs()
        try beat()
    }

    mutating func file(_ fields: NoticeFields, mode: Mode = .real) throws -> NoticeID {
        let reply = try command(.file(fields, mode: mode, audience: nil))
        guard case .filed(let id, _, _) = reply else {
            Issue.record("filing was answered by \(reply)")
            return RecordID(party: turkiye, index: 0)
        }
        return id
    }

    /// Israel files, and delivers.
    mutating func israelFiles(_ fields: NoticeFields, mode: Mode = .real) throws -> NoticeID {
        let id = israel.write(
            .notice(
                NoticeContent(
                    notice: nil, version: 1, kind: fields.kind, onBehalfOf: nil, volumes: fields.volumes,
                    contact: fields.contact, remarks: nil, reviewBy: fields.reviewBy)),
            mode: mode, at: utc, officer: "Maj. Scripted", audience: [turkiye])
        try deliver()
        return id
    }

    mutating func israelAmends(_ id: NoticeID, version: UInt64, _ fields: NoticeFields, mode: Mode = .real) throws {
        israel.write(
            .notice(
                NoticeContent(
                    notice: id, version: version, kind: fields.kind, onBehalfOf: nil, volumes: fields.volumes,
                    contact: fields.contact, remarks: nil, reviewBy: fields.reviewBy)),
            mode: mode, at: utc, officer: "Maj. Scripted", audience: [turkiye])
        try deliver()
    }

    mutating func israelEnds(_ id: NoticeID, version: UInt64 = 1) throws {
        israel.write(
            .noticeEnd(NoticeEnd(notice: id, version: version, reason: .over, remarks: nil)), at: utc,
            audience: [turkiye])
        try deliver()
    }

    mutating func israelReadsBack(
        _ id: NoticeID, version: UInt64 = 1, leaf: Hash32? = nil, _ readBack: ReadBack
    ) throws {
        let held = try #require(mechanism.notices[id]).leaf
        israel.write(
            .acknowledgement(Acknowledgement(
                    notice: id, version: version, leaf: leaf ?? held, readBack: readBack)), at: utc,
            officer: "Maj. Scripted", audience: [turkiye])
        try deliver()
    }

    mutating func israelSays(
        _ stance: ConflictPosition.Stance, _ conditions: [String] = [], to conflict: ConflictID,
        versions: (UInt64, UInt64)? = nil
    ) throws {
        let held = try #require(mechanism.conflicts[conflict])
        let first = versions?.0 ?? mechanism.notices[held.first]?.version ?? 1
        let second = versions?.1 ?? mechanism.notices[held.second]?.version ?? 1
        israel.write(
            .conflictPosition(
                ConflictPosition(
                    conflict: conflict, first: NoticeVersion(notice: held.first, version: first),
                    second: NoticeVersion(notice: held.second, version: second), stance: stance,
                    conditions: conditions, remarks: nil)),
            mode: held.mode, at: utc, officer: "Maj. Scripted", audience: [turkiye])
        try deliver()
    }

    func assurance(of id: NoticeID) throws -> Assurance {
        try #require(mechanism.assurance(of: id, now: now))
    }

    /// Names of the reasons, in order of appearance.
    func reasons(of id: NoticeID) throws -> [String] { try assurance(of: id).reasons.map(\.name) }

    func alarm(_ kind: Alarm.Kind, _ subject: String) -> Alarm? { mechanism.alarms[Alarm.id(kind, subject)] }

    /// A presence at Palmyra that nothing touches, delivered and judged: its assurance is clear.
    mutating func clearNotice() throws -> NoticeID {
        let id = try file(SampleNotices.standingPresence(at: .palmyra, from: utc))
        try exchange()
        return id
    }
}

/// A presence at T4 and a strike that reaches it, half an hour from now.
enum Founding {
    static func presence(_ utc: UTCInstant) -> NoticeFields { SampleNotices.standingPresence(at: .t4, from: utc) }

    static func strike(_ utc: UTCInstant, in wait: Duration = .hours(1)) -> NoticeFields {
        SampleNotices.strike(at: .t4, from: utc.advanced(by: wait))
    }

    static func elsewhere(_ utc: UTCInstant) -> NoticeFields {
        SampleNotices.strike(at: .hama, from: utc.advanced(by: .hours(1)))
    }
}
