import Foundation
import GRDB
import Storage

/// How a store is opened. Only tests choose anything but the defaults.
package struct SQLiteOptions: Sendable {
    package enum Durability: Sendable {
        /// A commit returns after its write-ahead log is synced.
        case full
        /// Nothing is ever synced. Exists to prove that the durability test can fail.
        case unsynced
    }

    package var durability: Durability
    /// SQLite's virtual file system by name; `nil` for the real one.
    package var fileSystem: String?
    /// Pages written, by estimate, after which the write-ahead log is moved into the main file.
    package var checkpointPages: Int

    package init(durability: Durability = .full, fileSystem: String? = nil, checkpointPages: Int = 1_000) {
        self.durability = durability
        self.fileSystem = fileSystem
        self.checkpointPages = checkpointPages
    }
}

enum SQLiteConnection {
    /// Opens the file, makes it ours alone, checks whose it is before changing anything, and migrates it.
    static func open(path: String, options: SQLiteOptions) throws(StoreError) -> (DatabaseQueue, Ledger) {
        var location = path
        if let fileSystem = options.fileSystem {
            location = "file:\(path)?vfs=\(fileSystem)"
        } else {
            try prepareFile(path)
        }
        var configuration = Configuration()
        configuration.label = "store"
        configuration.prepareDatabase { try setUp($0, options: options) }
        do {
            let queue = try DatabaseQueue(path: location, configuration: configuration)
            let ledger = try queue.read(Ledger.read)
            // The write-ahead log has a name since that read. SQLite syncs its folder too, and ignores a failure.
            if options.fileSystem == nil { try sync(folder(of: path)) }
            return (queue, ledger)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw .notAStore(detail: error.message ?? "not a database")
        } catch {
            throw StoreError(converting: error)
        }
    }

    private static func setUp(_ db: Database, options: SQLiteOptions) throws {
        // Before the first read: the lock then lasts until closing, and WAL needs no shared memory.
        try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
        let version = try Schema.version(of: db)
        // To its end, not only to its first row: the change is written, and can fail, after the row.
        guard try String.fetchAll(db, sql: "PRAGMA journal_mode = WAL") == ["wal"] else {
            throw StoreError.io(code: -1, detail: "the file system cannot hold a write-ahead log")
        }
        let (word, level) = options.durability == .full ? ("FULL", 2) : ("OFF", 0)
        // `fullfsync` reaches the platter on macOS and does nothing elsewhere. The log is moved by the store itself,
        // which hears of failures that SQLite's own way would swallow.
        try db.execute(
            sql: """
                PRAGMA synchronous = \(word);
                PRAGMA fullfsync = ON;
                PRAGMA checkpoint_fullfsync = ON;
                PRAGMA wal_autocheckpoint = 0;
                PRAGMA cell_size_check = ON;
                PRAGMA trusted_schema = OFF;
                PRAGMA temp_store = MEMORY;
                """)
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == level else {
            throw StoreError.io(code: -1, detail: "synchronous is not \(word)")
        }
        try Schema.migrate(db, from: version)
    }

    /// A new file is readable by its owner only, and its name is durable.
    private static func prepareFile(_ path: String) throws(StoreError) {
        let file = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == EEXIST { return }
            throw systemError(path)
        }
        Foundation.close(file)
        try sync(folder(of: path))
        try sync(folder(of: path) + "/..")
    }

    private static func folder(of path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    private static func sync(_ folder: String) throws(StoreError) {
        let directory = Foundation.open(folder, O_RDONLY | O_CLOEXEC)
        guard directory >= 0 else { throw systemError(folder) }
        defer { Foundation.close(directory) }
        guard fsync(directory) == 0 else { throw systemError(folder) }
    }

    private static func systemError(_ path: String) -> StoreError {
        switch errno {
        case ENOSPC, EDQUOT: .full
        case EACCES, EPERM, EROFS: .readOnly
        default: .io(code: Int(errno), detail: "\(path): \(String(cString: strerror(errno)))")
        }
    }
}
