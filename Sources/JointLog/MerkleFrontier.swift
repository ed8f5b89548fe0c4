import Kernel

/// A growing RFC 6962 tree that remembers only its right edge: memory is logarithmic in its size. It gives the root
/// and no proofs; ``TileTree`` gives those.
public struct MerkleFrontier: Hashable, Sendable, Codable {
    public private(set) var size: UInt64 = 0
    /// Roots of the perfect subtrees that make up the tree, largest first: one for each set bit of `size`.
    private var subtrees: [Hash32] = []

    public init() {}

    public mutating func append(_ leaf: Hash32) {
        var node = leaf
        var remaining = size
        while remaining & 1 == 1, let left = subtrees.popLast() {
            node = MerkleHash.node(left, node)
            remaining >>= 1
        }
        subtrees.append(node)
        size += 1
    }

    public var root: Hash32 {
        guard var root = subtrees.last else { return MerkleHash.empty }
        for left in subtrees.dropLast().reversed() { root = MerkleHash.node(left, root) }
        return root
    }
}
