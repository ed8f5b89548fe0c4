import Foundation
import GRDB
import Kernel
import Storage

extension SQLiteStore {
    public func journal(after sequence: UInt64, limit: Int) throws(StoreError) -> [JournalEntry] {
        try read { db, ledger in
            guard sequence >= ledger.prunedThrough else { throw StoreError.pruned(through: ledger.prunedThrough) }
            let run = try SQLiteStore.journal(after: sequence, limit: limit, db, ledger)
            if let bad = run.firstBad { throw StoreError.corrupt(detail: "journal entry \(bad)") }
            return run.elements
        }
    }

    public func entries(of log: LogID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry] {
        try read { db, ledger in
            let size = ledger.logs[log]?.size ?? 0
            let run = try SQLiteStore.entries(of: log, from: index, limit: limit, db, size: size)
            if let bad = run.firstBad { throw StoreError.corrupt(detail: "entry \(log)-\(bad)") }
            return run.elements
        }
    }

    public func readBack(of log: LogID, from index: LogIndex, limit: Int) throws(StoreError) -> [MirrorEntry] {
        try inspect { (open) throws(StoreError) in
            do { try open.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA shrink_memory") } } catch {
                throw StoreError(converting: error)
            }
        }
        return try entries(of: log, from: index, limit: limit)
    }

    public func latestSnapshot() throws(StoreError) -> Snapshot? {
        try read { db, ledger in try SQLiteStore.snapshot(db, ledger) }
    }

    static func journal(
        after sequence: UInt64, limit: Int, _ db: Database, _ ledger: Ledger
    ) throws -> SoundRun<JournalEntry> {
        var run = SoundRun<JournalEntry>()
        guard limit > 0, sequence < ledger.lastSequence else { return run }
        let end = sequence + min(UInt64(limit), ledger.lastSequence - sequence)
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT sequence, bytes, checksum FROM journal WHERE sequence > ? AND sequence <= ? ORDER BY sequence"),
            arguments: [sequence.stored, end.stored])
        for expected in (sequence + 1)...end {
            guard let row = try rows.next(), row.number(0) == expected, let bytes = row.bytes(1),
                row.number(2)?.stored == Checksum.journal(expected, bytes)
            else {
                run.firstBad = expected
                return run
            }
            run.elements.append(JournalEntry(sequence: expected, bytes: bytes))
        }
        return run
    }

    /// - Parameter size: how many the log should hold.
    static func entries(
        of log: LogID, from index: LogIndex, limit: Int, _ db: Database, size: UInt64
    ) throws -> SoundRun<MirrorEntry> {
        var run = SoundRun<MirrorEntry>()
        guard limit > 0, index < size else { return run }
        let end = index + min(UInt64(limit), size - index)
        let name = log.description
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT position, envelope, checksum FROM entry WHERE log = ? AND position >= ? AND position < ?
                    ORDER BY position
                    """), arguments: [name, index.stored, end.stored])
        for expected in index..<end {
            guard let row = try rows.next(), row.number(0) == expected, let envelope = row.bytes(1),
                row.number(2)?.stored == Checksum.entry(name, expected, envelope)
            else {
                run.firstBad = expected
                return run
            }
            run.elements.append(MirrorEntry(log: log, index: expected, envelope: envelope))
        }
        return run
    }

    static func snapshot(_ db: Database, _ ledger: Ledger) throws -> Snapshot? {
        guard let (through, byteCount) = ledger.snapshot else { return nil }
        var bytes: [UInt8] = []
        var part: UInt64 = 0
        let rows = try Row.fetchCursor(db, sql: "SELECT part, bytes, checksum FROM snapshot_part ORDER BY part")
        while let row = try rows.next() {
            guard row.number(0) == part, let piece = row.bytes(1),
                row.number(2)?.stored == Checksum.snapshotPart(part, through: through, piece)
            else { throw StoreError.corrupt(detail: "part \(part) of the snapshot") }
            bytes += piece
            part += 1
        }
        guard UInt64(bytes.count) == byteCount else {
            throw StoreError.corrupt(detail: "the snapshot has \(bytes.count) bytes, not \(byteCount)")
        }
        return Snapshot(throughSequence: through, bytes: bytes)
    }
}
