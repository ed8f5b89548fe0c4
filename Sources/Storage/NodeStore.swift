import Kernel

/// Everything durable of one node: the driver's journal, the logs of all parties, their heads and a snapshot.
///
/// Guarantees, the same for every backend and held by one suite:
///
/// - **Durable before return.** What ``commit(_:)``, ``saveSnapshot(_:)`` or ``pruneJournal(through:)`` returned from
///   is there after a power cut.
/// - **All or nothing.** No reader and no restart sees part of a commit. After an error, nothing of that commit is
///   visible in this store; after a restart nothing either, except that `io` leaves it open whether the whole
///   commit was stored.
/// - **In order.** Journal sequences and log indices have no gaps; a head never shrinks or changes its root.
/// - **One at a time.** A store that is open elsewhere cannot be opened.
/// - **Wrong bytes are named.** A read returns what was written or throws `corrupt`.
///
/// Calls block until done. Safe to call from any thread; meant for one driver.
public protocol NodeStore: AnyObject, Sendable {
    /// Stores the whole commit in one durable transaction. An empty commit succeeds without touching the disk.
    ///
    /// - Throws: `notNext`, `entryNotNext`, `headChanged`, `headWouldFork` (checked in this order before anything is
    ///   written), `full`, `readOnly`, `corrupt`, `io`, `closed`. After `readOnly`, `corrupt` and `io` the store is closed.
    func commit(_ commit: Commit) throws(StoreError)

    /// Sequence of the newest journal entry ever committed, pruned or not; 0 before the first.
    var lastSequence: UInt64 { get throws(StoreError) }
    /// The journal holds what comes after this sequence; 0 when nothing was pruned.
    var prunedThrough: UInt64 { get throws(StoreError) }
    /// Up to `limit` entries with sequences above `sequence`, in order; empty at the end.
    ///
    /// - Throws: `pruned` when `sequence` is below ``prunedThrough``; `corrupt`, `io`, `closed`.
    func journal(after sequence: UInt64, limit: Int) throws(StoreError) -> [JournalEntry]

    /// The parties with an entry or a head, in order.
    var parties: [PartyID] { get throws(StoreError) }
    /// Up to `limit` entries of a party's log from `index` inclusive, in order; empty at or beyond its end.
    func entries(of party: PartyID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry]
    /// Entries held of a party's log; 0 for an unknown party.
    func size(of party: PartyID) throws(StoreError) -> UInt64
    /// The party's newest head; `nil` before the first.
    func head(of party: PartyID) throws(StoreError) -> HeadState?

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

    /// Reads everything and lists what is wrong with the structure. Takes time in proportion to the store.
    func verify() throws(StoreError) -> [StoreFinding]
    /// The last upkeep that failed without undoing any commit (moving the write-ahead log into the main file);
    /// `nil` once it works again. What was committed is safe; a desk should hear that its disk is failing.
    var degradation: StoreError? { get }
    /// Lets go of the store. Every later call throws `closed`; closing again does nothing.
    func close()
}
