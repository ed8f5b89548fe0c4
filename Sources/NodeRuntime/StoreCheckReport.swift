import Kernel
import Mechanism
import Storage

/// How far a check has come.
public enum StoreCheckProgress: Sendable, Hashable {
    /// Rows read and hashed.
    case reading(done: UInt64, total: UInt64)
    case folding
    /// Parts of all volumes of which each was held against all others.
    case conflicts(done: UInt64, total: UInt64)
    /// Records whose signatures are verified.
    case signatures(done: UInt64, total: UInt64)
}

/// Something that is not as it was written.
public enum StoreCheckFinding: Sendable, Hashable {
    /// The file is no store any more.
    case unopened(String)
    case store(StoreFinding)
    /// The journal cannot be folded, or leads elsewhere than to the stored logs.
    case journal(sequence: UInt64, String)
    /// The journal leads to other conflicts than all notices looked at at once.
    case conflict(SweepDifference)
    /// A stored tree has another root than the folded log.
    case tree(String)
    /// A log that the terms and the statements do not know.
    case unknownLog(LogID)
    case record(LogID, LogIndex, String)
    case note(LogID, size: UInt64, signer: String, String)
    /// Reading stopped here.
    case unread(String)

    /// Stable, for scripts.
    public var name: String {
        switch self {
        case .unopened: "unopened"
        case .store(let finding): finding.name
        case .journal: "journal"
        case .conflict: "conflict"
        case .tree: "tree"
        case .unknownLog: "unknownLog"
        case .record: "record"
        case .note: "note"
        case .unread: "unread"
        }
    }

    /// Whether the store is harmed, and not only somebody's history: a fork is kept as evidence.
    public var isDamage: Bool {
        if case .store(let finding) = self { finding.isDamage } else { true }
    }

    public var sentence: String {
        switch self {
        case .unopened(let detail): "the file cannot be opened as a store: \(detail)"
        case .store(let finding): finding.sentence
        case .journal(let sequence, let detail): "the journal does not fold beyond \(sequence): \(detail)"
        case .conflict(.missing(let pair)): "notices \(pair.first) and \(pair.second) collide, and no conflict says so"
        case .conflict(.unfounded(let pair)): "notices \(pair.first) and \(pair.second) do not collide, and a conflict says so"
        case .tree(let detail): detail
        case .unknownLog(let log): "log \(log) is none of this mechanism"
        case .record(let log, let index, let reason): "record \(index) of \(log): \(reason)"
        case .note(let log, let size, let signer, let reason): "note of \(signer) over \(log) at size \(size): \(reason)"
        case .unread(let detail): "reading stopped: \(detail)"
        }
    }
}

extension StoreFinding {
    var name: String {
        switch self {
        case .journalGap: "journalGap"
        case .entryGap: "entryGap"
        case .entryWithoutLeaf: "entryWithoutLeaf"
        case .leafMismatch: "leafMismatch"
        case .tileGap: "tileGap"
        case .tileMismatch: "tileMismatch"
        case .headRootMismatch: "headRootMismatch"
        case .headNote: "headNote"
        case .entriesBeyondHead: "entriesBeyondHead"
        case .noteGap: "noteGap"
        case .noteUnreadable: "noteUnreadable"
        case .otherHistory: "otherHistory"
        case .snapshot: "snapshot"
        case .backend: "backend"
        }
    }

    var sentence: String {
        switch self {
        case .journalGap(let from, let through, let missing):
            "journal entry \(missing) of \(from)…\(through) is missing or damaged"
        case .entryGap(let log, _, let missing): "record \(missing) of \(log) is missing or damaged"
        case .entryWithoutLeaf(let log, let index): "entry \(index) of \(log) is no envelope"
        case .leafMismatch(let log, let index): "record \(index) of \(log) is not what its tile says"
        case .tileGap(let log, let level, let missing): "tile \(level)/\(missing) of \(log) is missing or damaged"
        case .tileMismatch(let log, let level, let index, let position):
            "hash \(position) of tile \(level)/\(index) of \(log) is not the root of what is below it"
        case .headRootMismatch(let log, let size): "the records of \(log) do not lead to its head at \(size)"
        case .headNote(let log, let size): "the head of \(log) at \(size) states something else"
        case .entriesBeyondHead(let log, let size, let headSize):
            "\(log) has \(size) records and a head over \(headSize)"
        case .noteGap(let log, let size, let detail): "notes on \(log) at \(size): \(detail)"
        case .noteUnreadable(let log, let size, let signer): "the note of \(signer) over \(log) at \(size) is no checkpoint"
        case .otherHistory(let log, let size, let signer):
            "\(signer) has signed another history of \(log) at \(size): a fork, kept as evidence"
        case .snapshot(let detail): "the snapshot: \(detail)"
        case .backend(let detail): "the database: \(detail)"
        }
    }
}

/// What a check found, and over how much it looked.
public struct StoreCheckReport: Sendable {
    public struct Log: Sendable, Hashable {
        public let id: LogID
        public let size: UInt64
    }

    public var findings: [StoreCheckFinding]
    public var logs: [Log] = []
    /// Signed heads and cosignatures verified.
    public var notes: UInt64 = 0
    /// Events folded.
    public var journal: UInt64 = 0

    public var isClean: Bool { !findings.contains(where: \.isDamage) }
}
