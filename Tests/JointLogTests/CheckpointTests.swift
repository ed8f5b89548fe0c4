import JointLog
import Kernel
import Testing

private let root = MerkleHash.leaf([1, 2, 3])
private let mechanism = MerkleHash.sha256([9])

private func party(_ name: String) -> PartyID {
    guard let party = PartyID(name) else { preconditionFailure("a test's party is valid") }
    return party
}

private func signer(_ byte: UInt8) -> Ed25519PrivateKey {
    guard let key = Ed25519PrivateKey(seed: [UInt8](repeating: byte, count: 32)) else {
        preconditionFailure("a test's seed has 32 bytes")
    }
    return key
}

@Suite struct CheckpointTests {
    @Test("a checkpoint is three lines: origin, size, root")
    func text() throws {
        let checkpoint = Checkpoint(mechanism: mechanism, party: party("alpha"), size: 12, root: root)
        let text = "parley/\(mechanism.hex)/alpha\n12\n\(root.bytes.base64)\n"
        #expect(checkpoint.text == text)
        #expect(Checkpoint(text: text) == checkpoint)
        let published = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        #expect(Checkpoint(text: published)?.size == 20_852_163)
        #expect(Checkpoint(text: "o\n9007199254740992\n\(root.bytes.base64)\n") != nil)
        #expect(Checkpoint(text: "o\n0\n\(root.bytes.base64)\n")?.size == 0)
    }

    @Test("any other text is no checkpoint")
    func malformed() {
        let hash = root.bytes.base64
        let texts = [
            "", "\n", "\n\n\n", "o\n1\n\(hash)", "o\n1\n\(hash)\n\n", "o\n1\n\(hash)\nextension\n", "\n1\n\(hash)\n",
            "o\n\n\(hash)\n", "o\n01\n\(hash)\n", "o\n+1\n\(hash)\n", "o\n-1\n\(hash)\n", "o\n 1\n\(hash)\n",
            "o\n1 \n\(hash)\n", "o\n1.0\n\(hash)\n", "o\n0x1\n\(hash)\n", "o\n9007199254740993\n\(hash)\n",
            "o\n18446744073709551616\n\(hash)\n", "o\n1\n\(hash.dropLast())\n", "o\n1\n\(root.hex)\n", "o\n1\n\n",
            "o\n1\n\([UInt8](repeating: 0, count: 31).base64)\n", "o\n1\n\([UInt8](repeating: 0, count: 33).base64)\n",
            "o\r\n1\r\n\(hash)\r\n", "o\n1\n\(hash)\r\n", "o\n１\n\(hash)\n", "o 1 \(hash)\n", "\no\n1\n\(hash)\n",
        ]
        for text in texts { #expect(Checkpoint(text: text) == nil, "\(text.debugDescription)") }
    }

    @Test("a signed checkpoint verifies for its origin and key and for no other")
    func signed() throws {
        let checkpoint = Checkpoint(mechanism: mechanism, party: party("alpha"), size: 12, root: root)
        let key = signer(1)
        let signed = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign)
        let origin = checkpoint.origin
        #expect(SignedCheckpoint(note: signed.note, origin: origin, publicKey: key.publicKey) == signed)
        #expect(SignedCheckpoint(note: signed.note, origin: origin, publicKey: signer(2).publicKey) == nil)
        #expect(SignedCheckpoint(note: signed.note, origin: origin + "x", publicKey: key.publicKey) == nil)
        let receipt = Receipt.signing(
            checkpoint, holder: party("alpha"), at: UTCInstant(microseconds: 0), sign: key.sign)
        #expect(
            SignedCheckpoint(note: receipt.note(publicKey: key.publicKey), origin: origin, publicKey: key.publicKey)
                == nil)
    }

    @Test("signatures of unknown keys are passed over, and the first of the known key decides")
    func otherSignatures() throws {
        let checkpoint = Checkpoint(mechanism: mechanism, party: party("alpha"), size: 1, root: root)
        let key = signer(1)
        let note = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign).note
        let parsed = try #require(SignedNote(encoded: note))
        let own = parsed.signatures[0]
        let stranger = NoteSignature(keyName: "stranger", keyID: own.keyID, signature: own.signature)
        let otherID = NoteSignature(keyName: own.keyName, keyID: [0, 0, 0, 0], signature: own.signature)
        let broken = NoteSignature(keyName: own.keyName, keyID: own.keyID, signature: own.signature.reversed())
        func isRead(_ signatures: [NoteSignature]) -> Bool {
            let note = SignedNote(text: parsed.text, signatures: signatures).encoded
            return SignedCheckpoint(note: note, origin: checkpoint.origin, publicKey: key.publicKey) != nil
        }
        #expect(isRead([own]))
        #expect(isRead([stranger, otherID, own]))
        #expect(isRead([own, broken]))
        #expect(!isRead([broken, own]))
        #expect(!isRead([stranger]))
        #expect(!isRead([otherID]))
    }

    @Test("every one-byte change of a checkpoint's note is refused or leaves the checkpoint as it was")
    func changed() throws {
        let checkpoint = Checkpoint(mechanism: mechanism, party: party("alpha"), size: 12, root: root)
        let key = signer(1)
        let bytes = Array(SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign).note.utf8)
        for i in bytes.indices {
            for flip in [1, 2, 0x20, 0x80] as [UInt8] {
                var changed = bytes
                changed[i] ^= flip
                guard let note = String(validating: changed, as: UTF8.self) else { continue }
                #expect(
                    SignedCheckpoint(note: note, origin: checkpoint.origin, publicKey: key.publicKey) == nil,
                    "byte \(i) xor \(flip)")
            }
        }
    }
}

