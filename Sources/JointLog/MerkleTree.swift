import Crypto
import Kernel

/// RFC 6962 hashing: leaves and nodes have prefixes of their own, so that neither can pass for the other.
public enum MerkleHash {
    /// Hash of the empty tree.
    public static let empty = sha256([])

    public static func leaf(_ data: [UInt8]) -> Hash32 { sha256([0x00] + data) }

    public static func node(_ left: Hash32, _ right: Hash32) -> Hash32 {
        sha256([0x01] + left.bytes + right.bytes)
    }

    /// Plain SHA-256.
    public static func sha256(_ data: [UInt8]) -> Hash32 {
        // SHA-256 has 32 bytes, so the conversion cannot fail.
        Hash32(SHA256.hash(data: data))!
    }
}

/// A growing RFC 6962 tree that remembers only its right edge: memory is logarithmic in its size.
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
