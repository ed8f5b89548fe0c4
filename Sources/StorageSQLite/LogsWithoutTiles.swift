import Foundation
import GRDB
import Kernel
import Storage

/// The step from version 1, whose logs had no tiles and no notes: their tiles are built from their entries.
enum LogsWithoutTiles {
    /// Runs after the SQL of version 2, inside its transaction.
    ///
    /// - Throws: `corrupt` when a row is not what version 1 wrote; a `DatabaseError`.
    static func convert(_ db: Database) throws {
        for (id, state) in try logs(db) {
            var state = state
            var tree = TileBuilder(log: id)
            // An entry that is no envelope has no leaf, and no tile beyond it can be made; verifying names it.
            adding: while tree.size < state.size {
                let run = try SQLiteStore.entries(of: id, from: tree.size, limit: TileWrite.width, db, size: state.size)
                if let bad = run.firstBad { throw StoreError.corrupt(detail: "entry \(id)-\(bad)") }
                for entry in run.elements {
                    guard let leaf = entry.leaf else { break adding }
                    tree.append(leaf)
                }
                try SQLiteStore.insert(tree.pending, db)
                state.leafTiles += UInt64(tree.pending.count { $0.level == 0 })
                tree.stored()
            }
            try Ledger.saveLog(id, state, to: db)
        }
    }

    private static func logs(_ db: Database) throws -> [(LogID, LogState)] {
        var logs: [(LogID, LogState)] = []
        let rows = try Row.fetchCursor(
            db, sql: "SELECT log, size, head_size, head_root, head_checkpoint, checksum FROM log ORDER BY log")
        while let row = try rows.next() {
            guard let id = row.text(0).flatMap(LogID.init), let size = row.number(1) else {
                throw StoreError.corrupt(detail: "a row of log is unreadable")
            }
            var log = LogState(size: size)
            if let headSize = row.number(2), let root = row.bytes(3).flatMap({ Hash32($0) }), let checkpoint = row.bytes(4) {
                log.head = HeadState(log: id, size: headSize, root: root, checkpoint: checkpoint)
            }
            guard row.number(5)?.stored == checksum(id, log) else {
                throw StoreError.corrupt(detail: "checksum of log \(id)")
            }
            logs.append((id, log))
        }
        return logs
    }

    /// As version 1 had it.
    private static func checksum(_ id: LogID, _ log: LogState) -> Int64 {
        var sum = Checksum("log")
        sum.add(Array(id.description.utf8))
        sum.add(log.size)
        if let head = log.head {
            sum.add(head.size)
            sum.add(head.root.bytes)
            sum.add(head.checkpoint)
        }
        return sum.value
    }
}
