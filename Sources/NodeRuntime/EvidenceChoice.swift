import Kernel
import Mechanism
import Records

/// Which records a bundle of evidence is about, and how much of their bodies it shows.
public struct EvidenceChoice: Sendable {
    public enum Subject: Sendable, Hashable {
        case all
        case notice(NoticeID)
        case conflict(ConflictID)
        /// Both ends included, by the authors' clocks.
        case time(from: UTCInstant, to: UTCInstant)
    }

    public enum Bodies: String, Sendable, Hashable, CaseIterable {
        /// Body and salt of everything that this node can read.
        case open
        /// Nothing: order, time and receipt are proven all the same.
        case withheld
        /// The sealed bytes with the key of each one record.
        case sealed
    }

    public var subject: Subject
    public var bodies: Bodies

    public init(subject: Subject, bodies: Bodies = .open) {
        self.subject = subject
        self.bodies = bodies
    }
}

extension EvidenceChoice {
    /// Whether a record that this node can read belongs to the subject. What identifies the parties always does: their
    /// acceptances of the terms, and their changes of keys.
    func takes(_ body: RecordBody, _ id: RecordID, notices: SortedSet<NoticeID>) -> Bool {
        switch body.content {
        case .termsAcceptance, .keyChange: return true
        default: break
        }
        switch subject {
        case .all: return true
        case .time(let from, let to): return body.createdAt >= from && body.createdAt <= to
        case .notice, .conflict: return body.content.notices(of: id).contains { notices.contains($0) }
        }
    }
}

extension RecordContent {
    /// The notices that a record is about.
    fileprivate func notices(of id: RecordID) -> [NoticeID] {
        switch self {
        case .notice(let content): [content.notice ?? id]
        case .noticeEnd(let content): [content.notice]
        case .acknowledgement(let content): [content.notice]
        case .finding(let content): [content.first.notice, content.second.notice]
        case .conflictPosition(let content): [content.first.notice, content.second.notice]
        case .terms, .termsAcceptance, .evaluated, .linkChange, .suspension, .keyChange, .lodged, .cover: []
        }
    }
}
