import Foundation
import GRDB
import Kernel
import Storage

/// The few facts that say how much there should be, read once at opening and kept in memory: a missing row
/// is then noticed, wherever it was.
struct Ledger: Sendable {
    var lastSequence: UInt64 = 0
    var prunedThrough: UInt64 = 0
    var snapshot: (throughSequence: UInt64, byteCount: UInt64)?
    var logs = SortedMap<LogID, LogState>()

    private var checksum: Int64 {
        var sum = Checksum("state")
        sum.add(lastSequence)
        sum.add(prunedThrough)
        sum.add(snapshot == nil ? 0 : 1)
        sum.add(snapshot?.throughSequence ?? 0)
        sum.add(snapshot?.byteCount ?? 0)
        sum.add(UInt64(logs.count))
        return sum.value
    }

    private static func checksum(_ id: LogID, _ log: LogState) -> Int64 {
        var sum = Checksum("log 2")
        sum.add(Array(id.description.utf8))
        sum.add(log.size)
        sum.add(log.leafTiles)
        sum.add(log.notes)
        sum.add(log.head == nil ? 0 : 1)
        if let head = log.head {
            sum.add(head.size)
            sum.add(head.root.bytes)
            sum.add(head.checkpoint)
        }
        return sum.value
    }

    /// Writes the one row of `state`; the logs are written by ``saveLog(_:_:to:)``.
    func save(_ db: Database, isNew: Bool = false) throws {
        let sql =
            isNew
            ? """
            INSERT INTO state (last_sequence, pruned_through, snapshot_through, snapshot_bytes, log_count, checksum, id)
            VALUES (?, ?, ?, ?, ?, ?, 1)
            """
            : """
            UPDATE state SET last_sequence = ?, pruned_through = ?, snapshot_through = ?, snapshot_bytes = ?,
            log_count = ?, checksum = ? WHERE id = 1
            """
        try db.cachedStatement(sql: sql).execute(arguments: [
            lastSequence.stored, prunedThrough.stored, snapshot?.throughSequence.stored, snapshot?.byteCount.stored,
            logs.count, checksum,
        ])
        guard db.changesCount == 1 else { throw StoreError.corrupt(detail: "the state row is missing") }
    }

    static func saveLog(_ id: LogID, _ log: LogState, to db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO log (log, size, leaf_tiles, notes, head_size, head_root, head_checkpoint, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (log) DO UPDATE SET size = excluded.size, leaf_tiles = excluded.leaf_tiles,
                notes = excluded.notes, head_size = excluded.head_size, head_root = excluded.head_root,
                head_checkpoint = excluded.head_checkpoint, checksum = excluded.checksum
                """)
        try statement.execute(arguments: [
            id.description, log.size.stored, log.leafTiles.stored, log.notes.stored, log.head?.size.stored,
            log.head.map { Data($0.root.bytes) }, log.head.map { Data($0.checkpoint) }, checksum(id, log),
        ])
    }

    static func read(_ db: Database) throws -> Ledger {
        var ledger = Ledger()
        let logs = try Row.fetchCursor(
            db,
            sql: """
                SELECT log, size, leaf_tiles, notes, head_size, head_root, head_checkpoint, checksum FROM log ORDER BY log
                """)
        while let row = try logs.next() {
            guard let id = row.text(0).flatMap(LogID.init), let size = row.number(1), let leafTiles = row.number(2),
                let notes = row.number(3)
            else { throw StoreError.corrupt(detail: "a row of log is unreadable") }
            var log = LogState(size: size, leafTiles: leafTiles, notes: notes)
            if let headSize = row.number(4), let root = row.bytes(5).flatMap({ Hash32($0) }), let checkpoint = row.bytes(6) {
                log.head = HeadState(log: id, size: headSize, root: root, checkpoint: checkpoint)
            }
            guard row.number(7)?.stored == checksum(id, log) else {
                throw StoreError.corrupt(detail: "checksum of log \(id)")
            }
            ledger.logs[id] = log
        }
        let state = try Row.fetchOne(
            db,
            sql: """
                SELECT last_sequence, pruned_through, snapshot_through, snapshot_bytes, log_count, checksum FROM state
                WHERE id = 1
                """)
        guard let state, let last = state.number(0), let pruned = state.number(1) else {
            throw StoreError.corrupt(detail: "the state row is missing or unreadable")
        }
        ledger.lastSequence = last
        ledger.prunedThrough = pruned
        if let through = state.number(2), let byteCount = state.number(3) { ledger.snapshot = (through, byteCount) }
        guard state.number(4) == UInt64(ledger.logs.count) else {
            throw StoreError.corrupt(detail: "\(ledger.logs.count) rows of log, not what the state row says")
        }
        guard state.number(5)?.stored == ledger.checksum else { throw StoreError.corrupt(detail: "checksum of state") }
        return ledger
    }
}
