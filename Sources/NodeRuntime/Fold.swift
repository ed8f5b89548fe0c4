import Geodesy
import Kernel
import Mechanism
import Records
import Storage

/// The node's state from its store: the newest snapshot, then every journalled event after it.
enum Fold {
    struct Result {
        let mechanism: Mechanism
        let sequence: UInt64
    }

    enum Failure: Error {
        /// The journal does not lead to the same decisions: it was written by another version, or damaged.
        case diverged(sequence: UInt64, detail: String)
    }

    static func run(
        party: PartyID, terms: Terms, reference: VerticalReference, postQuantumKey: Bytes?, store: any NodeStore
    ) throws -> Result {
        var mechanism = Mechanism(party: party, terms: terms, reference: reference)
        mechanism.ownPostQuantumKey = postQuantumKey
        var sequence: UInt64 = 0
        if let snapshot = try store.latestSnapshot(),
            let restored = Mechanism(
                try SnapshotCodec.decode(snapshot.bytes), party: party, terms: terms, reference: reference)
        {
            mechanism = restored
            mechanism.ownPostQuantumKey = postQuantumKey
            sequence = snapshot.throughSequence
        }
        while true {
            let entries = try store.journal(after: sequence, limit: 1_000)
            if entries.isEmpty { break }
            for entry in entries {
                try replay(try JournalRecord.decode(entry.bytes, store: store), sequence: entry.sequence, into: &mechanism)
                sequence = entry.sequence
            }
        }
        for (_, log) in mechanism.logs {
            let held = try store.size(of: log.id)
            guard held == log.tree.size else {
                throw Failure.diverged(
                    sequence: sequence, detail: "\(log.id): \(held) records stored, \(log.tree.size) folded")
            }
        }
        return Result(mechanism: mechanism, sequence: sequence)
    }

    private static func replay(_ record: JournalRecord, sequence: UInt64, into mechanism: inout Mechanism) throws {
        var authority = ReplayingAuthority(record.given)
        do throws(Refusal) {
            _ = try mechanism.handle(record.event, now: record.now, authority: &authority, isReplay: true)
        } catch {
            throw Failure.diverged(sequence: sequence, detail: "\(error)")
        }
        guard authority.isSpent else { throw Failure.diverged(sequence: sequence, detail: "other records were written") }
    }
}
