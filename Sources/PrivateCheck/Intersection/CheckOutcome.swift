/// What a check has found. Nothing found is not `clear`, and never improves an assurance: the other side may have put
/// in nothing.
public enum CheckFinding: Hashable, Sendable, Codable {
    /// Our elements that the other side has too, sorted; of a coarser level where the terms want that.
    case elements([CheckElement])
    /// How many.
    case count(Int)

    public var isHit: Bool {
        switch self {
        case .elements(let elements): !elements.isEmpty
        case .count(let count): count > 0
        }
    }
}

/// How a session ended.
public enum CheckOutcome: Hashable, Sendable, Codable {
    /// Both sides have signed the same result.
    case agreed(CheckFinding)
    /// Nothing is known, or no more than ``CheckSession/finding`` says.
    case unknown(Doubt)

    public enum Doubt: Hashable, Sendable, Codable {
        case deadlinePassed
        /// We ended it, for what the other side sent.
        case refused(CheckRefusal)
        /// The other side ended it and gives this reason, by its number.
        case endedByPeer(reason: UInt8)
    }
}

/// What a message, or time, led to.
public struct CheckReaction: Hashable, Sendable {
    /// Messages to sign, log and send, in order, once the session's new state is durable.
    public var outbound: [[UInt8]] = []
    /// Set when the session is over.
    public var outcome: CheckOutcome?
}
