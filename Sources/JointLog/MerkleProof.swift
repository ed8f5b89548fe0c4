import Kernel

/// Verification of RFC 6962 inclusion and consistency proofs. A proof of any other length than the exact one is
/// refused.
public enum MerkleProof {
    /// The root that a tree of `size` leaves has when `leaf` is the one at `index`: RFC 9162, section 2.1.3.2.
    ///
    /// - Parameters:
    ///   - leaf: hash of the leaf.
    ///   - index: from 0, below `size`.
    ///   - proof: from the leaf's sibling upwards.
    /// - Returns: `nil` when the index is outside the tree or the proof has another length.
    public static func inclusionRoot(leaf: Hash32, index: UInt64, size: UInt64, proof: [Hash32]) -> Hash32? {
        guard index < size else { return nil }
        var node = index
        var last = size - 1
        var root = leaf
        for sibling in proof {
            guard last != 0 else { return nil }
            if node & 1 == 1 || node == last {
                root = MerkleHash.node(sibling, root)
                // A node at the right edge without a sibling moves up unchanged.
                while node & 1 == 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                root = MerkleHash.node(root, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 ? root : nil
    }

    public static func isInclusion(leaf: Hash32, index: UInt64, size: UInt64, root: Hash32, proof: [Hash32]) -> Bool {
        inclusionRoot(leaf: leaf, index: index, size: size, proof: proof) == root
    }

    /// Whether the tree of `to` leaves begins with that of `from` leaves: RFC 9162, section 2.1.4.2. Equal sizes
    /// need equal roots and an empty proof. `false` when `from` is 0: every tree begins with the empty one, and
    /// there is nothing to prove.
    public static func isConsistency(
        from oldSize: UInt64, root oldRoot: Hash32, to newSize: UInt64, root newRoot: Hash32, proof: [Hash32]
    ) -> Bool {
        guard
            let roots = consistencyRoots(from: oldSize, to: newSize, oldRootIfPowerOfTwo: oldRoot, proof: proof)
        else { return false }
        return roots.old == oldRoot && roots.new == newRoot
    }

    /// Both roots that a consistency proof implies. When the new root is one that the log's author signed, the old
    /// one is what that history held at the old size: if the author signed another, that is a fork.
    ///
    /// - Parameters:
    ///   - oldRoot: used only when the old size is a power of two or equals the new size, because the proof then
    ///     builds on this root instead of containing its parts; the result is `nil` without it.
    /// - Returns: `nil` when `from` is 0 or above `to`, or the proof has another length.
    public static func consistencyRoots(
        from oldSize: UInt64, to newSize: UInt64, oldRootIfPowerOfTwo oldRoot: Hash32?, proof: [Hash32]
    ) -> (old: Hash32, new: Hash32)? {
        guard oldSize > 0, oldSize <= newSize else { return nil }
        return subtreeRoots(start: 0, end: oldSize, size: newSize, subtreeRootIfFull: oldRoot, proof: proof)
    }

    /// The two roots of a subtree consistency proof; `start < end <= size`, and a valid subtree.
    static func subtreeRoots(
        start: UInt64, end: UInt64, size: UInt64, subtreeRootIfFull: Hash32?, proof: [Hash32]
    ) -> (old: Hash32, new: Hash32)? {
        var first = start
        var node = end - 1
        var last = size - 1
        while first != node, node == last || node & 1 == 1 {
            first >>= 1
            node >>= 1
            last >>= 1
        }
        var rest = proof[...]
        // A subtree that is a node of the tree is not repeated in the proof.
        guard let seed = first == node ? subtreeRootIfFull : rest.popFirst() else { return nil }
        var old = seed
        var new = seed
        for hash in rest {
            guard last != 0 else { return nil }
            if node & 1 == 1 || node == last {
                if first < node { old = MerkleHash.node(hash, old) }
                new = MerkleHash.node(hash, new)
                while node & 1 == 0 {
                    first >>= 1
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = MerkleHash.node(new, hash)
            }
            first >>= 1
            node >>= 1
            last >>= 1
        }
        return last == 0 ? (old, new) : nil
    }
}
