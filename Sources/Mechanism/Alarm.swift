import Kernel
import Records

/// `kind:subject`: the same cause joins the same alarm.
public typealias AlarmID = String

/// Something that needs an answer. Rings until an officer acknowledges it, stays until its cause is gone.
public struct Alarm: Sendable, Codable, Hashable {
    public enum Kind: String, Sendable, Codable, Hashable, CaseIterable {
        case notice, conflict, overdue, unconfirmed, ended, readBackMismatch, link, unreadable, suspension, frozen,
            ownCollision, clock, acknowledgementOverdue, terms, behind, unconfirmedSize, keys, withheld,
            message, unanswered, presenceQuery, presenceContradicted, passingOn, commCheck, handover, secondOfficer,
            disclosed, privateCheck, privateCheckFound
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
    /// When it began: kept while it climbs, so that nothing that only climbed counts as new.
    public var raisedAt: UTCInstant
    /// When it last began to ring: raised, or a rung higher, or again at the top.
    public var rangAt: UTCInstant
    /// On our clock, when it climbs; `nil` when nothing falls due.
    public var dueAt: MonotonicInstant?
    /// When an answer is or was due, by UTC, for display.
    public var dueUTC: UTCInstant?
    /// How far it has climbed: 0 rings the watch, 1 the releasing officer as well, 2 command as well.
    public var rung: Int = 0
    public var state: State
    public var acknowledgedBy: String?
    public var sentence: String

    /// Who is rung.
    public var roles: [DeskRole] { Array(DeskRole.allCases.prefix(rung + 1)) }

    public static func id(_ kind: Kind, _ subject: String) -> AlarmID { "\(kind.rawValue):\(subject)" }
}
