import JointLog
import Kernel
import Testing

@Suite struct NoteKeyTests {
    @Test(
        "verifier keys that others publish are read, and written the same",
        arguments: [
            ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", UInt8(1)),
            ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", 1),
            ("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop", 1),
            // The base64 holds a plus.
            ("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6", 1),
            ("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", 4),
            ("transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM", 4),
        ])
    func published(text: String, type: UInt8) throws {
        let vkey = try #require(VerifierKey(text))
        #expect(vkey.text == text)
        #expect(vkey.type == type)
        let key = try #require(NoteKey(vkey: text))
        #expect(key.algorithm.rawValue == type)
        #expect(key.vkey == text)
        #expect(key.keyID == vkey.keyID)
        #expect(VerifierKey(key) == vkey)
    }

    @Test("the example key's parts are the published ones")
    func parts() throws {
        let key = try #require(NoteKey(vkey: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"))
        #expect(key.name == "example.com/foo")
        #expect(key.publicKey.hex == "e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4")
        #expect(key.keyID.hex == "530d903a")
    }

    @Test("a key of an unknown type is read and written, without a way to verify")
    func unknownType() throws {
        let text = "example.com/foo+00000000+++++++++++++++++++++++++++++++++++++++++++++"
        let key = try #require(VerifierKey(text))
        #expect(key.type == 0xFB)
        #expect(key.text == text)
        #expect(key.noteKey == nil)
        #expect(NoteKey(vkey: text) == nil)
    }

    @Test(
        "a text that is no verifier key is refused",
        arguments: [
            "", "+", "++", "bananas.sigstore.dev+12344556", "rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!",
            "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/fo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k ",
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
            "example.com/foo +530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+AQ==", "example.com/foo+530d903a+",
        ])
    func malformed(text: String) {
        #expect(VerifierKey(text) == nil)
        #expect(NoteKey(vkey: text) == nil)
    }

    @Test("a key of a specified type has the specified length")
    func lengths() {
        for (type, length) in [(UInt8(1), 31), (1, 33), (4, 31), (4, 64), (6, 32), (6, 1_311)] {
            let material = [type] + [UInt8](repeating: 7, count: length)
            let id = MerkleHash.sha256(Array("a\n".utf8) + material).bytes.prefix(4)
            #expect(VerifierKey("a+\(Array(id).hex)+\(material.base64)") == nil, "\(type) \(length)")
        }
        let material = [6] + [UInt8](repeating: 7, count: 1_312)
        let id = MerkleHash.sha256(Array("a\n".utf8) + material).bytes.prefix(4)
        #expect(VerifierKey("a+\(Array(id).hex)+\(material.base64)")?.noteKey == nil)
        #expect(VerifierKey("a+\(Array(id).hex)+\(material.base64)") != nil)
    }

    @Test("a signer's note is verified by its key; its name must be one")
    func signing() throws {
        let signer = try #require(NoteSigner(name: "parley/alpha/evidence", key: JointLogTests.signer(5)))
        let note = SignedNote(text: "a\n\nb\n", signatures: [signer.signature(of: "a\n\nb\n")])
        #expect(SignedNote(encoded: note.encoded) == note)
        #expect(note.signers(among: [signer.key]) == [signer.key])
        #expect(SignedNote(text: "a\n\nc\n", signatures: note.signatures).signers(among: [signer.key]) == nil)
        for name in ["", "a b", "a+b", "a\u{A0}b", "a\nb", "a\u{2003}"] {
            #expect(NoteSigner(name: name, key: JointLogTests.signer(5)) == nil, "\(name.debugDescription)")
        }
    }
}

@Suite struct NoteVerificationTests {
    private let text = "a text\n"

    private func note(_ signers: [(String, UInt8)]) throws -> SignedNote {
        SignedNote(
            text: text,
            signatures: try signers.map { try #require(NoteSigner(name: $0.0, key: signer($0.1))).signature(of: text) })
    }

    private func key(_ name: String, _ byte: UInt8) throws -> NoteKey {
        try #require(NoteSigner(name: name, key: signer(byte))).key
    }

    @Test("known keys that signed are named in the order asked for, unknown lines passed over")
    func known() throws {
        let note = try note([("x", 9), ("b", 2), ("a", 1)])
        let (a, b, c) = (try key("a", 1), try key("b", 2), try key("c", 3))
        #expect(note.signers(among: [a, b, c]) == [a, b])
        #expect(note.signers(among: [a, a]) == [a])
        #expect(note.signers(among: [c]) == nil)
        #expect(note.signers(among: []) == nil)
        // Another key under a known name is another key.
        #expect(note.signers(among: [try key("a", 4), b]) == [b])
    }

    @Test("one broken line of a known key makes the whole note worthless")
    func broken() throws {
        let (a, b) = (try key("a", 1), try key("b", 2))
        let good = try note([("a", 1), ("b", 2)])
        let forged = NoteSignature(keyName: "b", keyID: b.keyID, signature: good.signatures[0].signature)
        let note = SignedNote(text: text, signatures: [good.signatures[0], forged])
        #expect(note.signers(among: [a]) == [a])
        #expect(note.signers(among: [a, b]) == nil)
        #expect(SignedNote(text: text, signatures: good.signatures + [forged]).signers(among: [a, b]) == nil)
        #expect(SignedNote(text: text, signatures: good.signatures + good.signatures).signers(among: [a, b]) == [a, b])
    }

    @Test("merged notes keep every line once, in the order of first appearance")
    func merging() throws {
        let (ab, bc) = (try note([("a", 1), ("b", 2)]), try note([("b", 2), ("c", 3), ("b", 7)]))
        let merged = try #require(SignedNote.merging([ab, bc, ab]))
        #expect(merged.signatures.map(\.keyName) == ["a", "b", "c", "b"])
        #expect(merged.signatures == ab.signatures + bc.signatures.dropFirst())
        #expect(merged.text == text)
        #expect(SignedNote(encoded: merged.encoded) == merged)
        #expect(SignedNote.merging([ab]) == ab)
        #expect(SignedNote.merging([]) == nil)
        #expect(SignedNote.merging([ab, SignedNote(text: "another\n", signatures: ab.signatures)]) == nil)
        let many = try note((0..<40).map { ("a\($0)", 1) })
        let more = try note((0..<40).map { ("b\($0)", 1) })
        #expect(SignedNote.merging([many, more]) == nil)
    }

    @Test("texts that only look the same are not the same text")
    func bytes() throws {
        let composed = SignedNote(text: "\u{E9}\n", signatures: try note([("a", 1)]).signatures)
        let decomposed = SignedNote(text: "e\u{301}\n", signatures: composed.signatures)
        #expect(SignedNote.merging([composed, decomposed]) == nil)
        let key = try key("\u{E9}", 1)
        let line = key.signing(text, sign: signer(1).sign)
        let other = NoteSignature(keyName: "e\u{301}", keyID: line.keyID, signature: line.signature)
        #expect(SignedNote(text: text, signatures: [line]).signers(among: [key]) == [key])
        #expect(SignedNote(text: text, signatures: [other]).signers(among: [key]) == nil)
    }
}
