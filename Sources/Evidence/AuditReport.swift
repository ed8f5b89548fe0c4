import JointLog
import Kernel
import Records

/// What a bundle proves: who knew what, when. Made only of what was verified.
public struct AuditReport: Hashable, Sendable {
    public let mechanism: MechanismID
    /// Whether whoever asked named the mechanism; otherwise they have to compare it.
    public let isMechanismGiven: Bool
    public let termsName: String
    public let parties: [PartyID]
    /// Which of them are principals; the rest mediate.
    public let principals: [PartyID]
    public let exported: UTCInstant
    public let exporter: PartyID
    /// In order.
    public let logs: [Log]
    public let keyChanges: [KeyChange]
    public let forks: [Fork]
    /// In order of log and index.
    public let entries: [Entry]
    /// Every entry once, in an order that nothing proven contradicts.
    public let timeline: [TimelineRow]
    /// By the bodies that the bundle shows, in order of notice.
    public let notices: [NoticeHistory]
    /// What the bundle holds and cannot all be true: statements of parties, each genuine.
    public let contradictions: [Contradiction]

    /// A record's log and index. Written `turkiye-4`, in a later epoch `turkiye/1-4`.
    public struct Place: Hashable, Comparable, Sendable, CustomStringConvertible {
        public let log: LogID
        public let index: LogIndex

        public static func < (a: Self, b: Self) -> Bool { (a.log, a.index) < (b.log, b.index) }
        public var description: String { "\(log)-\(index)" }
    }

    public struct Log: Hashable, Sendable {
        public let id: LogID
        public let newest: Checkpoint
        public let heads: Int
        public let records: Int
        /// Of each holder the first on the newest head, in order of holder.
        public let cosigned: [Cosigned]
        /// Heads with a valid ML-DSA-65 signature of the author.
        public let postQuantumHeads: Int
    }

    /// One party's word that it held a log up to a size, at a time by its own clock; whole seconds.
    public struct Cosigned: Hashable, Sendable {
        public let log: LogID
        public let holder: PartyID
        public let time: UTCInstant
        public let size: UInt64
        /// The key was revoked later: whoever stole it could have made this.
        public let isKeyRevoked: Bool
    }

    public struct KeyChange: Hashable, Sendable {
        /// The log whose records the new key signs.
        public let log: LogID
        public let sequence: UInt64
        public let from: LogIndex
        /// `rotation`, `revocation`, or `epoch` for a new log after a fork.
        public let reason: String
        public let old: Hash32
        public let new: Hash32
    }

    public struct Fork: Hashable, Sendable {
        public let log: LogID
        public let first: Checkpoint
        public let second: Checkpoint
    }

    public struct Entry: Hashable, Sendable {
        public let place: Place
        public let header: RecordHeader
        public let body: Body
        public let bracket: TimeBracket

        public enum Body: Hashable, Sendable {
            case open(RecordBody)
            /// Not in the bundle; order, time and receipt are proven all the same.
            case withheld
            case unreadable(sentence: String)
        }

        /// By the author's clock, `nil` when the body is not shown.
        public var claimed: UTCInstant? {
            guard case .open(let body) = body else { return nil }
            return body.createdAt
        }
    }

    public struct TimelineRow: Hashable, Sendable {
        public let place: Place
        /// Rows of one group follow each other, and of no two of them the bundle says which came first.
        public let group: Int
        /// All entries of other logs of which the bundle does not say whether they came before or after, by log.
        public let concurrent: [Span]
    }

    /// Entries of one log in the bundle, from and including `first`, up to and including `last`.
    public struct Span: Hashable, Sendable {
        public let log: LogID
        public let first: LogIndex
        public let last: LogIndex
    }

    public enum Contradiction: Hashable, Sendable {
        /// The record cites a head that the author of that log did not sign: the bundle's head of this size has
        /// another root.
        case citesOtherRoot(Place, log: LogID, size: UInt64)
        /// The record cites less of a log than an earlier record of its own log.
        case citesLess(Place, log: LogID, size: UInt64)
        /// These records cite each other in a circle.
        case circle([Place])
        /// The author's clock put the record later than somebody held it, by more than the terms allow clocks to differ.
        case claimedAfterHeld(Place, claimed: UTCInstant, held: Cosigned)
        /// The author signed two histories.
        case fork(LogID)
    }
}