@Suite struct ReceiptTests {
    private let checkpoint = Checkpoint(mechanism: mechanism, party: party("alpha"), size: 12, root: root)
    private let key = signer(3)

    @Test("the signed bytes are the cosignature's header, the time and the checkpoint")
    func message() {
        var signed: [UInt8] = []
        let time = UTCInstant(microseconds: 1_679_315_147_999_999)
        let receipt = Receipt.signing(checkpoint, holder: party("bravo"), at: time) { bytes in
            signed = bytes
            return key.sign(bytes)
        }
        #expect(String(decoding: signed, as: UTF8.self) == "cosignature/v1\ntime 1679315147\n\(checkpoint.text)")
        #expect(receipt.time.microseconds == 1_679_315_147_000_000)
    }

    @Test("a receipt comes back from its note for its holder, key and log, and for no other")
    func roundTrip() throws {
        let receipt = Receipt.signing(
            checkpoint, holder: party("bravo"), at: UTCInstant(microseconds: 5_000_000), sign: key.sign)
        let note = receipt.note(publicKey: key.publicKey)
        let origin = checkpoint.origin
        #expect(Receipt(note: note, origin: origin, holder: party("bravo"), publicKey: key.publicKey) == receipt)
        #expect(Receipt(note: note, origin: origin, holder: party("charlie"), publicKey: key.publicKey) == nil)
        #expect(Receipt(note: note, origin: origin, holder: party("bravo"), publicKey: signer(4).publicKey) == nil)
        #expect(Receipt(note: note, origin: "x", holder: party("bravo"), publicKey: key.publicKey) == nil)
        let blob = try #require(SignedNote(encoded: note)).signatures[0].signature
        #expect(blob.count == 72)
        #expect(Array(blob[..<8]) == [0, 0, 0, 0, 0, 0, 0, 5])
    }

    @Test("a receipt with another time, a short or a long blob or a plain signature is refused")
    func malformed() throws {
        let receipt = Receipt.signing(
            checkpoint, holder: party("bravo"), at: UTCInstant(microseconds: 5_000_000), sign: key.sign)
        let line = try #require(SignedNote(encoded: receipt.note(publicKey: key.publicKey))).signatures[0]
        var otherTime = line.signature
        otherTime[7] ^= 1
        var beyond = line.signature
        beyond[0] = 0x80
        let plain = key.sign(Array(checkpoint.text.utf8))
        let blobs = [
            otherTime, beyond, Array(line.signature.dropLast()), line.signature + [0],
            Array(line.signature.dropFirst(8)),
            [UInt8](repeating: 0, count: 72), [UInt8](repeating: 0xFF, count: 72), Array(line.signature[..<8]), [0],
            plain,
        ]
        for blob in blobs {
            let note = SignedNote(
                text: checkpoint.text,
                signatures: [NoteSignature(keyName: line.keyName, keyID: line.keyID, signature: blob)]
            ).encoded
            #expect(
                Receipt(note: note, origin: checkpoint.origin, holder: party("bravo"), publicKey: key.publicKey) == nil)
        }
    }

    @Test("the log's own signature is no receipt")
    func ownSignature() {
        let note = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign).note
        #expect(
            Receipt(note: note, origin: checkpoint.origin, holder: party("alpha"), publicKey: key.publicKey) == nil)
    }
}
