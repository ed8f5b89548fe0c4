import JointLog
import Kernel
import Records
import Testing

/// The wire formats as an independent implementation (`Tests/Interop`) makes them.
@Suite struct VectorTests {
    @Test("keys, fingerprint and mechanism are those of the vectors")
    func mechanism() {
        #expect(sampleTerms.fingerprint.hex == mechanismVector.fingerprint)
        #expect(sampleTerms.mechanism.hex == mechanismVector.mechanism)
        for entry in mechanismVector.parties {
            #expect(signer(entry.id).publicKey.hex == entry.publicKey)
            #expect(sampleTerms.party(party(entry.id))?.nodeKey.hex == entry.publicKey)
            let sealKey = [UInt8](hex: entry.sealSeed).flatMap { SealPrivateKey(seed: $0) }
            #expect(sealKey?.publicKey.base64 == entry.sealPublicKey)
            #expect(sealedTerms.party(party(entry.id))?.sealKey?.base64 == entry.sealPublicKey)
            let roots = sampleTerms.party(party(entry.id))?.roots
            #expect(roots?.keys ?? [] == rootKeys(entry.id).map(\.publicKey))
        }
        #expect(sampleTerms.party(party("turkiye"))?.postQuantumKeyHash?.hex == mechanismVector.postQuantumKeySHA256)
    }

    @Test("what the vectors hold is read, verified, opened and hashed", arguments: recordVectors)
    func reading(vector: RecordVector) throws {
        let record = try UnverifiedRecord(vector.envelopeBytes).verified(by: sampleTerms)
        let header = record.header
        #expect(header.mechanism.hex == mechanismVector.mechanism)
        #expect(header.id == RecordID(party: party(vector.author), index: vector.index))
        #expect(header.audience == vector.audience.map(party))
        #expect(header.termsVersion == vector.termsVersion)
        #expect(header.seen.map(\.party.name) == vector.seen.map(\.party))
        #expect(header.seen.map(\.size) == vector.seen.map(\.size))
        #expect(header.seen.map(\.root.hex) == vector.seen.map(\.root))
        #expect(header.relay.rawValue == vector.relay)
        #expect(header.commitment.hex == vector.commitment)
        #expect(header.sealedHash.hex == vector.sealedSHA256)
        #expect(header.text == vector.header)
        #expect(header.leaf.hex == vector.leaf)
        #expect(record.envelope.encoded == vector.envelopeBytes)
        #expect(MerkleHash.sha256(record.envelope.withheld.encoded).hex == vector.withheldSHA256)
        guard case .open(let body) = record.body else {
            Issue.record("\(record.body)")
            return
        }
        #expect(body == (try RecordBody.read(vector.bodyBytes)))
    }

    @Test("from the same seeds the same bytes are written, from the body to the envelope", arguments: recordVectors)
    func writing(vector: RecordVector) throws {
        let body = try RecordBody.read(vector.bodyBytes)
        #expect(body.json.text == vector.body)
        let key = signer(vector.author)
        let envelope = RecordWriter(mechanism: sampleTerms.mechanism, author: party(vector.author)).record(
            index: vector.index, body: body, audience: vector.audience.reversed().map(party),
            termsVersion: vector.termsVersion,
            seen: vector.seen.map {
                RecordHeader.SeenHead(party: party($0.party), size: $0.size, root: hash($0.root))
            },
            relay: try #require(RecordHeader.RelayClass(rawValue: vector.relay)), salt: hash(vector.salt),
            sign: key.sign)
        #expect(envelope?.signature.hex == vector.signature)
        #expect(envelope?.encoded == vector.envelopeBytes)
    }

    @Test("the vectors hold every kind of record")
    func everyKind() throws {
        let kinds = try SortedSet(recordVectors.map { try RecordBody.read($0.bodyBytes).content.kind.rawValue })
        #expect(kinds.elements == RecordKind.allCases.map(\.rawValue).sorted())
    }

    @Test("the STOP messages of the vectors are their authors', word for word")
    func stopMessages() throws {
        var kinds: [String] = []
        for vector in recordVectors {
            let note: String
            switch try RecordBody.read(vector.bodyBytes).content {
            case .stop(let record), .stopAnswer(let record), .stopEffect(let record): note = record.note
            default: continue
            }
            let message = try StopMessage.read(note: note, terms: sampleTerms)
            #expect(message.author == party(vector.author))
            kinds.append(message.content.kind)
            let other = note.replacing("parley stop v1", with: "parley stop v2")
            #expect(throws: StopRejection.self) { try StopMessage.read(note: other, terms: sampleTerms) }
        }
        #expect(kinds == ["stop", "answer", "lift"])
    }

