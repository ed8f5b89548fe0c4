import Kernel
import Records

/// What became of one notice, by the bodies that the bundle shows: each fact by whom, when by their clock, and in
/// which record.
public struct NoticeHistory: Hashable, Sendable {
    public let notice: NoticeID
    public let versions: [Version]
    public let ends: [End]
    /// In order of place.
    public let findings: [Found]
    public let positions: [Taken]

    /// A statement: an officer's, for whom the party's node vouches, or the node's own.
    public struct Statement: Hashable, Sendable {
        public let place: AuditReport.Place
        /// By the author's clock.
        public let claimed: UTCInstant
        public let officer: String?
        /// The party whose node signed it.
        public var attestedBy: PartyID { place.log.party }
    }

    public struct Version: Hashable, Sendable {
        public let filed: Statement
        public let version: UInt64
        public let content: NoticeContent
        public let mode: Mode
        /// Who held it and from when at the latest, by their own clocks.
        public let receipts: [AuditReport.Cosigned]
        public let evaluated: [Judged]
        public let acknowledged: [Acknowledged]
        /// Whose log the mediator holds for somebody silent; never a receipt.
        public let lodged: [LodgedFor]
    }

    public struct Judged: Hashable, Sendable {
        public let by: Statement
        /// The other side says that it could not open or understand it.
        public let isException: Bool
    }

    public struct Acknowledged: Hashable, Sendable {
        public let by: Statement
        public let readBack: ReadBack
    }

    public struct LodgedFor: Hashable, Sendable {
        public let by: Statement
        public let silent: PartyID
        public let attempts: UInt64
    }

    public struct End: Hashable, Sendable {
        public let by: Statement
        public let version: UInt64
        public let reason: NoticeEnd.Reason
    }

    public struct Found: Hashable, Sendable {
        public let by: Statement
        public let finding: Finding
    }

    public struct Taken: Hashable, Sendable {
        public let by: Statement
        public let position: ConflictPosition
    }
}

/// The readable statements of a bundle by the notice that they concern.
struct NoticeFacts {
    private var versions = SortedMap<NoticeID, [Stated]>()
    private var ends = SortedMap<NoticeID, [NoticeHistory.End]>()
    private var findings = SortedMap<NoticeID, [NoticeHistory.Found]>()
    private var positions = SortedMap<NoticeID, [NoticeHistory.Taken]>()
    /// By the leaf of the record that was read back.
    private var acknowledged = SortedMap<Hash32, [NoticeHistory.Acknowledged]>()
    /// By the party whose log was judged, in the order of the judging logs.
    private var evaluated = SortedMap<PartyID, [(by: NoticeHistory.Statement, Evaluated)]>()
    /// By the party whose log is held for somebody.
    private var lodged = SortedMap<PartyID, [(by: NoticeHistory.Statement, Lodged)]>()

    /// One version of a notice as its record states it.
    private struct Stated {
        let by: NoticeHistory.Statement
        let content: NoticeContent
        let mode: Mode
        let bracket: TimeBracket
        let leaf: Hash32
    }

    init(_ entries: [AuditReport.Entry]) {
        for entry in entries {
            guard case .open(let body) = entry.body else { continue }
            let by = NoticeHistory.Statement(place: entry.place, claimed: body.createdAt, officer: body.officer)
            switch body.content {
            case .notice(let content):
                let notice = content.notice ?? RecordID(party: entry.place.log.party, index: entry.place.index)
                // Nobody files a version of another party's notice.
                guard notice.party == entry.place.log.party else { continue }
                versions[notice, default: []].append(
                    Stated(by: by, content: content, mode: body.mode, bracket: entry.bracket, leaf: entry.header.leaf))
            case .noticeEnd(let end):
                guard end.notice.party == entry.place.log.party else { continue }
                ends[end.notice, default: []].append(.init(by: by, version: end.version, reason: end.reason))
            case .acknowledgement(let act):
                acknowledged[act.leaf, default: []].append(.init(by: by, readBack: act.readBack))
            case .finding(let finding):
                for version in [finding.first, finding.second] {
                    findings[version.notice, default: []].append(.init(by: by, finding: finding))
                }
            case .conflictPosition(let position):
                for version in [position.first, position.second] {
                    positions[version.notice, default: []].append(.init(by: by, position: position))
                }
            case .evaluated(let judged): evaluated[judged.party, default: []].append((by, judged))
            case .lodged(let content): lodged[content.party, default: []].append((by, content))
            case .terms, .termsAcceptance, .linkChange, .suspension, .keyChange, .cover, .message,
                .messageAcknowledgement, .presenceQuery, .presenceAnswer, .passedOn, .commCheck, .handover, .disclosure,
                .stop, .stopAnswer, .stopEffect, .privateCheck, .privateCheckDeposit, .privateCheckRelease:
                break
            }
        }
    }

    /// Of every notice of which the bundle shows a version, in order.
    var histories: [NoticeHistory] {
        versions.map { notice, found in
            NoticeHistory(
                notice: notice, versions: found.map { version(notice, $0) },
                ends: ends[notice] ?? [], findings: findings[notice] ?? [], positions: positions[notice] ?? [])
        }
    }

    private func version(_ notice: NoticeID, _ stated: Stated) -> NoticeHistory.Version {
        let index = stated.by.place.index
        // Of each party the first statement that reaches the record.
        var judged = SortedMap<PartyID, NoticeHistory.Judged>()
        for (by, statement) in evaluated[notice.party] ?? []
        where statement.size > index && by.attestedBy != notice.party && judged[by.attestedBy] == nil {
            judged[by.attestedBy] = .init(by: by, isException: statement.unreadable.contains(index))
        }
        let kept = (lodged[notice.party] ?? []).filter { $0.1.size > index }
        return NoticeHistory.Version(
            filed: stated.by, version: stated.content.version, content: stated.content, mode: stated.mode,
            receipts: stated.bracket.held, evaluated: judged.values, acknowledged: acknowledged[stated.leaf] ?? [],
            lodged: kept.map { .init(by: $0.by, silent: $0.1.silent, attempts: $0.1.attempts) })
    }
}
