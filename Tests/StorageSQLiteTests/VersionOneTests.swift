import FaultyDisk
import Foundation
import GRDB
import JointLog
import Kernel
import Storage
import StorageSQLite
import Testing

@Suite("SQLite store: files of version 1")
struct VersionOneTests {
    /// The tables as version 1 made them, with their application id.
    private static let schema = """
        CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1), last_sequence INTEGER NOT NULL, pruned_through INTEGER NOT NULL,
            snapshot_through INTEGER, snapshot_bytes INTEGER, log_count INTEGER NOT NULL, checksum INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY CHECK (sequence > 0), bytes BLOB NOT NULL, checksum INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE log (
            party TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, head_size INTEGER, head_root BLOB,
            head_checkpoint BLOB, checksum INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE entry (
            party TEXT NOT NULL REFERENCES log (party), position INTEGER NOT NULL CHECK (position >= 0),
            envelope BLOB NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY (party, position)
        ) STRICT;
        CREATE TABLE snapshot_part (
            part INTEGER PRIMARY KEY CHECK (part >= 0), bytes BLOB NOT NULL, checksum INTEGER NOT NULL
        ) STRICT;
        INSERT INTO migration VALUES (1, 'journal, logs, heads and snapshot');
        PRAGMA application_id = 1346458188;
        PRAGMA user_version = 1;
        """

    private let alpha = LogID(party: PartyID("alpha")!)
    private let signed: (UInt64) -> [UInt8] = { Array("alpha \($0)".utf8) }

    private func envelope(_ index: UInt64) -> [UInt8] {
        [0, 0, 0, UInt8(signed(index).count)] + signed(index) + [UInt8](repeating: 9, count: 40)
    }

    private func root(_ leaves: Range<UInt64>) -> Hash32 {
        let count = leaves.upperBound - leaves.lowerBound
        guard count > 1 else { return MerkleHash.sha256([0] + signed(leaves.lowerBound)) }
        var k: UInt64 = 1
        while k * 2 < count { k *= 2 }
        let middle = leaves.lowerBound + k
        return MerkleHash.sha256([1] + root(leaves.lowerBound..<middle).bytes + root(middle..<leaves.upperBound).bytes)
    }

    /// CRC-32C by its definition, over fields as version 1 laid them: a number in 8 bytes, bytes after their count.
    private func checksum(_ table: String, _ fields: [Field]) -> Int64 {
        var bytes = Array(table.utf8)
        for field in fields {
            switch field {
            case .number(let number): bytes += withUnsafeBytes(of: number.bigEndian) { Array($0) }
            case .bytes(let content): bytes += withUnsafeBytes(of: UInt64(content.count).bigEndian) { Array($0) } + content
            }
        }
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        return Int64(~crc)
    }

    private enum Field {
        case number(UInt64)
        case bytes([UInt8])
    }

