import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// The trees of all logs over the node's store: for proofs, and for roots at sizes that the core does not remember.
struct LogTrees: Sendable {
    private let store: any NodeStore
    private var trees = SortedMap<LogID, LogTree>()
    /// How much of each log was read back from the disk and hashed again.
    private var readBack = SortedMap<LogID, MerkleFrontier>()

    /// - Parameter mechanism: folded from the same store.
    /// - Throws: `corrupt` when a tree has another root than the folded log.
    init(_ store: any NodeStore, _ mechanism: Mechanism) throws(StoreError) {
        self.store = store
        for (_, log) in mechanism.logs {
            let tree = try LogTree(log.id, store: store)
            guard tree.size == log.tree.size, tree.root == log.tree.root else {
                throw .corrupt(detail: "the stored tree of \(log.id) is another than its records'")
            }
            trees[log.id] = tree
            // Its stored tiles and newest entries have just been read from the disk.
            readBack[log.id] = log.tree
        }
    }

    subscript(log: LogID) -> LogTree? { trees[log] }

    /// Adds what a batch writes.
    ///
    /// - Returns: the tiles for its commit.
    mutating func append(_ writes: [LogWrite]) throws(StoreError) -> [TileWrite] {
        var touched = SortedSet<LogID>()
        for write in writes {
            if trees[write.log] == nil { trees[write.log] = try LogTree(write.log, store: store) }
            guard let leaf = MirrorEntry(log: write.log, index: write.leaf, envelope: write.envelope).leaf else {
                throw .corrupt(detail: "record \(write.record) is no envelope")
            }
            trees[write.log]?.append(leaf)
            touched.insert(write.log)
        }
        return touched.flatMap { trees[$0]?.pendingTiles ?? [] }
    }

    mutating func committed() {
        for log in trees.keys { trees[log]?.tilesCommitted() }
    }

    /// Reads back what of a log was stored since the last time, and hashes it again.
    ///
    /// - Returns: the tree of what the disk gave.
    mutating func readBack(_ log: LogID) throws(StoreError) -> MerkleFrontier {
        var tree = readBack[log] ?? MerkleFrontier()
        let size = try store.size(of: log)
        while tree.size < size {
            for entry in try store.readBack(of: log, from: tree.size, limit: 1_000) {
                guard let leaf = entry.leaf, let record = try? UnverifiedRecord(entry.envelope), record.hasItsBody else {
                    throw .corrupt(detail: "entry \(log)-\(entry.index) is not the record that was stored")
                }
                tree.append(leaf)
            }
        }
        readBack[log] = tree
        return tree
    }
}
