import JointLog
import Kernel
import Mechanism
import Storage

/// What one turn of the driver has to make durable, and what follows.
struct Batch {
    private(set) var sequence: UInt64
    private var records: [JournalRecord] = []
    private(set) var entries: [MirrorEntry] = []
    private(set) var changes = SortedSet<DeskChange>()
    private(set) var pushes = false
    /// The newest checkpoint that each peer signed over its log.
    private var notes = SortedMap<PartyID, String>()

    var count: Int { records.count }

    init(sequence: UInt64) { self.sequence = sequence }

    mutating func add(_ event: Event, _ handled: Handled, now: Now, given: [Bytes]) {
        sequence += 1
        records.append(JournalRecord(now: now, event: event, given: given))
        for write in handled.writes {
            entries.append(
                MirrorEntry(party: write.record.party, index: write.record.index, envelope: write.envelope))
        }
        if case .entries(let from, _, _, let note) = event { notes[from] = note }
        for effect in handled.effects {
            switch effect {
            case .push: pushes = true
            case .show(let change): changes.insert(change)
            }
        }
    }

    /// The transaction: journal, records, and the head of every log that grew, compared before it is swapped.
    func commit(
        _ mechanism: Mechanism, store: any NodeStore, sign: ([UInt8]) -> [UInt8]
    ) throws -> Commit {
        var heads: [HeadChange] = []
        for party in SortedSet(entries.map(\.party)) {
            guard let log = mechanism.logs[party] else { continue }
            let checkpoint = Checkpoint(
                mechanism: mechanism.terms.mechanism, party: party, size: log.size, root: log.tree.root)
            let note: String
            if party == mechanism.party {
                guard let key = mechanism.terms.party(party)?.nodeKey else { continue }
                note = SignedCheckpoint.signing(checkpoint, publicKey: key, sign: sign).note
            } else {
                note = notes[party] ?? checkpoint.text
            }
            heads.append(
                HeadChange(
                    expectedSize: try store.head(of: party)?.size,
                    head: HeadState(party: party, size: log.size, root: log.tree.root, checkpoint: Array(note.utf8))))
        }
        let first = sequence - UInt64(records.count) + 1
        let journal = try records.enumerated().map { offset, record in
            JournalEntry(sequence: first + UInt64(offset), bytes: try record.encoded())
        }
        return Commit(journal: journal, entries: entries, heads: heads)
    }
}
