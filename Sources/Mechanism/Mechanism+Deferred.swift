import Kernel
import Records

/// A record that speaks of a third party's notice before that notice has reached us: logs are ordered each by
/// itself, not among each other.
struct DeferredRecord: Sendable, Codable, Equatable {
    let body: RecordBody
    let id: RecordID
    let audience: [PartyID]

    /// The versions of notices that it speaks of.
    var named: [NoticeVersion] {
        switch body.content {
        case .finding(let content): [content.first, content.second]
        case .conflictPosition(let content): [content.first, content.second]
        case .acknowledgement(let content): [NoticeVersion(notice: content.notice, version: content.version)]
        case .terms, .termsAcceptance, .notice, .noticeEnd, .evaluated, .linkChange, .suspension: []
        }
    }
}

extension Mechanism {
    /// More than this is not waited for: a further one counts as unreadable, so that nothing is lost in silence.
    static let deferredMost = 1_000

    /// Whether what a record speaks of may still be on its way. Our own notices are here, and its author's come
    /// before it in the same log.
    func isEarly(_ record: DeferredRecord) -> Bool {
        record.named.contains { named in
            let owner = named.notice.party
            guard owner != party, owner != record.id.party, terms.party(owner)?.role == .principal else { return false }
            return (notices[named.notice]?.version ?? 0) < named.version
        }
    }

    mutating func deferRecord(_ record: DeferredRecord, _ turn: inout Turn) {
        guard deferred.count < Mechanism.deferredMost else {
            return markUnreadable(record.id, "too many records wait for notices of others", &turn)
        }
        deferred.append(record)
    }

    /// Understands, in the order in which they came, those whose notices are here now.
    mutating func takeDeferred(_ turn: inout Turn, _ authority: inout some Authority) {
        guard !deferred.isEmpty else { return }
        let waiting = deferred
        deferred = []
        for record in waiting {
            understand(record.body, id: record.id, audience: record.audience, &turn, &authority)
        }
    }
}
