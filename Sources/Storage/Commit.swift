import Kernel

/// Everything that one drain of the inbox decided, made durable together.
public struct Commit: Hashable, Sendable {
    /// In order, continuing the journal.
    public var journal: [JournalEntry]
    /// For each log in order, continuing that log.
    public var entries: [MirrorEntry]
    /// For each level of each log in order, continuing that level, a lower level before the tile that it completes.
    /// Tiles may lag behind the entries, never lead them; a higher tile comes with the last of its 256 lower ones.
    public var tiles: [TileWrite]
    /// In the order of arrival.
    public var notes: [NoteWrite]
    /// Applied in order after `entries`.
    public var heads: [HeadChange]

    public init(
        journal: [JournalEntry] = [], entries: [MirrorEntry] = [], tiles: [TileWrite] = [], notes: [NoteWrite] = [],
        heads: [HeadChange] = []
    ) {
        self.journal = journal
        self.entries = entries
        self.tiles = tiles
        self.notes = notes
        self.heads = heads
    }

    public var isEmpty: Bool {
        journal.isEmpty && entries.isEmpty && tiles.isEmpty && notes.isEmpty && heads.isEmpty
    }
}

extension Commit {
    /// The rules that every backend holds a commit to, in one place so that they cannot differ.
    ///
    /// - Parameter log: the stored state of a log, `LogState()` when there is none.
    /// - Returns: the state afterwards of each log that the commit touches, but for the count of notes: the backend
    ///   knows which it holds already.
    package func checked(
        lastSequence: UInt64, log: (LogID) throws(StoreError) -> LogState
    ) throws(StoreError) -> SortedMap<LogID, LogState> {
        try checkJournal(lastSequence: lastSequence)
        var touched = SortedMap<LogID, LogState>()
        for entry in entries {
            var state = if let known = touched[entry.log] { known } else { try log(entry.log) }
            guard state.size < UInt64(Int64.max), entry.index == state.size else {
                throw .entryNotNext(log: entry.log, expected: state.size, found: entry.index)
            }
            state.size += 1
            touched[entry.log] = state
        }
        var runs = SortedMap<LogID, TileRun>()
        for tile in tiles {
            let state = if let known = touched[tile.log] { known } else { try log(tile.log) }
            touched[tile.log] = state
            var run = runs[tile.log] ?? TileRun(log: tile.log, state)
            try run.add(tile, size: state.size)
            runs[tile.log] = run
        }
        for (id, run) in runs { touched[id]?.leafTiles = try run.leafTiles() }
        for note in notes {
            guard note.size <= UInt64(Int64.max) else { throw .noteOutOfRange(log: note.log, size: note.size) }
            if touched[note.log] == nil { touched[note.log] = try log(note.log) }
        }
        for change in heads {
            var state = if let known = touched[change.log] { known } else { try log(change.log) }
            guard state.head?.size == change.expectedSize else {
                throw .headChanged(log: change.log, expected: change.expectedSize, found: state.head?.size)
            }
            if let held = state.head {
                guard change.head.size > held.size || (change.head.size == held.size && change.head.root == held.root)
                else { throw .headWouldFork(log: change.log, held: held.size, offered: change.head.size) }
            }
            state.head = change.head
            touched[change.log] = state
        }
        return touched
    }

    private func checkJournal(lastSequence: UInt64) throws(StoreError) {
        var last = lastSequence
        for entry in journal {
            guard last < UInt64(Int64.max), entry.sequence == last + 1 else {
                throw .notNext(expected: last &+ 1, found: entry.sequence)
            }
            last += 1
        }
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
