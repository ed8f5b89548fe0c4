import Evidence
import EvidenceSamples
import JointLog
import Kernel
import Records
import Testing

/// Each change is listed and signed anew by the exporter: what refuses it is the check that the change is about.
@Suite("What a bundle is refused for")
struct RefusalTests {
    private static let israel = "logs/israel"
    private static let head = "logs/israel/heads/0000000000000007"
    private static let record = "logs/israel/records/0000000000000001"
    private static let other = "logs/israel/records/0000000000000002"

    private func refused(_ change: (inout [BundleArchive.File]) -> Void) -> String? {
        refusal(resigned(foundingBundle, change))
    }

    private func flipping(_ path: String, _ at: Int) -> String? {
        refused { files in
            var bytes = files.bytes(path)
            bytes[at] ^= 1
            files.replace(path, with: bytes)
        }
    }

    @Test("unchanged, it holds, also when it is listed and signed anew")
    func holds() {
        #expect(refusal(foundingBundle) == nil)
        #expect(refused { _ in } == nil)
    }

    @Test("another mechanism than the caller named")
    func mechanism() {
        #expect(refusal(foundingBundle, mechanism: MerkleHash.empty) == "wrongMechanism manifest")
        #expect(flipping("terms.json", 40) == "wrongMechanism terms.json")
    }

    @Test("a file that the manifest was not signed over")
    func manifest() {
        var changed = files(of: foundingBundle)
        changed[3] = BundleArchive.File(path: changed[3].path, bytes: changed[3].bytes + [0])
        #expect(refusal((try? BundleArchive(files: changed).encoded()) ?? []) == "notAsSigned \(changed[3].path)")
        changed.remove(at: 3)
        #expect(refusal((try? BundleArchive(files: changed).encoded()) ?? [])?.hasPrefix("notListed") == true)
        changed = files(of: foundingBundle)
        changed.append(BundleArchive.File(path: "terms.json2", bytes: []))
        #expect(refusal((try? BundleArchive(files: changed).encoded()) ?? []) == "notListed terms.json2")
        changed = Array(files(of: foundingBundle).dropFirst())
        #expect(refusal((try? BundleArchive(files: changed).encoded()) ?? []) == "missingFile manifest")
    }

    @Test("a manifest that another party's node signed in the exporter's name")
    func manifestSignature() {
        var forged = Array(files(of: foundingBundle).dropFirst())
        let manifest = BundleManifest(
            mechanism: founding.terms.mechanism, exported: founding.now, exporter: founding.party("turkiye").id,
            lines: forged.map { BundleManifest.Line($0) })
        let thief = founding.party("israel").node
        forged.insert(
            BundleArchive.File(
                path: "manifest", bytes: manifest.signed(publicKey: thief.publicKey, sign: thief.sign)), at: 0)
        #expect(refusal((try? BundleArchive(files: forged).encoded()) ?? []) == "manifestSignature manifest")
    }

