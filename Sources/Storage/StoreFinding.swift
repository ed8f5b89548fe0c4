import Kernel

/// Something that ``NodeStore/verify()`` found wrong. An empty list means that the structure is sound; whether
/// the records themselves verify is for their own checker.
public enum StoreFinding: Hashable, Sendable {
    /// The journal should run `from ... through` without gaps; `missing` is the first that is not there or unreadable.
    case journalGap(from: UInt64, through: UInt64, missing: UInt64)
    /// The party's log should hold `size` entries; `missing` is the first that is not there or unreadable.
    case entryGap(party: PartyID, size: UInt64, missing: LogIndex)
    /// Entries are held that the party's head does not cover. (A head beyond the entries is lawful: a peer has
    /// announced more than it sent.)
    case entriesBeyondHead(party: PartyID, size: UInt64, headSize: UInt64)
    /// The snapshot is unreadable, or does not reach the first sequence that the journal still holds.
    case snapshot(detail: String)
    /// The backend's own check failed.
    case backend(detail: String)
}
