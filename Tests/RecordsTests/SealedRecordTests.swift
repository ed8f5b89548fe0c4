import JointLog
import Kernel
import Testing

@testable import Records

/// Whole records: written with a plan, verified, and opened by each party with what it remembers.
@Suite struct SealedRecordTests {
    private let log = LogID(party: party("turkiye"))
    private let body = sampleRecord("link change").bodyBytes

    /// Türkiye's side.
    private struct Author {
        var epochs = SealingEpochs(log: LogID(party: party("turkiye")))

        mutating func write(
            _ index: LogIndex, to audience: [String], _ body: [UInt8],
            recipients: [String]? = nil
        ) throws -> VerifiedRecord {
            let made = epochs.plan(
                mechanism: sampleTerms.mechanism, index: index,
                recipients: (recipients ?? audience + ["turkiye"]).map {
                    SealRecipient(party($0), sealKey($0).publicKey)
                },
                contentKey: secret("content key \(index)"), encapsulate: { $0.encapsulate(info: $1) })
            let plan = try #require(made)
            return try SealedRecordTests.record(index, to: audience, body, plan: plan)
        }
    }

    private static func record(
        _ index: LogIndex, to audience: [String], _ body: [UInt8], plan: SealPlan?
    ) throws -> VerifiedRecord {
        let envelope = RecordWriter(mechanism: sampleTerms.mechanism, author: party("turkiye")).record(
            index: index, bodyBytes: body, audience: audience.map(party), termsVersion: 1, seen: [], relay: .ordinary,
            salt: secret("salt \(index)"), plan: plan, sign: { signer("turkiye").sign($0) })
        return try UnverifiedRecord(try #require(envelope).encoded).verified(by: sampleTerms)
    }

    /// One party's side.
    private struct Reader {
        let name: String
        var epochs = OpenedEpochs()
        var decapsulations = 0

        init(_ name: String) { self.name = name }

        mutating func open(
            _ record: VerifiedRecord, in log: LogID = LogID(party: party("turkiye")), sealing: Sealing = .xWing
        ) -> VerifiedRecord.OpenedBody {
            var count = 0
            let opened = record.opened(by: party(name), in: log, sealing: sealing, epochs: &epochs) {
                count += 1
                return sealKey(name).decapsulate($0, info: $1)
            }
            decapsulations += count
            return opened
        }
    }

    @Test("each reader opens every record to it with one decapsulation for the epoch; others hold it unread")
    func readers() throws {
        var author = Author()
        var readers = ["israel", "turkiye", "azerbaijan"].map(Reader.init)
        let expected = VerifiedRecord.OpenedBody.open(try RecordBody.read(body))
        for index in LogIndex(0)..<20 {
            let toMediator = index == 0 || index == 7
            let record = try author.write(index, to: toMediator ? ["azerbaijan", "israel"] : ["israel"], body)
            #expect(readers[0].open(record) == expected)
            #expect(readers[1].open(record) == expected)
            #expect(readers[2].open(record) == (toMediator ? expected : .withheld))
            #expect(record.header.paddedLength == record.envelope.sealed.count)
        }
        #expect(readers.map(\.decapsulations) == [1, 1, 1])
        #expect(readers.map { $0.epochs.newest(in: log) } == [0, 0, 0])
    }

    @Test("a party that the record does not name cannot open it, whatever it tries")
    func notNamed() throws {
        var author = Author()
        let record = try author.write(0, to: ["israel"], body)
        var mediator = Reader("azerbaijan")
        #expect(mediator.open(record) == .withheld)
        #expect(mediator.decapsulations == 0)
        #expect(record.sealEntry(for: party("azerbaijan")) == nil)
        for entry in try #require(SealedBody.readers(of: record.envelope.sealed)) {
            guard case .fresh(let encapsulated) = entry.source else {
                Issue.record("\(entry)")
                continue
            }
            for reader in ["israel", "turkiye", "azerbaijan"] {
                let info = record.sealBinding(in: log).encapsulationInfo(for: party(reader))
                let key = try #require(sealKey("azerbaijan").decapsulate(encapsulated, info: info))
                #expect(entry.contentKey(under: key, binding: record.sealBinding(in: log)) == nil)
            }
        }
        #expect(record.body == .unreadable(reason: "the body is sealed"))
    }

