import JointLog
import Kernel
import Records

/// What the core remembers of one party's log, its own included; the store has the records.
public struct HeldLog: Sendable, Codable, Equatable {
    public let id: LogID
    /// Index of this log's first record: 0, and above every record of its party's former logs in a later epoch.
    public let start: LogIndex
    public var tree = MerkleFrontier()
    /// Its author's signed checkpoint over exactly ``tree``; `nil` while it is empty, and for our own log.
    public var note: String?
    /// Checkpoints that its author has signed over more than we hold, by tree size; at most ``Limits/announcedHeads``.
    public var announced = SortedMap<UInt64, String>()
    /// On our clock, since when its author or another holder has shown more of it than has come here.
    public var missingSince: MonotonicInstant?
    /// How far other parties have signed that they hold it durably, by ``size``.
    public var receiptedBy = SortedMap<PartyID, UInt64>()
    /// The node keys that its author has signed with.
    public var keys: KeyHistory
    /// Records addressed to us that we could not open or understand, and why.
    public var unreadable = SortedMap<LogIndex, String>()
    /// Records not addressed to us.
    public var withheld: UInt64 = 0
    /// Two signed checkpoints that no single history explains: the log takes no more records.
    public var fork: ForkProof?
    /// Its termsAcceptance at index 0 names our terms.
    public var acceptsOurTerms = false
    /// How far each other principal says that it has judged this log.
    public var evaluatedBy = SortedMap<PartyID, UInt64>()
    /// Indices that a principal could not read, by principal.
    public var unreadableBy = SortedMap<PartyID, SortedSet<LogIndex>>()

    init(id: LogID, start: LogIndex = 0, keys: KeyHistory) {
        self.id = id
        self.start = start
        self.keys = keys
    }

    public var party: PartyID { id.party }

    /// The index of its next record: all that its author has said, former epochs included.
    public var size: UInt64 { start + tree.size }
}
