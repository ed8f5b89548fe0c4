import JointLog
import Kernel
import Storage
import Testing

@Suite("Every store: trees over it")
struct LogTreeTests {
    /// Appends the sample log up to `size`, in commits of varying length, as a node does.
    private func grow(_ tree: inout LogTree, to size: UInt64, in store: any NodeStore) throws {
        var random = SeededGenerator(seed: size)
        while tree.size < size {
            let new = entries(tree.log, tree.size..<min(size, tree.size + 1 + random.below(300)), bytes: 0)
            for entry in new { tree.append(try #require(entry.leaf)) }
            try store.commit(
                Commit(
                    entries: new, tiles: tree.pendingTiles,
                    heads: [
                        HeadChange(
                            expectedSize: try store.head(of: tree.log)?.size,
                            head: HeadState(
                                log: tree.log, size: tree.size, root: tree.root,
                                checkpoint: checkpoint(tree.log, tree.size, tree.root)))
                    ]))
            tree.tilesCommitted()
        }
    }

    @Test("the leaf of an entry is the hash of its signed bytes alone")
    func leaf() throws {
        // SHA-256 of 00 61 62 63, from sha256sum.
        let expected = Hash32(hex: "609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd1")
        let entry = MirrorEntry(log: alphaLog, index: 0, envelope: [0, 0, 0, 3, 0x61, 0x62, 0x63, 9, 9])
        #expect(entry.leaf == expected)
        let broken: [[UInt8]] = [[], [0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 4, 1, 2, 3], [255, 255, 255, 255, 1]]
        for envelope in broken { #expect(MirrorEntry(log: alphaLog, index: 0, envelope: envelope).leaf == nil) }
    }

    @Test("a tree gives the definition's root at every size, and proofs that verify, also when opened again",
        arguments: Backend.allCases)
    func definition(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        let size: UInt64 = 700
        var tree = try LogTree(alphaLog, store: store)
        #expect(tree.size == 0)
        try grow(&tree, to: size, in: store)
        let leaves = (0..<size).map { signedBytes(alphaLog, $0) }
        for isReopened in [false, true] {
            if isReopened {
                store.close()
                store = try medium.open()
                tree = try LogTree(alphaLog, store: store)
                #expect(tree.pendingTiles == [])
            }
            #expect(tree.size == size)
            let root = treeHash(leaves[...])
            #expect(tree.root == root)
            for at in [0, 1, 2, 255, 256, 257, 511, 512, 513, 699, 700] as [UInt64] {
                let then = treeHash(leaves[..<Int(at)])
                #expect(try tree.root(at: at) == then)
                let proof = try #require(try tree.consistencyProof(from: at, to: size))
                if at > 0 {
                    #expect(MerkleProof.isConsistency(from: at, root: then, to: size, root: root, proof: proof))
                }
                if at < size {
                    let inclusion = try #require(try tree.inclusionProof(index: at, size: size))
                    let leaf = treeHash([leaves[Int(at)]])
                    #expect(MerkleProof.isInclusion(leaf: leaf, index: at, size: size, root: root, proof: inclusion))
                }
            }
            #expect(try tree.root(at: size + 1) == nil)
            #expect(try tree.inclusionProof(index: size, size: size) == nil)
            #expect(try tree.inclusionProof(index: 0, size: size + 1) == nil)
            #expect(try tree.consistencyProof(from: 5, to: 4) == nil)
            #expect(try tree.consistencyProof(from: 5, to: size + 1) == nil)
            let partial = try #require(Tile(level: 0, index: 2, width: 188))
            #expect(try tree.bytes(of: partial) == (512..<700).flatMap { treeHash([leaves[$0]]).bytes })
        }
        #expect(try store.verify() == [])
    }

    @Test("tiles that were not stored with their entries are pending when the tree is opened", arguments: Backend.allCases)
    func catchesUp(backend: Backend) throws {
        let store = try backend.medium().open()
        try store.commit(Commit(entries: entries(alphaLog, 0..<600), tiles: leafTiles(alphaLog, 0..<1)))
        var tree = try LogTree(alphaLog, store: store)
        #expect(tree.pendingTiles == leafTiles(alphaLog, 1..<2))
        // A proof does not wait for them to be stored.
        let proof = try #require(try tree.inclusionProof(index: 300, size: 600))
        let leaf = treeHash([signedBytes(alphaLog, 300)])
        #expect(
            MerkleProof.isInclusion(leaf: leaf, index: 300, size: 600, root: sampleRoot(alphaLog, 600), proof: proof))
        try store.commit(Commit(tiles: tree.pendingTiles))
        tree.tilesCommitted()
        #expect(try LogTree(alphaLog, store: store).pendingTiles == [])
        #expect(try tree.inclusionProof(index: 300, size: 600) == proof)
        #expect(try store.verify() == [])
    }

    @Test("an entry without a leaf is named when the tree is opened", arguments: Backend.allCases)
    func withoutLeaf(backend: Backend) throws {
        let store = try backend.medium().open()
        try store.commit(Commit(entries: [MirrorEntry(log: alphaLog, index: 0, envelope: [1])]))
        #expect(throws: StoreError.corrupt(detail: "entry alpha-0 is no envelope")) { try LogTree(alphaLog, store: store) }
    }
}