    @Test("every flipped byte of a sealed body is refused before anybody opens it")
    func flippedBytes() throws {
        var author = Author()
        let envelope = try author.write(0, to: ["israel"], body).envelope
        for i in envelope.sealed.indices {
            var sealed = envelope.sealed
            sealed[i] ^= 1
            let changed = Envelope(signed: envelope.signed, signature: envelope.signature, sealed: sealed)
            do {
                _ = try UnverifiedRecord(changed.encoded).verified(by: sampleTerms)
                Issue.record("byte \(i) was taken")
            } catch {
                let id = RecordID(party: party("turkiye"), index: 0)
                #expect(error == .wrongSealedBody(id))
            }
        }
    }

    @Test("a record whose readers are not its audience and author is unreadable to each of them")
    func otherReaders() throws {
        for readers in [["israel"], ["turkiye"], ["azerbaijan", "israel", "turkiye"], ["azerbaijan", "turkiye"]] {
            let place = SealBinding(mechanism: sampleTerms.mechanism, log: log, index: 3)
            let sealed = try #require(SealedBody.sealing(body, salt: secret("salt"), plan: plan(readers, at: place)))
            let record = try signed(sealed, index: 3, to: ["israel"])
            for name in ["israel", "turkiye"] {
                var reader = Reader(name)
                #expect(reader.open(record) == .unreadable(reason: "it is not sealed for exactly its audience"))
            }
            var mediator = Reader("azerbaijan")
            #expect(mediator.open(record) == .withheld)
        }
    }

    /// A record around any sealed bytes, with the commitment of ``body`` and its salt.
    private func signed(_ sealed: [UInt8], index: LogIndex, to audience: [String]) throws -> VerifiedRecord {
        let text = RecordHeader(
            mechanism: sampleTerms.mechanism, author: party("turkiye"), index: index, audience: audience.map(party),
            termsVersion: 1, seen: [], relay: .ordinary, paddedLength: sealed.count,
            commitment: SealedBody.commitment(salt: secret("salt"), body: body),
            sealedHash: MerkleHash.sha256(sealed)
        ).text
        let bytes = Array(text.utf8)
        return try UnverifiedRecord(
            Envelope(signed: bytes, signature: signer("turkiye").sign(bytes), sealed: sealed).encoded
        ).verified(by: sampleTerms)
    }

