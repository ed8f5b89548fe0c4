import Crypto
import Geodesy
import JointLog
import Kernel
import Records
import Testing

@Suite("STOP messages")
struct StopMessageTests {
    /// Made with Python's `cryptography` from the description of the format, by the key with the seed 00 01 … 1f.
    static let published = """
        parley stop v1
        abababababababababababababababababababababababababababababababab
        alpha
        00112233445566778899aabbccddeeff
        2026-11-22T19:17:00.000000Z
        stop
        {"mode":"real","notice":"bravo-12","words":{"text":"Dur! Ateşi kes.","language":"tr"},"officer":"Yüzbaşı Kaya"}

        — parley/abababababababababababababababababababababababababababababababab/alpha/stop mCAoY+yv9Co2OfCFX83JD17BPsv0huu1x7m3QVxBtdpWInlrA/cFeQShGLCjjuat+RTScDinWkPLkY93o93kWuUjqwM=

        """

    static let key: Ed25519PrivateKey = {
        guard let key = Ed25519PrivateKey(seed: Array(0..<32)) else { preconditionFailure("32 bytes") }
        return key
    }()

    /// The sample terms, in which the first principal has the key above.
    static let terms: Terms = {
        guard case .object(let members)? = try? StrictJSON.read(sampleTerms.bytes, limit: Limits.termsBytes) else {
            preconditionFailure("the sample is an object")
        }
        let changed = members.map { member -> JSONMember in
            guard member.name == "parties", case .array(let parties) = member.value else { return member }
            return JSONMember("parties", .array(parties.map(withKey)))
        }
        guard let terms = try? Terms.read(JSONValue.object(changed).bytes, mechanism: nil) else {
            preconditionFailure("the changed sample is readable")
        }
        return terms
    }()

    private static func withKey(_ party: JSONValue) -> JSONValue {
        guard case .object(let members) = party, party["id"] == .string(author.name) else { return party }
        return .object(
            members.map { $0.name == "stopKey" ? JSONMember("stopKey", .string(key.publicKey.hex)) : $0 })
    }

    static let author: PartyID = {
        guard let author = sampleTerms.principals.first?.id else { preconditionFailure("there are principals") }
        return author
    }()

    static let hash = MerkleHash.sha256([1])

    static func message(_ content: StopContent) -> StopMessage? {
        StopMessage(
            mechanism: terms.mechanism, author: author, createdAt: UTCInstant(microseconds: 1_795_375_020_000_001),
            nonce: Bytes([UInt8](repeating: 9, count: 16)), content: content)
    }

    static func note(_ content: StopContent) throws -> String {
        let message = try #require(Self.message(content))
        return message.signed(publicKey: key.publicKey, sign: key.sign)
    }

    static func rejection(_ note: String) -> StopRejection? {
        do {
            _ = try StopMessage.read(note: note, terms: terms)
            return nil
        } catch {
            return error
        }
    }

    static let contents: [StopContent] = {
        let area = Position(latitudeDeg: 34.81, longitudeDeg: 39.02).flatMap {
            try? Footprint(validating: .point($0), radiusM: 2_500)
        }
        let other = sampleTerms.principals[1].id
        return [
            .stop(StopPress(station: "Console 2")),
            .stop(
                StopPress(
                    mode: .drill, area: area, notice: NoticeID("israel-3"),
                    words: StopWords(text: "Остановить огонь", language: "ru"), officer: "Maj. Demir", repeats: hash)),
            .answer(StopAnswer(stop: hash, to: hash, word: .heard, officer: "Lt Cohen")),
            .answer(
                StopAnswer(
                    stop: hash, to: hash, word: .ordered, officer: "Lt Cohen", units: ["155 Bn", "Battery C"],
                    remarks: "by radio")),
            .effect(StopEffectReport(stop: hash, observed: false, officer: "Maj. Demir", remarks: "two more rounds")),
            .lift(StopLift(stop: hash, outcome: .effectObserved, officer: "Maj. Demir", covers: [hash])),
            .received(message: hash),
            .escalation(
                StopEscalation(
                    stop: hash, to: author, from: author, addressee: other,
                    pressedAt: UTCInstant(microseconds: 1_795_375_020_000_001), mode: .real, round: 2)),
        ]
    }()

