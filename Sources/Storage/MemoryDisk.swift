import Kernel
import Synchronization

/// What a ``MemoryStore`` writes to. Only whole changes are ever in it, so a power cut leaves it as it is.
public final class MemoryDisk: Sendable {
    struct State: Sendable {
        var prunedThrough: UInt64 = 0
        var journal: [JournalEntry] = []
        var entries = SortedMap<LogID, [MirrorEntry]>()
        /// For each level of a log its tiles in order.
        var tiles = SortedMap<LogID, [[TileWrite]]>()
        /// By rising size, and for one size in the order of arrival.
        var notes = SortedMap<LogID, [NoteWrite]>()
        var logs = SortedMap<LogID, LogState>()
        var snapshot: Snapshot?

        var lastSequence: UInt64 { prunedThrough + UInt64(journal.count) }

        mutating func add(_ tile: TileWrite) {
            if tiles[tile.log] == nil { tiles[tile.log] = TileWrite.levels.map { _ in [] } }
            tiles.update(tile.log) { $0[tile.level].append(tile) }
        }

        /// Does nothing when the very same note is there.
        mutating func add(_ note: NoteWrite) {
            if notes[note.log] == nil { notes[note.log] = [] }
            var isNew = false
            notes.update(note.log) { held in
                let end = (held.lastIndex { $0.size <= note.size } ?? -1) + 1
                let sameSize = held[..<end].reversed().prefix { $0.size == note.size }
                isNew = !sameSize.contains(note)
                if isNew { held.insert(note, at: end) }
            }
            if isNew { logs[note.log, default: LogState()].notes += 1 }
        }
    }

    /// An error that the next change will report.
    private struct Fault: Sendable {
        let error: StoreError
        let afterEffect: Bool
    }

    private struct Content: Sendable {
        var state = State()
        var isOpen = false
        var opened: UInt64 = 0
        var fault: Fault?
    }

    private let content = Mutex(Content())

    public init() {}

    /// Makes the next commit, snapshot or pruning throw `error`. `full` is retryable and must not have an effect.
    ///
    /// - Parameter afterEffect: whether the change is stored all the same, as after a sync whose report was lost.
    ///   Nobody sees it before the disk is opened again, because the store closes itself.
    public func failNextChange(_ error: StoreError, afterEffect: Bool) {
        precondition(!(afterEffect && error.isRetryable), "a retryable error promises that nothing was stored")
        content.withLock { $0.fault = Fault(error: error, afterEffect: afterEffect) }
    }

    /// Changes one byte of a stored record, as a disk does that rots.
    ///
    /// - Precondition: the record is there.
    public func rot(_ log: LogID, at index: LogIndex) {
        content.withLock { content in
            content.state.entries.update(log) { entries in
                let entry = entries[Int(index)]
                var bytes = entry.envelope
                bytes[bytes.count / 2] ^= 1
                entries[Int(index)] = MirrorEntry(log: entry.log, index: entry.index, envelope: bytes)
            }
        }
    }

    /// The node's process ends: whoever had the disk open finds its store closed.
    public func cutPower() {
        content.withLock { $0.isOpen = false }
    }

    func open() throws(StoreError) -> UInt64 {
        try content.withLock { (content) throws(StoreError) in
            guard !content.isOpen else { throw .locked }
            content.isOpen = true
            content.opened += 1
            return content.opened
        }
    }

    func close(_ ownership: UInt64) {
        content.withLock { if $0.opened == ownership { $0.isOpen = false } }
    }

    func read(_ ownership: UInt64) throws(StoreError) -> State {
        try content.withLock { (content) throws(StoreError) in
            guard content.isOpen, content.opened == ownership else { throw .closed }
            return content.state
        }
    }

    /// `body` checks everything before it changes anything.
    func change(_ ownership: UInt64, _ body: (inout State) throws(StoreError) -> Void) throws(StoreError) {
        try content.withLock { (content) throws(StoreError) in
            guard content.isOpen, content.opened == ownership else { throw .closed }
            guard let fault = content.fault else { return try body(&content.state) }
            content.fault = nil
            if fault.afterEffect { try body(&content.state) }
            if !fault.error.isRetryable { content.isOpen = false }
            throw fault.error
        }
    }
}
