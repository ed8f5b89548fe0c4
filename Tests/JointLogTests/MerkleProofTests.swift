import JointLog
import Kernel
import Testing

@Suite struct MerkleProofTests {
    private let all = leaves(70)

    @Test("the path of the definition proves its leaf at every index of every size to 70, and no other")
    func inclusion() {
        for size in 1...all.count {
            let tree = all[..<size]
            let root = Definition.root(tree)
            for index in 0..<size {
                let path = Definition.path(index, tree)
                let count = UInt64(size)
                func proves(_ index: Int, _ leaf: Hash32, _ proof: [Hash32]) -> Bool {
                    MerkleProof.isInclusion(leaf: leaf, index: UInt64(index), size: count, root: root, proof: proof)
                }
                #expect(proves(index, all[index], path), "\(index) of \(size)")
                #expect(!proves(index, all[index], path + [root]))
                #expect(!proves(index, all[index], Array(path.dropLast())) || path.isEmpty)
                #expect(!proves(index, root, path) || size == 1)
                #expect(!proves(index ^ 1, all[index], path))
                #expect(!proves(size, all[index], path))
            }
        }
    }

    @Test("the consistency proof of the definition proves every pair of sizes to 70 and gives both roots")
    func consistency() throws {
        let roots = (0...all.count).map { Definition.root(all[..<$0]) }
        for to in 1...all.count {
            for from in 1...to {
                let proof = Definition.proof(0, from, all[..<to])
                func proves(_ old: Hash32, _ new: Hash32, _ proof: [Hash32]) -> Bool {
                    MerkleProof.isConsistency(
                        from: UInt64(from), root: old, to: UInt64(to), root: new, proof: proof)
                }
                #expect(proves(roots[from], roots[to], proof), "\(from) to \(to)")
                #expect(!proves(roots[from - 1], roots[to], proof))
                #expect(!proves(roots[from], roots[to - 1], proof))
                #expect(!proves(roots[from], roots[to], proof + [roots[0]]))
                #expect(!proves(roots[from], roots[to], Array(proof.dropLast())) || proof.isEmpty)
                for i in proof.indices {
                    var changed = proof
                    changed[i] = roots[0]
                    #expect(!proves(roots[from], roots[to], changed), "\(from) to \(to), hash \(i)")
                }
                let implied = MerkleProof.consistencyRoots(
                    from: UInt64(from), to: UInt64(to), oldRootIfPowerOfTwo: roots[from], proof: proof)
                #expect(implied?.old == roots[from])
                #expect(implied?.new == roots[to])
                let isBuiltOnOldRoot = from == to || from & (from - 1) == 0
                let alone = MerkleProof.consistencyRoots(
                    from: UInt64(from), to: UInt64(to), oldRootIfPowerOfTwo: nil, proof: proof)
                #expect((alone == nil) == isBuiltOnOldRoot)
                #expect(isBuiltOnOldRoot || alone?.old == roots[from])
            }
        }
    }

    @Test("nothing is consistent with the empty tree's size, with a smaller tree or with sizes beyond the proof")
    func refusals() {
        let root = Definition.root(all[..<8])
        let proof = Definition.proof(0, 3, all[..<8])
        let old = Definition.root(all[..<3])
        let sizes: [(UInt64, UInt64)] = [(0, 8), (0, 0), (8, 3), (3, 9), (3, .max), (.max, .max - 1), (5, 8)]
        for (from, to) in sizes {
            #expect(!MerkleProof.isConsistency(from: from, root: old, to: to, root: root, proof: proof))
            #expect(!MerkleProof.isConsistency(from: from, root: MerkleHash.empty, to: to, root: root, proof: []))
        }
        #expect(MerkleProof.isConsistency(from: .max, root: root, to: .max, root: root, proof: []))
        #expect(MerkleProof.inclusionRoot(leaf: root, index: 0, size: 0, proof: []) == nil)
        #expect(MerkleProof.inclusionRoot(leaf: root, index: .max - 1, size: .max, proof: proof) == nil)
    }

    @Test("a subtree's start is a multiple of the smallest power of two that its length needs")
    func subtrees() {
        // Worked out from the draft's definition by search instead of by bits.
        for start in UInt64(0)...40 {
            for end in UInt64(0)...40 {
                var power: UInt64 = 1
                while end >= start, power < end - start { power *= 2 }
                #expect(MerkleProof.isSubtree(start: start, end: end) == (start <= end && start % power == 0))
            }
        }
        #expect(MerkleProof.isSubtree(start: 0, end: .max))
        #expect(!MerkleProof.isSubtree(start: 1, end: 1 << 63 + 2))
        #expect(MerkleProof.isSubtree(start: 1 << 63, end: .max))
    }

    @Test("every subtree of every tree to 24 leaves is proven by the definition's proof, and no other root or proof")
    func subtreeConsistency() {
        for size in 1...24 {
            let tree = all[..<size]
            let root = Definition.root(tree)
            for start in 0..<size {
                for end in (start + 1)...size where MerkleProof.isSubtree(start: UInt64(start), end: UInt64(end)) {
                    let subtree = Definition.root(all[start..<end])
                    let proof = Definition.proof(start, end, tree)
                    func proves(_ subtree: Hash32, _ root: Hash32, _ proof: [Hash32]) -> Bool {
                        MerkleProof.isSubtreeConsistency(
                            start: UInt64(start), end: UInt64(end), root: subtree, size: UInt64(size), root: root,
                            proof: proof)
                    }
                    #expect(proves(subtree, root, proof), "[\(start), \(end)) of \(size)")
                    #expect(!proves(MerkleHash.empty, root, proof))
                    #expect(!proves(subtree, MerkleHash.empty, proof))
                    #expect(!proves(subtree, root, proof + [root]))
                    #expect(proof.isEmpty || !proves(subtree, root, Array(proof.dropLast())))
                    for index in start..<end {
                        #expect(
                            MerkleProof.isSubtreeInclusion(
                                leaf: all[index], index: UInt64(index), start: UInt64(start), end: UInt64(end),
                                root: subtree, proof: Definition.path(index - start, all[start..<end])))
                    }
                }
            }
        }
    }

    @Test("hash lines are read back, and any other text is refused")
    func lines() {
        #expect(HashLines.text([]).isEmpty)
        #expect(HashLines.hashes(in: "") == [])
        #expect(HashLines.hashes(in: HashLines.text(all[..<64].map { $0 })) == Array(all[..<64]))
        let line = HashLines.text([all[0]])
        let wrong = [
            "\n", line + "\n", "\n" + line, String(line.dropLast()), " " + line, line + "AAAA\n",
            HashLines.text(Array(all[..<65])), line.replacing("=", with: ""), all[0].hex + "\n",
        ]
        for text in wrong { #expect(HashLines.hashes(in: text) == nil, "\(text.debugDescription)") }
    }
}
