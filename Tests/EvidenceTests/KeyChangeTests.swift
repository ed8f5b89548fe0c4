import Evidence
import EvidenceSamples
import JointLog
import Kernel
import Records
import Testing

@Suite("Keys in a bundle")
struct KeyChangeTests {
    @Test("a change of key is shown, and both keys' records and heads hold")
    func rotation() throws {
        let found = report(foundingBundle)
        let change = try #require(found.keyChanges.first)
        #expect(found.keyChanges.count == 1)
        #expect(change.log.description == "israel" && change.from == 5 && change.reason == "rotation")
        #expect(change.old == SampleParty("israel", .principal, number: 2).node.publicKey)
        #expect(change.new == founding.party("israel").node.publicKey)
    }

    @Test("a record that the old key signed after its end is refused")
    func oldKey() throws {
        var contents = founding.contents(by: "turkiye")
        let log = try #require(contents.logs.firstIndex { $0.id.party.name == "israel" })
        let old = SampleParty("israel", .principal, number: 2).node
        contents.logs[log].records[6].signature = old.sign(contents.logs[log].records[6].header)
        #expect(
            throws: BundleRejection("logs/israel/records/0000000000000006.signature", .recordSignature)
        ) { try founding.archive(contents) }
    }

    @Test("without the statement, what the new key signed is refused")
    func withoutStatement() {
        var contents = founding.contents(by: "turkiye")
        contents.statements = []
        #expect(throws: BundleRejection.self) { try founding.archive(contents) }
    }

    @Test("a statement with too few root keys, or with a line of another key, is refused")
    func statements() throws {
        let path = "statements/israel-1"
        let note = try #require(SignedNote(encoded: founding.statements[0].note))
        func refused(_ lines: [NoteSignature]) -> String? {
            let changed = SignedNote(text: note.text, signatures: lines).encoded
            return refusal(resigned(foundingBundle) { $0.replace(path, with: Array(changed.utf8)) })
        }
        #expect(refused([note.signatures[0]]) == "statementRefused \(path)")
        let stranger = NoteSignature(
            keyName: note.signatures[0].keyName, keyID: [1, 2, 3, 4], signature: [UInt8](repeating: 0, count: 64))
        #expect(refused(note.signatures + [stranger]) == "unexpectedSignature \(path)")
        #expect(refused([note.signatures[0], note.signatures[0]]) == "statementRefused \(path)")
        let copy = resigned(foundingBundle) { $0.append(.init(path: "statements/turkiye-1", bytes: $0.bytes(path))) }
        #expect(refusal(copy) == "misplaced statements/turkiye-1")
    }

    @Test("lines that somebody added to a note in passing do not keep it from being shown")
    func strangersLines() throws {
        var contents = founding.contents(by: "turkiye")
        func spoiled(_ note: String, _ keyName: String, like real: NoteSignature?) throws -> String {
            let parsed = try #require(SignedNote(encoded: note))
            let bad = NoteSignature(
                keyName: keyName, keyID: real?.keyID ?? [1, 2, 3, 4],
                signature: [UInt8](repeating: 7, count: real?.signature.count ?? 64))
            return SignedNote(text: parsed.text, signatures: [bad] + parsed.signatures).encoded
        }
        let statement = contents.statements[0]
        contents.statements[0] = .init(
            party: statement.party, sequence: 1, note: try spoiled(statement.note, "somebody", like: nil))
        let head = contents.logs[1].heads[0]
        let last = try #require(head.notes.last)
        let receipt = try #require(SignedNote(encoded: last)).signatures[0]
        contents.logs[1].heads[0].notes[0] = try spoiled(head.notes[0], receipt.keyName, like: receipt)
        contents.exported = founding.now
        #expect(bundle(founding, contents).count == foundingBundle.count)
    }

    @Test("what a holder cosigned under a key that it revoked later is marked")
    func revoked() throws {
        var sample = SampleMechanism([
            SampleParty("israel", .principal, number: 2), SampleParty("turkiye", .principal, number: 3),
        ])
        sample.write("turkiye", .suspension(Suspension(suspended: false, reason: nil)))
        sample.write("israel", .suspension(Suspension(suspended: false, reason: nil)))
        sample.exchange(["israel", "turkiye"])
        sample.pass(60)
        sample.rotate("israel", reason: .revocation)
        sample.exchange(["israel", "turkiye"])
        let found = report(bundle(sample, sample.contents(by: "turkiye")), of: sample)
        let filed = try #require(found.entries.first { $0.place.description == "turkiye-0" })
        #expect(filed.bracket.held.map(\.isKeyRevoked) == [true])
        let israels = try #require(found.entries.first { $0.place.description == "israel-0" })
        #expect(israels.bracket.held.map(\.isKeyRevoked) == [false])
    }

    @Test("heads go without their ML-DSA-65 lines when the key is not in the bundle")
    func postQuantum() {
        #expect(report(foundingBundle).logs.map(\.postQuantumHeads) == [1, 5, 3])
        var contents = founding.contents(by: "turkiye")
        contents.postQuantumKeys = SortedMap()
        #expect(report(bundle(founding, contents)).logs.map(\.postQuantumHeads) == [0, 0, 0])
    }
}
