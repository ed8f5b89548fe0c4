import Kernel

/// Everything durable of one node: the driver's journal, the logs of all parties with their trees, heads and notes,
/// and a snapshot.
///
/// Guarantees, the same for every backend and held by one suite:
///
/// - **Durable before return.** What ``commit(_:)``, ``saveSnapshot(_:)`` or ``pruneJournal(through:)`` returned from
///   is there after a power cut.
/// - **All or nothing.** No reader and no restart sees part of a commit. After an error, nothing of that commit is
///   visible in this store; after a restart nothing either, except that `io` leaves it open whether the whole
///   commit was stored.
/// - **In order.** Journal sequences, log indices and tiles have no gaps; a head never shrinks or changes its root.
/// - **Kept.** Entries, tiles and notes are never changed or removed.
/// - **One at a time.** A store that is open elsewhere cannot be opened.
/// - **Wrong bytes are named.** A read returns what was written or throws `corrupt`.
///
/// Calls block until done. Safe to call from any thread; meant for one driver.
public protocol NodeStore: AnyObject, Sendable {
    /// Stores the whole commit in one durable transaction. An empty commit succeeds without touching the disk.
    ///
    /// - Throws: `notNext`, `entryNotNext`, `tileMalformed`, `tileNotNext`, `tileUnfounded`, `tileMissing`,
    ///   `noteOutOfRange`, `headChanged`, `headWouldFork` (checked before anything is written), `full`, `readOnly`,
    ///   `corrupt`, `io`, `closed`. After `readOnly`, `corrupt` and `io` the store is closed.
    func commit(_ commit: Commit) throws(StoreError)

    /// Sequence of the newest journal entry ever committed, pruned or not; 0 before the first.
    var lastSequence: UInt64 { get throws(StoreError) }
    /// The journal holds what comes after this sequence; 0 when nothing was pruned.
    var prunedThrough: UInt64 { get throws(StoreError) }
    /// Up to `limit` entries with sequences above `sequence`, in order; empty at the end.
    ///
    /// - Throws: `pruned` when `sequence` is below ``prunedThrough``; `corrupt`, `io`, `closed`.
    func journal(after sequence: UInt64, limit: Int) throws(StoreError) -> [JournalEntry]

    /// The logs with an entry, a note or a head, in order.
    var logs: [LogID] { get throws(StoreError) }
    /// Up to `limit` entries of a log from `index` inclusive, in order; empty at or beyond its end.
    func entries(of log: LogID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry]
    /// As ``entries(of:from:limit:)``, after letting go of every copy that this process holds, so that the bytes come
    /// from the file and not from the buffer that wrote them. Before a receipt is signed over them.
    ///
    /// What it proves: the row that the file gives now passes its checksum, and these are its bytes, for the caller to
    /// hash again. What it does not: the page may come from the system's cache and not from the platter; that it
    /// reached the platter is what the sync inside ``commit(_:)`` reported.
    func readBack(of log: LogID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry]
    /// Entries held of a log; 0 for an unknown log.
    func size(of log: LogID) throws(StoreError) -> UInt64
    /// The log's newest head; `nil` before the first.
    func head(of log: LogID) throws(StoreError) -> HeadState?

    /// Full tiles held at a level of a log's tree.
    func tileCount(of log: LogID, level: Int) throws(StoreError) -> UInt64
    /// A full tile, ``TileWrite/byteCount`` bytes; `nil` at or beyond ``tileCount(of:level:)``.
    func tile(of log: LogID, level: Int, index: UInt64) throws(StoreError) -> [UInt8]?
    /// Up to `limit` notes over the log, whose sizes lie in `sizes`, both ends included. Each is what was written; that
    /// none is missing shows when all are asked for, and in ``verify(progress:)``.
    ///
    /// - Parameter signer: only this key name's; `nil` for every signer's.
    func notes(
        of log: LogID, sizes: ClosedRange<UInt64>, by signer: String?, order: NoteOrder, limit: Int
    ) throws(StoreError) -> [NoteWrite]

    /// Stores the snapshot durably in place of the one before.
    ///
    /// - Throws: `snapshotOutOfRange` when it covers more than ``lastSequence`` or less than the one before; `full`,
    ///   `readOnly`, `corrupt`, `io`, `closed`.
    func saveSnapshot(_ snapshot: Snapshot) throws(StoreError)
    /// The newest snapshot; `nil` before the first.
    func latestSnapshot() throws(StoreError) -> Snapshot?
    /// Removes journal entries up to and including `sequence`. Does nothing when they are gone already.
    ///
    /// - Throws: `notCovered` when the snapshot does not reach `sequence`; `full`, `readOnly`, `corrupt`, `io`, `closed`.
    func pruneJournal(through sequence: UInt64) throws(StoreError)

    /// Reads everything, hashes every tree again, and lists what is wrong; see ``StoreFinding``. Takes time in
    /// proportion to the store and memory that does not grow with it.
    ///
    /// - Parameter progress: called often, at the end with everything done. It must not call the store.
    func verify(progress: (VerifyProgress) -> Void) throws(StoreError) -> [StoreFinding]
    /// The last upkeep that failed without undoing any commit (moving the write-ahead log into the main file);
    /// `nil` once it works again. What was committed is safe; a desk should hear that its disk is failing.
    var degradation: StoreError? { get }
    /// Lets go of the store. Every later call throws `closed`; closing again does nothing.
    func close()
}
