import Foundation
import GRDB
import Kernel
import Storage

extension SQLiteStore {
    public func commit(_ commit: Commit) throws(StoreError) {
        // The rows that every commit touches, and for each new row its leaf and overflow pages.
        let pages =
            4 + commit.journal.reduce(0) { $0 + 1 + $1.bytes.count / SQLiteStore.pageBytes }
            + commit.entries.reduce(0) { $0 + 2 + $1.envelope.count / SQLiteStore.pageBytes }
        var touched = SortedMap<PartyID, LogState>()
        try change(pages: pages) { (ledger) throws(StoreError) -> Ledger? in
            touched = try commit.checked(lastSequence: ledger.lastSequence) { (party) throws(StoreError) in
                ledger.logs[party] ?? LogState()
            }
            guard !commit.isEmpty else { return nil }
            var after = ledger
            after.lastSequence += UInt64(commit.journal.count)
            for (party, log) in touched { after.logs[party] = log }
            return after
        } write: { db, after in
            for (party, log) in touched { try Ledger.saveLog(party, log, to: db) }
            let journal = try db.cachedStatement(
                sql: "INSERT INTO journal (sequence, bytes, checksum) VALUES (?, ?, ?)")
            for entry in commit.journal {
                try journal.execute(arguments: [
                    entry.sequence.stored, Data(entry.bytes), Checksum.journal(entry.sequence, entry.bytes),
                ])
            }
            let entries = try db.cachedStatement(
                sql: "INSERT INTO entry (party, position, envelope, checksum) VALUES (?, ?, ?, ?)")
            for entry in commit.entries {
                try entries.execute(arguments: [
                    entry.party.name, entry.index.stored, Data(entry.envelope),
                    Checksum.entry(entry.party.name, entry.index, entry.envelope),
                ])
            }
            try after.save(db)
        }
    }

    public func saveSnapshot(_ snapshot: Snapshot) throws(StoreError) {
        try change(pages: 4 + snapshot.bytes.count / SQLiteStore.pageBytes) { (ledger) throws(StoreError) -> Ledger? in
            try snapshot.check(lastSequence: ledger.lastSequence, held: ledger.snapshot?.throughSequence)
            var after = ledger
            after.snapshot = (snapshot.throughSequence, UInt64(snapshot.bytes.count))
            return after
        } write: { db, after in
            try db.execute(sql: "DELETE FROM snapshot_part")
            let parts = try db.cachedStatement(
                sql: "INSERT INTO snapshot_part (part, bytes, checksum) VALUES (?, ?, ?)")
            var part: UInt64 = 0
            for start in stride(from: 0, to: snapshot.bytes.count, by: SQLiteStore.snapshotPartBytes) {
                let end = min(start + SQLiteStore.snapshotPartBytes, snapshot.bytes.count)
                let bytes = Array(snapshot.bytes[start..<end])
                let checksum = Checksum.snapshotPart(part, through: snapshot.throughSequence, bytes)
                try parts.execute(arguments: [part.stored, Data(bytes), checksum])
                part += 1
            }
            try after.save(db)
        }
    }

    public func pruneJournal(through sequence: UInt64) throws(StoreError) {
        try change(pages: 4) { (ledger) throws(StoreError) -> Ledger? in
            guard sequence > ledger.prunedThrough else { return nil }
            guard let covered = ledger.snapshot?.throughSequence, sequence <= covered else {
                throw .notCovered(requested: sequence, covered: ledger.snapshot?.throughSequence)
            }
            var after = ledger
            after.prunedThrough = sequence
            return after
        } write: { db, after in
            try db.execute(sql: "DELETE FROM journal WHERE sequence <= ?", arguments: [sequence.stored])
            try after.save(db)
        }
    }
}
