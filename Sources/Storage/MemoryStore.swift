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
            let logs = try commit.checked(lastSequence: state.lastSequence) { (party) throws(StoreError) in
                state.logs[party] ?? LogState()
            }
            guard !commit.isEmpty else { return }
            state.journal += commit.journal
            for entry in commit.entries { state.entries[entry.party, default: []].append(entry) }
            for (party, log) in logs { state.logs[party] = log }
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

    public var parties: [PartyID] {
        get throws(StoreError) { try disk.read(ownership).logs.keys }
    }

    public func entries(of party: PartyID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry] {
        let held = try disk.read(ownership).entries[party] ?? []
        guard index < UInt64(held.count) else { return [] }
        return Array(held.dropFirst(Int(index)).prefix(max(0, limit)))
    }

    public func size(of party: PartyID) throws(StoreError) -> UInt64 {
        try disk.read(ownership).logs[party]?.size ?? 0
    }

    public func head(of party: PartyID) throws(StoreError) -> HeadState? {
        try disk.read(ownership).logs[party]?.head
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

    public func verify() throws(StoreError) -> [StoreFinding] {
        let state = try disk.read(ownership)
        var findings: [StoreFinding] = []
        for (party, log) in state.logs {
            let held = UInt64(state.entries[party]?.count ?? 0)
            if held != log.size { findings.append(.entryGap(party: party, size: log.size, missing: held)) }
            if let head = log.head, head.size < log.size {
                findings.append(.entriesBeyondHead(party: party, size: log.size, headSize: head.size))
            }
        }
        return findings
    }

    public var degradation: StoreError? { nil }

    public func close() { disk.close(ownership) }
}
