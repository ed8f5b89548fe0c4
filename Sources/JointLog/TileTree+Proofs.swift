import Kernel

extension TileTree {
    /// - Parameter size: at most the tree's own.
    /// - Throws: what the source throws, or a ``TileTreeError``; so do the functions below.
    public func root(at size: UInt64, source: some TileSource) throws -> Hash32 {
        guard size <= self.size else { throw TileTreeError.outside(size: self.size) }
        guard size > 0 else { return MerkleHash.empty }
        var reader = TileReader(tree: self, source: source)
        return try reader.root(0..<size)
    }

    /// RFC 6962, section 2.1.1, for the tree of the first `size` leaves.
    ///
    /// - Parameters:
    ///   - index: below `size`.
    ///   - size: at most the tree's own.
    public func inclusionProof(index: UInt64, size: UInt64, source: some TileSource) throws -> [Hash32] {
        guard size <= self.size, index < size else { throw TileTreeError.outside(size: self.size) }
        var reader = TileReader(tree: self, source: source)
        return try reader.proof(of: index..<(index + 1), in: size)
    }

    /// RFC 6962, section 2.1.2: from the tree of `from` leaves to that of `to` leaves. Empty when `from` is 0 or the
    /// sizes are equal.
    public func consistencyProof(from: UInt64, to: UInt64, source: some TileSource) throws -> [Hash32] {
        guard from <= to, to <= size else { throw TileTreeError.outside(size: size) }
        guard from > 0, from < to else { return [] }
        var reader = TileReader(tree: self, source: source)
        return try reader.proof(of: 0..<from, in: to)
    }
}

/// Reads hashes of a tree while one proof is made, and asks the source for each tile once.
struct TileReader<Source: TileSource> {
    private let tree: TileTree
    private let source: Source
    private var tiles: [CompletedTile] = []

    init(tree: TileTree, source: Source) {
        self.tree = tree
        self.source = source
    }

    mutating func tile(level: Int, index: UInt64) throws -> [Hash32] {
        if let edge = tree.edge(level: level, index: index) { return edge }
        if let known = tiles.first(where: { $0.level == level && $0.index == index }) { return known.hashes }
        let hashes = try source.fullTile(level: level, index: index)
        tiles.append(CompletedTile(level: level, index: index, hashes: hashes))
        return hashes
    }

    /// Root of the perfect tree over the 2^`height` leaves from `start`, which is a multiple of that.
    private mutating func perfectRoot(start: UInt64, height: Int) throws -> Hash32 {
        let level = height / 8
        let first = start >> UInt64(8 * level)
        let offset = Int(first % 256)
        let hashes = try tile(level: level, index: first / 256)
        let end = offset + 1 << (height % 8)
        guard end <= hashes.count else { throw TileTreeError.malformedTile(level: level, index: first / 256) }
        return MerkleHash.perfectRoot(hashes[offset..<end])
    }

    /// Root over the leaves of a subtree: not empty, and its start a multiple of the power of two that its length
    /// needs.
    mutating func root(_ leaves: Range<UInt64>) throws -> Hash32 {
        var root: Hash32?
        var end = leaves.upperBound
        // Perfect subtrees, smallest and rightmost first.
        while end > leaves.lowerBound {
            let height = (end - leaves.lowerBound).trailingZeroBitCount
            end -= 1 << UInt64(height)
            let subtree = try perfectRoot(start: end, height: height)
            root = root.map { MerkleHash.node(subtree, $0) } ?? subtree
        }
        return root ?? MerkleHash.empty
    }

    /// What has to be known beside the root over `part` to build the root over the first `size` leaves; and, when
    /// `part` is no node of that tree, the largest node it ends with. `part` is one leaf or begins at 0.
    mutating func proof(of part: Range<UInt64>, in size: UInt64) throws -> [Hash32] {
        var remaining: Range<UInt64> = 0..<size
        var part = part
        var isWhole = true
        var siblings: [Range<UInt64>] = []
        while part != remaining {
            let length = remaining.upperBound - remaining.lowerBound
            // The largest power of two below the length.
            let middle = remaining.lowerBound + 1 << UInt64(63 - (length - 1).leadingZeroBitCount)
            if part.upperBound <= middle {
                siblings.append(middle..<remaining.upperBound)
                remaining = remaining.lowerBound..<middle
            } else {
                siblings.append(remaining.lowerBound..<middle)
                remaining = middle..<remaining.upperBound
                if part.lowerBound < middle {
                    part = middle..<part.upperBound
                    isWhole = false
                }
            }
        }
        var hashes = isWhole ? [] : [try root(part)]
        for sibling in siblings.reversed() { hashes.append(try root(sibling)) }
        return hashes
    }
}
