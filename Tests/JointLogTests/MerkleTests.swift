import JointLog
import Kernel
import Testing

@Suite struct MerkleTests {
    /// The eight leaves and roots that Certificate Transparency's implementations test themselves with.
    private static let published = [
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ]

    @Test("the roots of the published eight leaves are the published ones")
    func knownRoots() throws {
        var tree = MerkleFrontier()
        for (i, (leaf, root)) in Self.published.enumerated() {
            tree.append(MerkleHash.leaf(try #require([UInt8](hex: leaf))))
            #expect(tree.root.hex == root)
            #expect(tree.size == UInt64(i + 1))
        }
    }

    @Test("the empty tree's root is the hash of nothing")
    func empty() {
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(MerkleHash.empty.hex == nothing)
        #expect(MerkleFrontier().root.hex == nothing)
    }

    /// RFC 6962, section 2.1, as it stands.
    private func naiveRoot(_ leaves: ArraySlice<[UInt8]>) -> Hash32 {
        if leaves.isEmpty { return MerkleHash.sha256([]) }
        if leaves.count == 1 { return MerkleHash.sha256([0] + leaves[leaves.startIndex]) }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return MerkleHash.sha256([1] + naiveRoot(leaves[..<middle]).bytes + naiveRoot(leaves[middle...]).bytes)
    }

    @Test("a growing tree has the root of the definition at every size from 0 to 300")
    func agreesWithDefinition() {
        var random = SeededGenerator(seed: 6_962)
        var leaves: [[UInt8]] = []
        var tree = MerkleFrontier()
        for size in 0...300 {
            #expect(tree.root == naiveRoot(leaves[...]), "size \(size)")
            #expect(tree.size == UInt64(size))
            leaves.append((0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
            tree.append(MerkleHash.leaf(leaves[size]))
        }
    }

    @Test("a leaf that looks like a node has another hash than the node")
    func domainsApart() {
        let left = MerkleHash.leaf([1])
        let right = MerkleHash.leaf([2])
        #expect(MerkleHash.leaf(left.bytes + right.bytes) != MerkleHash.node(left, right))
        #expect(MerkleHash.node(left, right) != MerkleHash.node(right, left))
    }
}
