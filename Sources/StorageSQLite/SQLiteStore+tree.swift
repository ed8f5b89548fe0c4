import Foundation
import GRDB
import Kernel
import Storage

extension SQLiteStore {
    public func tile(of log: LogID, level: Int, index: UInt64) throws(StoreError) -> [UInt8]? {
        try read { db, ledger in
            guard index < ledger.logs[log]?.tiles(level: level) ?? 0 else { return nil }
            guard let hashes = try SQLiteStore.tile(of: log, level: level, index: index, db) else {
                throw StoreError.corrupt(detail: "tile \(level)/\(index) of \(log)")
            }
            return hashes
        }
    }

    public func notes(
        of log: LogID, sizes: ClosedRange<UInt64>, by signer: String?, order: NoteOrder, limit: Int
    ) throws(StoreError) -> [NoteWrite] {
        let largest = UInt64(Int64.max)
        guard limit > 0, sizes.lowerBound <= largest else { return [] }
        return try read { db, ledger in
            let held = ledger.logs[log]?.notes ?? 0
            guard held > 0 else { return [] }
            let direction = order == .oldestFirst ? "ASC" : "DESC"
            var arguments: StatementArguments = [log.description]
            if let signer { arguments += [signer] }
            arguments += [sizes.lowerBound.stored, min(sizes.upperBound, largest).stored, limit]
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        \(SQLiteStore.noteColumns) WHERE log = ? \(signer == nil ? "" : "AND signer = ?")
                        AND size >= ? AND size <= ? ORDER BY size \(direction), arrival \(direction) LIMIT ?
                        """), arguments: arguments)
            var notes: [NoteWrite] = []
            while let row = try rows.next() {
                guard case .sound(let note) = SQLiteStore.note(row, of: log), signer == nil || note.signer == signer,
                    sizes.contains(note.size)
                else { throw StoreError.corrupt(detail: "a note on \(log)") }
                notes.append(note)
            }
            // Only the whole list can be told to be whole.
            let isAll = signer == nil && sizes.lowerBound == 0 && sizes.upperBound >= largest
            if isAll, UInt64(notes.count) < min(held, UInt64(limit)) {
                throw StoreError.corrupt(detail: "\(notes.count) notes on \(log), not \(held)")
            }
            return notes
        }
    }

    static let noteColumns = "SELECT size, arrival, signer, note, checksum FROM note"

    static func note(_ row: Row, of log: LogID) -> NoteRow {
        guard let size = row.number(0), let arrival = row.number(1), let signer = row.text(2), let bytes = row.bytes(3)
        else { return .damaged(size: row.number(0) ?? 0) }
        let note = NoteWrite(log: log, size: size, signer: signer, note: bytes)
        guard row.number(4)?.stored == Checksum.note(note, arrival: arrival) else { return .damaged(size: size) }
        return .sound(note)
    }

    static func holds(_ note: NoteWrite, _ db: Database) throws -> Bool {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: "\(noteColumns) WHERE log = ? AND signer = ? AND size = ? ORDER BY arrival"),
            arguments: [note.log.description, note.signer, note.size.stored])
        while let row = try rows.next() {
            guard case .sound(let held) = SQLiteStore.note(row, of: note.log) else {
                throw StoreError.corrupt(detail: "a note on \(note.log) at size \(note.size)")
            }
            if held == note { return true }
        }
        return false
    }

    /// `nil` when the tile is missing or damaged.
    static func tile(of log: LogID, level: Int, index: UInt64, _ db: Database) throws -> [UInt8]? {
        let name = log.description
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT hashes, checksum FROM tile WHERE log = ? AND level = ? AND position = ?"),
            arguments: [name, level, index.stored])
        guard let row, let hashes = row.bytes(0), hashes.count == TileWrite.byteCount,
            row.number(1)?.stored == Checksum.tile(name, level: level, index, hashes)
        else { return nil }
        return hashes
    }
}
