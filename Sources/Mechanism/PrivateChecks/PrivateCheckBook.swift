import Kernel
import PrivateCheck
import Records

/// Private checks with other principals, plans that stay on this node, and keys that a mediator holds.
public struct PrivateCheckBook: Sendable, Codable {
    public internal(set) var checks = SortedMap<Hash32, HeldCheck>()
    public internal(set) var plans = SortedMap<SealedPlanID, SealedPlan>()
    /// At a mediator: keys that wait for the other one, or for this node to be allowed to sign.
    var deposits = SortedMap<Hash32, [DepositedKey]>()
    var lastPlan: UInt64 = 0
    /// What has been asked between us and each other principal today.
    var budgets = SortedMap<PartyID, CheckBudget>()

    public init() {}

    /// Checks that are not over.
    func open(with other: PartyID) -> Int {
        checks.values.count { $0.ending == nil && ($0.initiator == other || $0.responder == other) }
    }

    /// What goes to make room for one more: what is over before the rest, and the oldest of those.
    var nextToForget: Hash32? {
        guard checks.count >= Limits.privateChecks else { return nil }
        return checks.values.min {
            ($0.ending == nil ? 1 : 0, $0.proposedAt) < ($1.ending == nil ? 1 : 0, $1.proposedAt)
        }?.id
    }
}

/// A number of this node's own: nobody else ever hears it.
public typealias SealedPlanID = UInt64

/// A plan that is told to nobody. It takes part in private checks and in nothing else.
public struct SealedPlan: Sendable, Codable, Equatable {
    public let id: SealedPlanID
    public let fields: NoticeFields
    public let officer: String
    public let sealedAt: UTCInstant
    public internal(set) var endedAt: UTCInstant?
    /// By the other side: the newest check that it took part in and that came to its end.
    public internal(set) var checked = SortedMap<PartyID, SealedPlanCheck>()

    /// The end of its last window.
    public var endsAt: UTCInstant { fields.volumes.map(\.volume.window.end).max() ?? .distantPast }
}

/// That a sealed plan was checked. Without a hit it says nothing: the other side may have put in nothing.
public struct SealedPlanCheck: Sendable, Codable, Equatable {
    public let check: Hash32
    public let at: UTCInstant
    public let sizeClass: Int
    /// End of what was compared: nothing is known of what lies after it.
    public let until: UTCInstant
    /// Whether something of this plan was found; `nil` where the check shows only how many of all.
    public let isHit: Bool?
}

/// One private check as its records show it.
public struct HeldCheck: Sendable, Codable, Equatable {
    public let id: Hash32
    public let initiator: PartyID
    public let responder: PartyID
    /// As proposed; `nil` when it is not what the terms say, so that it cannot be accepted.
    public let parameters: CheckParameters?
    /// By the initiator's clock.
    public let proposedAt: UTCInstant
    /// Who pressed it; `nil` when the node did by the terms' schedule.
    public let proposedBy: String?
    /// Messages of each side, in order.
    public internal(set) var messages = SortedMap<PartyID, [HeldCheckMessage]>()
    /// Whether our key is with the mediators.
    public internal(set) var isDeposited = false
    /// Both keys, when a mediator has given them out, and when by its clock.
    public internal(set) var release: PrivateCheckRelease?
    public internal(set) var releasedAt: UTCInstant?
    public internal(set) var ending: PrivateCheckEnding?

    init(
        id: Hash32, initiator: PartyID, responder: PartyID, parameters: CheckParameters?, proposedAt: UTCInstant,
        proposedBy: String?
    ) {
        self.id = id
        self.initiator = initiator
        self.responder = responder
        self.parameters = parameters
        self.proposedAt = proposedAt
        self.proposedBy = proposedBy
    }

    public func other(than party: PartyID) -> PartyID { party == initiator ? responder : initiator }

    /// Whether the initiator waits for the other side's answer.
    public var isProposed: Bool { ending == nil && messages[responder] == nil }

    /// A message of one side, once all of its parts are here.
    public func whole(_ message: PrivateCheckPart.Message, of party: PartyID) -> HeldCheckMessage? {
        messages[party]?.first { $0.message == message && $0.isWhole }
    }
}

/// The records that a message lies in.
public struct HeldCheckMessage: Sendable, Codable, Equatable {
    public let message: PrivateCheckPart.Message
    public let parts: Int
    /// In order; as many as have come.
    public internal(set) var records: [RecordID]

    public var isWhole: Bool { records.count == parts }
}

/// How a private check ended for us.
public struct PrivateCheckEnding: Sendable, Codable, Hashable {
    public let outcome: CheckOutcome
    /// What was found, also where the check ended as `unknown` after that.
    public let finding: CheckFinding?
    /// What we put in.
    public let plans: [SealedPlanID]
    /// Of those, with which something was found; `nil` where the check does not show it.
    public let hits: [SealedPlanID]?
    /// An officer of ours did not want it.
    public let isDeclined: Bool

    public init(
        outcome: CheckOutcome, finding: CheckFinding?, plans: [SealedPlanID], hits: [SealedPlanID]?,
        isDeclined: Bool = false
    ) {
        self.outcome = outcome
        self.finding = finding
        self.plans = plans
        self.hits = hits
        self.isDeclined = isDeclined
    }
}

/// One side's key, as a mediator holds it.
struct DepositedKey: Sendable, Codable, Equatable {
    let party: PartyID
    let with: PartyID
    let deadline: UTCInstant
    let key: Hash32
}

/// What an officer does with plans that are told to nobody.
public enum SealedPlanCommand: Sendable, Codable, Hashable {
    case seal(NoticeFields)
    case end(SealedPlanID)
}

/// What this node's part in private checks does.
public enum PrivateCheckAct: Sendable, Codable, Hashable {
    /// - Parameter officer: who pressed it; `nil` when the node goes on by itself.
    case say(PrivateCheckPart, to: PartyID, officer: String?)
    /// Leaves the key of our answers with the mediators.
    case deposit(Hash32, key: Hash32)
    case ended(Hash32, PrivateCheckEnding)
}
