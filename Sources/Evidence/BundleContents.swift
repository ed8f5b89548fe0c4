import JointLog
import Kernel
import Records

/// Everything that goes into a bundle, gathered from a node's store: which records, which heads and what of each
/// body is shown is the gatherer's choice. ``EvidenceBundle`` makes the archive of it.
public struct BundleContents: Sendable {
    public var exporter: PartyID
    public var exported: UTCInstant
    /// Version 1, of which the mechanism is named.
    public var terms: Terms
    /// Every statement of root keys that the node holds, in any order.
    public var statements: [Statement]
    /// Of parties whose terms name a hash. Without a party's key, its heads go without their ML-DSA-65 lines.
    public var postQuantumKeys: SortedMap<PartyID, PostQuantumKey>
    /// In any order; each log once.
    public var logs: [Log]
    public var forks: [Fork]

    public init(
        exporter: PartyID, exported: UTCInstant, terms: Terms, statements: [Statement] = [],
        postQuantumKeys: SortedMap<PartyID, PostQuantumKey> = SortedMap(), logs: [Log], forks: [Fork] = []
    ) {
        self.exporter = exporter
        self.exported = exported
        self.terms = terms
        self.statements = statements
        self.postQuantumKeys = postQuantumKeys
        self.logs = logs
        self.forks = forks
    }

    public struct Statement: Hashable, Sendable {
        public let party: PartyID
        public let sequence: UInt64
        /// The signed note.
        public let note: String

        public init(party: PartyID, sequence: UInt64, note: String) {
            self.party = party
            self.sequence = sequence
            self.note = note
        }
    }

    public struct Log: Sendable {
        public var id: LogID
        /// In any order, each size once; at least one. The largest is the newest.
        public var heads: [Head]
        /// In any order, each index once; their leaves below the newest head's size.
        public var records: [Record]

        public init(id: LogID, heads: [Head], records: [Record]) {
            self.id = id
            self.heads = heads
            self.records = records
        }
    }

    public struct Head: Sendable {
        public var size: UInt64
        /// Notes over one and the same checkpoint: the author's, and the cosignatures held. Their lines are merged;
        /// lines of keys that are not the mechanism's are left out.
        public var notes: [String]
        /// From this head to the newest one of the log; empty for the newest.
        public var consistency: [Hash32]

        public init(size: UInt64, notes: [String], consistency: [Hash32]) {
            self.size = size
            self.notes = notes
            self.consistency = consistency
        }
    }

    public struct Record: Sendable {
        /// As its header has it.
        public var index: LogIndex
        /// The signed bytes.
        public var header: [UInt8]
        /// 64 bytes.
        public var signature: [UInt8]
        /// Against the newest head of the log, from the leaf's sibling upwards.
        public var inclusion: [Hash32]
        public var disclosure: Disclosure

        public init(
            index: LogIndex, header: [UInt8], signature: [UInt8], inclusion: [Hash32], disclosure: Disclosure
        ) {
            self.index = index
            self.header = header
            self.signature = signature
            self.inclusion = inclusion
            self.disclosure = disclosure
        }
    }

    /// What of a record's body the bundle shows.
    public enum Disclosure: Hashable, Sendable {
        case withheld
        /// The body's exact bytes and its salt.
        case open(body: [UInt8], salt: Hash32)
        /// The sealed bytes and the key that opens this one record.
        case sealed([UInt8], contentKey: Hash32)
    }

    /// Two heads of one log, signed by its author, that cannot stand in one history.
    public struct Fork: Hashable, Sendable {
        public var log: LogID
        public var proof: ForkProof

        public init(log: LogID, proof: ForkProof) {
            self.log = log
            self.proof = proof
        }
    }
}
