import Kernel

/// Something that ``NodeStore/verify(progress:)`` found wrong. An empty list means that everything is there, is what
/// was written, and agrees; whether signatures verify is for the records' own checker.
public enum StoreFinding: Hashable, Sendable {
    /// The journal should run `from ... through` without gaps; `missing` is the first that is not there or unreadable.
    case journalGap(from: UInt64, through: UInt64, missing: UInt64)
    /// The log should hold `size` entries; `missing` is one that is not there or unreadable.
    case entryGap(log: LogID, size: UInt64, missing: LogIndex)
    /// The entry's bytes are no envelope, so that it has no leaf in the tree.
    case entryWithoutLeaf(log: LogID, index: LogIndex)
    /// The entry's bytes, hashed again, are not the leaf in the stored tile.
    case leafMismatch(log: LogID, index: LogIndex)
    /// A tile that should be there is not, or is unreadable.
    case tileGap(log: LogID, level: Int, missing: UInt64)
    /// The hash at `position` of a tile above level 0 is not the root over the tile below it.
    case tileMismatch(log: LogID, level: Int, index: UInt64, position: Int)
    /// The tree over the entries does not have the head's root.
    case headRootMismatch(log: LogID, size: UInt64)
    /// The head's note is no checkpoint of this log, or of another size or root than the head.
    case headNote(log: LogID, size: UInt64)
    /// Entries are held that the log's head does not cover. (A head beyond the entries is lawful: a peer has
    /// announced more than it sent.)
    case entriesBeyondHead(log: LogID, size: UInt64, headSize: UInt64)
    /// Notes that should be there are not, or one of that size is unreadable.
    case noteGap(log: LogID, size: UInt64, detail: String)
    /// The note is no checkpoint of this log with this size.
    case noteUnreadable(log: LogID, size: UInt64, signer: String)
    /// The note states another root than the entries have at its size. Not damage: its signer has shown two histories,
    /// and the note is the proof.
    case otherHistory(log: LogID, size: UInt64, signer: String)
    /// The snapshot is unreadable, or does not reach the first sequence that the journal still holds.
    case snapshot(detail: String)
    /// The backend's own check failed.
    case backend(detail: String)

    /// Whether the store itself is harmed. A fork is the signer's doing and stays in the store as evidence.
    public var isDamage: Bool {
        if case .otherHistory = self { false } else { true }
    }
}
