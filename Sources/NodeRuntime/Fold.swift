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
        party: PartyID, terms: Terms, reference: VerticalReference, store: any NodeStore
    ) throws -> Result {
        var mechanism = Mechanism(party: party, terms: terms, reference: reference)
        var sequence: UInt64 = 0
        if let snapshot = try store.latestSnapshot(),
            let restored = Mechanism(
                try SnapshotCodec.decode(snapshot.bytes), party: party, terms: terms, reference: reference)
        {
            mechanism = restored
            sequence = snapshot.throughSequence
        }
        while true {
            let entries = try store.journal(after: sequence, limit: 1_000)
            if entries.isEmpty { break }
            for entry in entries {
                try replay(try JournalRecord.decode(entry.bytes), sequence: entry.sequence, into: &mechanism)
                sequence = entry.sequence
            }
        }
        for member in terms.parties {
            let held = try store.size(of: member.id)
            let folded = mechanism.logs[member.id]?.size ?? 0
            guard held == folded else {
                throw Failure.diverged(sequence: sequence, detail: "\(member.id): \(held) records stored, \(folded) folded")
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
