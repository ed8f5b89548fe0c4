import Kernel

/// One event of the driver's single sequence, as opaque bytes.
public struct JournalEntry: Hashable, Sendable {
    /// From 1, without gaps, at most `Int64.max`.
    public let sequence: UInt64
    public let bytes: [UInt8]

    public init(sequence: UInt64, bytes: [UInt8]) {
        self.sequence = sequence
        self.bytes = bytes
    }
}

/// One entry of a log, this node's own or a peer's: exactly the bytes that were signed and received.
public struct MirrorEntry: Hashable, Sendable {
    public let log: LogID
    /// From 0, without gaps in each log, at most `Int64.max`.
    public let index: LogIndex
    public let envelope: [UInt8]

    public init(log: LogID, index: LogIndex, envelope: [UInt8]) {
        self.log = log
        self.index = index
        self.envelope = envelope
    }

    /// An entry of the party's first log, epoch 0.
    public init(party: PartyID, index: LogIndex, envelope: [UInt8]) {
        self.init(log: LogID(party: party), index: index, envelope: envelope)
    }
}

/// The newest head known of a log: what must never fork.
public struct HeadState: Hashable, Sendable {
    public let log: LogID
    /// Entries that the head covers. It may exceed the entries held, when a peer has announced more than it sent.
    public let size: UInt64
    /// RFC 6962 root over the first `size` entries.
    public let root: Hash32
    /// The signed checkpoint, byte for byte.
    public let checkpoint: [UInt8]

    public init(log: LogID, size: UInt64, root: Hash32, checkpoint: [UInt8]) {
        self.log = log
        self.size = size
        self.root = root
        self.checkpoint = checkpoint
    }

    /// The head of the party's first log, epoch 0.
    public init(party: PartyID, size: UInt64, root: Hash32, checkpoint: [UInt8]) {
        self.init(log: LogID(party: party), size: size, root: root, checkpoint: checkpoint)
    }
}

/// A compare-and-swap of one log's head.
public struct HeadChange: Hashable, Sendable {
    /// Size of the head that the change was computed from; `nil` when there was none.
    public let expectedSize: UInt64?
    public let head: HeadState

    public var log: LogID { head.log }

    public init(expectedSize: UInt64?, head: HeadState) {
        self.expectedSize = expectedSize
        self.head = head
    }
}

/// The driver's state after folding the journal up to and including `throughSequence`.
public struct Snapshot: Hashable, Sendable {
    public let throughSequence: UInt64
    public let bytes: [UInt8]

    public init(throughSequence: UInt64, bytes: [UInt8]) {
        self.throughSequence = throughSequence
        self.bytes = bytes
    }
}
