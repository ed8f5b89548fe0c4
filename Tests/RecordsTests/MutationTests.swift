import JointLog
import Kernel
import Testing

@testable import Records

/// 50,000 seeded mutations of what peers send: nothing traps, and nothing that was changed passes for genuine.
@Suite struct MutationTests {
    @Test("20,000 mutated envelopes never verify as anything but what their author signed")
    func envelopes() throws {
        var random = SeededGenerator(seed: 20_000)
        var verified = 0
        for i in 0..<20_000 {
            let vector = recordVectors[Int(random.below(UInt64(recordVectors.count)))]
            // The last part of a long envelope is padding, which every change of makes another body.
            let bytes = random.mutated(vector.envelopeBytes)
            guard bytes != vector.envelopeBytes, let record = try? UnverifiedRecord(bytes).verified(by: sampleTerms)
            else { continue }
            verified += 1
            #expect(record.header.text == vector.header, "mutation \(i)")
            #expect(record.body == .withheld, "mutation \(i)")
        }
        #expect(verified < 10)
    }

    @Test("10,000 mutated bodies are read as what they say or refused, and none opens under the old commitment")
    func bodies() throws {
        var random = SeededGenerator(seed: 10_000)
        var read = 0
        for i in 0..<10_000 {
            let vector = recordVectors[Int(random.below(UInt64(recordVectors.count)))]
            let bytes = random.mutated(vector.bodyBytes)
            if bytes != vector.bodyBytes {
                let commitment = SealedBody.commitment(salt: hash(vector.salt), body: bytes)
                #expect(commitment.hex != vector.commitment)
            }
            guard let body = try? RecordBody.read(bytes) else { continue }
            read += 1
            #expect(try RecordBody.read(body.json.bytes) == body, "mutation \(i)")
        }
        #expect(read > 100)
    }

    @Test("10,000 mutated sealed bodies never trap, and open to what was sealed or not at all")
    func sealedBodies() throws {
        var random = SeededGenerator(seed: 10_002)
        var opened = 0
        for i in 0..<10_000 {
            let record = sealingVectors.records[Int(random.below(UInt64(sealingVectors.records.count)))]
            let original = try #require([UInt8](base64: record.sealed))
            // The first bytes hold all that has a form; a mutated rest is refused by its tag.
            var bytes = random.mutated(Array(original.prefix(random.below(2) == 0 ? 300 : original.count)))
            bytes += original.dropFirst(bytes.count)
            guard let readers = SealedBody.readers(of: bytes) else { continue }
            #expect(bytes.starts(with: SealedBody.head(of: readers)), "mutation \(i)")
            let place = SealBinding(
                mechanism: hash(sealingVectors.mechanism), log: LogID(party: party("turkiye")), index: record.index)
            guard
                let body = SealedBody.opening(
                    bytes, contentKey: hash(record.contentKey), binding: place, commitment: hash(record.commitment))
            else { continue }
            opened += 1
            #expect(body == Array(record.body.utf8), "mutation \(i)")
        }
        #expect(opened > 100)
    }

    @Test("5,000 mutated terms are refused or have another fingerprint")
    func terms() {
        var random = SeededGenerator(seed: 5_000)
        var read = 0
        for _ in 0..<5_000 {
            let bytes = random.mutated(sampleTerms.bytes)
            guard let terms = try? Terms.read(bytes, mechanism: nil) else { continue }
            read += 1
            #expect((terms.fingerprint == sampleTerms.fingerprint) == (bytes == sampleTerms.bytes))
        }
        #expect(read > 50)
    }

    @Test("10,000 mutated checkpoints and receipts never verify")
    func notes() {
        var random = SeededGenerator(seed: 10_001)
        let checkpoint = Checkpoint(
            mechanism: sampleTerms.mechanism, party: party("turkiye"), size: 11, root: sampleTerms.fingerprint)
        let key = signer("turkiye")
        let note = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign).note
        let receipt = Receipt.signing(
            checkpoint, holder: party("turkiye"), at: UTCInstant(microseconds: 0), sign: key.sign
        ).note(publicKey: key.publicKey)
        for _ in 0..<5_000 {
            for original in [note, receipt] {
                let changed = String(decoding: random.mutated(Array(original.utf8)), as: UTF8.self)
                if Array(changed.utf8) == Array(original.utf8) { continue }
                #expect(
                    SignedCheckpoint(note: changed, origin: checkpoint.origin, publicKey: key.publicKey) == nil,
                    "\(changed)")
                #expect(
                    Receipt(
                        note: changed, origin: checkpoint.origin, holder: party("turkiye"), publicKey: key.publicKey)
                        == nil, "\(changed)")
            }
        }
    }

    @Test("5,000 mutated heartbeats are refused or carry another text than the one that was signed")
    func heartbeats() {
        var random = SeededGenerator(seed: 5_001)
        let key = signer("israel")
        let answer = HeartbeatAnswer(
            party: party("israel"), challenge: sampleTerms.mechanism, utc: UTCInstant(microseconds: 1), logSize: 7,
            holds: 9, humanActAgeS: nil, suspended: true, termsFingerprint: sampleTerms.fingerprint)
        let original = Array(answer.text.utf8)
        let signature = key.sign(original)
        for _ in 0..<5_000 {
            let bytes = random.mutated(original)
            guard bytes != original, let text = String(validating: bytes, as: UTF8.self),
                let read = HeartbeatAnswer(text: text)
            else { continue }
            #expect(Array(read.text.utf8) == bytes)
            #expect(!Ed25519.isValid(signature: signature, of: bytes, by: key.publicKey))
        }
    }
}
