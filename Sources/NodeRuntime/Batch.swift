import JointLog
import Kernel
import Mechanism
import Storage

/// What one turn of the driver has to make durable, and what follows.
struct Batch {
    private(set) var sequence: UInt64
    private var records: [JournalRecord] = []
    private var writes: [LogWrite] = []
    private(set) var changes = SortedSet<DeskChange>()
    private(set) var pushes = false
    /// STOP messages that peers' records carry.
    private(set) var stopNotes: [String] = []
    private var notes: [NoteWrite] = []

    var count: Int { records.count }

    /// - Parameter notes: what this node has signed over others' logs since the last commit.
    init(sequence: UInt64, notes: [NoteWrite]) {
        self.sequence = sequence
        self.notes = notes
    }

    mutating func add(_ event: Event, _ handled: Handled, now: Now, given: [Bytes], mechanism: Mechanism) {
        sequence += 1
        records.append(JournalRecord(now: now, event: event, given: given, writes: handled.writes))
        writes += handled.writes
        keepNotes(of: event, mechanism)
        for effect in handled.effects {
            switch effect {
            case .push: pushes = true
            case .stop(let note): stopNotes.append(note)
            case .show(let change): changes.insert(change)
            }
        }
    }

    /// Whatever somebody signed over a log is evidence.
    private mutating func keepNotes(of event: Event, _ mechanism: Mechanism) {
        switch event {
        case .pushed(let push): keep(push.checkpoint, push.log, by: origin(of: push.log, mechanism))
        case .receipt(let from, let note, _): keep(note, mechanism.ownLog.id, by: Receipt.key(of: from, publicKey: mechanism.nodeKey(of: from)).name)
        case .heads(_, let heads):
            for head in heads {
                keep(head.note, head.log, by: origin(of: head.log, mechanism))
                // A receipt that came another way is found by who gave it.
                let signers = SignedNote(encoded: head.note)?.signatures.map(\.keyName) ?? []
                for holder in mechanism.links.keys {
                    let key = Receipt.key(of: holder, publicKey: mechanism.nodeKey(of: holder))
                    if signers.contains(key.name) { keep(head.note, head.log, by: key.name) }
                }
            }
        case .started, .tick, .command, .heartbeat, .statement, .attempts, .stop, .cover, .check: break
        }
    }

    private mutating func keep(_ note: String, _ log: LogID, by signer: String) {
        guard let size = Checkpoint(note: note)?.size else { return }
        notes.append(NoteWrite(log: log, size: size, signer: signer, note: Array(note.utf8)))
    }

    private func origin(of log: LogID, _ mechanism: Mechanism) -> String {
        Checkpoint.origin(mechanism: mechanism.terms.mechanism, log: log)
    }

    /// The transaction: journal, records, tiles, notes, and the head of every log that grew, compared before it is
    /// swapped.
    mutating func commit(
        _ mechanism: Mechanism, store: any NodeStore, trees: inout LogTrees, keys: NodeKeys
    ) throws -> Commit {
        let tiles = try trees.append(writes)
        var heads: [HeadChange] = []
        for id in SortedSet(writes.map(\.log)) {
            guard let log = mechanism.logs[id.party], log.id == id else { continue }
            let checkpoint = Checkpoint(
                mechanism: mechanism.terms.mechanism, log: id, size: log.tree.size, root: log.tree.root)
            let note =
                id.party == mechanism.party
                ? keys.sign(checkpoint, as: mechanism.ownParty).note : log.note ?? checkpoint.text
            keep(note, id, by: checkpoint.origin)
            heads.append(
                HeadChange(
                    expectedSize: try store.head(of: id)?.size,
                    head: HeadState(log: id, size: log.tree.size, root: log.tree.root, checkpoint: Array(note.utf8))))
        }
        let first = sequence - UInt64(records.count) + 1
        let journal = try records.enumerated().map { offset, record in
            JournalEntry(sequence: first + UInt64(offset), bytes: try record.encoded())
        }
        let entries = writes.map { MirrorEntry(log: $0.log, index: $0.leaf, envelope: $0.envelope) }
        return Commit(journal: journal, entries: entries, tiles: tiles, notes: notes, heads: heads)
    }
}
