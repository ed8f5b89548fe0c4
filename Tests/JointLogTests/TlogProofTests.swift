import JointLog
import Kernel
import Testing

@Suite struct TlogProofTests {
    private let all = leaves(11)
    private let key = signer(1)

    private func note(size: Int = 11) -> String {
        let root = Definition.root(all[..<size])
        let checkpoint = Checkpoint(origin: "example.com/log", size: UInt64(size), root: root)
        return SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign).note
    }

    private func proof(_ index: Int, extra: [UInt8]? = nil) throws -> TlogProof {
        try #require(
            TlogProof(index: UInt64(index), hashes: Definition.path(index, all[...]), note: note(), extra: extra))
    }

    @Test("a proof is the header, extra data if any, the index, the hashes, an empty line and the checkpoint")
    func layout() throws {
        let hashes = Definition.path(4, all[...]).map { "\($0.bytes.base64)\n" }.joined()
        #expect(try proof(4).encoded == "c2sp.org/tlog-proof@v1\nindex 4\n\(hashes)\n\(note())")
        #expect(
            try proof(4, extra: [1, 2]).encoded
                == "c2sp.org/tlog-proof@v1\nextra AQI=\nindex 4\n\(hashes)\n\(note())")
        let alone = try #require(TlogProof(index: 0, hashes: [], note: note(size: 1)))
        #expect(alone.encoded == "c2sp.org/tlog-proof@v1\nindex 0\n\n\(note(size: 1))")
        #expect(alone.includes(leaf: all[0]))
    }

    @Test("every proof is read back and proves its leaf and no other")
    func roundTrip() throws {
        for index in all.indices {
            for extra in [nil, [1], [UInt8](repeating: 7, count: 1_000)] as [[UInt8]?] {
                let proof = try proof(index, extra: extra)
                let again = try #require(TlogProof(encoded: proof.encoded))
                #expect(again == proof)
                #expect(again.extra == extra)
                #expect(again.includes(leaf: all[index]))
                #expect(!again.includes(leaf: all[(index + 1) % 11]))
                #expect(again.checkpoint.size == 11)
                #expect(
                    SignedCheckpoint(note: again.note, origin: "example.com/log", publicKey: key.publicKey) != nil)
            }
        }
    }

    @Test("a checkpoint that others signed and cosigned is carried verbatim")
    func published() throws {
        let proof = try #require(TlogProof(index: 73_894, hashes: all, note: PublishedCheckpoint.note))
        let again = try #require(TlogProof(encoded: proof.encoded))
        #expect(again.note == PublishedCheckpoint.note)
        #expect(again.checkpoint.size == PublishedCheckpoint.size)
        #expect(!again.includes(leaf: all[0]))
    }

    @Test("any other text is no proof")
    func malformed() throws {
        let good = try proof(4, extra: [1, 2]).encoded
        func replaced(_ old: String, _ new: String) -> String { good.replacing(old, with: new) }
        let texts = [
            "", "\n\n", note(), replaced("@v1", "@v2"), " " + good, good + "\n", String(good.dropLast()),
            replaced("extra AQI=", "extra AQI"), replaced("extra AQI=", "extra "), replaced("extra AQI=", "extra"),
            replaced("extra AQI=", "extra AQJ="), replaced("extra AQI=", "Extra AQI="),
            replaced("extra AQI=\n", "extra AQI=\nextra AQI=\n"),
            replaced("extra AQI=\nindex 4", "index 4\nextra AQI="),
            replaced("index 4", "index 04"), replaced("index 4", "index  4"), replaced("index 4", "index -4"),
            replaced("index 4", "index 11"), replaced("index 4", "index 18446744073709551616"),
            replaced("index 4\n", ""), replaced("index 4", "index"), replaced("index 4", "index 4\nindex 4"),
            replaced("index 4\n", "index 4\n\n"), replaced("index 4\n", "index 4\nAQI=\n"),
            replaced("\n", "\r\n"), replaced("example.com/log\n11", "example.com/log\n011"),
            replaced("\n\n", "\n"), String(good.prefix(60)),
        ]
        for text in texts { #expect(TlogProof(encoded: text) == nil, "\(text.debugDescription)") }
        #expect(TlogProof(index: 11, hashes: [], note: note()) == nil)
        #expect(TlogProof(index: 0, hashes: [], note: note(), extra: []) == nil)
        #expect(TlogProof(index: 0, hashes: [], note: "x") == nil)
        #expect(TlogProof(index: 0, hashes: leaves(65), note: note()) == nil)
    }

    @Test("every changed bit of a proof is refused, or the leaf or the checkpoint no longer proven")
    func changed() throws {
        let bytes = Array(try proof(4).encoded.utf8)
        for i in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[i] ^= 1 << bit
                guard let text = String(validating: changed, as: UTF8.self), let proof = TlogProof(encoded: text) else {
                    continue
                }
                let isProven =
                    proof.includes(leaf: all[4])
                    && SignedCheckpoint(note: proof.note, origin: "example.com/log", publicKey: key.publicKey) != nil
                #expect(!isProven, "byte \(i) bit \(bit)")
            }
        }
    }
}
