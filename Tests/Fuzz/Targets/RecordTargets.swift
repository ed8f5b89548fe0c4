import JointLog
import Kernel

@testable import Records

/// Envelopes, headers, bodies and seals: what a peer's log is made of.
let recordTargets: [FuzzTarget] = [
    FuzzTarget("envelope", longest: 8_192, words: headerWords, seeds: { Array(Samples.envelopes.prefix(12)) }) { bytes in
        guard let envelope = Envelope(encoded: bytes) else { return }
        require(envelope.encoded == bytes, "an envelope has one form")
        require(Envelope(encoded: envelope.withheld.encoded) == envelope.withheld, "a withheld one is one too")
        guard let record = try? UnverifiedRecord(bytes) else { return }
        require(Array(record.header.text.utf8) == envelope.signed, "a header has one form")
        require(MerkleHash.leaf(envelope.signed) == record.header.leaf, "a leaf is the hash of what is signed")
        // By a key that fits no signature here: whatever comes, nothing is taken.
        _ = try? record.verified(by: Samples.terms)
    },
    FuzzTarget("header", words: headerWords, seeds: { texts(Samples.records.map { $0.text("header") }) }) { bytes in
        guard let header = RecordHeader(signed: bytes) else { return }
        require(Array(header.text.utf8) == bytes, "a header has one form")
        require(RecordHeader(text: header.text) == header, "its text is read as itself")
        require(!header.audience.isEmpty && header.audience == header.audience.sorted(), "an audience stands in order")
    },
    FuzzTarget("identifier", longest: 160, words: ["-", "/", "+", "0", "=", "=="], seeds: { texts(names) }) { bytes in
        guard let text = text(bytes) else { return }
        let written: [String?] = [
            RecordID(text)?.description, PartyID(text)?.name, LogID(text)?.description, Hash32(hex: text)?.hex,
            [UInt8](hex: text)?.hex, [UInt8](base64: text)?.base64,
        ]
        for form in written {
            if let form { require(form.utf8.elementsEqual(text.utf8), "\(text) names what it is written as: \(form)") }
        }
    },
    FuzzTarget("json", words: jsonWords, seeds: { jsonSeeds }) { bytes in
        guard let value = try? StrictJSON.read(bytes, limit: 1 << 20) else { return }
        let written = value.bytes
        guard let again = try? StrictJSON.read(written, limit: 1 << 22) else {
            return require(false, "what was read is written as strict JSON")
        }
        require(again == value, "what was read is written and read as the same")
        require(again.bytes == written, "one value is written one way")
        let pretty = try? StrictJSON.read(Array(value.prettyText.utf8), limit: 1 << 24)
        require(pretty == value, "the form for people holds the same")
    },
    FuzzTarget("body", longest: 16_384, words: jsonWords + bodyWords, seeds: { Samples.bodies + Samples.bodies.map(kelvin) }) { bytes in
        guard let body = try? RecordBody.read(bytes) else { return }
        requireNames(bytes)
        requireSame(body)
    },
    // The same for each kind alike, however rare in the bodies above: the first byte chooses it.
    FuzzTarget("content", longest: 16_384, words: jsonWords + bodyWords, seeds: { contentSeeds }) { bytes in
        guard let first = bytes.first, let json = try? StrictJSON.read(Array(bytes.dropFirst()), limit: 1 << 20),
            let content = try? RecordContent(kind: kinds[Int(first) % kinds.count], json: json)
        else { return }
        requireSame(RecordBody(mode: .real, createdAt: UTCInstant(microseconds: 0), officer: nil, content: content))
    },
    FuzzTarget("sealed", longest: 16_384, words: ["\u{1}\u{1}"], seeds: { sealedSeeds }) { bytes in
        readSealed(bytes)
        // Padded to its length class, so that lengths need not be guessed.
        if let length = SealedBody.lengthClasses.first(where: { $0 >= bytes.count }) {
            readSealed(bytes + [UInt8](repeating: 0, count: length - bytes.count))
        }
    },
]

