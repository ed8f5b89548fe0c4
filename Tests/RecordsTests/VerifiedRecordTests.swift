import JointLog
import Kernel
import Records
import Testing

@Suite struct VerifiedRecordTests {
    private let vector = sampleRecord("finding")

    private func rejection(_ bytes: [UInt8], _ terms: Terms = sampleTerms) -> RecordRejection? {
        do {
            _ = try UnverifiedRecord(bytes).verified(by: terms)
            return nil
        } catch {
            return error
        }
    }

    /// The vector's record with another header text, signed anew.
    private func resigned(_ header: String, by name: String = "turkiye", sealed: [UInt8]? = nil) throws -> [UInt8] {
        let envelope = try #require(Envelope(encoded: vector.envelopeBytes))
        let signed = Array(header.utf8)
        return Envelope(signed: signed, signature: signer(name).sign(signed), sealed: sealed ?? envelope.sealed).encoded
    }

    private func header(_ from: String, _ to: String) -> String {
        precondition(vector.header.contains(from), "no \(from)")
        return vector.header.replacing(from, with: to)
    }

    @Test("the record itself is verified, opened or withheld")
    func valid() throws {
        #expect(rejection(vector.envelopeBytes) == nil)
        let withheld = try #require(Envelope(encoded: vector.envelopeBytes)).withheld
        let record = try UnverifiedRecord(withheld.encoded).verified(by: sampleTerms)
        #expect(record.body == .withheld)
        #expect(record.header.leaf.hex == vector.leaf)
    }