    @Test("the bytes are those that another implementation writes and signs")
    func published() throws {
        let mechanism = try #require(Hash32([UInt8](repeating: 0xAB, count: 32)))
        let alpha = try #require(PartyID("alpha"))
        let createdAt = try #require(UTCInstant(rfc3339: "2026-11-22T19:17:00Z"))
        let message = try #require(
            StopMessage(
                mechanism: mechanism, author: alpha, createdAt: createdAt, nonce: Bytes((0..<16).map { UInt8($0 * 0x11) }),
                content: .stop(
                    StopPress(
                        notice: NoticeID("bravo-12"), words: StopWords(text: "Dur! Ateşi kes.", language: "tr"),
                        officer: "Yüzbaşı Kaya"))))
        #expect(Self.key.publicKey.hex == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
        #expect(message.signed(publicKey: Self.key.publicKey, sign: Self.key.sign) == Self.published)
        #expect(message.id.hex == "12452306e879d93f9d7300c1f3373ba856ad5e80e545d583865cc66d36b2513b")
        #expect(try StopMessage.trusted(note: Self.published) == message)
    }

    @Test("every kind reads back as it was, within the bytes allowed", arguments: contents)
    func roundTrip(content: StopContent) throws {
        let note = try Self.note(content)
        let message = try StopMessage.read(note: note, terms: Self.terms)
        #expect(message == Self.message(content))
        #expect(message.content == content)
        #expect(note.utf8.count <= StopMessage.largestBytes)
        #expect(content.fitted == content)
    }

    @Test("a flipped bit anywhere is found", arguments: contents)
    func flipped(content: StopContent) throws {
        let bytes = Array(try Self.note(content).utf8)
        var refused = 0
        for i in bytes.indices {
            var changed = bytes
            changed[i] ^= UInt8(1 << (i % 8))
            // What is no text never comes as far as here.
            guard let note = String(validating: changed, as: UTF8.self) else { continue }
            #expect(Self.rejection(note) != nil, "byte \(i)")
            refused += 1
        }
        #expect(refused > bytes.count / 2)
    }

    @Test("a note cut short or with bytes after it is refused", arguments: contents)
    func cut(content: StopContent) throws {
        let note = try Self.note(content)
        for count in stride(from: 0, to: note.unicodeScalars.count, by: 3) {
            let part = String(String.UnicodeScalarView(note.unicodeScalars.prefix(count)))
            #expect(Self.rejection(part) != nil, "the first \(count)")
        }
        #expect(Self.rejection(note + "\n") != nil)
        #expect(Self.rejection(note + note) != nil)
    }

    @Test("another spelling of the same content is refused, though its author signed it")
    func notCanonical() throws {
        let text = try #require(Self.message(Self.contents[2])).text
        let signer = try #require(
            NoteSigner(
                name: StopMessage.keyName(mechanism: Self.terms.mechanism, party: Self.author), key: Self.key))
        func note(_ text: String) -> String { SignedNote(text: text, signatures: [signer.signature(of: text)]).encoded }
        #expect(Self.rejection(note(text)) == nil)
        for (this, that) in [
            ("\"officer\"", " \"officer\""), ("heard", "h\\u0065ard"), (".000001Z", ".0000010Z"),
            ("\"answer\":\"heard\"", "\"answer\":\"heard\",\"remarks\":null"),
            ("\"answer\":\"heard\"", "\"answer\":\"heard\",\"rank\":\"Lt\""), ("parley stop v1", "parley stop v2"),
            ("\nanswer\n", "\neffect\n"), ("\"officer\":\"Lt Cohen\"", "\"officer\":\"\""),
            ("\"officer\":\"Lt Cohen\"", "\"units\":[],\"officer\":\"Lt Cohen\""), ("Lt Cohen", "Lt\u{202E}Cohen"),
            ("Lt Cohen", "Lt\\u0007Cohen"), ("Lt Cohen", "Lt\\nCohen"), ("Lt Cohen", String(repeating: "x", count: 65)),
        ] {
            let changed = text.replacing(this, with: that)
            #expect(changed != text)
            #expect(Self.rejection(note(changed)) == .malformed, "\(this) as \(that)")
        }
    }

    @Test("who is no party, another mechanism, another's key and a second signature are refused by name")
    func strangers() throws {
        let good = try #require(Self.message(Self.contents[0]))
        func note(mechanism: MechanismID, author: PartyID, key: Ed25519PrivateKey) throws -> String {
            let message = StopMessage(
                mechanism: mechanism, author: author, createdAt: good.createdAt, nonce: good.nonce, content: good.content)
            return try #require(message).signed(publicKey: key.publicKey, sign: key.sign)
        }
        let mechanism = Self.terms.mechanism
        let stranger = try #require(PartyID("nobody"))
        let other = sampleTerms.principals[1].id
        let otherKey = try #require(Ed25519PrivateKey(seed: [UInt8](repeating: 77, count: 32)))
        #expect(Self.rejection(try note(mechanism: Self.hash, author: Self.author, key: Self.key)) == .otherMechanism(Self.hash))
        #expect(Self.rejection(try note(mechanism: mechanism, author: stranger, key: Self.key)) == .unknownAuthor(stranger))
        #expect(Self.rejection(try note(mechanism: mechanism, author: other, key: Self.key)) == .badSignature(other))
        #expect(
            Self.rejection(try note(mechanism: mechanism, author: Self.author, key: otherKey)) == .badSignature(Self.author))
        let twice = try #require(SignedNote(encoded: try Self.note(Self.contents[0])))
        let doubled = SignedNote(text: twice.text, signatures: twice.signatures + twice.signatures).encoded
        #expect(Self.rejection(doubled) == .notANote)
        #expect(Self.rejection(String(repeating: "x", count: StopMessage.largestBytes + 1)) == .tooLarge)
    }

    @Test("each limit holds at its edge and not beyond it")
    func limits() {
        func isPossible(_ content: StopContent) -> Bool { Self.message(content) != nil }
        func text(_ count: Int) -> String { String(repeating: "x", count: count) }
        func press(_ change: (inout StopPress) -> Void) -> StopContent {
            var press = StopPress(officer: "x")
            change(&press)
            return .stop(press)
        }
        func answer(_ change: (inout StopAnswer) -> Void) -> StopContent {
            var answer = StopAnswer(stop: Self.hash, to: Self.hash, word: .ordered, officer: "x")
            change(&answer)
            return .answer(answer)
        }
        #expect(isPossible(press { $0.officer = text(64) }))
        #expect(!isPossible(press { $0.officer = text(65) }))
        #expect(isPossible(press { $0.station = text(64) }))
        #expect(!isPossible(press { $0.station = text(65) }))
        #expect(!isPossible(press { $0.officer = nil }))
        #expect(isPossible(press { $0.words = StopWords(text: text(2_000)) }))
        #expect(!isPossible(press { $0.words = StopWords(text: text(2_001)) }))
        #expect(!isPossible(press { $0.words = StopWords(text: "x", language: "t") }))
        #expect(!isPossible(press { $0.words = StopWords(text: "x", language: "tr_TR") }))
        #expect(isPossible(answer { $0.units = Array(repeating: text(120), count: 16) }))
        #expect(!isPossible(answer { $0.units = Array(repeating: text(120), count: 17) }))
        #expect(!isPossible(answer { $0.units = [text(121)] }))
        #expect(isPossible(answer { $0.remarks = text(1_000) }))
        #expect(!isPossible(answer { $0.remarks = text(1_001) }))
        let ids = (0..<65).map { MerkleHash.sha256([UInt8($0)]) }.sorted()
        func lift(_ covers: [Hash32]) -> StopContent {
            .lift(StopLift(stop: Self.hash, outcome: .withdrawn, officer: "x", covers: covers))
        }
        #expect(isPossible(lift(Array(ids.prefix(64)))))
        #expect(!isPossible(lift(ids)))
        #expect(!isPossible(lift([ids[1], ids[0]])))
        #expect(!isPossible(lift([ids[0], ids[0]])))
    }

    @Test("whatever an officer types or draws, the press can be sent")
    func fitted() throws {
        let quotes = String(repeating: "\"\\", count: 5_000)
        let ring = (0..<900).compactMap { i in
            Position(latitudeDeg: 33 + Double(i) * 0.001, longitudeDeg: 38 + (i < 450 ? 0.1 : 0.0))
        }
        let area = try Footprint(validating: .line(ring), radiusM: 10)
        let press = StopPress(
            area: area, words: StopWords(text: "\u{202E}\u{0}" + quotes, language: "?"), officer: "\n\t", station: quotes)
        let message = try #require(Self.message(StopContent.stop(press).fitted))
        let note = message.signed(publicKey: Self.key.publicKey, sign: Self.key.sign)
        #expect(note.utf8.count <= StopMessage.largestBytes)
        guard case .stop(let sent) = try StopMessage.read(note: note, terms: Self.terms).content else {
            Issue.record("not a press")
            return
        }
        #expect(sent.officer == nil)
        #expect(sent.words?.text.utf8.count == 2_000)
        #expect(sent.words?.language == nil)
        let disc = try #require(sent.area)
        #expect(ring.allSatisfy { disc.contains($0) })
        // The fullest of every kind.
        let covers = (0..<80).map { MerkleHash.sha256([UInt8($0)]) }
        for content: StopContent in [
            .answer(
                StopAnswer(
                    stop: Self.hash, to: Self.hash, word: .ordered, officer: quotes,
                    units: Array(repeating: quotes, count: 40), remarks: quotes)),
            .effect(StopEffectReport(stop: Self.hash, observed: true, officer: "", remarks: quotes)),
            .lift(StopLift(stop: Self.hash, outcome: .withdrawn, officer: quotes, remarks: quotes, covers: covers)),
            .stop(StopPress()),
        ] {
            let note = try Self.note(content.fitted)
            #expect(Self.rejection(note) == nil, "\(content.kind)")
        }
    }

    @Test("a clock beyond the calendar stops no STOP")
    func wildClock() throws {
        for (instant, year) in [(UTCInstant.distantPast, "0001"), (UTCInstant.distantFuture, "9999")] {
            let message = try #require(
                StopMessage(
                    mechanism: Self.terms.mechanism, author: Self.author, createdAt: instant,
                    nonce: Bytes([UInt8](repeating: 1, count: 16)), content: Self.contents[0]))
            #expect(message.createdAt.rfc3339.hasPrefix(year))
        }
    }
}
