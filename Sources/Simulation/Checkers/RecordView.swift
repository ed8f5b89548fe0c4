import JointLog
import Kernel
import Mechanism
import Records

/// The records that one node holds, read again from their bytes: a second, plainer reader than the core's, for the
/// checkers.
struct RecordView: Sendable {
    struct HeldNotice: Sendable {
        let id: NoticeID
        let mode: Mode
        let audience: [PartyID]
        /// Whether its filing could be read, and not only an amendment.
        let hasBeginning: Bool
        var record: RecordID
        var content: NoticeContent
        var isEnded = false
        /// The end of its last window, or its review date if that is earlier.
        private(set) var expiry: UTCInstant

        init(id: NoticeID, mode: Mode, audience: [PartyID], record: RecordID, content: NoticeContent) {
            self.id = id
            self.mode = mode
            self.audience = audience
            hasBeginning = record == id
            self.record = record
            self.content = content
            expiry = HeldNotice.expiry(of: content)
        }

        mutating func amend(_ content: NoticeContent, record: RecordID) {
            self.content = content
            self.record = record
            expiry = HeldNotice.expiry(of: content)
        }

        private static func expiry(of content: NoticeContent) -> UTCInstant {
            let end = content.volumes.map(\.volume.window.end).max() ?? .distantPast
            return content.reviewBy.map { min($0, end) } ?? end
        }

        func isPast(_ utc: UTCInstant) -> Bool { utc > expiry }
    }

    private struct Stance: Sendable {
        let versions: [UInt64]
        let stance: ConflictPosition.Stance
        let conditions: [String]
    }

    /// A statement of one party about one version of a notice, or about a pair of them.
    private struct Name: Hashable, Sendable {
        let author: PartyID
        let first: NoticeID
        let second: NoticeID
        var version: UInt64 = 0
    }

    let party: PartyID
    /// Rises with every record that is read.
    private(set) var revision = 0
    private(set) var notices = SortedMap<NoticeID, HeldNotice>()
    private(set) var suspended = SortedSet<PartyID>()
    /// By log, then by reader: how far the reader says that it has judged that log.
    private(set) var judged = SortedMap<PartyID, SortedMap<PartyID, UInt64>>()
    /// Records of principals that are addressed to this party and that it could not open or read.
    private(set) var unread: [RecordID] = []
    /// The same as others have stated it, by the one who could not read.
    private(set) var unreadBy = SortedMap<PartyID, SortedSet<RecordID>>()
    /// Every record, by what its author signed.
    private(set) var leaves: [RecordID: Hash32] = [:]
    /// By author: above every index held.
    private(set) var next = SortedMap<PartyID, LogIndex>()
    private var readBacks: [Name: [(leaf: Hash32, said: ReadBack)]] = [:]
    /// How many of its units were concerned and have it not, in its author's newest statement.
    private var unreached: [Name: (leaf: Hash32?, count: UInt64)] = [:]
    private var stances: [Name: Stance] = [:]
    private var read = SortedMap<PartyID, Int>()
    private var epochs = OpenedEpochs()
    private var epochNow = SortedMap<PartyID, UInt64>()

    init(party: PartyID) { self.party = party }

    /// - Parameter authority: the node's own keys, for bodies that are sealed to it.
    mutating func read(
        _ held: SortedMap<PartyID, [[UInt8]]>, sealing: Sealing, _ authority: inout some Authority
    ) {
        for (author, records) in held {
            let from = read[author] ?? 0
            guard from < records.count else { continue }
            for bytes in records[from...] { understand(bytes, sealing, &authority) }
            read[author] = records.count
            revision += 1
        }
    }