    @Test("bytes that are no envelope are a malformed envelope")
    func malformedEnvelope() {
        let bytes = vector.envelopeBytes
        let inputs: [[UInt8]] = [
            [], [0], [0, 0, 0, 0], [UInt8](repeating: 0, count: 71), [UInt8](repeating: 0xFF, count: 100),
            [UInt8](repeating: 0xFF, count: 100_000), Array(bytes.dropLast()), Array(bytes.dropFirst()), bytes + [0],
            Array(bytes[..<72]), Array(bytes[..<500]), bytes.reversed(), Array("{}".utf8), Array(vector.header.utf8),
            [0, 0, 0x20, 1] + bytes.dropFirst(4),
        ]
        for input in inputs { #expect(rejection(input) == .malformedEnvelope) }
    }

    @Test("an envelope whose signed bytes are no header is a malformed header, signed or not")
    func malformedHeader() throws {
        let headers = [
            "", "\n", " ", vector.header + "\n", String(vector.header.dropLast()), vector.header.uppercased(),
            header("record v1", "record v2"), header("index 3", "index 03"), header("index 3", "index +3"),
            header("audience israel", "audience "), header("audience israel", "audience israel,israel"),
            header("relay urgent", "relay quick"), header("padded 512", "padded 500"), header("terms 1", "terms 1 "),
            header("author turkiye", "author Türkiye"), header("\n", "\r\n"), "{}",
        ]
        for text in headers { #expect(rejection(try resigned(text)) == .malformedHeader, "\(text.prefix(40))") }
        let envelope = try #require(Envelope(encoded: vector.envelopeBytes))
        let notUTF8 = [0xFF] + envelope.signed
        let broken = Envelope(signed: notUTF8, signature: signer("turkiye").sign(notUTF8), sealed: envelope.sealed)
        #expect(rejection(broken.encoded) == .malformedHeader)
    }

    @Test("a record of any other mechanism is refused by its name")
    func wrongMechanism() throws {
        for i in 0..<12 as Range<UInt8> {
            let other = MerkleHash.sha256([i])
            let bytes = try resigned(header(mechanismVector.mechanism, other.hex))
            #expect(rejection(bytes) == .wrongMechanism(other))
        }
        let next = try Terms.read(Array(mechanismVector.nextTerms.utf8), mechanism: sampleTerms.mechanism)
        #expect(rejection(vector.envelopeBytes, next) == nil)
        #expect(next.fingerprint != sampleTerms.fingerprint)
    }

    @Test("a record of an author outside the terms is refused by name, whoever signed it")
    func unknownAuthor() throws {
        for name in [
            "turkey", "turkiye-", "turkiye2", "a", "israel-1", "iran", "syria", "x-1", "usa", "t", "azerbaijani",
        ] {
            let bytes = try resigned(header("author turkiye", "author \(name)"))
            #expect(rejection(bytes) == .unknownAuthor(party(name)))
        }
    }

    @Test("an audience with anyone outside the terms is refused by name")
    func unknownAudience() throws {
        for name in ["iran", "syria", "israel-2", "jordan", "j", "russia", "usa", "greece", "lebanon", "iraq", "qatar"]
        {
            let audience = ["israel", name].sorted().joined(separator: ",")
            let bytes = try resigned(header("audience israel", "audience \(audience)"))
            #expect(rejection(bytes) == .unknownAudience(party(name)))
        }
    }

    @Test("a signature that is not the author's over exactly these bytes is refused")
    func badSignature() throws {
        let author = party("turkiye")
        let envelope = try #require(Envelope(encoded: vector.envelopeBytes))
        var inputs: [[UInt8]] = []
        for bit in [0, 7, 255, 256, 300, 500, 511] {
            var signature = envelope.signature
            signature[bit / 8] ^= 1 << UInt8(bit % 8)
            inputs.append(Envelope(signed: envelope.signed, signature: signature, sealed: envelope.sealed).encoded)
        }
        for signature in [
            [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 64), Array(envelope.signature.reversed()),
            signer("israel").sign(envelope.signed), signer("turkiye").sign(envelope.signed + [0x0A]),
            signer("turkiye").sign(Array("cosignature/v1\ntime 0\n".utf8) + envelope.signed),
        ] {
            inputs.append(Envelope(signed: envelope.signed, signature: signature, sealed: envelope.sealed).encoded)
            inputs.append(Envelope(signed: envelope.signed, signature: signature, sealed: []).encoded)
        }
        // Every field that another record may carry over needs a signature of its own.
        for (from, to) in [
            ("index 3", "index 4"), ("terms 1", "terms 2"), ("relay urgent", "relay ordinary"),
            ("audience israel", "audience azerbaijan"), ("author turkiye", "author turkiye"),
        ] where from != to {
            let signed = Array(header(from, to).utf8)
            inputs.append(Envelope(signed: signed, signature: envelope.signature, sealed: envelope.sealed).encoded)
        }
        #expect(inputs.count > 20)
        for input in inputs { #expect(rejection(input) == .badSignature(author)) }
        let asIsrael = Array(header("author turkiye", "author israel").utf8)
        let forged = Envelope(signed: asIsrael, signature: signer("turkiye").sign(asIsrael), sealed: envelope.sealed)
        #expect(rejection(forged.encoded) == .badSignature(party("israel")))
    }

    @Test("a sealed body that is not the one of the header is refused; none at all is withheld")
    func wrongSealedBody() throws {
        let envelope = try #require(Envelope(encoded: vector.envelopeBytes))
        let id = RecordID(party: party("turkiye"), index: 3)
        var bodies: [[UInt8]] = [
            [0], [UInt8](repeating: 0, count: 512), envelope.sealed + [0], envelope.sealed.dropLast(),
        ]
        bodies.append(envelope.sealed + envelope.sealed)
        for i in [0, 1, 33, 36, 37, 100, 511] {
            var changed = envelope.sealed
            changed[i] ^= 1
            bodies.append(changed)
        }
        bodies.append(try #require(Envelope(encoded: sampleRecord("link change").envelopeBytes)).sealed)
        #expect(bodies.count > 10)
        for body in bodies {
            let bytes = Envelope(signed: envelope.signed, signature: envelope.signature, sealed: body).encoded
            #expect(rejection(bytes) == .wrongSealedBody(id))
        }
        let otherLength = try resigned(header("padded 512", "padded 1024"))
        #expect(rejection(otherLength) == .wrongSealedBody(id))
    }

    @Test("a body that cannot be opened or understood makes its record unreadable, never unverified")
    func unreadable() throws {
        let salt = MerkleHash.sha256([1])
        let valid = json(vector.body)
        let bodies: [[UInt8]] = [
            Array("not JSON".utf8), [], [0xFF], Array("[]".utf8), Array("{}".utf8),
            valid.with("kind", "unheard-of").bytes,
            valid.with("later", 1).bytes, valid.with("content.extra", 1).bytes, valid.with("createdAt", "now").bytes,
            valid.with("mode", "rehearsal").bytes, valid.with("content", nil).bytes, valid.bytes + valid.bytes,
        ]
        for body in bodies {
            let sealed = try #require(SealedBody.sealing(body, salt: salt))
            let text = RecordHeader(
                mechanism: sampleTerms.mechanism, author: party("turkiye"), index: 3, audience: [party("israel")],
                termsVersion: 1, seen: [], relay: .ordinary, paddedLength: sealed.count,
                commitment: SealedBody.commitment(salt: salt, body: body), sealedHash: MerkleHash.sha256(sealed)
            ).text
            let record = try UnverifiedRecord(try resigned(text, sealed: sealed)).verified(by: sampleTerms)
            guard case .unreadable(let reason) = record.body else {
                Issue.record("\(String(decoding: body, as: UTF8.self)) was read")
                continue
            }
            #expect(!reason.isEmpty)
        }
        let commitment = try resigned(header(vector.commitment, MerkleHash.sha256([2]).hex))
        let record = try UnverifiedRecord(commitment).verified(by: sampleTerms)
        #expect(record.body == .unreadable(reason: "the body does not match its commitment"))
    }

    @Test("every rejection has a name of its own")
    func names() {
        let all: [RecordRejection] = [
            .malformedEnvelope, .malformedHeader, .wrongMechanism(sampleTerms.mechanism), .unknownAuthor(party("a")),
            .unknownAudience(party("a")), .badSignature(party("a")),
            .wrongSealedBody(RecordID(party: party("a"), index: 0)),
        ]
        #expect(SortedSet(all.map(\.name)).count == all.count)
    }
}