    @Test("each log's root after each record is the one of the vectors")
    func roots() {
        var logs = SortedMap<PartyID, MerkleFrontier>()
        for vector in recordVectors {
            logs[party(vector.author), default: MerkleFrontier()].append(hash(vector.leaf))
            #expect(logs[party(vector.author)]?.size == vector.size)
            #expect(logs[party(vector.author)]?.root.hex == vector.root)
        }
    }

    @Test("an acceptance carries the post-quantum key of its author's terms, and only that one")
    func postQuantumKey() throws {
        func acceptance(_ title: String) throws -> TermsAcceptance {
            guard case .termsAcceptance(let content) = try RecordBody.read(sampleRecord(title).bodyBytes).content else {
                throw BodyRejection.field(FieldRejection(path: "content", problem: .missing))
            }
            return content
        }
        let turkiye = try #require(sampleTerms.party(party("turkiye")))
        let israel = try #require(sampleTerms.party(party("israel")))
        let carrying = try acceptance("acceptance")
        let plain = try acceptance("acceptance of the other principal")
        #expect(carrying.postQuantumKey.map(MerkleHash.sha256)?.hex == mechanismVector.postQuantumKeySHA256)
        #expect(carrying.carriesKey(of: turkiye))
        #expect(!carrying.carriesKey(of: israel))
        #expect(plain.carriesKey(of: israel))
        #expect(!plain.carriesKey(of: turkiye))
        var other = try #require(carrying.postQuantumKey)
        other[1_951] ^= 1
        let exchanged = TermsAcceptance(fingerprint: carrying.fingerprint, terms: carrying.terms, postQuantumKey: other)
        #expect(!exchanged.carriesKey(of: turkiye))
    }

    private struct Notes: Decodable {
        struct Head: Decodable {
            let origin: String
            let party: String?
            let holder: String?
            let size: UInt64
            let root: String
            let seconds: Int64?
            let note: String
        }
        struct Heartbeat: Decodable {
            let party: String
            let human: Int64?
            let suspended: Bool
            let text: String
            let signature: String
        }
        let checkpoints: [Head]
        let receipts: [Head]
        let heartbeats: [Heartbeat]
    }

    @Test("checkpoints of the vectors verify, and are signed the same")
    func checkpoints() throws {
        for entry in vectors("notes.json", as: Notes.self).checkpoints {
            let name = try #require(entry.party)
            let checkpoint = Checkpoint(
                mechanism: sampleTerms.mechanism, party: party(name), size: entry.size, root: hash(entry.root))
            #expect(checkpoint.origin == entry.origin)
            let key = signer(name)
            let signed = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: key.sign)
            #expect(signed.note == entry.note)
            #expect(SignedCheckpoint(note: entry.note, origin: entry.origin, publicKey: key.publicKey) == signed)
        }
    }

    @Test("receipts of the vectors verify, and are signed the same")
    func receipts() throws {
        for entry in vectors("notes.json", as: Notes.self).receipts {
            let holder = try #require(entry.holder)
            let time = UTCInstant(microseconds: try #require(entry.seconds) * 1_000_000 + 999_999)
            let key = signer(holder)
            let checkpoint = Checkpoint(origin: entry.origin, size: entry.size, root: hash(entry.root))
            let receipt = Receipt.signing(checkpoint, holder: party(holder), at: time, sign: key.sign)
            #expect(receipt.note(publicKey: key.publicKey) == entry.note)
            #expect(
                Receipt(note: entry.note, origin: entry.origin, holder: party(holder), publicKey: key.publicKey)
                    == receipt)
        }
    }

    @Test("heartbeats of the vectors are read, written and signed the same")
    func heartbeats() throws {
        for entry in vectors("notes.json", as: Notes.self).heartbeats {
            let answer = try #require(HeartbeatAnswer(text: entry.text))
            #expect(answer.party.name == entry.party)
            #expect(answer.humanActAgeS == entry.human)
            #expect(answer.suspended == entry.suspended)
            #expect(answer.termsFingerprint == sampleTerms.fingerprint)
            #expect(answer.holds == Limits.largestInteger)
            #expect(answer.text == entry.text)
            #expect(signer(entry.party).sign(Array(entry.text.utf8)).base64 == entry.signature)
        }
    }
}
