import JointLog
import Kernel

/// One log's tree over a store: in memory only the tiles that are not yet full, and those that wait for their commit.
///
/// The caller appends each new entry's leaf, puts ``pendingTiles`` into the commit that holds the entries, and calls
/// ``tilesCommitted()`` when that has returned. After a commit that failed, open the tree again.
public struct LogTree: Sendable {
    private let store: any NodeStore
    private var builder: TileBuilder

    /// Opens the tree from its stored tiles and the entries since the last full one. Tiles that should have been stored
    /// with those entries, and were not, become pending.
    ///
    /// - Throws: `corrupt` also when an entry has no leaf; `io`, `closed`.
    public init(_ log: LogID, store: any NodeStore) throws(StoreError) {
        self.store = store
        let covered = try store.tileCount(of: log, level: 0) * UInt64(Tile.fullWidth)
        do {
            let source = StoredTiles(log: log, store: store, pending: [])
            builder = TileBuilder(log: log, tree: try TileTree(size: covered, source: source, newestLeaves: []))
        } catch { throw StoreError(reading: error, log) }
        let size = try store.size(of: log)
        while self.size < size {
            for entry in try store.entries(of: log, from: self.size, limit: Tile.fullWidth) {
                guard let leaf = entry.leaf else {
                    throw .corrupt(detail: "entry \(log)-\(entry.index) is no envelope")
                }
                append(leaf)
            }
        }
    }

    public var log: LogID { builder.log }
    public var size: UInt64 { builder.size }
    /// RFC 6962 root over all leaves.
    public var root: Hash32 { builder.tree.root }
    /// Tiles that are full and not yet stored, in the order that a commit wants.
    public var pendingTiles: [TileWrite] { builder.pending }

    public mutating func append(_ leaf: Hash32) { builder.append(leaf) }

    /// The commit that held ``pendingTiles`` has returned.
    public mutating func tilesCommitted() { builder.stored() }

    /// Root over the first `size` leaves; `nil` beyond ``size``.
    ///
    /// - Throws: as ``NodeStore/tile(of:level:index:)``; so do the functions below.
    public func root(at size: UInt64) throws(StoreError) -> Hash32? {
        guard size <= self.size else { return nil }
        return try read { try $0.root(at: size, source: $1) }
    }

    /// That the leaf at `index` is in the tree of the first `size` leaves; `nil` unless `index < size <= self.size`.
    public func inclusionProof(index: UInt64, size: UInt64) throws(StoreError) -> [Hash32]? {
        guard size <= self.size, index < size else { return nil }
        return try read { try $0.inclusionProof(index: index, size: size, source: $1) }
    }

    /// That the first `to` leaves begin with the first `from`; empty when `from` is 0 or `to`, `nil` unless
    /// `from <= to <= self.size`.
    public func consistencyProof(from: UInt64, to: UInt64) throws(StoreError) -> [Hash32]? {
        guard from <= to, to <= size else { return nil }
        return try read { try $0.consistencyProof(from: from, to: to, source: $1) }
    }

    /// A tile's hashes, one after the other, as C2SP `tlog-tiles` serves them; `nil` when the tree has not so many.
    public func bytes(of tile: Tile) throws(StoreError) -> [UInt8]? {
        try read { try $0.hashes(of: tile, source: $1) }.map(Tile.encode)
    }

    private func read<Value>(_ body: (TileTree, StoredTiles) throws -> Value) throws(StoreError) -> Value {
        do { return try body(builder.tree, StoredTiles(log: log, store: store, pending: builder.pending)) } catch {
            throw StoreError(reading: error, log)
        }
    }
}

private struct StoredTiles: TileSource {
    let log: LogID
    let store: any NodeStore
    let pending: [TileWrite]

    func tile(level: Int, index: UInt64) throws -> [Hash32] {
        let waiting = pending.first { $0.level == level && $0.index == index }?.hashes
        guard let bytes = try waiting ?? store.tile(of: log, level: level, index: index),
            let hashes = Tile.decode(bytes)
        else { throw StoreError.corrupt(detail: "tile \(level)/\(index) of \(log) is missing") }
        return hashes
    }
}

extension StoreError {
    /// The tree asks its source only within bounds, so what is not the store's own error is a malformed tile.
    fileprivate init(reading error: any Error, _ log: LogID) {
        self = error as? StoreError ?? .corrupt(detail: "tree of \(log): \(error)")
    }
}
