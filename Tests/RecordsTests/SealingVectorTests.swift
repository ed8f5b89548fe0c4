import Kernel
import Testing

@testable import Records

/// The records that `sealing_interop.py` sealed, with a key schedule, an AES and a GCM of its own.
@Suite struct SealingVectorTests {
    private let log = LogID(party: party("turkiye"))

    private func binding(_ record: SealingVectors.Record) -> SealBinding {
        SealBinding(mechanism: hash(sealingVectors.mechanism), log: log, index: record.index)
    }

    @Test("every reader opens what another implementation sealed, with its private key alone")
    func opens() throws {
        #expect(sealingVectors.records.count == 3)
        for entry in sealingVectors.encapsulations {
            let key = try #require(SealPrivateKey(seed: bytes(hex: kemVectors[entry.vector].sk)))
            var epochs = OpenedEpochs()
            for record in sealingVectors.records where record.readers.contains(entry.reader) {
                let sealed = try #require([UInt8](base64: record.sealed))
                let readers = try #require(SealedBody.readers(of: sealed))
                #expect(readers.map(\.party.name) == record.readers)
                let mine = try #require(readers.first { $0.party.name == entry.reader })
                let given = epochs.key(for: mine, binding: binding(record)) { key.decapsulate($0, info: $1) }
                let keyEncryptionKey = try #require(given)
                #expect(keyEncryptionKey.hex == entry.keyEncryptionKey)
                let contentKey = try #require(mine.contentKey(under: keyEncryptionKey, binding: binding(record)))
                #expect(contentKey.hex == record.contentKey)
                let body = SealedBody.opening(
                    sealed, contentKey: contentKey, binding: binding(record), commitment: hash(record.commitment))
                #expect(body == Array(record.body.utf8))
            }
        }
    }

    @Test("the same keys, salt and body are sealed to the same bytes as by another implementation")
    func seals() throws {
        for record in sealingVectors.records {
            let readers = try record.readers.map { name in
                let entry = try #require(sealingVectors.encapsulations.first { $0.reader == name })
                let made = try #require(
                    Encapsulation(
                        encapsulated: bytes(hex: kemVectors[entry.vector].ct), key: hash(entry.keyEncryptionKey)))
                return SealPlan.Reader(
                    party(name), record.index == 7 ? .fresh(made) : .earlier(7, key: made.key))
            }
            let plan = try #require(
                SealPlan(binding: binding(record), contentKey: hash(record.contentKey), readers: readers.reversed()))
            let body = Array(record.body.utf8)
            #expect(SealedBody.commitment(salt: hash(record.salt), body: body).hex == record.commitment)
            #expect(SealedBody.sealing(body, salt: hash(record.salt), plan: plan)?.base64 == record.sealed)
        }
    }
}
