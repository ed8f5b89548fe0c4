import JointLog
import Kernel
import Testing

private let root = MerkleHash.leaf([1, 2, 3])
private let mechanism = MerkleHash.sha256([9])

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

    @Test("signatures of unknown keys are passed over, and every one of the known key must be valid")
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
        #expect(isRead([own, own]))
        #expect(!isRead([own, broken]))
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

@Suite struct CheckpointOriginTests {
    private let alpha1 = LogID(party: party("alpha"), epoch: 1)

    @Test("a log of epoch 0 is named by its party, and a later one by its epoch too")
    func origins() {
        let base = "parley/\(mechanism.hex)/alpha"
        #expect(Checkpoint.origin(mechanism: mechanism, party: party("alpha")) == base)
        #expect(Checkpoint.origin(mechanism: mechanism, log: LogID(party: party("alpha"))) == base)
        #expect(Checkpoint.origin(mechanism: mechanism, log: alpha1) == base + "/1")
        let checkpoint = Checkpoint(mechanism: mechanism, log: alpha1, size: 3, root: root)
        #expect(checkpoint.text == "\(base)/1\n3\n\(root.bytes.base64)\n")
    }

    @Test("an origin names one log of its mechanism or none")
    func logs() {
        let base = "parley/\(mechanism.hex)/"
        #expect(Checkpoint.log(origin: base + "alpha", mechanism: mechanism) == LogID(party: party("alpha")))
        #expect(Checkpoint.log(origin: base + "alpha/1", mechanism: mechanism) == alpha1)
        #expect(Checkpoint.log(origin: base + "alpha", mechanism: root) == nil)
        for text in ["", base, base + "alpha/0", base + "alpha/01", base + "alpha/", "x" + base + "alpha", base + "A"] {
            #expect(Checkpoint.log(origin: text, mechanism: mechanism) == nil, "\(text)")
        }
    }

    @Test("other people's checkpoints may have extension lines and any size; ours have not")
    func extensions() throws {
        let text = "example.com/log\n18446744073709551615\n\(root.bytes.base64)\nfirst\nsecond line\n"
        let (checkpoint, extensions) = try #require(Checkpoint.reading(text))
        #expect(checkpoint.size == .max)
        #expect(extensions == ["first", "second line"])
        #expect(Checkpoint(text: text) == nil)
        #expect(Checkpoint.reading(PublishedCheckpoint.text)?.extensions == [])
        for wrong in [text + "\n", text.replacing("first\n", with: "\n"), String(text.dropLast()), text + "\t\n"] {
            #expect(Checkpoint.reading(wrong) == nil, "\(wrong.debugDescription)")
        }
    }

    @Test("a note is read with any of the author's keys, before and after a change of key")
    func severalKeys() {
        let checkpoint = Checkpoint(mechanism: mechanism, log: alpha1, size: 3, root: root)
        let note = SignedCheckpoint.signing(checkpoint, publicKey: signer(2).publicKey, sign: signer(2).sign).note
        func isRead(_ keys: [UInt8]) -> Bool {
            SignedCheckpoint(
                note: note, origin: checkpoint.origin, publicKeys: keys.map { signer($0).publicKey }) != nil
        }
        #expect(isRead([2]))
        #expect(isRead([1, 2, 3]))
        #expect(!isRead([1, 3]))
        #expect(!isRead([]))
    }
}

@Suite struct MergedReceiptTests {
    private let checkpoint = Checkpoint(mechanism: mechanism, party: party("alpha"), size: 12, root: root)

    private func receipt(_ holder: String, _ byte: UInt8, at seconds: Int64 = 5) -> Receipt {
        Receipt.signing(
            checkpoint, holder: party(holder), at: UTCInstant(microseconds: seconds * 1_000_000),
            sign: signer(byte).sign)
    }

    private func line(_ holder: String, _ byte: UInt8, at seconds: Int64 = 5) -> NoteSignature {
        receipt(holder, byte, at: seconds).noteSignature(publicKey: signer(byte).publicKey)
    }

    private func receipts(_ lines: [NoteSignature], _ holders: [(String, UInt8)], origin: String? = nil) -> [Receipt] {
        Receipt.receipts(
            in: SignedNote(text: checkpoint.text, signatures: lines).encoded, origin: origin ?? checkpoint.origin,
            holders: holders.map { (party($0.0), signer($0.1).publicKey) })
    }

    @Test("one note holds the receipts of several holders, beside lines of others")
    func several() throws {
        let key = signer(1)
        let own = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign).note
        let notes = try [
            own, receipt("bravo", 2).note(publicKey: signer(2).publicKey),
            receipt("mediator", 3).note(publicKey: signer(3).publicKey),
        ].map { try #require(SignedNote(encoded: $0)) }
        let merged = try #require(SignedNote.merging(notes))
        let holders: [(String, UInt8)] = [("mediator", 3), ("charlie", 4), ("bravo", 2)]
        #expect(receipts(merged.signatures, holders) == [receipt("bravo", 2), receipt("mediator", 3)])
        #expect(
            SignedCheckpoint(note: merged.encoded, origin: checkpoint.origin, publicKey: key.publicKey)?.checkpoint
                == checkpoint)
    }

    @Test("a holder's later receipt for the same checkpoint stands beside the first, the same line twice does not")
    func repeated() {
        let lines = [line("bravo", 2), line("bravo", 2, at: 9), line("bravo", 2)]
        #expect(receipts(lines, [("bravo", 2)]) == [receipt("bravo", 2), receipt("bravo", 2, at: 9)])
        let note = SignedNote(text: checkpoint.text, signatures: lines).encoded
        #expect(
            Receipt(note: note, origin: checkpoint.origin, holder: party("bravo"), publicKey: signer(2).publicKey)
                == receipt("bravo", 2))
    }

    @Test("a broken line of a known holder, another log or no note give no receipts")
    func refused() {
        let good = line("bravo", 2)
        let forged = NoteSignature(
            keyName: line("mediator", 3).keyName, keyID: line("mediator", 3).keyID, signature: good.signature)
        #expect(receipts([good, forged], [("bravo", 2)]) == [receipt("bravo", 2)])
        #expect(receipts([good, forged], [("bravo", 2), ("mediator", 3)]) == [])
        #expect(receipts([good], [("bravo", 2)], origin: "x") == [])
        #expect(receipts([good], []) == [])
        let holders = [(party("bravo"), signer(2).publicKey)]
        #expect(Receipt.receipts(in: "x", origin: checkpoint.origin, holders: holders) == [])
    }

    @Test("a cosignature that others made verifies by the key and over the text that they publish")
    func published() throws {
        let note = try #require(SignedNote(encoded: PublishedCheckpoint.note))
        let keys = try (PublishedCheckpoint.witnesses + [PublishedCheckpoint.absent]).map {
            try #require(NoteKey(vkey: $0))
        }
        #expect(note.signers(among: keys) == Array(keys[..<4]))
        let log = try #require(NoteKey(vkey: PublishedCheckpoint.log))
        #expect(note.signers(among: [log]) == [log])
        // 2026-05-23T21:50:24Z, in each witness's line.
        for line in note.signatures.dropFirst(2) {
            #expect(Array(line.signature[..<8]) == [0, 0, 0, 0, 0x6A, 0x12, 0x21, 0x20])
        }
    }
}