    @Test("a body that is not sealed as the terms say is unreadable, however well it would open")
    func downgrade() throws {
        var author = Author()
        let sealed = try author.write(0, to: ["israel"], body)
        let unsealed = try SealedRecordTests.record(1, to: ["israel"], body, plan: nil)
        let expected = VerifiedRecord.OpenedBody.open(try RecordBody.read(body))
        var reader = Reader("israel")
        #expect(reader.open(unsealed, sealing: .none) == expected)
        #expect(unsealed.body == expected)
        #expect(reader.open(unsealed, sealing: .xWing) == .unreadable(reason: "it is not sealed, as the terms ask"))
        #expect(
            reader.open(sealed, sealing: .none)
                == .unreadable(reason: "it is sealed, and the terms do not provide for that"))
        let unknown = try signed([2] + sealed.envelope.sealed.dropFirst(), index: 0, to: ["israel"])
        for sealing in Sealing.allCases {
            #expect(reader.open(unknown, sealing: sealing) == .unreadable(reason: "its cipher is not known"))
        }
        #expect(reader.decapsulations == 0)
    }

    @Test("what was not sent is withheld, and without the key that seals it, or in another log, a body stays shut")
    func missingKeys() throws {
        var author = Author()
        let first = try author.write(0, to: ["israel"], body)
        let second = try author.write(1, to: ["israel"], body)
        var reader = Reader("israel")
        let none = VerifiedRecord.OpenedBody.unreadable(reason: "the key that seals it is not one we were given")
        #expect(reader.open(second) == none)
        let withheld = try UnverifiedRecord(first.envelope.withheld.encoded).verified(by: sampleTerms)
        #expect(reader.open(withheld) == .withheld)
        #expect(reader.open(second) == none)
        // In another log of the same party the encapsulation gives another key.
        let next = LogID(party: party("turkiye"), epoch: 1)
        #expect(reader.open(first, in: next) == .unreadable(reason: "its content key is not wrapped for us"))
        #expect(reader.open(second) == none)
        let expected = VerifiedRecord.OpenedBody.open(try RecordBody.read(body))
        #expect(reader.open(first) == expected)
        #expect(reader.open(second) == expected)
        // A node without a seal key is given nothing.
        var empty = OpenedEpochs()
        let opened = first.opened(
            by: party("israel"), in: log, sealing: .xWing, epochs: &empty, decapsulate: { _, _ in nil })
        #expect(opened == none)
        #expect(empty == OpenedEpochs())
    }

    @Test("a body that opens and is no body is unreadable, and so is one under a commitment to another")
    func notABody() throws {
        var author = Author()
        var reader = Reader("israel")
        let record = try author.write(0, to: ["israel"], Array("not JSON".utf8))
        guard case .unreadable(let reason) = reader.open(record) else {
            Issue.record("it was read")
            return
        }
        #expect(reason.hasPrefix("not strict JSON"))
        // The epoch that it began is kept: its key is good.
        let next = try author.write(1, to: ["israel"], body)
        #expect(reader.open(next) == .open(try RecordBody.read(body)))
        let place = SealBinding(mechanism: sampleTerms.mechanism, log: log, index: 2)
        let made = author.epochs.plan(
            mechanism: sampleTerms.mechanism, index: 2,
            recipients: ["israel", "turkiye"].map { SealRecipient(party($0), sealKey($0).publicKey) },
            contentKey: secret("c"), encapsulate: { $0.encapsulate(info: $1) })
        let sealed = SealedBody.sealing(body, salt: secret("another salt"), plan: try #require(made))
        let other = try signed(try #require(sealed), index: place.index, to: ["israel"])
        #expect(reader.open(other) == .unreadable(reason: "the body does not match its commitment"))
    }

    @Test("a reader or the author discloses the content key of one record, and it opens that record only")
    func disclosure() throws {
        var author = Author()
        let records = try (0..<3).map { try author.write($0, to: ["israel"], body) }
        let expected = VerifiedRecord.OpenedBody.open(try RecordBody.read(body))
        for name in ["israel", "turkiye"] {
            for (i, record) in records.enumerated() {
                let key = record.contentKey(
                    for: party(name), in: log, earlier: { records[Int($0)] },
                    decapsulate: { sealKey(name).decapsulate($0, info: $1) })
                #expect(key == secret("content key \(i)"))
                for (j, other) in records.enumerated() {
                    let opened = other.opened(contentKey: try #require(key), in: log)
                    #expect((opened == expected) == (i == j))
                }
            }
        }
        let none = records[1].contentKey(
            for: party("azerbaijan"), in: log, earlier: { records[Int($0)] },
            decapsulate: { sealKey("azerbaijan").decapsulate($0, info: $1) })
        #expect(none == nil)
        let lost = records[1].contentKey(
            for: party("israel"), in: log, earlier: { _ in nil },
            decapsulate: { sealKey("israel").decapsulate($0, info: $1) })
        #expect(lost == nil)
    }

    @Test("a record is verified by the node key that is given in place of the one that the terms name")
    func changedKey() throws {
        let envelope = try #require(Envelope(encoded: sampleRecord("link change").envelopeBytes))
        let key = signer("azerbaijan")
        let changed = Envelope(
            signed: envelope.signed, signature: key.sign(envelope.signed), sealed: envelope.sealed)
        let author = try #require(PartyID(sampleRecord("link change").author))
        let record = try UnverifiedRecord(changed.encoded)
        #expect(throws: RecordRejection.badSignature(author)) { try record.verified(by: sampleTerms) }
        #expect(try record.verified(by: sampleTerms, nodeKey: key.publicKey).header == record.header)
        let old = try UnverifiedRecord(envelope.encoded)
        #expect(throws: RecordRejection.badSignature(author)) {
            try old.verified(by: sampleTerms, nodeKey: key.publicKey)
        }
    }
}