private let kinds = RecordKind.allCases
private let names = [
    "turkiye-12", "turkiye", "turkiye/1", "a-0", "a-b-9007199254740992", "turkiye/1000", "AAECAwQF", "AA==", "AAE=",
    Samples.terms.fingerprint.hex, "00ff",
]
let headerWords = [
    "parley record v1\n", "mechanism ", "author ", "index ", "audience ", "terms ", "seen ", "relay urgent\n", "padded 512\n",
    "commitment ", "sealed ",
]
let jsonWords = [
    "{\"", "\":", "\",\"", "null", "true", "false", "\\u0000", "\\ud83d\\ude00", "9007199254740992", "-9007199254740993", "1e308",
    "5e-324", "-0", "0.1", "[]", "{}", "\\\"", "\u{212A}", "e\u{301}",
]
/// Member names and words of every body there is.
let bodyWords: [String] = {
    var words: [String] = []
    func visit(_ value: JSONValue) {
        switch value {
        case .object(let members):
            for member in members {
                words.append("\"\(member.name)\":")
                visit(member.value)
            }
        case .array(let elements): elements.forEach(visit)
        case .string(let text) where text.utf8.count < 24: words.append("\"\(text)\"")
        default: break
        }
    }
    for body in Samples.bodies { if let value = try? StrictJSON.read(body, limit: 1 << 20) { visit(value) } }
    return Set(words).filter { $0.allSatisfy { $0.isASCII && $0 != "\\" } }.sorted()
}()

/// A body that was read is written and read as itself, and its written form is canonical.
func requireSame(_ body: RecordBody) {
    let written = body.json.bytes
    // A body whose numbers or escapes take more room than they took may exceed the limit; it is never sent again.
    guard written.count <= Limits.recordBytes else { return }
    do {
        let again = try RecordBody.read(written)
        require(again == body, "a body that was read is written and read as the same")
        require(again.json.bytes == written, "one body is written one way")
    } catch {
        require(false, "a body that was read is written as one: \(error.sentence)")
    }
}

private let jsonSeeds: [[UInt8]] = {
    let tests = Samples.vectors("json-texts").items.compactMap { pair -> [UInt8]? in
        guard case .string(let text)? = pair.items.first else { return nil }
        return [UInt8](base64: text)
    }
    return Array(tests.prefix(400)) + Samples.bodies.prefix(4)
}()

private let contentSeeds: [[UInt8]] = Samples.bodies.compactMap { bytes in
    guard let body = try? RecordBody.read(bytes), let kind = kinds.firstIndex(of: body.content.kind) else { return nil }
    return [UInt8(kind)] + body.content.json.bytes
}

private let contentKey = MerkleHash.sha256([1])
private let salt = MerkleHash.sha256([2])
private let binding = SealBinding(mechanism: Samples.terms.mechanism, log: LogID(party: Samples.party), index: 7)

private let sealedSeeds: [[UInt8]] = {
    let readers = Samples.terms.parties.map { party in
        SealPlan.Reader(party.id, .earlier(3, key: MerkleHash.sha256(Array(party.id.name.utf8))))
    }
    let body = Array("{\"first\":true}".utf8)
    let plan = SealPlan(binding: binding, contentKey: contentKey, readers: readers)
    let own = [plan.flatMap { SealedBody.sealing(body, salt: salt, plan: $0) }, SealedBody.sealing(body, salt: salt)]
    let vectors = Samples.vectors("sealing")["records"]?.items ?? []
    return own.compactMap { $0 } + vectors.compactMap { [UInt8](base64: $0.text("sealed")) }
}()

private func readSealed(_ sealed: [UInt8]) {
    _ = SealedBody.cipher(of: sealed)
    let commitment = SealedBody.commitment(salt: salt, body: Array("{\"first\":true}".utf8))
    if let shown = SealedBody.disclosure(of: sealed, commitment: commitment) {
        require(
            SealedBody.commitment(salt: shown.salt, body: shown.body) == commitment, "only what was committed to opens")
    }
    guard let readers = SealedBody.readers(of: sealed) else { return }
    require((1...Limits.peers).contains(readers.count), "readers within their limit")
    let head = [sealed[0], UInt8(readers.count)] + readers.flatMap(\.encoded)
    require(sealed.starts(with: head), "readers have one form")
    for reader in readers { _ = reader.contentKey(under: contentKey, binding: binding) }
    if let shown = SealedBody.disclosure(of: sealed, contentKey: contentKey, binding: binding, commitment: commitment) {
        require(
            SealedBody.commitment(salt: shown.salt, body: shown.body) == commitment, "only what was committed to opens")
    }
}
