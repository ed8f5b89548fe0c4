import Kernel

/// What a record is about, by name.
extension RecordContent {
    /// The notices that it states, ends, or speaks of.
    ///
    /// - Parameter id: of the record, which names the notice that it files.
    public func notices(statedIn id: RecordID) -> [NoticeID] {
        switch self {
        case .notice(let content): return [content.notice ?? id]
        case .noticeEnd(let content): return [content.notice]
        case .acknowledgement(let content): return [content.notice]
        case .finding(let content): return [content.first.notice, content.second.notice]
        case .conflictPosition(let content): return [content.first.notice, content.second.notice]
        case .message(let content): return content.about.map { [$0] } ?? []
        case .passedOn(let content):
            guard case .notice(let version) = content.subject else { return [] }
            return [version.notice]
        case .terms, .termsAcceptance, .evaluated, .linkChange, .suspension, .keyChange, .lodged, .cover,
            .messageAcknowledgement, .presenceQuery, .presenceAnswer, .commCheck, .handover, .disclosure, .stop,
            .stopAnswer, .stopEffect, .privateCheck, .privateCheckDeposit, .privateCheckRelease:
            return []
        }
    }

    public var conflict: ConflictID? {
        switch self {
        case .finding(let content): content.conflict
        case .conflictPosition(let content): content.conflict
        default: nil
        }
    }
}
