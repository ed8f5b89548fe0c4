import Evidence
import EvidenceSamples
import JointLog
import Kernel
import Records
import Testing

@Suite("A statement of assurance against a bundle")
struct StatementTests {
    /// What Türkiye's node could state at the end of the founding case, with one field changed.
    private func statement(
        by name: String = "turkiye", mechanism: MechanismID = founding.terms.mechanism, root: Hash32? = nil,
        sizeOfTheirs: UInt64? = nil, others: [String] = ["israel"]
    ) throws -> AssuranceStatement {
        func held(_ party: String) -> (log: LogID, size: UInt64, root: Hash32) {
            let log = founding.log(party)
            return (log.id, UInt64(log.records.count), log.tree.root(log.records.count))
        }
        let own = held(name)
        let evidence = others.map { other in
            let theirs = held(other)
            return AssuranceStatement.Evidence(
                log: theirs.log, size: sizeOfTheirs ?? theirs.size, root: root ?? theirs.root, heardAt: founding.now)
        }
        return try #require(
            AssuranceStatement(
                mechanism: mechanism, party: founding.party(name).id, subject: nil, answer: .clear, at: founding.now,
                validUntil: founding.now.advanced(by: .seconds(15)), conditions: [],
                evidence: [AssuranceStatement.Evidence(log: own.log, size: own.size, root: own.root, heardAt: nil)]
                    + evidence,
                gaps: ["Plans that nobody has filed."]))
    }

    private func note(_ statement: AssuranceStatement, signedBy party: SampleParty? = nil) -> SignedNote {
        let node = (party ?? founding.party(statement.party.name)).node
        return statement.note(publicKey: node.publicKey, sign: node.sign)
    }

    private func rejection(_ note: SignedNote, _ bundle: [UInt8] = foundingBundle) -> StatementRejection? {
        do {
            _ = try StatementReport.checking(Array(note.encoded.utf8), against: bundle, mechanism: founding.terms.mechanism)
            return nil
        } catch {
            return error as? StatementRejection
        }
    }

    @Test("it holds under the bundle's keys, rests on heads that the bundle shows, and says that it is no permission")
    func holds() throws {
        let report = try StatementReport.checking(
            Array(note(try statement()).encoded.utf8), against: foundingBundle, mechanism: founding.terms.mechanism)
        #expect(report.evidence.map(\.isInBundle) == [true, true])
        for words in ["NO KNOWN CONFLICT", "neither permission nor immunity", "records of israel", "Plans that nobody"] {
            #expect(report.text.contains(words), "\(words)")
        }
        // A party that has changed its key signs under the new one.
        #expect(rejection(note(try statement(by: "israel", others: ["turkiye"]))) == nil)
    }

    @Test("a size of which the bundle has no head is said to be such")
    func beyond() throws {
        let report = try StatementReport.checking(
            Array(note(try statement(root: MerkleHash.empty, sizeOfTheirs: 1_000)).encoded.utf8), against: foundingBundle,
            mechanism: founding.terms.mechanism)
        #expect(report.evidence.map(\.isInBundle) == [true, false])
        #expect(report.text.contains("no head of this size in this bundle"))
    }

    @Test("another key, a former key, another text and a second line are refused")
    func signatures() throws {
        let turkiye = try #require(PartyID("turkiye"))
        let right = try statement()
        #expect(rejection(note(right, signedBy: founding.party("azerbaijan"))) == .signature(turkiye))
        let former = SampleParty("israel", .principal, number: 2)
        let theirs = try statement(by: "israel", others: ["turkiye"])
        #expect(rejection(note(theirs, signedBy: former)) == .signature(founding.party("israel").id))
        let signed = note(right)
        let later = right.text.replacing("until 2", with: "until 3")
        #expect(later != right.text)
        #expect(rejection(SignedNote(text: later, signatures: signed.signatures)) == .signature(turkiye))
        let twice = signed.signatures + note(right, signedBy: founding.party("azerbaijan")).signatures
        #expect(rejection(SignedNote(text: right.text, signatures: twice)) == .signature(turkiye))
    }

    @Test("another mechanism, a mediator, evidence that lacks a principal, and another history are refused")
    func claims() throws {
        #expect(rejection(note(try statement(mechanism: MerkleHash.empty))) == .otherMechanism(MerkleHash.empty))
        let mediator = try statement(by: "azerbaijan")
        #expect(rejection(note(mediator)) == .notAPrincipal(founding.party("azerbaijan").id))
        #expect(rejection(note(try statement(others: ["azerbaijan"]))) == .incomplete)
        #expect(rejection(note(try statement(others: ["israel", "azerbaijan"]))) == .incomplete)
        let israel = founding.log("israel")
        #expect(
            rejection(note(try statement(root: MerkleHash.empty)))
                == .otherHistory(israel.id, size: UInt64(israel.records.count)))
    }

    @Test("what is no statement is malformed, and a bundle that does not hold is refused as such")
    func malformed() throws {
        let right = note(try statement())
        for (from, to) in [
            ("parley assurance v1", "parley assurance v2"), ("notice -", "notice x"), ("answer NO", "answer  NO"),
            ("neither permission", "both permission"), ("evidence israel", "evidence israel/0"), ("\nat ", "\nAt "),
        ] {
            let text = right.text.replacing(from, with: to)
            #expect(text != right.text, "\(from)")
            #expect(rejection(SignedNote(text: text, signatures: right.signatures)) == .malformed, "\(to)")
        }
        #expect(throws: BundleRejection.self) {
            try StatementReport.checking(
                Array(right.encoded.utf8), against: Array(foundingBundle.dropLast()), mechanism: nil)
        }
    }
}
