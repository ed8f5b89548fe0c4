import JointLog
import Kernel
import Testing

/// Keeps completed tiles in memory.
private struct Shelf: TileSource {
    struct Missing: Error {}
    var levels: [[[Hash32]]] = []

    /// Takes tiles only in their order.
    mutating func keep(_ tiles: [CompletedTile]) {
        for tile in tiles {
            if tile.level == levels.count { levels.append([]) }
            precondition(tile.index == UInt64(levels[tile.level].count), "tiles are completed in order")
            levels[tile.level].append(tile.hashes)
        }
    }

    func tile(level: Int, index: UInt64) throws -> [Hash32] {
        guard level < levels.count, index < UInt64(levels[level].count) else { throw Missing() }
        return levels[level][Int(index)]
    }
}

/// A tree of the test's leaves, grown one by one.
private struct Grown {
    let leaves: [Hash32]
    var tree = TileTree()
    var shelf = Shelf()

    init(_ count: Int) {
        leaves = JointLogTests.leaves(count)
        for leaf in leaves { shelf.keep(tree.append(leaf)) }
    }
}

@Suite struct TileTreeTests {
    @Test("a growing tree has the root of the definition at every size to 1,100")
    func roots() {
        let leaves = leaves(1_100)
        var tree = TileTree()
        var frontier = MerkleFrontier()
        for size in 0...leaves.count {
            #expect(tree.root == frontier.root, "size \(size)")
            if size < 300 || size % 97 == 0 { #expect(tree.root == Definition.root(leaves[..<size]), "size \(size)") }
            #expect(tree.size == UInt64(size))
            guard size < leaves.count else { break }
            let completed = tree.append(leaves[size])
            frontier.append(leaves[size])
            #expect(completed.count == ((size + 1) % 256 == 0 ? 1 : 0))
        }
    }

    @Test("roots and proofs at sizes and indices to 700 are those of the definition")
    func smallProofs() throws {
        let grown = Grown(700)
        var random = SeededGenerator(seed: 1)
        let edges = [1, 2, 255, 256, 257, 511, 512, 513, 699, 700]
        let sizes = edges + (0..<40).map { _ in Int(random.below(700)) + 1 }
        for size in sizes {
            let prefix = grown.leaves[..<size]
            let root = try grown.tree.root(at: UInt64(size), source: grown.shelf)
            #expect(root == Definition.root(prefix), "size \(size)")
            for index in [0, size - 1, Int(random.below(UInt64(size)))] {
                let proof = try grown.tree.inclusionProof(
                    index: UInt64(index), size: UInt64(size), source: grown.shelf)
                #expect(proof == Definition.path(index, prefix), "\(index) of \(size)")
            }
            for from in [1, size, Int(random.below(UInt64(size))) + 1] {
                let proof = try grown.tree.consistencyProof(from: UInt64(from), to: UInt64(size), source: grown.shelf)
                #expect(proof == Definition.proof(0, from, prefix), "\(from) to \(size)")
            }
        }
    }

    @Test("a tree of 140,000 leaves holds 255 hashes a level, and its proofs at random sizes are the definition's")
    func largeTree() throws {
        let grown = Grown(140_000)
        // 140,000 = 546 * 256 + 224 = (2 * 256 + 34) * 256 + 224.
        #expect(grown.tree.heldHashes == 224 + 34 + 2)
        #expect(grown.shelf.levels.map(\.count) == [546, 2])
        let known = Definition.root(grown.leaves[...])
        #expect(grown.tree.root == known)
        var random = SeededGenerator(seed: 2)
        for size in [65_537] + (0..<2).map({ _ in Int(random.below(140_000)) + 1 }) {
            let root = try grown.tree.root(at: UInt64(size), source: grown.shelf)
            #expect(root == Definition.root(grown.leaves[..<size]), "size \(size)")
            for _ in 0..<20 {
                let index = random.below(UInt64(size))
                let proof = try grown.tree.inclusionProof(index: index, size: UInt64(size), source: grown.shelf)
                #expect(
                    MerkleProof.isInclusion(
                        leaf: grown.leaves[Int(index)], index: index, size: UInt64(size), root: root, proof: proof))
            }
            let proof = try grown.tree.consistencyProof(from: UInt64(size), to: 140_000, source: grown.shelf)
            #expect(
                MerkleProof.isConsistency(from: UInt64(size), root: root, to: 140_000, root: known, proof: proof),
                "from \(size)")
        }
    }

    @Test("memory is at most 255 hashes for each eight levels at every size")
    func heldHashes() {
        var tree = TileTree()
        let leaf = MerkleHash.leaf([])
        var most = 0
        for _ in 0..<70_000 {
            _ = tree.append(leaf)
            most = max(most, tree.heldHashes)
        }
        #expect(most == 255 + 255)
    }

    @Test(
        "a tree rebuilt from its full tiles and newest leaves is the tree that was grown",
        arguments: [0, 1, 255, 256, 257, 512, 65_535, 65_536, 66_000])
    func rebuilt(size: Int) throws {
        let grown = Grown(size)
        let newest = Array(grown.leaves.suffix(size % 256))
        let again = try TileTree(size: UInt64(size), source: grown.shelf, newestLeaves: newest)
        #expect(again == grown.tree)
        #expect(throws: TileTreeError.wrongNewestLeaves(expected: size % 256, found: newest.count + 1)) {
            try TileTree(size: UInt64(size), source: grown.shelf, newestLeaves: newest + [MerkleHash.empty])
        }
    }

    @Test("served tiles are the full ones, every prefix of the edge, and none beyond the size")
    func served() throws {
        let grown = Grown(70_000)
        func hashes(_ level: Int, _ index: UInt64, _ width: Int) throws -> [Hash32]? {
            try grown.tree.hashes(
                of: try #require(Tile(level: level, index: index, width: width)), source: grown.shelf)
        }
        // The specification's own example: 273 full tiles and one of 112; one full and one of 17; one of 1.
        #expect(try hashes(0, 272, 256) == Array(grown.leaves[69_632..<69_888]))
        #expect(try hashes(0, 272, 9) == Array(grown.leaves[69_632..<69_641]))
        #expect(try hashes(0, 273, 112) == Array(grown.leaves[69_888...]))
        #expect(try hashes(0, 273, 5) == Array(grown.leaves[69_888..<69_893]))
        #expect(try hashes(0, 273, 113) == nil)
        #expect(try hashes(0, 274, 1) == nil)
        let level1 = (0..<273).map { Definition.root(grown.leaves[($0 * 256)..<($0 * 256 + 256)]) }
        #expect(try hashes(1, 0, 256) == Array(level1[..<256]))
        #expect(try hashes(1, 1, 17) == Array(level1[256...]))
        #expect(try hashes(1, 1, 18) == nil)
        #expect(try hashes(2, 0, 1) == [Definition.root(grown.leaves[..<65_536])])
        #expect(try hashes(2, 0, 2) == nil)
        for (level, index) in [(3, UInt64(0)), (7, 0), (8, 0), (63, 0), (0, .max), (7, .max)] {
            #expect(try hashes(level, index, 1) == nil)
        }
    }

    @Test("sizes and indices that the tree has not are refused, and proofs from nothing are empty")
    func outside() throws {
        let grown = Grown(300)
        let (tree, shelf) = (grown.tree, grown.shelf)
        let error = TileTreeError.outside(size: 300)
        #expect(throws: error) { try tree.root(at: 301, source: shelf) }
        #expect(throws: error) { try tree.inclusionProof(index: 0, size: 301, source: shelf) }
        #expect(throws: error) { try tree.inclusionProof(index: 10, size: 10, source: shelf) }
        #expect(throws: error) { try tree.inclusionProof(index: 0, size: 0, source: shelf) }
        #expect(throws: error) { try tree.consistencyProof(from: 5, to: 301, source: shelf) }
        #expect(throws: error) { try tree.consistencyProof(from: 6, to: 5, source: shelf) }
        #expect(try tree.root(at: 0, source: shelf) == MerkleHash.empty)
        #expect(try tree.consistencyProof(from: 0, to: 300, source: shelf).isEmpty)
        #expect(try tree.consistencyProof(from: 300, to: 300, source: shelf).isEmpty)
    }

    @Test("a source without a tile, or with a short one, is an error and no wrong proof")
    func badSource() throws {
        var grown = Grown(600)
        grown.shelf.levels[0][1].removeLast()
        #expect(throws: TileTreeError.malformedTile(level: 0, index: 1)) {
            try grown.tree.inclusionProof(index: 300, size: 600, source: grown.shelf)
        }
        #expect(throws: TileTreeError.malformedTile(level: 0, index: 1)) {
            try TileTree(size: 600, source: grown.shelf, newestLeaves: Array(grown.leaves.suffix(88)))
        }
        #expect(throws: Shelf.Missing.self) { try grown.tree.root(at: 100, source: Shelf()) }
    }
}
