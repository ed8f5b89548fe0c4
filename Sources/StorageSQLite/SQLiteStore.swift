import Foundation
import GRDB
import Kernel
import Storage
import Synchronization

/// The embedded store: one SQLite file in write-ahead mode, synced at every commit, locked for this process alone.
///
/// The file is the whole store while it is closed; while it is open, or after a crash, `-wal` beside it belongs to it
/// and must be kept and copied with it.
///
/// Limit: damage to `-wal` while the node is down looks like a torn write, so SQLite drops the commits from there on
/// without a word. Only a peer that holds a receipt can tell, which is why a node confirms its size before it signs.
public final class SQLiteStore: NodeStore {
    struct Open {
        let queue: DatabaseQueue
        var ledger: Ledger
        /// Since the write-ahead log was last moved into the main file, by estimate.
        var pagesWritten = 0
        var degradation: StoreError?
    }

    static let pageBytes = 4_096
    static let snapshotPartBytes = 1 << 20

    private let options: SQLiteOptions
    private let open: Mutex<Open?>

    /// Opens the file at `path`, creating it (readable by its owner only) in a folder that exists.
    ///
    /// - Throws: `locked`, `notAStore`, `newerSchema`, `corrupt`, `readOnly`, `full`, `io`.
    public convenience init(path: String) throws(StoreError) {
        try self.init(path: path, options: SQLiteOptions())
    }

    package init(path: String, options: SQLiteOptions) throws(StoreError) {
        let (queue, ledger) = try SQLiteConnection.open(path: path, options: options)
        self.options = options
        self.open = Mutex(Open(queue: queue, ledger: ledger))
    }

    public var lastSequence: UInt64 {
        get throws(StoreError) { try inspect { (open) throws(StoreError) in open.ledger.lastSequence } }
    }

    public var prunedThrough: UInt64 {
        get throws(StoreError) { try inspect { (open) throws(StoreError) in open.ledger.prunedThrough } }
    }

    public var logs: [LogID] {
        get throws(StoreError) { try inspect { (open) throws(StoreError) in open.ledger.logs.keys } }
    }

    public func tileCount(of log: LogID, level: Int) throws(StoreError) -> UInt64 {
        try inspect { (open) throws(StoreError) in open.ledger.logs[log]?.tiles(level: level) ?? 0 }
    }

    public func size(of log: LogID) throws(StoreError) -> UInt64 {
        try inspect { (open) throws(StoreError) in open.ledger.logs[log]?.size ?? 0 }
    }

    public func head(of log: LogID) throws(StoreError) -> HeadState? {
        try inspect { (open) throws(StoreError) in open.ledger.logs[log]?.head }
    }

    public var degradation: StoreError? { open.withLock { $0?.degradation } }

    public func close() {
        open.withLock { open in
            // Closing fails only when the file does; what was committed is durable already.
            try? open?.queue.close()
            open = nil
        }
    }

    /// Runs `body` on the open store.
    func inspect<Value: Sendable>(_ body: (borrowing Open) throws(StoreError) -> Value) throws(StoreError) -> Value {
        try open.withLock { (open) throws(StoreError) in
            guard let open else { throw .closed }
            return try body(open)
        }
    }

    /// Runs `body` in a read transaction.
    func read<Value: Sendable>(_ body: (Database, Ledger) throws -> Value) throws(StoreError) -> Value {
        try inspect { (open) throws(StoreError) in
            do { return try open.queue.read { try body($0, open.ledger) } } catch {
                throw StoreError(converting: error)
            }
        }
    }

    /// Runs `write` in one durable transaction and then remembers the ledger. When it is not known what reached
    /// the disk, the store closes.
    ///
    /// - Parameters:
    ///   - check: what the change makes of the ledger; `nil` for nothing to do.
    ///   - write: may complete the ledger by what only the tables know.
    func change(
        pages: Int, _ check: (Ledger) throws(StoreError) -> Ledger?, write: (Database, inout Ledger) throws -> Void
    ) throws(StoreError) {
        try open.withLock { (open) throws(StoreError) in
            guard var current = open else { throw .closed }
            guard var ledger = try check(current.ledger) else { return }
            do {
                try current.queue.write { try write($0, &ledger) }
            } catch {
                let failure = StoreError(converting: error)
                if !failure.isRetryable {
                    try? current.queue.close()
                    open = nil
                }
                throw failure
            }
            current.ledger = ledger
            current.pagesWritten += pages
            if current.pagesWritten >= options.checkpointPages { SQLiteStore.checkpoint(&current) }
            open = current
        }
    }

    /// Moves the write-ahead log into the main file. The commits in it are durable, so a failure costs none.
    private static func checkpoint(_ open: inout Open) {
        do {
            _ = try open.queue.writeWithoutTransaction { try $0.checkpoint(.passive) }
            open.pagesWritten = 0
            open.degradation = nil
        } catch {
            open.degradation = StoreError(converting: error)
        }
    }
}
