import Kernel

/// A store whose disk is memory, for simulations and tests. It keeps every guarantee but survival of the process;
/// the ``MemoryDisk`` survives a simulated crash of the node.
public final class MemoryStore: NodeStore {
    private let disk: MemoryDisk
    /// Stores opened on the disk before this one: after a power cut an older store no longer owns it.
    private let ownership: UInt64

    /// Opens what the disk holds.
    ///
    /// - Throws: `locked` while another store has it open.
    public init(disk: MemoryDisk = MemoryDisk()) throws(StoreError) {
        self.disk = disk
        self.ownership = try disk.open()
    }

    deinit { disk.close(ownership) }

    public func commit(_ commit: Commit) throws(StoreError) {
        try disk.change(ownership) { (state) throws(StoreError) in
            let logs = try commit.checked(lastSequence: state.lastSequence) { (log) throws(StoreError) in
                state.logs[log] ?? LogState()
            }
            guard !commit.isEmpty else { return }
            state.journal += commit.journal
            for entry in commit.entries { state.entries[entry.log, default: []].append(entry) }
            for (log, after) in logs { state.logs[log] = after }
            for tile in commit.tiles { state.add(tile) }
            for note in commit.notes { state.add(note) }
        }
    }

    public var lastSequence: UInt64 {
        get throws(StoreError) { try disk.read(ownership).lastSequence }
    }

    public var prunedThrough: UInt64 {
        get throws(StoreError) { try disk.read(ownership).prunedThrough }
    }

    public func journal(after sequence: UInt64, limit: Int) throws(StoreError) -> [JournalEntry] {
        let state = try disk.read(ownership)
        guard sequence >= state.prunedThrough else { throw .pruned(through: state.prunedThrough) }
        guard sequence < state.lastSequence else { return [] }
        return Array(state.journal.dropFirst(Int(sequence - state.prunedThrough)).prefix(max(0, limit)))
    }

    public var logs: [LogID] {
        get throws(StoreError) { try disk.read(ownership).logs.keys }
    }

    public func entries(of log: LogID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry] {
        let held = try disk.read(ownership).entries[log] ?? []
        guard index < UInt64(held.count) else { return [] }
        return Array(held.dropFirst(Int(index)).prefix(max(0, limit)))
    }

    /// There is no file beside the memory, so this is ``entries(of:from:limit:)``.
    public func readBack(of log: LogID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry] {
        try entries(of: log, from: index, limit: limit)
    }

    public func size(of log: LogID) throws(StoreError) -> UInt64 {
        try disk.read(ownership).logs[log]?.size ?? 0
    }

    public func head(of log: LogID) throws(StoreError) -> HeadState? {
        try disk.read(ownership).logs[log]?.head
    }

    public func tileCount(of log: LogID, level: Int) throws(StoreError) -> UInt64 {
        try disk.read(ownership).logs[log]?.tiles(level: level) ?? 0
    }

    public func tile(of log: LogID, level: Int, index: UInt64) throws(StoreError) -> [UInt8]? {
        let state = try disk.read(ownership)
        guard index < state.logs[log]?.tiles(level: level) ?? 0 else { return nil }
        return state.tiles[log]?[level][Int(index)].hashes
    }

    public func notes(
        of log: LogID, sizes: ClosedRange<UInt64>, by signer: String?, order: NoteOrder, limit: Int
    ) throws(StoreError) -> [NoteWrite] {
        let wanted = (try disk.read(ownership).notes[log] ?? []).filter {
            sizes.contains($0.size) && (signer == nil || $0.signer == signer)
        }
        return Array((order == .oldestFirst ? wanted : wanted.reversed()).prefix(max(0, limit)))
    }

    public func saveSnapshot(_ snapshot: Snapshot) throws(StoreError) {
        try disk.change(ownership) { (state) throws(StoreError) in
            try snapshot.check(lastSequence: state.lastSequence, held: state.snapshot?.throughSequence)
            state.snapshot = snapshot
        }
    }

    public func latestSnapshot() throws(StoreError) -> Snapshot? { try disk.read(ownership).snapshot }

    public func pruneJournal(through sequence: UInt64) throws(StoreError) {
        try disk.change(ownership) { (state) throws(StoreError) in
            guard sequence > state.prunedThrough else { return }
            guard let covered = state.snapshot?.throughSequence, sequence <= covered else {
                throw .notCovered(requested: sequence, covered: state.snapshot?.throughSequence)
            }
            state.journal.removeFirst(Int(sequence - state.prunedThrough))
            state.prunedThrough = sequence
        }
    }

    public func verify(progress: (VerifyProgress) -> Void) throws(StoreError) -> [StoreFinding] {
        let state = try disk.read(ownership)
        let total = state.logs.reduce(UInt64(state.journal.count)) { $0 + $1.value.rows }
        var done = UInt64(state.journal.count)
        var findings: [StoreFinding] = []
        for (log, held) in state.logs {
            let rows = MemoryRows(
                held: state.entries[log] ?? [], tiles: state.tiles[log] ?? [], notes: (state.notes[log] ?? [])[...])
            var verifier = LogVerifier(log: log, state: held, rows: rows)
            findings += try verifier.run { count in
                done += count
                progress(VerifyProgress(done: done, total: total))
            }
        }
        progress(VerifyProgress(done: total, total: total))
        return findings
    }

    public var degradation: StoreError? { nil }

    public func close() { disk.close(ownership) }
}

private struct MemoryRows: LogRows {
    let held: [MirrorEntry]
    let tiles: [[TileWrite]]
    var notes: ArraySlice<NoteWrite>

    func entries(from index: LogIndex, limit: Int) throws(StoreError) -> SoundRun<MirrorEntry> {
        guard index < UInt64(held.count) else { return SoundRun(firstBad: index) }
        return SoundRun(elements: Array(held[Int(index)...].prefix(limit)))
    }

    func tile(level: Int, index: UInt64) throws(StoreError) -> [UInt8]? {
        guard level < tiles.count, index < UInt64(tiles[level].count) else { return nil }
        return tiles[level][Int(index)].hashes
    }

    mutating func nextNote() throws(StoreError) -> NoteRow? { notes.popFirst().map(NoteRow.sound) }
}
