import Kernel

/// Shorthand, the same for every backend. A party's log is its first, of epoch 0.
extension NodeStore {
    public func entries(of party: PartyID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry] {
        try entries(of: LogID(party: party), from: index, limit: limit)
    }

    public func size(of party: PartyID) throws(StoreError) -> UInt64 { try size(of: LogID(party: party)) }

    public func head(of party: PartyID) throws(StoreError) -> HeadState? { try head(of: LogID(party: party)) }

    /// Up to `limit` notes of every signer over the log, whose sizes lie within `from ... through`.
    public func notes(
        of log: LogID, from: UInt64, through: UInt64, limit: Int, order: NoteOrder = .oldestFirst
    ) throws(StoreError) -> [NoteWrite] {
        guard from <= through else { return [] }
        return try notes(of: log, sizes: from...through, by: nil, order: order, limit: limit)
    }

    /// The note with the least size that is `size` or more; of several, the first to arrive. The first that covers the
    /// record with index i is at least i + 1.
    public func firstNote(
        of log: LogID, atLeast size: UInt64, by signer: String? = nil
    ) throws(StoreError) -> NoteWrite? {
        try notes(of: log, sizes: size...(.max), by: signer, order: .oldestFirst, limit: 1).first
    }

    /// The note with the greatest size that is `size` or less; of several, the last to arrive. The last that lacks the
    /// record with index i is at most i.
    public func lastNote(
        of log: LogID, atMost size: UInt64, by signer: String? = nil
    ) throws(StoreError) -> NoteWrite? {
        try notes(of: log, sizes: 0...size, by: signer, order: .newestFirst, limit: 1).first
    }

    public func verify() throws(StoreError) -> [StoreFinding] { try verify { _ in } }
}
