import Foundation
import GRDB
import JointLog
import Kernel
import Storage
import StorageSQLite
import Testing

/// Rows that were changed behind the store's back, with and without a checksum that fits: rot and malice.
@Suite("SQLite store: verifying")
struct VerifyTests {
    private let log = Workload.logs[0]

    /// A closed file with a log of 600 entries, two tiles, a head and two notes.
    private func withFile(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "parley-verify-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(path: folder + "/node.sqlite")
        var tree = try LogTree(log, store: store)
        var commit = Commit()
        for index in UInt64(0)..<600 {
            let entry = MirrorEntry(log: log, index: index, envelope: [0, 0, 0, 2, UInt8(index >> 8), UInt8(index & 255), 9])
            commit.entries.append(entry)
            tree.append(try #require(entry.leaf))
        }
        commit.tiles = tree.pendingTiles
        let text = Array("parley/00/alpha\n600\n\(tree.root.bytes.base64)\n".utf8)
        commit.heads = [
            HeadChange(expectedSize: nil, head: HeadState(log: log, size: 600, root: tree.root, checkpoint: text))
        ]
        commit.notes = ["author", "holder"].map { NoteWrite(log: log, size: 600, signer: $0, note: text) }
        try store.commit(commit)
        store.close()
        try body(folder + "/node.sqlite")
    }

    private func alter(_ path: String, _ sql: String, _ arguments: StatementArguments = []) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    private func findings(_ path: String) throws -> [StoreFinding] {
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        return try store.verify()
    }

    /// CRC-32C by its definition.
    private func checksum(_ table: String, _ fields: [[UInt8]]) -> Int64 {
        var crc = UInt32.max
        for byte in Array(table.utf8) + fields.flatMap({ $0 }) {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        return Int64(~crc)
    }

    private func bytes(_ number: UInt64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    private func counted(_ content: [UInt8]) -> [UInt8] { bytes(UInt64(content.count)) + content }

    @Test("a file that nobody changed has no findings")
    func sound() throws {
        try withFile { path in
            let found = try findings(path)
            #expect(found == [])
        }
    }

    @Test("an entry that rotted or went missing is named, and nothing else is blamed for it")
    func entry() throws {
        try withFile { path in
            try alter(path, "UPDATE entry SET envelope = x'00' WHERE position IN (7, 300)")
            #expect(
                try findings(path) == [
                    .entryGap(log: log, size: 600, missing: 7), .entryGap(log: log, size: 600, missing: 300),
                ])
        }
        try withFile { path in
            try alter(path, "DELETE FROM entry WHERE position = 300")
            #expect(
                try findings(path) == [
                    .entryGap(log: log, size: 600, missing: 300), .backend(detail: "599 rows of entry, not 600"),
                ])
        }
    }

    @Test("an entry that was exchanged, checksum and all, is named by its leaf, and the head no longer fits")
    func exchanged() throws {
        try withFile { path in
            let forged: [UInt8] = [0, 0, 0, 2, 200, 200, 9]
            try alter(
                path, "UPDATE entry SET envelope = ?, checksum = ? WHERE position = 300",
                [Data(forged), checksum("entry", [counted(Array("alpha".utf8)), bytes(300), counted(forged)])])
            #expect(
                try findings(path) == [
                    .leafMismatch(log: log, index: 300), .headRootMismatch(log: log, size: 600),
                    .otherHistory(log: log, size: 600, signer: "author"),
                    .otherHistory(log: log, size: 600, signer: "holder"),
                ])
        }
    }

    @Test("a tile that rotted, went missing or was exchanged is named")
    func tile() throws {
        try withFile { path in
            try alter(path, "UPDATE tile SET hashes = zeroblob(8192) WHERE position = 1")
            #expect(try findings(path) == [.tileGap(log: log, level: 0, missing: 1)])
            let store = try SQLiteStore(path: path)
            defer { store.close() }
            #expect(throws: StoreError.corrupt(detail: "tile 0/1 of alpha")) { try store.tile(of: log, level: 0, index: 1) }
        }
        try withFile { path in
            try alter(path, "DELETE FROM tile WHERE position = 0")
            #expect(
                try findings(path) == [
                    .tileGap(log: log, level: 0, missing: 0), .backend(detail: "1 rows of tile, not 2"),
                ])
        }
        try withFile { path in
            let store = try SQLiteStore(path: path)
            var hashes = try #require(try store.tile(of: log, level: 0, index: 1))
            store.close()
            hashes[32 * 9] ^= 1
            try alter(
                path, "UPDATE tile SET hashes = ?, checksum = ? WHERE position = 1",
                [Data(hashes), checksum("tile", [counted(Array("alpha".utf8)), bytes(0), bytes(1), counted(hashes)])])
            #expect(try findings(path) == [.leafMismatch(log: log, index: 265)])
        }
    }

    @Test("a note that rotted or went missing is named")
    func note() throws {
        try withFile { path in
            try alter(path, "UPDATE note SET note = x'00' WHERE signer = 'holder'")
            #expect(try findings(path) == [.noteGap(log: log, size: 600, detail: "unreadable")])
            let store = try SQLiteStore(path: path)
            defer { store.close() }
            #expect(throws: StoreError.corrupt(detail: "a note on alpha")) { try store.firstNote(of: log, atLeast: 1, by: "holder") }
            #expect(try store.firstNote(of: log, atLeast: 1, by: "author") != nil)
        }
        try withFile { path in
            try alter(path, "DELETE FROM note WHERE signer = 'holder'")
            #expect(
                try findings(path) == [
                    .noteGap(log: log, size: 0, detail: "1 notes, not 2"), .backend(detail: "1 rows of note, not 2"),
                ])
            let store = try SQLiteStore(path: path)
            defer { store.close() }
            #expect(throws: StoreError.corrupt(detail: "1 notes on alpha, not 2")) {
                try store.notes(of: log, from: 0, through: .max, limit: 9)
            }
        }
    }

    @Test("a head, or a count, that was changed in the file is refused on opening")
    func logRow() throws {
        for change in ["head_size = 599", "leaf_tiles = 1", "notes = 1", "head_root = zeroblob(32)", "size = 599"] {
            try withFile { path in
                try alter(path, "UPDATE log SET \(change)")
                #expect(throws: StoreError.corrupt(detail: "checksum of log alpha")) { try SQLiteStore(path: path) }
            }
        }
    }
}
