import Kernel

/// `kind:subject`: the same cause joins the same alarm.
public typealias AlarmID = String

/// Something that needs an answer. Rings until an officer acknowledges it, stays until its cause is gone.
public struct Alarm: Sendable, Codable, Hashable {
    public enum Kind: String, Sendable, Codable, Hashable, CaseIterable {
        case notice, conflict, overdue, unconfirmed, ended, readBackMismatch, link, unreadable, suspension, frozen,
            ownCollision, clock, acknowledgementOverdue, terms, behind, unconfirmedSize, keys, withheld
    }

    public enum State: String, Sendable, Codable, Hashable, CaseIterable {
        case ringing, acknowledged, cleared
    }

    public let id: AlarmID
    public let kind: Kind
    public var precedence: Precedence
    /// The notice, conflict, record or party that it is about.
    public let subject: String
    public let party: PartyID?
    public var raisedAt: UTCInstant
    /// On our clock; `nil` when nothing falls due.
    public var dueAt: MonotonicInstant?
    /// The same by UTC, for display.
    public var dueUTC: UTCInstant?
    public var state: State
    public var acknowledgedBy: String?
    public var sentence: String

    public static func id(_ kind: Kind, _ subject: String) -> AlarmID { "\(kind.rawValue):\(subject)" }
}
