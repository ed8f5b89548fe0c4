import JointLog
import Kernel
import Records
import Testing

struct StatementVector: Decodable, Sendable, CustomTestStringConvertible {
    let title: String
    let terms: String
    let note: String
    let refusal: String?
    let signers: [String]

    var testDescription: String { title }
    var mechanismTerms: Terms { terms == "terms" ? sampleTerms : sealedTerms }
}

let statementVectors = vectors("statements.json", as: [StatementVector].self)

func statementVector(_ title: String) -> StatementVector {
    guard let vector = statementVectors.first(where: { $0.title == title }) else { preconditionFailure("no \(title)") }
    return vector
}

/// The name of what is wrong with a note, `nil` when it holds.
private func refusal(_ note: String, _ terms: Terms) -> String? {
    guard let signed = SignedRootStatement(note: note) else { return "malformed" }
    do throws(RootStatementRejection) {
        _ = try signed.verified(by: terms)
        return nil
    } catch {
        #expect(!error.sentence.isEmpty)
        return error.name
    }
}

@Suite struct RootStatementTests {
    @Test("statements of the vectors hold or are refused by name", arguments: statementVectors)
    func reading(vector: StatementVector) throws {
        #expect(refusal(vector.note, vector.mechanismTerms) == vector.refusal)
        guard vector.refusal == nil else { return }
        let verified = try #require(SignedRootStatement(note: vector.note)).verified(by: vector.mechanismTerms)
        #expect(verified.note == vector.note)
        #expect(verified.signers.map(\.hex) == vector.signers)
        #expect(vector.note.hasPrefix(verified.statement.text + "\n\u{2014} "))
        #expect(RootStatement(text: verified.statement.text) == verified.statement)
    }

    @Test("the vectors hold every refusal")
    func everyRefusal() {
        let found = SortedSet(statementVectors.compactMap(\.refusal))
        #expect(
            found.elements == [
                "badSignature", "keyOfAnother", "malformed", "noRoots", "sealingDiffers", "tooFewSignatures",
                "unknownParty", "unusableNodeKey", "wrongMechanism",
            ])
    }

    @Test("from the same root keys the same note is written")
    func writing() throws {
        let vector = statementVector("rotation under all three, in another order")
        let keys = rootKeys("turkiye")
        var signed = SignedRootStatement(try #require(SignedRootStatement(note: vector.note)).statement)
        #expect(SignedRootStatement(note: signed.encoded) == nil)
        for key in [keys[2], keys[0], keys[1]] { signed = signed.signed(by: key.publicKey, sign: key.sign) }
        #expect(signed.encoded == vector.note)
        #expect(signed.signatureCount == 3)
    }

    @Test("the fields are those of the text")
    func fields() throws {
        let change = try #require(SignedRootStatement(note: statementVector("a sealing key").note)).statement
        guard case .keyChange(let statement) = change else {
            Issue.record("\(change)")
            return
        }
        #expect(statement.party.name == "turkiye")
        #expect(statement.sequence == 1)
        #expect(statement.from == 10)
        #expect(statement.reason == .rotation)
        #expect(statement.keys.seal?.base64 == mechanismVector.parties[2].sealPublicKey)
        #expect(change.mechanism == sampleTerms.mechanism)
        let epoch = try #require(SignedRootStatement(note: statementVector("an epoch").note)).statement
        guard case .epoch(let statement) = epoch else {
            Issue.record("\(epoch)")
            return
        }
        #expect(statement.epoch == 1)
        #expect(statement.first == EpochStatement.Head(size: 7, root: MerkleHash.sha256(Array("one history".utf8))))
        #expect(statement.second.size == 9)
        #expect(statement.keys.seal == nil)
        #expect(epoch.sequence == 2)
    }

    @Test(
        "whatever byte of a statement is changed, it is refused or says the same under fewer lines",
        arguments: statementVectors.filter { $0.refusal == nil })
    func mutations(vector: StatementVector) throws {
        let held = try #require(SignedRootStatement(note: vector.note)).statement
        let bytes = Array(vector.note.utf8)
        var refused = 0
        func judge(_ changed: [UInt8]) {
            guard changed != bytes else { return }
            guard let text = String(validating: changed, as: UTF8.self), let signed = SignedRootStatement(note: text),
                let verified = try? signed.verified(by: vector.mechanismTerms)
            else {
                refused += 1
                return
            }
            #expect(verified.statement == held)
        }
        // Every byte of a short note; in a long one, most are of one key.
        for i in stride(from: 0, to: bytes.count, by: 1 + bytes.count / 1_500) {
            var changed = bytes
            changed[i] ^= 1
            judge(changed)
        }
        var random = SeededGenerator(seed: 3)
        for _ in 0..<200 { judge(random.mutated(bytes)) }
        #expect(refused > 500)
    }

    @Test("with no line to spare, every changed byte is refused")
    func exactThreshold() {
        let vector = statementVector("rotation under two of three")
        let bytes = Array(vector.note.utf8)
        for i in bytes.indices {
            for change in [1, 32] as [UInt8] {
                var changed = bytes
                changed[i] ^= change
                let text = String(validating: changed, as: UTF8.self)
                #expect(text == nil || refusal(text ?? "", sampleTerms) != nil, "byte \(i)")
            }
        }
    }

    @Test("a line that makes no difference to people makes one here: the same text in other letters is refused")
    func canonicalEquivalents() {
        let note = statementVector("rotation under two of three").note
        // Canonically equal characters, other bytes: Swift compares such texts as equal.
        for (plain, other) in [("K", "\u{212A}"), (";", "\u{37E}"), ("\n", "\r\n"), ("A", "\u{410}")] {
            let changed = note.replacing(plain, with: other)
            #expect(Array(changed.utf8) == Array(note.utf8) || refusal(changed, sampleTerms) != nil)
        }
        #expect(refusal(note.replacing("parley key", with: "parley\u{2002}key"), sampleTerms) == "malformed")
    }

    @Test("a note above its largest size is refused before it is read")
    func size() throws {
        let vector = statementVector("rotation under two of three")
        let key = rootKeys("turkiye")[0]
        var signed = try #require(SignedRootStatement(note: vector.note))
        while signed.encoded.utf8.count <= SignedRootStatement.largestBytes {
            #expect(SignedRootStatement(note: signed.encoded) != nil)
            signed = signed.signed(by: key.publicKey, sign: key.sign)
        }
        #expect(SignedRootStatement(note: signed.encoded) == nil)
    }

    @Test("eight root keys can sign a statement with a sealing key")
    func largest() throws {
        let statement = try #require(SignedRootStatement(note: statementVector("a sealing key").note)).statement
        var signed = SignedRootStatement(statement)
        for i in 0..<Limits.rootKeys {
            let key = try #require(Ed25519PrivateKey(seed: MerkleHash.sha256([UInt8(i)]).bytes))
            signed = signed.signed(by: key.publicKey, sign: key.sign)
        }
        #expect(SignedRootStatement(note: signed.encoded) == signed)
    }
}
