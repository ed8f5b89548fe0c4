import Foundation
import GRDB
import Kernel
import Storage

extension SQLiteStore {
    public func commit(_ commit: Commit) throws(StoreError) {
        var touched = SortedMap<LogID, LogState>()
        try change(pages: commit.pages) { (ledger) throws(StoreError) -> Ledger? in
            touched = try commit.checked(lastSequence: ledger.lastSequence) { (log) throws(StoreError) in
                ledger.logs[log] ?? LogState()
            }
            guard !commit.isEmpty else { return nil }
            var after = ledger
            after.lastSequence += UInt64(commit.journal.count)
            return after
        } write: { db, after in
            // Only here, where they can be compared with what is held: a note that is there already adds nothing.
            var notes: [(NoteWrite, arrival: UInt64)] = []
            for note in commit.notes {
                guard try !notes.contains(where: { $0.0 == note }) && !SQLiteStore.holds(note, db) else { continue }
                let arrival = touched[note.log]?.notes ?? 0
                touched[note.log]?.notes += 1
                notes.append((note, arrival))
            }
            for (log, state) in touched {
                after.logs[log] = state
                try Ledger.saveLog(log, state, to: db)
            }
            try SQLiteStore.insert(commit.journal, db)
            try SQLiteStore.insert(commit.entries, db)
            try SQLiteStore.insert(commit.tiles, db)
            try SQLiteStore.insert(notes, db)
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
