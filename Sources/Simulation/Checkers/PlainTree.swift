import JointLog
import Kernel

/// An RFC 6962 tree, by perfect subtrees on a stack: another way than the core's.
public struct PlainTree: Sendable {
    /// From the largest to the smallest.
    private var peaks: [(leaves: UInt64, hash: Hash32)] = []
    public private(set) var size: UInt64 = 0

    public init() {}

    /// - Parameter bytes: what the author signed.
    public mutating func append(_ bytes: [UInt8]) {
        peaks.append((1, MerkleHash.sha256([0] + bytes)))
        size += 1
        while peaks.count > 1, peaks[peaks.count - 1].leaves == peaks[peaks.count - 2].leaves {
            let right = peaks.removeLast()
            let left = peaks.removeLast()
            peaks.append((left.leaves * 2, PlainTree.parent(left.hash, right.hash)))
        }
    }

    public var root: Hash32 {
        guard var root = peaks.last?.hash else { return MerkleHash.sha256([]) }
        for peak in peaks.dropLast().reversed() { root = PlainTree.parent(peak.hash, root) }
        return root
    }

    private static func parent(_ left: Hash32, _ right: Hash32) -> Hash32 {
        MerkleHash.sha256([1] + left.bytes + right.bytes)
    }
}
