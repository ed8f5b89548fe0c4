import JointLog
import Kernel

/// RFC 6962 by its definitions, in time linear in the tree: what proofs are checked against here.
public struct NaiveTree: Sendable {
    public var leaves: [Hash32] = []

    public init() {}

    public func root(_ size: Int) -> Hash32 { NaiveTree.root(leaves[..<size]) }

    /// Section 2.1.1.
    public func inclusion(_ index: Int, size: Int) -> [Hash32] { NaiveTree.path(index, leaves[..<size]) }

    /// Section 2.1.2.
    public func consistency(_ size: Int, to newer: Int) -> [Hash32] {
        size == newer ? [] : NaiveTree.subproof(size, leaves[..<newer], isWhole: true)
    }

    private static func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }

    private static func root(_ leaves: ArraySlice<Hash32>) -> Hash32 {
        guard let first = leaves.first else { return MerkleHash.empty }
        guard leaves.count > 1 else { return first }
        let k = leaves.startIndex + split(leaves.count)
        return MerkleHash.node(root(leaves[..<k]), root(leaves[k...]))
    }

    private static func path(_ index: Int, _ leaves: ArraySlice<Hash32>) -> [Hash32] {
        guard leaves.count > 1 else { return [] }
        let k = split(leaves.count)
        let middle = leaves.startIndex + k
        return index < k
            ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
            : path(index - k, leaves[middle...]) + [root(leaves[..<middle])]
    }

    private static func subproof(_ size: Int, _ leaves: ArraySlice<Hash32>, isWhole: Bool) -> [Hash32] {
        guard size < leaves.count else { return isWhole ? [] : [root(leaves)] }
        let k = split(leaves.count)
        let middle = leaves.startIndex + k
        return size <= k
            ? subproof(size, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])]
            : subproof(size - k, leaves[middle...], isWhole: false) + [root(leaves[..<middle])]
    }
}
