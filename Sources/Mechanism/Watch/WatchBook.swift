import Kernel
import Records

/// Names one act that waits for a second officer; counts from 1.
public typealias PendingID = UInt64

/// Who serves at this desk, a handover under way, and acts that wait for a second officer. Ours alone: a peer hears of
/// it only by our records.
public struct WatchBook: Sendable, Codable {
    public internal(set) var onDuty: OfficerOnDuty?
    public internal(set) var handover: HandoverUnderWay?
    public internal(set) var pending = SortedMap<PendingID, PendingAct>()
    var lastPending: PendingID = 0
    /// Handovers that are not on record yet, because we may not sign; oldest first.
    var unstated: [Handover] = []

    public init() {}
}

/// The officer who has the watch.
public struct OfficerOnDuty: Sendable, Codable, Hashable {
    public let officer: String
    public let since: Now
    /// When this officer last did anything here.
    public internal(set) var actedAt: Now
    /// The shift is over and has been rung for.
    var isRungFor = false
}

/// The watch is offered to another officer, who takes over every open item by itself.
public struct HandoverUnderWay: Sendable, Codable, Equatable {
    public let from: String
    public let to: String
    public let remarks: String?
    public let offeredAt: UTCInstant
    /// Since when each accepted item was open: one that was closed and has opened again is a new one.
    var accepted = SortedMap<String, UTCInstant>()
}

/// Something that is open at the desk and has to be known to whoever takes the watch.
public struct HandoverItem: Sendable, Hashable {
    /// That of the alarm which rings for it, also where none rings now; `stop:` and the id for a STOP.
    public let id: String
    public let since: UTCInstant
    public let sentence: String
    /// By the incoming officer, in the handover under way.
    public internal(set) var isAccepted = false
}

/// An act that one officer has asked for and another has to approve.
public struct PendingAct: Sendable, Codable, Hashable {
    public let command: Command
    public let by: String
    public let at: UTCInstant
}

/// What an officer does about the watch and about passing on.
public enum WatchCommand: Sendable, Codable, Hashable {
    case registerUnit(String)
    /// What was said of it before stays as it is.
    case removeUnit(String)
    /// Which of our units a notice or a STOP concerns; none of the names may be unknown. With no unit at all it is
    /// stated that it concerns none of ours.
    case concerns(PassedOn.Subject, units: [String])
    /// They have it, as an officer or the unit's own system says.
    /// - Parameter disclose: whether the others see the names, and who says it.
    case passOn(PassedOn.Subject, units: [String], disclose: Bool)
    /// A unit's own system says that the unit has it: no person has acted at this desk.
    case confirm(PassedOn.Subject, unit: String)
    /// Takes a watch that nobody has, or whose officer has not acted within the terms' time.
    case takeWatch
    case offerHandover(to: String, remarks: String?)
    case acceptItem(String)
    case completeHandover
    case cancelHandover
    case approve(PendingID)
    /// By the officer who asked for it.
    case withdraw(PendingID)
}
