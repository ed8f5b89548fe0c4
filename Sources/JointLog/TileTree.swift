import Kernel

/// Where a tree finds its full tiles again.
public protocol TileSource {
    /// The 256 hashes of a full tile. Asked only for tiles that the tree's `append` has completed.
    func tile(level: Int, index: UInt64) throws -> [Hash32]
}

/// A tile that an append filled: its 256 hashes are final, and the tree no longer holds them.
public struct CompletedTile: Hashable, Sendable {
    public let level: Int
    public let index: UInt64
    /// 256 of them.
    public let hashes: [Hash32]

    public init(level: Int, index: UInt64, hashes: [Hash32]) {
        self.level = level
        self.index = index
        self.hashes = hashes
    }
}

public enum TileTreeError: Error, Equatable, Sendable {
    /// A size or index that the tree has not, or sizes in the wrong order.
    case outside(size: UInt64)
    /// The source's tile has not 256 hashes.
    case malformedTile(level: Int, index: UInt64)
    /// Not the hashes of the leaves after the last full tile.
    case wrongNewestLeaves(expected: Int, found: Int)
}

/// An RFC 6962 tree over full tiles that somebody else keeps: in memory it has only the tiles that are not yet full,
/// at most 255 hashes for each eight levels. Proofs for every size up to its own are made from both.
public struct TileTree: Hashable, Sendable {
    public private(set) var size: UInt64 = 0
    /// The hashes of each level that are in no full tile yet; level 0 first.
    private var edges: [[Hash32]] = [[]]

    public init() {}

    /// The tree of `size` leaves as it was after its last append.
    ///
    /// - Parameter newestLeaves: the hashes of the `size % 256` leaves after the last full tile.
    /// - Throws: what the source throws, or a ``TileTreeError``.
    public init(size: UInt64, source: some TileSource, newestLeaves: [Hash32]) throws {
        guard newestLeaves.count == Int(size % 256) else {
            throw TileTreeError.wrongNewestLeaves(expected: Int(size % 256), found: newestLeaves.count)
        }
        self.size = size
        edges = [newestLeaves]
        var below = size >> 8
        while below > 0 {
            var edge: [Hash32] = []
            for index in (below & ~255)..<below {
                let hashes = try source.fullTile(level: edges.count - 1, index: index)
                edge.append(MerkleHash.perfectRoot(hashes[...]))
            }
            edges.append(edge)
            below >>= 8
        }
    }

    /// Hashes held in memory: at most 255 for each eight levels of the tree.
    public var heldHashes: Int { edges.reduce(0) { $0 + $1.count } }

    /// - Returns: the tiles that this leaf filled, lowest level first; to be kept where the source finds them.
    public mutating func append(_ leaf: Hash32) -> [CompletedTile] {
        var completed: [CompletedTile] = []
        var hash = leaf
        size += 1
        for level in 0... {
            if level == edges.count { edges.append([]) }
            edges[level].append(hash)
            guard edges[level].count == Tile.fullWidth else { break }
            let index = (size >> UInt64(8 * (level + 1))) - 1
            completed.append(CompletedTile(level: level, index: index, hashes: edges[level]))
            hash = MerkleHash.perfectRoot(edges[level][...])
            edges[level].removeAll(keepingCapacity: true)
        }
        return completed
    }

    public var root: Hash32 {
        var root: Hash32?
        for edge in edges {
            // The perfect subtrees of the edge, smallest and rightmost first.
            var end = edge.count
            while end > 0 {
                let length = end & -end
                let subtree = MerkleHash.perfectRoot(edge[(end - length)..<end])
                root = root.map { MerkleHash.node(subtree, $0) } ?? subtree
                end -= length
            }
        }
        return root ?? MerkleHash.empty
    }

    /// The hashes of a tile as it is at any size that has `width` of its hashes: a prefix of what it is now.
    ///
    /// - Returns: `nil` when the tree has not so many.
    public func hashes(of tile: Tile, source: some TileSource) throws -> [Hash32]? {
        let shift = UInt64(8 * tile.level)
        let (first, isBeyond) = tile.index.multipliedReportingOverflow(by: 256)
        let count = shift < 64 ? size >> shift : 0
        guard !isBeyond, first < count, UInt64(tile.width) <= count - first else { return nil }
        var reader = TileReader(tree: self, source: source)
        return Array(try reader.tile(level: tile.level, index: tile.index).prefix(tile.width))
    }

    /// What the tree holds of a tile that is not full.
    func edge(level: Int, index: UInt64) -> [Hash32]? {
        edges.indices.contains(level) && index == size >> UInt64(8 * (level + 1)) ? edges[level] : nil
    }
}

extension TileSource {
    func fullTile(level: Int, index: UInt64) throws -> [Hash32] {
        let hashes = try tile(level: level, index: index)
        guard hashes.count == Tile.fullWidth else { throw TileTreeError.malformedTile(level: level, index: index) }
        return hashes
    }
}
