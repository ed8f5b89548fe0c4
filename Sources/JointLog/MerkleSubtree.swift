import Kernel

/// Subtrees `[start, end)` of a Merkle tree as `draft-ietf-plants-merkle-tree-certs`, section 4, defines them.
extension MerkleProof {
    /// Whether `start` is a multiple of the smallest power of two that is at least `end - start`.
    public static func isSubtree(start: UInt64, end: UInt64) -> Bool {
        guard start <= end else { return false }
        let length = end - start
        guard length > 1 else { return true }
        let bits = UInt64.bitWidth - (length - 1).leadingZeroBitCount
        return bits == UInt64.bitWidth ? start == 0 : start & (1 << UInt64(bits) - 1) == 0
    }

    /// - Parameters:
    ///   - index: of the leaf in the whole log, within `start ..< end`.
    ///   - root: of the subtree.
    public static func isSubtreeInclusion(
        leaf: Hash32, index: UInt64, start: UInt64, end: UInt64, root: Hash32, proof: [Hash32]
    ) -> Bool {
        guard isSubtree(start: start, end: end), start <= index, index < end else { return false }
        return isInclusion(leaf: leaf, index: index - start, size: end - start, root: root, proof: proof)
    }

    /// Whether the leaves under `subtreeRoot` are those of the tree at `start ..< end`. An empty subtree is part of
    /// every tree: its root is the hash of nothing and its proof is empty.
    public static func isSubtreeConsistency(
        start: UInt64, end: UInt64, root subtreeRoot: Hash32, size: UInt64, root: Hash32, proof: [Hash32]
    ) -> Bool {
        guard isSubtree(start: start, end: end), end <= size else { return false }
        guard start < end else { return proof.isEmpty && subtreeRoot == MerkleHash.empty }
        guard
            let roots = subtreeRoots(
                start: start, end: end, size: size, subtreeRootIfFull: subtreeRoot, proof: proof)
        else { return false }
        return roots.old == subtreeRoot && roots.new == root
    }
}
