import JointLog
import Kernel

/// What the core remembers of one party's log, its own included; the store has the records.
public struct HeldLog: Sendable, Codable, Equatable {
    public let party: PartyID
    public var tree = MerkleFrontier()
    /// Records addressed to us that we could not open or understand, and why.
    public var unreadable = SortedMap<LogIndex, String>()
    /// Records not addressed to us.
    public var withheld: UInt64 = 0
    /// Two signed, inconsistent checkpoints: the log takes no more records.
    public var fork: ForkProof?
    /// Its termsAcceptance at index 0 names our terms.
    public var acceptsOurTerms = false
    /// How far each other principal says that it has judged this log.
    public var evaluatedBy = SortedMap<PartyID, UInt64>()
    /// Indices that a principal could not read, by principal.
    public var unreadableBy = SortedMap<PartyID, SortedSet<LogIndex>>()

    public struct ForkProof: Sendable, Codable, Equatable {
        public let first: String
        public let second: String
    }

    init(party: PartyID) { self.party = party }

    public var size: UInt64 { tree.size }
}
