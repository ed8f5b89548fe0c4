import JointLog
import Kernel
import Testing

@Suite struct PostQuantumTests {
    private let checkpoint = Checkpoint(
        mechanism: MerkleHash.sha256([9]), party: party("alpha"), size: 12, root: MerkleHash.leaf([1, 2, 3]))
    private let key = signer(1)

    private func postQuantum(_ byte: UInt8) throws -> MLDSA65PrivateKey {
        try #require(MLDSA65PrivateKey(seed: [UInt8](repeating: byte, count: 32)))
    }

    @Test("the public keys of NIST's seeds are NIST's")
    func keyGeneration() throws {
        for (seed, hash) in MLDSAVectors.keys {
            let bytes = try #require([UInt8](hex: seed))
            let key = try #require(MLDSA65PrivateKey(seed: bytes))
            #expect(key.publicKey.hash.hex == hash)
            #expect(key.publicKey.bytes.count == 1_952)
            #expect(key.seed.hex == seed)
        }
    }

    @Test("a signature that others made is valid, and none with a changed byte, length, message or key")
    func verification() throws {
        let bytes = try #require([UInt8](base64: MLDSAVectors.publicKey))
        let key = try #require(PostQuantumKey(bytes))
        let signature = try #require([UInt8](base64: MLDSAVectors.signature))
        #expect(signature.count == PostQuantumKey.signatureByteCount)
        #expect(key.isValid(signature: signature, of: MLDSAVectors.message))
        #expect(!key.isValid(signature: signature, of: MLDSAVectors.message + [0]))
        #expect(!key.isValid(signature: signature + [0], of: MLDSAVectors.message))
        #expect(!key.isValid(signature: Array(signature.dropLast()), of: MLDSAVectors.message))
        #expect(!key.isValid(signature: [], of: MLDSAVectors.message))
        for i in stride(from: 0, to: signature.count, by: 61) {
            var changed = signature
            changed[i] ^= 1
            #expect(!key.isValid(signature: changed, of: MLDSAVectors.message), "byte \(i)")
        }
        #expect(try !postQuantum(1).publicKey.isValid(signature: signature, of: MLDSAVectors.message))
        for length in [0, 32, 1_951, 1_953] { #expect(PostQuantumKey([UInt8](repeating: 1, count: length)) == nil) }
        for length in [0, 31, 33, 64] { #expect(MLDSA65PrivateKey(seed: [UInt8](repeating: 1, count: length)) == nil) }
    }

    @Test("a key's text and reflection show nothing of the seed")
    func secrecy() throws {
        let key = try postQuantum(0xAB)
        for text in ["\(key)", String(describing: key), String(reflecting: key)] {
            #expect(text == "ML-DSA-65 private key of \(key.publicKey.hash.hex)")
        }
        #expect(Mirror(reflecting: key).children.isEmpty)
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("171") && !dumped.lowercased().contains("abab"))
    }

    @Test("the second line has type 0xff, its identifier and the log's name, and signs the checkpoint's text")
    func line() throws {
        let other = try postQuantum(2)
        let signed = SignedCheckpoint.signing(
            checkpoint, publicKey: key.publicKey, postQuantum: other, sign: key.sign)
        let note = try #require(SignedNote(encoded: signed.note))
        #expect(note.signatures.count == 2)
        #expect(note.signatures.allSatisfy { $0.keyName == checkpoint.origin })
        let hashed =
            Array(checkpoint.origin.utf8) + [0x0A, 0xFF] + Array("parley/ml-dsa-65/v1".utf8) + other.publicKey.bytes
        #expect(note.signatures[1].keyID == Array(MerkleHash.sha256(hashed).bytes[..<4]))
        #expect(note.signatures[1].signature.count == 3_309)
        #expect(other.publicKey.isValid(signature: note.signatures[1].signature, of: Array(checkpoint.text.utf8)))
        let alone = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign)
        #expect(signed.note.hasPrefix(alone.note))
        let without = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, postQuantum: nil, sign: key.sign)
        #expect(without == alone)
    }

    @Test("who asks for the second line gets it verified; who does not passes over it")
    func demanded() throws {
        let other = try postQuantum(2)
        let signed = SignedCheckpoint.signing(
            checkpoint, publicKey: key.publicKey, postQuantum: other, sign: key.sign)
        func read(_ note: String, _ postQuantum: PostQuantumKey) -> SignedCheckpoint? {
            SignedCheckpoint(
                note: note, origin: checkpoint.origin, publicKey: key.publicKey, postQuantumKey: postQuantum)
        }
        #expect(read(signed.note, other.publicKey) == signed)
        #expect(SignedCheckpoint(note: signed.note, origin: checkpoint.origin, publicKey: key.publicKey) == signed)
        #expect(read(signed.note, try postQuantum(3).publicKey) == nil)
        let alone = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign)
        #expect(read(alone.note, other.publicKey) == nil)
        let note = try #require(SignedNote(encoded: signed.note))
        let onlySecond = SignedNote(text: note.text, signatures: [note.signatures[1]]).encoded
        #expect(read(onlySecond, other.publicKey) == nil)
        let line = note.signatures[1]
        var blob = line.signature
        blob[1_000] ^= 1
        let broken = NoteSignature(keyName: line.keyName, keyID: line.keyID, signature: blob)
        let wrong = SignedNote(text: note.text, signatures: [note.signatures[0], broken]).encoded
        #expect(read(wrong, other.publicKey) == nil)
        #expect(SignedCheckpoint(note: wrong, origin: checkpoint.origin, publicKey: key.publicKey) != nil)
        let both = SignedNote(text: note.text, signatures: note.signatures + [broken]).encoded
        #expect(read(both, other.publicKey) == nil)
    }

    @Test("the verifier key is its type, identifier and bytes")
    func verifierKey() throws {
        let key = try postQuantum(2).publicKey
        let vkey = VerifierKey(name: "example.com/log", postQuantum: key)
        #expect(VerifierKey(vkey.text) == vkey)
        #expect(vkey.type == 0xFF)
        #expect(vkey.noteKey == nil)
        #expect(vkey.material == [0xFF] + Array("parley/ml-dsa-65/v1".utf8) + key.bytes)
    }
}