    @Test("a file missing, unknown or without its companion")
    func missing() {
        for path in ["README.txt", "terms.json", "policy", "\(RefusalTests.record).header", "\(RefusalTests.record).proof"] {
            #expect(refused { $0.remove(path) } == "missingFile \(path)")
        }
        #expect(refused { $0.remove("\(RefusalTests.record).signature") } == "missingFile \(RefusalTests.record).signature")
        #expect(refused { $0.remove("\(RefusalTests.record).salt") } == "missingFile \(RefusalTests.record).salt")
        #expect(refused { $0.remove("\(RefusalTests.record).body") } == "missingFile \(RefusalTests.record).body")
        #expect(refused { $0.append(.init(path: "notes.txt", bytes: [])) } == "unknownFile notes.txt")
        let lone = "logs/israel/heads/0000000000000003.consistency"
        #expect(refused { $0.append(.init(path: lone, bytes: [])) } == "unknownFile \(lone)")
        #expect(
            refused { $0.remove("logs/israel/heads/0000000000000004.consistency") }
                == "missingFile logs/israel/heads/0000000000000004.consistency")
    }

    @Test("a text that could advise whoever checks, and a policy of somebody's own")
    func texts() {
        #expect(flipping("README.txt", 100) == "readmeChanged README.txt")
        #expect(flipping("policy", 20) == "policyDiffers policy")
        #expect(flipping("keys/israel.ml-dsa-65", 1_000) == "wrongKey keys/israel.ml-dsa-65")
    }

    @Test("a head with another root, another time or another signature")
    func heads() throws {
        let text = String(decoding: files(of: foundingBundle).bytes(RefusalTests.head), as: UTF8.self)
        let note = try #require(SignedNote(encoded: text))
        func with(_ change: (inout [NoteSignature]) -> Void, text: String? = nil) -> String? {
            var lines = note.signatures
            change(&lines)
            let changed = SignedNote(text: text ?? note.text, signatures: lines).encoded
            return refused { $0.replace(RefusalTests.head, with: Array(changed.utf8)) }
        }
        #expect(note.signatures.count == 4)
        for i in note.signatures.indices {
            let outcome = with { lines in
                var signature = lines[i].signature
                signature[7] ^= 1
                lines[i] = NoteSignature(keyName: lines[i].keyName, keyID: lines[i].keyID, signature: signature)
            }
            #expect(outcome == "headSignature \(RefusalTests.head)")
        }
        // The author's own line cannot be missing, and each line has its place.
        #expect(with { $0.remove(at: 0) } == "headSignature \(RefusalTests.head)")
        #expect(with { $0.swapAt(2, 3) } == "malformed \(RefusalTests.head)")
        #expect(with { $0.append($0[3]) } == "malformed \(RefusalTests.head)")
        let stranger = NoteSignature(keyName: "somebody", keyID: [1, 2, 3, 4], signature: [UInt8](repeating: 0, count: 64))
        #expect(with { $0.append(stranger) } == "unexpectedSignature \(RefusalTests.head)")
        let other = note.text.replacing("\n7\n", with: "\n8\n")
        #expect(with({ _ in }, text: other) == "headSignature \(RefusalTests.head)")
    }

    @Test("a head of another place, and heads of two histories")
    func histories() throws {
        let smaller = "logs/israel/heads/0000000000000004"
        let bytes = files(of: foundingBundle).bytes(smaller)
        #expect(refused { $0.replace("logs/israel/heads/0000000000000002", with: bytes) }
            == "misplaced logs/israel/heads/0000000000000002")
        let proof = files(of: foundingBundle).bytes("\(smaller).consistency")
        #expect(refused { $0.replace("\(smaller).consistency", with: []) } == "inconsistent \(smaller).consistency")
        #expect(refused { $0.replace("\(smaller).consistency", with: proof + proof) } == "inconsistent \(smaller).consistency")
        #expect(refused { $0.replace("\(smaller).consistency", with: proof + [10]) } == "malformed \(smaller).consistency")
        // Signed by the author and by nobody else, of another history: no consistency proof can lead there.
        let israel = founding.party("israel")
        let old = SampleParty("israel", .principal, number: 2).node
        let checkpoint = Checkpoint(
            mechanism: founding.terms.mechanism, party: israel.id, size: 4, root: MerkleHash.empty)
        let forged = SignedCheckpoint.signing(checkpoint, publicKey: old.publicKey, sign: old.sign).note
        #expect(refused { $0.replace(smaller, with: Array(forged.utf8)) } == "inconsistent \(smaller).consistency")
    }

    @Test("a record's header, signature, proof or place")
    func records() {
        let record = RefusalTests.record
        let other = RefusalTests.other
        #expect(flipping("\(record).signature", 5) == "recordSignature \(record).signature")
        #expect(flipping("\(record).header", 300) == "recordSignature \(record).signature")
        #expect(flipping("\(record).header", 3) == "malformed \(record).header")
        for part in ["header", "signature", "proof", "salt", "body"] {
            let reason = ["header": "misplaced", "signature": "recordSignature", "proof": "notIncluded"][part] ?? "commitment"
            let file = part == "salt" ? "\(record).body" : "\(record).\(part)"
            #expect(refused { $0.replace("\(record).\(part)", with: $0.bytes("\(other).\(part)")) } == "\(reason) \(file)")
        }
        let proof = String(decoding: files(of: foundingBundle).bytes("\(record).proof"), as: UTF8.self)
        let extra = proof.replacing("index 1\n", with: "extra AAAA\nindex 1\n")
        #expect(refused { $0.replace("\(record).proof", with: Array(extra.utf8)) } == "malformed \(record).proof")
        let theirs = files(of: foundingBundle).bytes("logs/turkiye/records/0000000000000001.proof")
        #expect(refused { $0.replace("\(record).proof", with: theirs) } == "proofHead \(record).proof")
    }

    @Test("a record that its author signed and never logged")
    func neverLogged() throws {
        var sample = SampleMechanism.foundingCase()
        let record = "logs/turkiye/records/0000000000000003"
        var contents = sample.contents(by: "turkiye")
        // The same place in another course of events, signed by the same key.
        sample.write("turkiye", .suspension(Suspension(suspended: true, reason: nil)))
        let log = try #require(contents.logs.firstIndex { $0.id.party.name == "turkiye" })
        let original = contents.logs[log].records[3].header
        let text = String(decoding: original, as: UTF8.self).replacing("relay ordinary", with: "relay urgent")
        contents.logs[log].records[3].header = Array(text.utf8)
        contents.logs[log].records[3].signature = founding.party("turkiye").node.sign(Array(text.utf8))
        #expect(throws: BundleRejection("\(record).proof", .notIncluded)) { try founding.archive(contents) }
    }

    @Test("a disclosed key that is another record's, and sealed bytes that are")
    func disclosure() throws {
        let disclosed = bundle(founding, SampleBundle.disclosed(founding))
        #expect(refusal(disclosed) == nil)
        let record = RefusalTests.record
        let theirs = "logs/turkiye/records/0000000000000001"
        func refused(_ change: (inout [BundleArchive.File]) -> Void) -> String? { refusal(resigned(disclosed, change)) }
        #expect(refused { $0.replace("\(record).key", with: $0.bytes("\(theirs).key")) } == "contentKey \(record).key")
        #expect(refused { $0.replace("\(record).sealed", with: $0.bytes("\(theirs).sealed")) } == "sealedHash \(record).sealed")
        #expect(refused { $0.remove("\(record).key") } == "missingFile \(record).key")
        #expect(refused { $0.remove("\(record).sealed") } == "missingFile \(record).sealed")
    }

    @Test("a fork proof that proves none")
    func forks() {
        let forked = bundle(founding, SampleBundle.forked(founding))
        #expect(report(forked).forks.count == 2)
        func refused(_ change: (inout [BundleArchive.File]) -> Void) -> String? {
            refusal(resigned(forked, by: "israel", change))
        }
        #expect(refused { $0.replace("forks/turkiye-1", with: $0.bytes("policy")) } == "notAFork forks/turkiye-1")
        let same = files(of: forked).bytes("forks/turkiye-1")
        #expect(refused { $0.append(.init(path: "forks/israel-1", bytes: same)) } == "notAFork forks/israel-1")
        let bent = String(decoding: files(of: forked).bytes("forks/turkiye-2"), as: UTF8.self)
            .replacing("\nimplied ", with: "\n")
        #expect(refused { $0.replace("forks/turkiye-2", with: Array(bent.utf8)) } == "notAFork forks/turkiye-2")
    }

    @Test("no bytes at all make the check trap, and no change that a generator finds is accepted", arguments: 0..<2)
    func anything(_ part: Int) {
        var generator = SeededGenerator(seed: UInt64(7 + part))
        let disclosed = bundle(founding, SampleBundle.disclosed(founding))
        let names = files(of: disclosed).dropFirst().map(\.path)
        for _ in 0..<20 {
            var bytes = foundingBundle
            for _ in 0...generator.below(3) {
                let i = Int(generator.below(UInt64(bytes.count)))
                bytes[i] = UInt8(truncatingIfNeeded: generator.next())
            }
            if bytes != foundingBundle { #expect(refusal(bytes) != nil) }
            let path = names[Int(generator.below(UInt64(names.count)))]
            let changed = resigned(disclosed) { files in
                var content = files.bytes(path)
                let i = Int(generator.below(UInt64(max(1, content.count))))
                switch generator.below(4) {
                case 0: content = Array(content.prefix(i))
                case 1: content.insert(UInt8(truncatingIfNeeded: generator.next()), at: i)
                case 2: content += content
                default: if !content.isEmpty { content[i] ^= 1 << UInt8(generator.below(8)) }
                }
                files.replace(path, with: content)
            }
            #expect(changed == disclosed || refusal(changed) != nil, "\(path)")
        }
    }
}
