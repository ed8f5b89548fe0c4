import Foundation
import Kernel
import Mechanism
import Storage

/// One accepted event with the moment at which it was handled and what the authority gave: all that a fold
/// needs to reach the same state again. Envelopes that the event brought are not written twice: they stand in the
/// mirror, in the same commit.
struct JournalRecord: Codable {
    let now: Now
    let event: Event
    let given: [Bytes]
    let mirrored: Mirrored?

    /// The place in a log where a pushed event's new records stand.
    struct Mirrored: Codable {
        let leaf: LogIndex
        let count: Int
    }

    init(now: Now, event: Event, given: [Bytes], writes: [LogWrite]) {
        self.now = now
        self.given = given
        guard case .pushed(let push) = event else {
            self.event = event
            mirrored = nil
            return
        }
        // In the same turn the node may have added to its own log, which is the one pushed when it is being restored.
        let end = push.first + UInt64(push.envelopes.count)
        let new = writes.filter { $0.log == push.log && $0.record.index < end }
        // Without those that we held already: a fold meets the same state and takes the same decision.
        self.event = .pushed(
            Push(
                from: push.from, log: push.log, first: end - UInt64(new.count),
                envelopes: [], checkpoint: push.checkpoint))
        mirrored = new.first.map { Mirrored(leaf: $0.leaf, count: new.count) }
    }

    private init(now: Now, event: Event, given: [Bytes]) {
        self.now = now
        self.event = event
        self.given = given
        mirrored = nil
    }

    func encoded() throws -> [UInt8] {
        if let filing = JournalFiling(self) { return filing.bytes }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// With the envelopes back in their place.
    static func decode(_ bytes: [UInt8], store: any NodeStore) throws -> JournalRecord {
        if let filing = try JournalFiling(bytes) {
            return JournalRecord(now: filing.now, event: filing.event, given: filing.given)
        }
        let record = try JSONDecoder().decode(JournalRecord.self, from: Data(bytes))
        guard case .pushed(let push) = record.event, let mirrored = record.mirrored else { return record }
        let entries = try store.entries(of: push.log, from: mirrored.leaf, limit: mirrored.count)
        let whole = Push(
            from: push.from, log: push.log, first: push.first, envelopes: entries.map { Bytes($0.envelope) },
            checkpoint: push.checkpoint)
        return JournalRecord(now: record.now, event: .pushed(whole), given: record.given)
    }
}
