import Foundation
import GRDB
import Kernel
import Storage
import StorageSQLite
import Testing

@Suite("SQLite store: real files")
struct FileTests {
    /// A folder of its own for each test.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "parley-sqlite-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// Changes the file behind the store's back.
    private func alter(_ path: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test("only its owner can read the file, and its log beside it")
    func permissions() async throws {
        try await withFolder { folder in
            let path = folder + "/node.sqlite"
            let store = try SQLiteStore(path: path)
            try store.commit(Commit(journal: [JournalEntry(sequence: 1, bytes: [1])]))
            for name in [path, path + "-wal"] {
                let mode = try FileManager.default.attributesOfItem(atPath: name)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            store.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["node.sqlite"])
        }
    }

    @Test("a store of a newer program is refused and left as it was")
    func newer() async throws {
        try await withFolder { folder in
            let path = folder + "/node.sqlite"
            try SQLiteStore(path: path).close()
            try alter(path, "PRAGMA user_version = 99")
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(throws: StoreError.newerSchema(found: 99, known: 2)) { try SQLiteStore(path: path) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test("another program's database, and a file that is none, are refused and left as they were")
    func foreign() async throws {
        try await withFolder { folder in
            let unnamed = folder + "/unnamed", named = folder + "/named", text = folder + "/text"
            try alter(unnamed, "CREATE TABLE theirs (id INTEGER)")
            try alter(named, "CREATE TABLE theirs (id INTEGER); PRAGMA application_id = 7")
            try Data(repeating: 65, count: 5_000).write(to: URL(fileURLWithPath: text))
            for path in [unnamed, named, text] {
                let before = try Data(contentsOf: URL(fileURLWithPath: path))
                do throws(StoreError) {
                    _ = try SQLiteStore(path: path)
                    Issue.record("opened \(path)")
                } catch {
                    guard case .notAStore = error else {
                        Issue.record("\(path): \(error)")
                        continue
                    }
                }
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
            }
        }
    }

    @Test("a missing folder is named, and a removed row is found")
    func damage() async throws {
        try await withFolder { folder in
            do throws(StoreError) {
                _ = try SQLiteStore(path: folder + "/none/node.sqlite")
                Issue.record("opened a file in no folder")
            } catch {
                guard case .io(code: Int(ENOENT), _) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
            let path = folder + "/node.sqlite"
            let store = try SQLiteStore(path: path)
            try store.commit(Commit(journal: (1...3).map { JournalEntry(sequence: $0, bytes: [1]) }))
            store.close()
            try alter(path, "DELETE FROM journal WHERE sequence = 3")
            let again = try SQLiteStore(path: path)
            #expect(throws: StoreError.corrupt(detail: "journal entry 3")) { try again.journal(after: 0, limit: 9) }
            #expect(try again.verify().first == .journalGap(from: 1, through: 3, missing: 3))
        }
    }

    @Test("a process killed with its store open loses nothing, five times in a row")
    func killed() async throws {
        try await withFolder { folder in
            let path = folder + "/node.sqlite"
            for round in UInt64(1)...5 {
                await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, round = round as UInt64] in
                    let store = try SQLiteStore(path: path)
                    for sequence in ((round - 1) * 100 + 1)...(round * 100) {
                        let entry = JournalEntry(sequence: sequence, bytes: [UInt8](repeating: 7, count: 900))
                        try store.commit(Commit(journal: [entry]))
                    }
                    kill(getpid(), SIGKILL)
                }
                let store = try SQLiteStore(path: path)
                #expect(try store.lastSequence == round * 100)
                #expect(try store.verify() == [])
                store.close()
            }
        }
    }

    @Test("a second process cannot open an open store")
    func otherProcess() async throws {
        try await withFolder { folder in
            let path = folder + "/node.sqlite"
            let store = try SQLiteStore(path: path)
            await #expect(processExitsWith: .success) { [path = path as String] in
                #expect(throws: StoreError.locked) { try SQLiteStore(path: path) }
            }
            try store.commit(Commit(journal: [JournalEntry(sequence: 1, bytes: [1])]))
        }
    }
}