    /// A file with one journal entry, a log of `size` entries with its head, and one log that has only a head.
    private func makeFile(_ path: String, size: UInt64) throws {
        var configuration = Configuration()
        // The removal of the rollback journal is durable too, or a power cut could take the whole file back.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = EXTRA") }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let name = Array("alpha".utf8), other = Array("bravo".utf8)
        let note = checkpoint("alpha", size, root(0..<size))
        let otherNote = checkpoint("bravo", 5, root(0..<5))
        try queue.write { db in
            try db.execute(sql: Self.schema)
            try db.execute(
                sql: "INSERT INTO state VALUES (1, 1, 0, NULL, NULL, 2, ?)",
                arguments: [checksum("state", [.number(1), .number(0), .number(0), .number(0), .number(0), .number(2)])])
            try db.execute(
                sql: "INSERT INTO journal VALUES (1, ?, ?)",
                arguments: [Data([7]), checksum("journal", [.number(1), .bytes([7])])])
            for (party, bytes, size, root, note) in [
                ("alpha", name, size, root(0..<size), note), ("bravo", other, 5, root(0..<5), otherNote),
            ] {
                let held = party == "alpha" ? size : 0
                try db.execute(
                    sql: "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        party, Int64(held), Int64(size), Data(root.bytes), Data(note),
                        checksum("log", [.bytes(bytes), .number(held), .number(size), .bytes(root.bytes), .bytes(note)]),
                    ])
            }
            for index in 0..<size {
                try db.execute(
                    sql: "INSERT INTO entry VALUES ('alpha', ?, ?, ?)",
                    arguments: [
                        Int64(index), Data(envelope(index)),
                        checksum("entry", [.bytes(name), .number(index), .bytes(envelope(index))]),
                    ])
            }
        }
        try queue.close()
    }

    private func checkpoint(_ log: String, _ size: UInt64, _ root: Hash32) -> [UInt8] {
        Array("parley/00/\(log)\n\(size)\n\(root.bytes.base64)\n".utf8)
    }

    private func withFile(size: UInt64, _ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "parley-version-1-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try makeFile(folder + "/node.sqlite", size: size)
        try body(folder + "/node.sqlite")
    }

    @Test("a file of version 1 opens with everything that it held, and gets its tiles", arguments: [1, 255, 256, 1_000] as [UInt64])
    func opens(size: UInt64) throws {
        try withFile(size: size) { path in
            for _ in 0..<2 {
                let store = try SQLiteStore(path: path)
                defer { store.close() }
                #expect(try store.verify() == [])
                #expect(try store.journal(after: 0, limit: 9) == [JournalEntry(sequence: 1, bytes: [7])])
                #expect(try store.entries(of: alpha, from: 0, limit: .max).map(\.envelope) == (0..<size).map(envelope))
                #expect(try store.head(of: alpha)?.root == root(0..<size))
                #expect(try store.head(of: LogID(party: PartyID("bravo")!))?.size == 5)
                #expect(try store.tileCount(of: alpha, level: 0) == size / 256)
                for tile in 0..<(size / 256) {
                    let leaves = ((tile * 256)..<((tile + 1) * 256)).flatMap { root($0..<($0 + 1)).bytes }
                    #expect(try store.tile(of: alpha, level: 0, index: tile) == leaves)
                }
                #expect(try LogTree(alpha, store: store).root == root(0..<size))
            }
        }
    }

    @Test("an entry of version 1 that rotted is named when the file is opened, and the file stays of version 1")
    func damaged() throws {
        try withFile(size: 300) { path in
            func alter(_ sql: String) throws {
                let queue = try DatabaseQueue(path: path)
                try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
                try queue.close()
            }
            try alter("UPDATE entry SET envelope = zeroblob(9) WHERE position = 200")
            #expect(throws: StoreError.corrupt(detail: "entry alpha-200")) { try SQLiteStore(path: path) }
            try alter("UPDATE log SET size = 200 WHERE party = 'alpha'")
            #expect(throws: StoreError.corrupt(detail: "checksum of log alpha")) { try SQLiteStore(path: path) }
        }
    }

    @Test("a power cut at any operation of the conversion leaves a file that opens with everything")
    func cutShort() throws {
        var cut: UInt64 = 0
        var hits: UInt64 = 1
        while hits > 0 {
            cut += 1
            let disk = FaultyDisk()
            let options = SQLiteOptions(fileSystem: disk.fileSystem)
            try makeFile("file:/node.sqlite?vfs=\(disk.fileSystem)", size: 256)
            disk.plan(.powerCut, in: cut)
            (try? SQLiteStore(path: "/node.sqlite", options: options))?.close()
            hits = disk.hits
            disk.crash(seed: cut)
            let store = try SQLiteStore(path: "/node.sqlite", options: options)
            defer { store.close() }
            #expect(try store.verify() == [], "operation \(cut)")
            #expect(try store.size(of: alpha) == 256, "operation \(cut)")
            #expect(try store.tileCount(of: alpha, level: 0) == 1, "operation \(cut)")
        }
        #expect(cut > 10)
    }
}
