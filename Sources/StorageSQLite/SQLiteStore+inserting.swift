import Foundation
import GRDB
import Kernel
import Storage

extension SQLiteStore {
    static func insert(_ journal: [JournalEntry], _ db: Database) throws {
        guard !journal.isEmpty else { return }
        let statement = try db.cachedStatement(sql: "INSERT INTO journal (sequence, bytes, checksum) VALUES (?, ?, ?)")
        for entry in journal {
            try statement.execute(arguments: [
                entry.sequence.stored, Data(entry.bytes), Checksum.journal(entry.sequence, entry.bytes),
            ])
        }
    }

    static func insert(_ entries: [MirrorEntry], _ db: Database) throws {
        guard !entries.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: "INSERT INTO entry (log, position, envelope, checksum) VALUES (?, ?, ?, ?)")
        for entry in entries {
            let log = entry.log.description
            try statement.execute(arguments: [
                log, entry.index.stored, Data(entry.envelope), Checksum.entry(log, entry.index, entry.envelope),
            ])
        }
    }

    static func insert(_ tiles: [TileWrite], _ db: Database) throws {
        guard !tiles.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: "INSERT INTO tile (log, level, position, hashes, checksum) VALUES (?, ?, ?, ?, ?)")
        for tile in tiles {
            let log = tile.log.description
            try statement.execute(arguments: [
                log, tile.level, tile.index.stored, Data(tile.hashes),
                Checksum.tile(log, level: tile.level, tile.index, tile.hashes),
            ])
        }
    }

    static func insert(_ notes: [(NoteWrite, arrival: UInt64)], _ db: Database) throws {
        guard !notes.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: "INSERT INTO note (log, size, arrival, signer, note, checksum) VALUES (?, ?, ?, ?, ?, ?)")
        for (note, arrival) in notes {
            try statement.execute(arguments: [
                note.log.description, note.size.stored, arrival.stored, note.signer, Data(note.note),
                Checksum.note(note, arrival: arrival),
            ])
        }
    }
}

extension Commit {
    /// Pages that storing it writes, by estimate: the rows that every commit touches, and for each new row its leaf and
    /// overflow pages.
    var pages: Int {
        func pages(_ bytes: Int, rows: Int) -> Int { rows + bytes / SQLiteStore.pageBytes }
        return 4 + journal.reduce(0) { $0 + pages($1.bytes.count, rows: 1) }
            + entries.reduce(0) { $0 + pages($1.envelope.count, rows: 2) }
            + tiles.reduce(0) { $0 + pages($1.hashes.count, rows: 2) }
            + notes.reduce(0) { $0 + pages($1.note.count, rows: 3) }
    }
}