    private mutating func understand(_ bytes: [UInt8], _ sealing: Sealing, _ authority: inout some Authority) {
        guard let record = try? VerifiedRecord(fromOwnJournal: bytes) else { return }
        let author = record.header.author
        leaves[record.id] = record.leaf
        next[author] = max(next[author] ?? 0, record.header.index + 1)
        guard case .open(let body) = open(record, sealing, &authority) else {
            if record.header.audience.contains(party), author != party { unread.append(record.id) }
            return
        }
        switch body.content {
        case .notice(let content):
            if let id = content.notice, notices.contains(id) {
                notices.update(id) {
                    $0.amend(content, record: record.id)
                    $0.isEnded = false
                }
            } else {
                let id = content.notice ?? record.id
                notices[id] = HeldNotice(
                    id: id, mode: body.mode, audience: record.header.audience, record: record.id, content: content)
            }
        case .noticeEnd(let end): notices.update(end.notice) { $0.isEnded = true }
        case .evaluated(let evaluated):
            judged[evaluated.party, default: SortedMap()][author] = evaluated.size
            unreadBy[author] = SortedSet(
                (unreadBy[author]?.elements ?? []).filter { $0.party != evaluated.party }
                    + evaluated.unreadable.map { RecordID(party: evaluated.party, index: $0) })
        case .acknowledgement(let said):
            readBacks[name(author, said.notice, said.version), default: []].append((said.leaf, said.readBack))
        case .passedOn(let stated):
            guard case .notice(let named) = stated.subject else { return }
            unreached[name(author, named.notice, named.version)] = (stated.leaf, stated.of - stated.reached)
        case .conflictPosition(let position):
            stances[name(author, position.first.notice, position.second.notice)] = Stance(
                versions: [position.first.version, position.second.version], stance: position.stance,
                conditions: position.conditions)
        case .suspension(let suspension):
            if suspension.suspended { suspended.insert(author) } else { suspended.remove(author) }
        case .terms, .termsAcceptance, .finding, .linkChange, .keyChange, .lodged, .cover, .message,
            .messageAcknowledgement, .presenceQuery, .presenceAnswer, .commCheck, .handover, .disclosure, .stop,
            .stopAnswer, .stopEffect, .privateCheck, .privateCheckDeposit, .privateCheckRelease:
            break
        }
    }

    /// In the epoch of its author's log that was open last, or in the one after it.
    private mutating func open(
        _ record: VerifiedRecord, _ sealing: Sealing, _ authority: inout some Authority
    ) -> VerifiedRecord.OpenedBody {
        let author = record.header.author
        let epoch = epochNow[author] ?? 0
        var opened = VerifiedRecord.OpenedBody.withheld
        for candidate in [epoch, epoch + 1] {
            opened = record.opened(
                by: party, in: LogID(party: author, epoch: candidate), sealing: sealing, epochs: &epochs,
                decapsulate: { authority.decapsulate($0, info: $1) })
            if case .unreadable = opened, sealing == .xWing { continue }
            if case .open = opened { epochNow[author] = candidate }
            return opened
        }
        return opened
    }

    private func name(_ author: PartyID, _ notice: NoticeID, _ version: UInt64) -> Name {
        Name(author: author, first: notice, second: notice, version: version)
    }

    private func name(_ author: PartyID, _ a: NoticeID, _ b: NoticeID) -> Name {
        Name(author: author, first: min(a, b), second: max(a, b))
    }

    func holds(_ record: RecordID) -> Bool { leaves[record] != nil }

    func isSettled(_ a: HeldNotice, _ b: HeldNotice) -> Bool {
        let (first, second) = a.id < b.id ? (a, b) : (b, a)
        guard let mine = stances[name(a.id.party, a.id, b.id)], let theirs = stances[name(b.id.party, a.id, b.id)]
        else { return false }
        let versions = [first.content.version, second.content.version]
        return mine.stance == .settle && theirs.stance == .settle && mine.conditions == theirs.conditions
            && mine.versions == versions && theirs.versions == versions
    }

    func isPassedOn(_ notice: HeldNotice, by party: PartyID) -> Bool {
        guard let stated = unreached[name(party, notice.id, notice.content.version)] else { return false }
        return stated.count == 0 && stated.leaf == leaves[notice.record]
    }

    /// Within about a kilometre of where the first volume stands: wrong ones in a simulation are 22 km off.
    func hasReadBack(_ notice: HeldNotice, by reader: PartyID) -> Bool {
        guard
            let first = notice.content.volumes.min(by: { $0.volume.window.start < $1.volume.window.start }),
            let centre = first.volume.footprint.vertices.first
        else { return false }
        return (readBacks[name(reader, notice.id, notice.content.version)] ?? []).contains { leaf, said in
            leaf == leaves[notice.record]
                && abs(said.position.latitudeDeg - centre.latitudeDeg) < 0.01
                && abs(said.position.longitudeDeg - centre.longitudeDeg) < 0.01
                && said.start == first.volume.window.start
        }
    }
}
