import JointLog
import Kernel
import Testing

/// Seeded mutations of valid texts: nothing that is read is written back differently, and nothing traps.
@Suite struct StrictReadingTests {
    /// Changes, doubles, drops, cuts and swaps in places where formats have their joints.
    private func mutations(of text: String, count: Int, seed: UInt64) -> [String] {
        var random = SeededGenerator(seed: seed)
        let joints = Array("\n \t+/.x0129-=#\u{2014}\u{A0}\u{301}\r".utf8)
        return (0..<count).compactMap { _ in
            var bytes = Array(text.utf8)
            for _ in 0...random.below(3) where !bytes.isEmpty {
                let i = Int(random.below(UInt64(bytes.count)))
                let joint = joints[Int(random.below(UInt64(joints.count)))]
                switch random.below(6) {
                case 0: bytes[i] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes[i] = joint
                case 2: bytes.insert(joint, at: i)
                case 3: bytes.remove(at: i)
                case 4: bytes = Array(bytes[..<i])
                default: bytes.insert(contentsOf: bytes[i...].prefix(Int(random.below(80))), at: i)
                }
            }
            return String(validating: bytes, as: UTF8.self)
        }
    }

    /// The text, and whichever of its mutations are read, are written back byte for byte.
    private func expectStrict(_ text: String, seed: UInt64, _ rewritten: (String) -> String?) {
        #expect(rewritten(text).map { Array($0.utf8) } == Array(text.utf8))
        for mutation in mutations(of: text, count: 3_000, seed: seed) {
            guard let again = rewritten(mutation) else { continue }
            #expect(again.utf8.elementsEqual(mutation.utf8), "\(mutation.debugDescription)")
        }
    }

    @Test("whatever is read as a note, a checkpoint, a proof, a key, a path or hashes is written back the same")
    func strict() throws {
        let proof = try #require(TlogProof(index: 5, hashes: leaves(3), note: PublishedCheckpoint.note, extra: [1]))
        expectStrict(PublishedCheckpoint.note, seed: 1) { SignedNote(encoded: $0)?.encoded }
        expectStrict(PublishedCheckpoint.text, seed: 2) { Checkpoint(text: $0)?.text }
        expectStrict(PublishedCheckpoint.text + "more\n", seed: 3) {
            Checkpoint.reading($0).map { $0.checkpoint.text + $0.extensions.map { $0 + "\n" }.joined() }
        }
        expectStrict(proof.encoded, seed: 4) { TlogProof(encoded: $0)?.encoded }
        expectStrict(PublishedCheckpoint.log, seed: 5) { VerifierKey($0)?.text }
        expectStrict("tile/0/x001/x234/067.p/5", seed: 6) { Tile(path: $0)?.path }
        expectStrict("tile/entries/x234/067.p/5", seed: 7) { EntryBundle(path: $0)?.path }
        expectStrict(HashLines.text(leaves(3)), seed: 8) { HashLines.hashes(in: $0).map(HashLines.text) }
    }

    @Test("whatever is read as a policy means the same when it is written and read again")
    func policies() throws {
        let witnesses = PublishedCheckpoint.witnesses.enumerated().map { "witness w\($0.offset) \($0.element)\n" }
        let text =
            "log \(PublishedCheckpoint.log)\n\(witnesses.joined())"
            + "group g 2 w0 w1\ngroup h any w2 w3\ngroup all all g h\nquorum all\n"
        let policy = try #require(LogPolicy(text: text))
        #expect(policy.evaluate(PublishedCheckpoint.note) != nil)
        for mutation in mutations(of: text, count: 3_000, seed: 9) {
            guard let read = LogPolicy(text: mutation) else { continue }
            #expect(LogPolicy(text: read.text) == read, "\(mutation.debugDescription)")
        }
    }
}
