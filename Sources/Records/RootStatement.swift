import Kernel

/// The public halves of the keys with which a node works.
public struct NodePublicKeys: Hashable, Sendable, Codable {
    /// Ed25519, for records and checkpoints.
    public let node: Hash32
    /// SHA-256 of the TLS key's SubjectPublicKeyInfo.
    public let tls: Hash32
    /// X-Wing; `nil` when the terms do not seal.
    public let seal: SealPublicKey?

    public init(node: Hash32, tls: Hash32, seal: SealPublicKey?) {
        self.node = node
        self.tls = tls
        self.seal = seal
    }
}

extension TermsParty {
    /// The keys with which its node began.
    public var publicKeys: NodePublicKeys { NodePublicKeys(node: nodeKey, tls: tlsKeyHash, seal: sealKey) }
}

/// New keys of one party from a log index on. What the old keys signed below it stays valid for ever.
public struct KeyChangeStatement: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// Planned.
        case rotation
        /// The old keys are lost, or somebody else may hold them.
        case revocation
    }

    public let mechanism: MechanismID
    public let party: PartyID
    /// From 1; rises with every statement of the party.
    public let sequence: UInt64
    /// The first index that the new node key signs; at least 1, because terms are accepted under the terms' keys.
    public let from: LogIndex
    public let reason: Reason
    public let keys: NodePublicKeys

    public init(
        mechanism: MechanismID, party: PartyID, sequence: UInt64, from: LogIndex, reason: Reason,
        keys: NodePublicKeys
    ) {
        self.mechanism = mechanism
        self.party = party
        self.sequence = sequence
        self.from = from
        self.reason = reason
        self.keys = keys
    }
}

/// A new log of one party after its log was forked: the way out of a freeze, citing both heads.
public struct EpochStatement: Hashable, Sendable {
    public struct Head: Hashable, Comparable, Sendable, Codable {
        public let size: UInt64
        public let root: Hash32

        public init(size: UInt64, root: Hash32) {
            self.size = size
            self.root = root
        }

        public static func < (a: Self, b: Self) -> Bool { (a.size, a.root) < (b.size, b.root) }
    }

    public let mechanism: MechanismID
    public let party: PartyID
    /// From 1; rises with every statement of the party.
    public let sequence: UInt64
    /// Of the new log: 1 to ``Limits/epochs``.
    public let epoch: UInt64
    /// The two heads of the log before that cannot both be true, in order.
    public let first: Head
    public let second: Head
    /// Sign the new log from its index 0; they may repeat the keys in force.
    public let keys: NodePublicKeys

    public init(
        mechanism: MechanismID, party: PartyID, sequence: UInt64, epoch: UInt64, first: Head, second: Head,
        keys: NodePublicKeys
    ) {
        self.mechanism = mechanism
        self.party = party
        self.sequence = sequence
        self.epoch = epoch
        self.first = first
        self.second = second
        self.keys = keys
    }
}

/// What a party's root keys sign, and nothing else.
public enum RootStatement: Hashable, Sendable {
    case keyChange(KeyChangeStatement)
    case epoch(EpochStatement)

    public var mechanism: MechanismID {
        switch self {
        case .keyChange(let statement): statement.mechanism
        case .epoch(let statement): statement.mechanism
        }
    }

    public var party: PartyID {
        switch self {
        case .keyChange(let statement): statement.party
        case .epoch(let statement): statement.party
        }
    }

    public var sequence: UInt64 {
        switch self {
        case .keyChange(let statement): statement.sequence
        case .epoch(let statement): statement.sequence
        }
    }

    public var keys: NodePublicKeys {
        switch self {
        case .keyChange(let statement): statement.keys
        case .epoch(let statement): statement.keys
        }
    }
}
