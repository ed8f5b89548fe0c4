import JointLog
import Kernel
import Testing

@Suite struct ForkProofTests {
    private let origin = "parley/x/alpha"
    private let key = signer(1)
    private let later = signer(2)
    /// Two histories with the first five leaves in common.
    private let one = leaves(20)
    private let other = leaves(5) + leaves(20, salt: 1).dropFirst(5)

    private func note(_ leaves: ArraySlice<Hash32>, by key: Ed25519PrivateKey) -> String {
        let checkpoint = Checkpoint(origin: origin, size: UInt64(leaves.count), root: Definition.root(leaves))
        return SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign).note
    }

    /// The proof from the other history that the first history's checkpoint of `size` leaves is not its own.
    private func forked(_ size: Int, _ newSize: Int) -> ForkProof? {
        ForkProof(
            note(one[..<size], by: key), note(other[..<newSize], by: key),
            impliedRoot: size == newSize ? nil : Definition.root(other[..<size]),
            consistency: size == newSize ? [] : Definition.proof(0, size, other[..<newSize]), origin: origin,
            publicKeys: [key.publicKey])
    }

    @Test("every pair of sizes after the histories part is proven, is written and read back")
    func proven() throws {
        for newSize in 6...20 {
            for size in 6...newSize {
                let fork = try #require(forked(size, newSize), "\(size) and \(newSize)")
                #expect(
                    ForkProof(encoded: fork.encoded, origin: origin, publicKeys: [key.publicKey]) == fork,
                    "\(size) and \(newSize)")
                #expect(fork.first.checkpoint.size == UInt64(size))
                #expect(fork.second.checkpoint.size == UInt64(newSize))
            }
        }
    }

    @Test("checkpoints of one history prove no fork")
    func honest() {
        for newSize in 1...20 {
            for size in 1...min(newSize, 5) { #expect(forked(size, newSize) == nil || size == newSize && size > 5) }
        }
    }

    @Test("a proof that does not verify, or states a root it need not, is none")
    func unproven() {
        let (a, b) = (note(one[..<7], by: key), note(other[..<12], by: key))
        let (root, proof) = (Definition.root(other[..<7]), Definition.proof(0, 7, other[..<12]))
        func isFork(_ a: String, _ b: String, _ root: Hash32?, _ proof: [Hash32]) -> Bool {
            ForkProof(
                a, b, impliedRoot: root, consistency: proof, origin: origin, publicKeys: [key.publicKey]) != nil
        }
        #expect(isFork(a, b, root, proof))
        #expect(isFork(b, a, root, proof))
        #expect(!isFork(a, b, nil, proof))
        #expect(!isFork(a, b, Definition.root(one[..<7]), proof))
        #expect(!isFork(a, b, MerkleHash.empty, proof))
        #expect(!isFork(a, b, root, []))
        #expect(!isFork(a, b, root, proof + [root]))
        #expect(!isFork(a, b, root, Array(proof.dropLast())))
        let (c, d) = (note(one[..<8], by: key), note(other[..<8], by: key))
        #expect(isFork(c, d, nil, []))
        #expect(!isFork(c, d, root, []))
        #expect(!isFork(c, d, nil, proof))
        #expect(!isFork(c, c, nil, []))
    }

    @Test("a checkpoint of no leaves with a root of its own is a fork of every other")
    func emptyTree() throws {
        let checkpoint = Checkpoint(origin: origin, size: 0, root: one[0])
        let false0 = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign).note
        let true7 = note(one[..<7], by: key)
        let fork = try #require(
            ForkProof(
                true7, false0, impliedRoot: MerkleHash.empty, consistency: [], origin: origin,
                publicKeys: [key.publicKey]))
        #expect(ForkProof(encoded: fork.encoded, origin: origin, publicKeys: [key.publicKey]) == fork)
        let true0 = note(one[..<0], by: key)
        for root in [MerkleHash.empty, one[0]] {
            #expect(
                ForkProof(
                    true0, true7, impliedRoot: root, consistency: [], origin: origin, publicKeys: [key.publicKey])
                    == nil)
        }
    }

    @Test("both notes are the author's, by any of the keys, and of the log")
    func authors() {
        func isFork(_ a: String, _ b: String, _ origin: String, _ keys: [Ed25519PrivateKey]) -> Bool {
            ForkProof(
                a, b, impliedRoot: nil, consistency: [], origin: origin, publicKeys: keys.map(\.publicKey)) != nil
        }
        let (a, b) = (note(one[..<8], by: key), note(other[..<8], by: later))
        #expect(isFork(a, b, origin, [key, later]))
        #expect(!isFork(a, b, origin, [key]))
        #expect(!isFork(a, b, origin, [later]))
        #expect(!isFork(a, b, origin, []))
        #expect(!isFork(a, b, origin + "/1", [key, later]))
    }

    @Test("equal sizes are written in the order of their roots, whichever comes first")
    func order() throws {
        let notes = [note(one[..<8], by: key), note(other[..<8], by: key)]
        let forks = try [notes, notes.reversed()].map {
            try #require(
                ForkProof(
                    $0[0], $0[1], impliedRoot: nil, consistency: [], origin: origin, publicKeys: [key.publicKey]))
        }
        #expect(forks[0] == forks[1])
        #expect(forks[0].first.checkpoint.root < forks[0].second.checkpoint.root)
        let (first, second) = (forks[0].first.note, forks[0].second.note)
        #expect(forks[0].encoded == "parley fork v1\n\n\(first)\n\(second)")
        let swapped = "parley fork v1\n\n\(second)\n\(first)"
        #expect(ForkProof(encoded: swapped, origin: origin, publicKeys: [key.publicKey]) == nil)
    }

    @Test("every changed byte of a written proof, every truncation and every added line is refused")
    func changed() throws {
        for (size, newSize) in [(7, 12), (8, 8)] {
            let text = try #require(forked(size, newSize)).encoded
            let bytes = Array(text.utf8)
            func isRead(_ bytes: [UInt8]) -> Bool {
                guard let text = String(validating: bytes, as: UTF8.self) else { return false }
                return ForkProof(encoded: text, origin: origin, publicKeys: [key.publicKey]) != nil
            }
            #expect(isRead(bytes))
            for i in bytes.indices {
                for flip in [0x01, 0x20] as [UInt8] {
                    var changed = bytes
                    changed[i] ^= flip
                    #expect(!isRead(changed), "byte \(i) xor \(flip)")
                }
                #expect(!isRead(Array(bytes[..<i])), "cut at \(i)")
                #expect(!isRead(Array(bytes[..<i] + [0x0A] + bytes[i...])), "newline at \(i)")
            }
            #expect(!isRead(bytes + [0x0A]))
            #expect(!isRead(bytes + bytes))
        }
    }
}
