import JointLog
import Kernel
import Records

/// Two notices of different parties closer than their minima.
///
/// | state | becomes | when |
/// |---|---|---|
/// | – | open | a node finds that two versions collide, or a party signs a finding that they do |
/// | open, disputed | settled | both owners have signed the same conditions, bound to both current versions |
/// | open | disputed | an owner signs a dispute of the current versions |
/// | settled, disputed | open | any new version of either notice that still collides; a withdrawal |
/// | any | cleared | a new version or an end after which no node finds that they collide |
/// | cleared | open | they collide again |
///
/// Nothing closes it by time passing.
public struct Conflict: Sendable, Codable, Equatable {
    public let id: ConflictID
    public let mode: Mode
    /// In order of notice.
    public let first: NoticeID
    public let second: NoticeID
    /// What this node's own geometry says of the current versions; `nil` when they do not collide.
    public var ownProof: OwnProof?
    /// Findings by party, newest each; one counts while it is bound to both current versions.
    public var findings: SortedMap<PartyID, FindingFact>
    public var positions: SortedMap<PartyID, PositionFact>
    public var state: ConflictState
    public let openedAt: UTCInstant
    public var clearedAt: UTCInstant?

    public enum OwnProof: String, Sendable, Codable, Equatable {
        case proven
        /// Within the error bound, hence a conflict.
        case undecided
    }

    /// SHA-256 over a domain tag, the mechanism, the mode and the two notices in order.
    public static func id(mechanism: MechanismID, mode: Mode, _ a: NoticeID, _ b: NoticeID) -> ConflictID {
        let text = """
            parley conflict v1
            \(mechanism.hex)
            \(mode.rawValue)
            \(min(a, b))
            \(max(a, b))

            """
        return MerkleHash.sha256(Array(text.utf8))
    }

    public func involves(_ party: PartyID) -> Bool { first.party == party || second.party == party }
}

public enum ConflictState: String, Sendable, Codable, Hashable, CaseIterable {
    case open, disputed, settled, cleared
}

public struct FindingFact: Sendable, Codable, Equatable {
    public let firstVersion: UInt64
    public let secondVersion: UInt64
    public let proven: Bool
    public let record: RecordID
}

public struct PositionFact: Sendable, Codable, Equatable {
    public let firstVersion: UInt64
    public let secondVersion: UInt64
    public let stance: ConflictPosition.Stance
    public let conditions: [String]
    public let remarks: String?
    public let officer: String?
    public let at: UTCInstant
    public let record: RecordID
}

/// A collision as a what-if check or a filing reports it.
public struct Collision: Sendable, Hashable {
    public let notice: NoticeID
    /// `nil` when both are the same party's: its own desk is warned, and that is no conflict.
    public let conflict: ConflictID?
    public let proven: Bool
    /// Index of the volume asked about, and of the other notice's.
    public let volume: Int
    public let otherVolume: Int
}
