import JointLog
import Kernel

/// The keys of one log by the index from which each signs, as one holder of that log has accepted them.
///
/// A change holds only from an index that nothing cosigned reaches: what the old key signed below stays
/// valid for ever, so that nobody can revoke to repudiate.
public struct KeyHistory: Hashable, Sendable, Codable {
    public struct Entry: Hashable, Sendable, Codable {
        /// The first index that ``keys`` sign.
        public let from: LogIndex
        public let keys: NodePublicKeys
        /// Of the statement; 0 for keys that the terms name.
        public let sequence: UInt64
        /// The root-signed note, exactly; `nil` for keys that the terms name.
        public let note: String?
    }

    public let log: LogID
    /// Rising by sequence, and never falling by index; never empty.
    public private(set) var entries: [Entry]
    /// Keys of earlier epochs of the same party.
    private let before: [NodePublicKeys]

    /// The first log of a party: under the keys of the terms.
    public init(_ party: TermsParty) {
        log = LogID(party: party.id)
        entries = [Entry(from: 0, keys: party.publicKeys, sequence: 0, note: nil)]
        before = []
    }

    /// The log that an epoch statement begins after a forked one.
    public init(_ verified: VerifiedRootStatement, after forked: KeyHistory) throws(KeyHistoryRejection) {
        guard case .epoch(let statement) = verified.statement else { throw .notThisLog }
        guard statement.party == forked.log.party, statement.epoch == forked.log.epoch + 1 else { throw .notThisLog }
        try forked.requireNext(verified)
        if statement.keys != forked.current.keys { try forked.requireFresh(statement.keys, mayKeepNodeKey: true) }
        log = LogID(party: statement.party, epoch: statement.epoch)
        before = forked.everyKey
        entries = [Entry(from: 0, keys: statement.keys, sequence: statement.sequence, note: verified.note)]
    }

    /// The newest.
    public var current: Entry { entries[entries.count - 1] }

    public var sequence: UInt64 { current.sequence }

    /// The keys under which the record with this index must be signed.
    public func entry(at index: LogIndex) -> Entry {
        // The first entry is from 0.
        entries.last { $0.from <= index } ?? entries[0]
    }

    /// The Ed25519 key that signs the record with this index.
    public func key(at index: LogIndex) -> Hash32 { entry(at: index).keys.node }

    /// The key that signs a checkpoint of this size: that of its newest record.
    public func key(ofCheckpoint size: UInt64) -> Hash32 { key(at: size == 0 ? 0 : size - 1) }

    /// Puts a key change in force.
    ///
    /// - Parameter cosignedSize: the largest size of this log that this holder has cosigned; for the log's own
    ///   author, the largest that anybody has.
    /// - Returns: `false`, and nothing changed, when this very statement is in force already.
    @discardableResult
    public mutating func apply(
        _ verified: VerifiedRootStatement, cosignedSize: UInt64
    ) throws(KeyHistoryRejection) -> Bool {
        guard case .keyChange(let statement) = verified.statement, statement.party == log.party else {
            throw .notThisLog
        }
        guard !holds(verified.statement) else { return false }
        try requireNext(verified)
        guard entries.count <= Limits.keyChanges else { throw .tooMany }
        guard statement.from >= current.from else {
            throw .belowEarlierChange(from: statement.from, earlier: current.from)
        }
        guard statement.from >= cosignedSize else {
            throw .belowCosigned(from: statement.from, cosigned: cosignedSize)
        }
        guard statement.keys.node != current.keys.node else { throw .unchanged }
        try requireFresh(statement.keys, mayKeepNodeKey: false)
        entries.append(
            Entry(from: statement.from, keys: statement.keys, sequence: statement.sequence, note: verified.note))
        return true
    }

    /// What comes of a statement for the log's own author: its changed keys, or the keys of its next log. Whoever
    /// holds somebody else's log uses ``apply(_:cosignedSize:)``, which knows what was cosigned.
    public func following(_ verified: VerifiedRootStatement) throws(KeyHistoryRejection) -> KeyHistory {
        switch verified.statement {
        case .epoch: return try KeyHistory(verified, after: self)
        case .keyChange:
            var changed = self
            try changed.apply(verified, cosignedSize: 0)
            return changed
        }
    }

    /// Whether this very statement is in force. By its text: it may come with more signatures than before.
    public func holds(_ statement: RootStatement) -> Bool {
        entries.contains { $0.note.flatMap { SignedRootStatement(note: $0) }?.statement == statement }
    }

    private func requireNext(_ verified: VerifiedRootStatement) throws(KeyHistoryRejection) {
        let found = verified.statement.sequence
        guard found > sequence else { throw .sequenceNotRising(found: found, last: sequence) }
        guard Ed25519.isUsable(verified.statement.keys.node) else { throw .unusableKey }
    }

    /// A key that was replaced may be in a thief's hands and never comes back; one in force may stay.
    private func requireFresh(_ keys: NodePublicKeys, mayKeepNodeKey: Bool) throws(KeyHistoryRejection) {
        let now = current.keys
        for old in everyKey {
            let returns =
                (old.node == keys.node && !(mayKeepNodeKey && keys.node == now.node))
                || (old.tls == keys.tls && keys.tls != now.tls)
                || (old.seal != nil && old.seal == keys.seal && keys.seal != now.seal)
            guard !returns else { throw .usedBefore }
        }
    }

    private var everyKey: [NodePublicKeys] { before + entries.map(\.keys) }
}

/// Why a verified statement does not take effect on a log.
public enum KeyHistoryRejection: Error, Hashable, Sendable {
    /// Of another party or epoch, or not of the kind that this log can take.
    case notThisLog
    /// It would disown what this holder has cosigned.
    case belowCosigned(from: LogIndex, cosigned: UInt64)
    case belowEarlierChange(from: LogIndex, earlier: LogIndex)
    /// An older statement, or another one under a number that was used.
    case sequenceNotRising(found: UInt64, last: UInt64)
    /// The new node key is the one in force.
    case unchanged
    /// A key that was replaced earlier.
    case usedBefore
    /// Not canonical, or of small order.
    case unusableKey
    /// More than ``Limits/keyChanges`` in one log.
    case tooMany

    public var name: String {
        switch self {
        case .notThisLog: "notThisLog"
        case .belowCosigned: "belowCosigned"
        case .belowEarlierChange: "belowEarlierChange"
        case .sequenceNotRising: "sequenceNotRising"
        case .unchanged: "unchanged"
        case .usedBefore: "usedBefore"
        case .unusableKey: "unusableKey"
        case .tooMany: "tooMany"
        }
    }

    /// One sentence for a person.
    public var sentence: String {
        switch self {
        case .notThisLog: "the statement is not one for this log"
        case .belowCosigned(let from, let cosigned):
            "it would hold from index \(from), and \(cosigned) records are cosigned: nobody revokes to repudiate"
        case .belowEarlierChange(let from, let earlier):
            "it would hold from index \(from), before the change from \(earlier) that is in force"
        case .sequenceNotRising(let found, let last): "its sequence is \(found), and \(last) is in force"
        case .unchanged: "its node key is the one in force"
        case .usedBefore: "one of its keys was replaced earlier"
        case .unusableKey: "its node key is not a usable Ed25519 key"
        case .tooMany: "the log has had \(Limits.keyChanges) changes of keys"
        }
    }
}
