import Kernel
import Records

/// A record that speaks of a third party's notice before that notice has reached us: logs are ordered each by
/// itself, not among each other.
struct DeferredRecord: Sendable, Codable, Equatable {
    let body: RecordBody
    let id: RecordID
    /// In its author's log.
    let leaf: Hash32
    let audience: [PartyID]

    /// The versions of notices that it speaks of.
    var named: [NoticeVersion] {
        switch body.content {
        case .finding(let content): [content.first, content.second]
        case .conflictPosition(let content): [content.first, content.second]
        case .acknowledgement(let content): [NoticeVersion(notice: content.notice, version: content.version)]
        case .passedOn(let content):
            if case .notice(let version) = content.subject { [version] } else { [] }
        case .terms, .termsAcceptance, .notice, .noticeEnd, .evaluated, .linkChange, .suspension, .keyChange, .lodged,
            .cover, .message, .messageAcknowledgement, .presenceQuery, .presenceAnswer, .commCheck, .handover,
            .disclosure, .stop, .stopAnswer, .stopEffect, .privateCheck, .privateCheckDeposit, .privateCheckRelease:
            []
        }
    }
}

extension Mechanism {
    /// More than this is not waited for: a further one counts as unreadable, so that nothing is lost in silence.
    static let deferredMost = 1_000

    /// Whether what a record speaks of may still be on its way. Its author's notices come before it in the same log;
    /// our own are here, unless we have lost a part of our log and may not sign.
    func isEarly(_ record: DeferredRecord) -> Bool {
        if !maySign, let size = sizeOfOurs(in: record.body.content), size > ownLog.size { return true }
        return record.named.contains { named in
            let owner = named.notice.party
            guard owner != record.id.party, terms.party(owner)?.role == .principal, owner != party || !maySign else {
                return false
            }
            guard let notice = notices[named.notice] else { return true }
            return notice.status != .ended && notice.version < named.version
        }
    }

    /// How many records of our log its author says that it holds or has judged.
    private func sizeOfOurs(in content: RecordContent) -> UInt64? {
        switch content {
        case .evaluated(let content): content.party == party ? content.size : nil
        case .lodged(let content): content.party == party ? content.size : nil
        default: nil
        }
    }

    /// Whether a record stands in a log that ended in a fork: holders of its two histories know it differently.
    func isOfFormerLog(_ id: RecordID) -> Bool { logs[id.party].map { id.index < $0.start } ?? false }

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
            understand(record.body, id: record.id, leaf: record.leaf, audience: record.audience, &turn, &authority)
        }
    }
}
