import Kernel

/// Why a store refused or failed. Each case says whether the same call on the same store can succeed later
/// (*retryable*) or the caller must let go of the store (*fatal*).
public enum StoreError: Error, Hashable, Sendable {
    /// Fatal: the journal's next sequence is `expected`. The caller's memory and the disk differ; open again and fold.
    case notNext(expected: UInt64, found: UInt64)
    /// Fatal: the log's next entry is `expected`. As ``notNext(expected:found:)``.
    case entryNotNext(log: LogID, expected: LogIndex, found: LogIndex)
    /// Fatal: a tile has a level beyond 7 or not 8,192 bytes.
    case tileMalformed(log: LogID, level: Int, index: UInt64)
    /// Fatal: the level's next tile is `expected`. As ``notNext(expected:found:)``.
    case tileNotNext(log: LogID, level: Int, expected: UInt64, found: UInt64)
    /// Fatal: the 256 entries or lower tiles that the tile stands for are not all held.
    case tileUnfounded(log: LogID, level: Int, index: UInt64)
    /// Fatal: 256 lower tiles are full and the tile over them does not come with them.
    case tileMissing(log: LogID, level: Int, index: UInt64)
    /// Fatal: a note covers more than `Int64.max` entries.
    case noteOutOfRange(log: LogID, size: UInt64)
    /// Fatal: another head is stored than the one the change was computed from. As ``notNext(expected:found:)``.
    case headChanged(log: LogID, expected: UInt64?, found: UInt64?)
    /// Fatal: the change would shrink the log, or give the same size another root. Signing it would be a fork.
    case headWouldFork(log: LogID, held: UInt64, offered: UInt64)
    /// Fatal: a snapshot must cover a sequence within `from ... through`, both inclusive.
    case snapshotOutOfRange(from: UInt64, through: UInt64, found: UInt64)
    /// Retryable: only what a snapshot covers may be pruned. Save one, then prune. `covered` is `nil` without any.
    case notCovered(requested: UInt64, covered: UInt64?)
    /// Fatal for the reader: the journal up to and including `through` is gone; begin from the snapshot.
    case pruned(through: UInt64)
    /// Retryable: no space left. Nothing of the commit is stored, not even after a restart.
    case full
    /// Fatal until a person acts: the file or its folder cannot be written.
    case readOnly
    /// Retryable: another process, or another store in this one, has it open.
    case locked
    /// Fatal until a person acts: what was read is not what was written. Restore from a copy or from peers.
    case corrupt(detail: String)
    /// Fatal until a person acts: a newer program wrote this store. Nothing was changed.
    case newerSchema(found: Int, known: Int)
    /// Fatal until a person acts: the file is some other program's. Nothing was changed.
    case notAStore(detail: String)
    /// Fatal: reading or writing failed. When a commit failed so, the store has closed itself, and only opening
    /// it again tells whether that commit is stored, whole, or not at all.
    case io(code: Int, detail: String)
    /// Fatal: the store was closed, or closed itself after an error.
    case closed

    /// Whether the same call on the same store can succeed later.
    public var isRetryable: Bool {
        switch self {
        case .notCovered, .full, .locked: true
        case .notNext, .entryNotNext, .tileMalformed, .tileNotNext, .tileUnfounded, .tileMissing, .noteOutOfRange,
            .headChanged, .headWouldFork, .snapshotOutOfRange, .pruned, .readOnly, .corrupt, .newerSchema, .notAStore,
            .io, .closed:
            false
        }
    }
}
