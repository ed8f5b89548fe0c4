import Kernel

/// Everything that one drain of the inbox decided, made durable together.
public struct Commit: Hashable, Sendable {
    /// In order, continuing the journal.
    public var journal: [JournalEntry]
    /// For each party in order, continuing that party's log.
    public var entries: [MirrorEntry]
    /// Applied in order after `entries`.
    public var heads: [HeadChange]

    public init(journal: [JournalEntry] = [], entries: [MirrorEntry] = [], heads: [HeadChange] = []) {
        self.journal = journal
        self.entries = entries
        self.heads = heads
    }

    public var isEmpty: Bool { journal.isEmpty && entries.isEmpty && heads.isEmpty }
}

/// What a store knows of one party's log: how many entries it holds, and the newest head.
package struct LogState: Hashable, Sendable {
    package var size: UInt64
    package var head: HeadState?

    package init(size: UInt64 = 0, head: HeadState? = nil) {
        self.size = size
        self.head = head
    }
}

extension Commit {
    /// The rules that every backend holds a commit to, in one place so that they cannot differ.
    ///
    /// - Parameter log: the stored state of a party's log, `LogState()` when there is none.
    /// - Returns: the state afterwards of each log that the commit touches.
    package func checked(
        lastSequence: UInt64, log: (PartyID) throws(StoreError) -> LogState
    ) throws(StoreError) -> SortedMap<PartyID, LogState> {
        var last = lastSequence
        for entry in journal {
            guard last < UInt64(Int64.max), entry.sequence == last + 1 else {
                throw .notNext(expected: last &+ 1, found: entry.sequence)
            }
            last += 1
        }
        var touched = SortedMap<PartyID, LogState>()
        for entry in entries {
            var state = if let known = touched[entry.party] { known } else { try log(entry.party) }
            guard state.size < UInt64(Int64.max), entry.index == state.size else {
                throw .entryNotNext(party: entry.party, expected: state.size, found: entry.index)
            }
            state.size += 1
            touched[entry.party] = state
        }
        for change in heads {
            var state = if let known = touched[change.party] { known } else { try log(change.party) }
            guard state.head?.size == change.expectedSize else {
                throw .headChanged(party: change.party, expected: change.expectedSize, found: state.head?.size)
            }
            if let held = state.head {
                guard change.head.size > held.size || (change.head.size == held.size && change.head.root == held.root)
                else { throw .headWouldFork(party: change.party, held: held.size, offered: change.head.size) }
            }
            state.head = change.head
            touched[change.party] = state
        }
        return touched
    }
}

extension Snapshot {
    /// A snapshot covers only what the journal holds, and replaces only an older or equal one.
    package func check(lastSequence: UInt64, held: UInt64?) throws(StoreError) {
        guard throughSequence <= lastSequence, throughSequence >= held ?? 0 else {
            throw .snapshotOutOfRange(from: held ?? 0, through: lastSequence, found: throughSequence)
        }
    }
}
