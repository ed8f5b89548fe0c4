import JointLog
import Kernel
import Testing

@Suite struct SignedNoteTests {
    /// Verifier keys that other projects publish: name, key id, and base64 of algorithm and public key.
    private static let published: [(String, String, String)] = [
        ("example.com/foo", "530d903a", "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
        ("PeterNeumann", "c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
        ("remora.n621.de", "da77ade7", "BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"),
    ]

    private func key(_ entry: (String, String, String)) throws -> NoteKey {
        let bytes = try #require([UInt8](base64: entry.2))
        return NoteKey(
            name: entry.0, algorithm: try #require(NoteKey.Algorithm(rawValue: bytes[0])),
            publicKey: try #require(Hash32(bytes.dropFirst())))
    }

    @Test("key ids are those of published verifier keys, of signatures and of cosignatures")
    func keyIDs() throws {
        for entry in Self.published { #expect(try key(entry).keyID.hex == entry.1, "\(entry.0)") }
    }

    @Test(
        "notes that others have signed are read, verified and written back byte for byte",
        arguments: [
            (
                0,
                "This is an example message.\n\n\u{2014} example.com/foo "
                    + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
            ),
            (
                1,
                "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
                    + "\u{2014} PeterNeumann "
                    + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
            ),
        ])
    func publishedNotes(entry: Int, note: String) throws {
        let key = try key(Self.published[entry])
        let parsed = try #require(SignedNote(encoded: note))
        #expect(parsed.encoded == note)
        #expect(parsed.signatures.count == 1)
        #expect(parsed.signatures[0].keyName == key.name)
        #expect(parsed.signatures[0].keyID == key.keyID)
        #expect(
            Ed25519.isValid(
                signature: parsed.signatures[0].signature, of: Array(parsed.text.utf8), by: key.publicKey))
        #expect(
            !Ed25519.isValid(
                signature: parsed.signatures[0].signature, of: Array(parsed.text.utf8.dropLast()), by: key.publicKey))
    }

    private static let line = "\u{2014} a AAAAAAE=\n"

    @Test(
        "a text that is not a signed note is refused",
        arguments: [
            "", "\n", "\n\n", "a", "a\n", "a\n\n", "a\n\n\n", "a\n" + line, "a\n\n" + line.dropLast(),
            "a\n\n- a AAAAAAE=\n",
            "a\n\n\u{2013} a AAAAAAE=\n", "a\n\n\u{2014}a AAAAAAE=\n", "a\n\n\u{2014} a  AAAAAAE=\n",
            "a\n\n\u{2014}  a AAAAAAE=\n", "a\n\n\u{2014} a AAAAAAE= \n", "a\n\n\u{2014} a AAAAAAE\n",
            "a\n\n\u{2014} a AAAAAA==\n", "a\n\n\u{2014} a \n", "a\n\n\u{2014} AAAAAAE=\n",
            "a\n\n\u{2014} a AAAAAAF=\n",
            "a\n\n\u{2014} a+b AAAAAAE=\n", "a\n\n\u{2014} a\u{A0}b AAAAAAE=\n", "a\n\n\u{2014} a\tb AAAAAAE=\n",
            "a\r\n\r\n" + line, "a\n\n\u{2014} a AAAAAAE=\r\n", "a\u{0}\n\n" + line, "a\t\n\n" + line,
            "a\n\n" + line + "x\n",
            "a\n\n" + line + "\n", "a\n\n" + String(repeating: line, count: 65),
            "a\n\n\u{2014} \u{301}a\u{2009} AAAAAAE=\n", "a\n\n\u{2014}\u{301} a AAAAAAE=\n",
            String(repeating: "a", count: 128 * 1024) + "\n\n" + line,
        ])
    func malformed(note: String) { #expect(SignedNote(encoded: note) == nil) }

    @Test("the text ends at the last empty line, 64 signatures are read and the text may hold any script")
    func accepted() throws {
        let note = "è subito sera\n\nsecond part\n\n" + String(repeating: Self.line, count: 64)
        let parsed = try #require(SignedNote(encoded: note))
        #expect(parsed.text == "è subito sera\n\nsecond part\n")
        #expect(parsed.signatures.count == 64)
        #expect(parsed.encoded == note)
    }
}
