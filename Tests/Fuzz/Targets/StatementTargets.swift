import JointLog
import Kernel
import Records

/// What offline root keys sign, and the terms themselves.
let statementTargets: [FuzzTarget] = [
    FuzzTarget(
        "statement", longest: 8_192,
        words: ["parley key change v1\n", "parley epoch v1\n", "sequence ", "from ", "reason rotation\n", "first ", "seal -\n"],
        seeds: { texts(Samples.statements.prefix(24).map { $0.text("note") }) }
    ) { bytes in
        guard let text = text(bytes) else { return }
        if let statement = RootStatement(text: text) {
            require(statement.text.utf8.elementsEqual(text.utf8), "a statement has one form")
        }
        guard let signed = SignedRootStatement(note: text) else { return }
        require(signed.encoded.utf8.elementsEqual(text.utf8), "a signed statement has one form")
        guard let verified = try? signed.verified(by: Samples.terms),
            let party = Samples.terms.party(verified.statement.party)
        else { return }
        var history = KeyHistory(party)
        if (try? history.apply(verified, cosignedSize: 0)) == true {
            require(history.holds(verified.statement), "what was put in force is in force")
            require((try? history.apply(verified, cosignedSize: 0)) == false, "and once only")
        }
    },
    FuzzTarget("terms", longest: 24_576, words: jsonWords + termsWords, seeds: { [Samples.terms.bytes, sampleTerms, kelvin(sampleTerms)] }) {
        guard let terms = try? Terms.read($0, mechanism: nil) else { return }
        requireNames($0)
        require(terms.bytes == $0, "terms are the bytes that were compared")
        require(terms.fingerprint == MerkleHash.sha256($0), "and their fingerprint is of those bytes")
        require(terms.principals.count >= 2, "two principals at least")
        let ids = terms.parties.map(\.id)
        require(ids == ids.sorted() && Set(ids).count == ids.count, "parties in order, each once")
        require((try? Terms.read($0, mechanism: terms.mechanism))?.mechanism == terms.mechanism, "read for their own mechanism")
        for party in terms.parties { _ = (KeyHistory(party).current, terms.party(party.id)) }
    },
]

private let sampleTerms = Samples.vectors("mechanism").text("nextTerms").utf8.map { $0 }

private let termsWords: [String] = {
    var words: [String] = []
    func visit(_ value: JSONValue) {
        switch value {
        case .object(let members):
            for member in members {
                words.append("\"\(member.name)\":")
                visit(member.value)
            }
        case .array(let elements): elements.forEach(visit)
        default: break
        }
    }
    if let value = try? StrictJSON.read(Samples.terms.bytes, limit: Limits.termsBytes) { visit(value) }
    return Set(words).sorted()
}()
