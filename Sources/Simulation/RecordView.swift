import JointLog
import Kernel
import Mechanism
import Records
import Separation

/// The records that one node holds, read again from their bytes: a second, plainer reader than the core's, for
/// the checker.
struct RecordView: Sendable {
    struct HeldNotice: Sendable {
        let id: NoticeID
        let mode: Mode
        let audience: [PartyID]
        var record: RecordID
        var content: NoticeContent
        var isEnded = false

        /// Past its last window or its review date.
        func isPast(_ utc: UTCInstant) -> Bool {
            let end = content.volumes.map(\.volume.window.end).max() ?? .distantPast
            return utc > end || (content.reviewBy.map { utc > $0 } ?? false)
        }
    }

    private struct Stance: Sendable {
        let versions: [UInt64]
        let stance: ConflictPosition.Stance
        let conditions: [String]
    }

    let party: PartyID
    private(set) var notices = SortedMap<NoticeID, HeldNotice>()
    private(set) var suspended = SortedSet<PartyID>()
    /// By log, then by reader: how far the reader says that it has judged that log.
    private(set) var judged = SortedMap<PartyID, SortedMap<PartyID, UInt64>>()
    private var readBacks: [(by: PartyID, Acknowledgement)] = []
    /// By author, notice and version: how many of its units were concerned and have it not, in its newest statement.
    private var unreached = SortedMap<String, UInt64>()
    private var stances = SortedMap<String, Stance>()
    private var read = SortedMap<PartyID, Int>()
    private var epochs = OpenedEpochs()

    init(party: PartyID) { self.party = party }

    /// - Parameter authority: the node's own keys, for bodies that are sealed to it.
    mutating func read(
        _ held: SortedMap<PartyID, [[UInt8]]>, sealing: Sealing, _ authority: inout some Authority
    ) {
        for (author, records) in held {
            let from = read[author] ?? 0
            for bytes in records[from...] { understand(bytes, sealing, &authority) }
            read[author] = records.count
        }
    }

    private mutating func understand(_ bytes: [UInt8], _ sealing: Sealing, _ authority: inout some Authority) {
        guard let record = try? VerifiedRecord(fromOwnJournal: bytes) else { return }
        let opened = record.opened(
            by: party, in: LogID(party: record.header.author), sealing: sealing, epochs: &epochs,
            decapsulate: { authority.decapsulate($0, info: $1) })
        guard case .open(let body) = opened else { return }
        let author = record.header.author
        switch body.content {
        case .notice(let content):
            if let id = content.notice {
                notices.update(id) {
                    $0.record = record.header.id
                    $0.content = content
                }
            } else {
                notices[record.header.id] = HeldNotice(
                    id: record.header.id, mode: body.mode, audience: record.header.audience,
                    record: record.header.id, content: content)
            }
        case .noticeEnd(let end): notices.update(end.notice) { $0.isEnded = true }
        case .evaluated(let evaluated): judged[evaluated.party, default: SortedMap()][author] = evaluated.size
        case .acknowledgement(let acknowledgement): readBacks.append((author, acknowledgement))
        case .passedOn(let stated):
            guard case .notice(let named) = stated.subject else { return }
            unreached["\(author) \(named.notice) \(named.version)"] = stated.of - stated.reached
        case .conflictPosition(let position):
            stances[key(author, position.first.notice, position.second.notice)] = Stance(
                versions: [position.first.version, position.second.version], stance: position.stance,
                conditions: position.conditions)
        case .suspension(let suspension):
            if suspension.suspended { suspended.insert(author) } else { suspended.remove(author) }
        case .terms, .termsAcceptance, .finding, .linkChange, .keyChange, .lodged, .cover, .message,
            .messageAcknowledgement, .presenceQuery, .presenceAnswer, .commCheck, .handover, .disclosure, .stop,
            .stopAnswer, .stopEffect:
            break
        }
    }

    private func key(_ author: PartyID, _ a: NoticeID, _ b: NoticeID) -> String {
        "\(author) \(min(a, b)) \(max(a, b))"
    }

    func isSettled(_ a: HeldNotice, _ b: HeldNotice) -> Bool {
        let (first, second) = a.id < b.id ? (a, b) : (b, a)
        guard let mine = stances[key(a.id.party, a.id, b.id)], let theirs = stances[key(b.id.party, a.id, b.id)] else {
            return false
        }
        let versions = [first.content.version, second.content.version]
        return mine.stance == .settle && theirs.stance == .settle && mine.conditions == theirs.conditions
            && mine.versions == versions && theirs.versions == versions
    }

    func isPassedOn(_ notice: HeldNotice, by party: PartyID) -> Bool {
        unreached["\(party) \(notice.id) \(notice.content.version)"] == 0
    }

    /// Within about a kilometre of where the first volume stands: wrong ones in a simulation are 22 km off.
    func hasReadBack(_ notice: HeldNotice, by reader: PartyID) -> Bool {
        guard
            let first = notice.content.volumes.min(by: { $0.volume.window.start < $1.volume.window.start }),
            let centre = first.volume.footprint.vertices.first
        else { return false }
        return readBacks.contains { by, acknowledgement in
            by == reader && acknowledgement.notice == notice.id && acknowledgement.version == notice.content.version
                && abs(acknowledgement.readBack.position.latitudeDeg - centre.latitudeDeg) < 0.01
                && abs(acknowledgement.readBack.position.longitudeDeg - centre.longitudeDeg) < 0.01
                && acknowledgement.readBack.start == first.volume.window.start
        }
    }
}

/// Every pair of volumes, one by one, without the index.
struct CollisionOracle: Sendable {
    private var known = SortedMap<String, Bool>()

    mutating func collide(
        _ a: RecordView.HeldNotice, _ b: RecordView.HeldNotice, at utc: UTCInstant, terms: Terms
    ) -> Bool {
        guard a.mode == b.mode else { return false }
        let name = "\(a.id) \(a.content.version) \(a.isPast(utc)) \(b.id) \(b.content.version) \(b.isPast(utc))"
        if let answer = known[name] { return answer }
        let minima = terms.minima[a.content.kind, b.content.kind]
        let answer = volumes(of: a, at: utc).contains { first in
            volumes(of: b, at: utc).contains { second in
                ConflictTest.conflict(first, second, minima: minima, reference: .init(bounds: terms)).isConflict
            }
        }
        known[name] = answer
        return answer
    }

    private func volumes(of notice: RecordView.HeldNotice, at utc: UTCInstant) -> [Volume4D] {
        notice.content.volumes.map { stated in
            guard notice.isPast(utc) else { return stated.volume }
            return Volume4D(
                footprint: stated.volume.footprint, band: stated.volume.band, window: stated.volume.window.openEnded)
        }
    }
}
