import Crypto
import JointLog
import Kernel
import Testing

@testable import Records

/// Other people's vectors of X-Wing and of HPKE with it.
@Suite struct SealKeyTests {
    @Test("the X-Wing vectors of the draft: the seed gives the public key, and their encapsulation the shared secret")
    func kem() throws {
        #expect(kemVectors.count == 3)
        for vector in kemVectors {
            let key = try #require(SealPrivateKey(seed: bytes(hex: vector.sk)))
            #expect(key.publicKey.bytes.hex == vector.pk)
            #expect(key.seed.hex == vector.sk)
            let secret = try XWingMLKEM768X25519.PrivateKey(seedRepresentation: key.seed, publicKey: nil)
                .decapsulate(.init(bytes(hex: vector.ct)))
            #expect(secret.withUnsafeBytes { Array($0) }.hex == vector.ss)
        }
    }

    private struct HPKEVector: Decodable {
        struct Export: Decodable {
            let exporter_context: String
            let L: Int
            let exported_value: String
        }

        let kem_id: Int
        let kdf_id: Int
        let aead_id: Int
        let info: String
        let skRm: String
        let pkRm: String
        let enc: String
        let exports: [Export]
    }

    @Test("the library exports what draft-ietf-hpke-pq says for X-Wing with HKDF-SHA-256")
    func hpke() throws {
        let vector = vectors("hpke-x-wing.json", as: HPKEVector.self)
        #expect([vector.kem_id, vector.kdf_id, vector.aead_id] == [0x647A, 1, 3])
        let key = try XWingMLKEM768X25519.PrivateKey(seedRepresentation: bytes(hex: vector.skRm), publicKey: nil)
        #expect(Array(key.publicKey.rawRepresentation).hex == vector.pkRm)
        // The draft has this key encapsulation and derivation only with ChaCha20-Poly1305. With AES-256-GCM the
        // sealing vectors continue from the draft's shared secrets.
        let recipient = try HPKE.Recipient(
            privateKey: key, ciphersuite: .init(kem: .XWingMLKEM768X25519, kdf: .HKDF_SHA256, aead: .chaChaPoly),
            info: .init(bytes(hex: vector.info)), encapsulatedKey: .init(bytes(hex: vector.enc)))
        #expect(vector.exports.count == 5)
        for export in vector.exports {
            let value = try recipient.exportSecret(
                context: bytes(hex: export.exporter_context), outputByteCount: export.L)
            #expect(value.withUnsafeBytes { Array($0) }.hex == export.exported_value)
        }
    }

    @Test("decapsulation gives the key encryption keys of an independent key schedule, from the draft's encapsulations")
    func keyEncryptionKeys() throws {
        for entry in sealingVectors.encapsulations {
            let vector = kemVectors[entry.vector]
            let key = try #require(SealPrivateKey(seed: bytes(hex: vector.sk)))
            let place = SealBinding(
                mechanism: hash(sealingVectors.mechanism), log: LogID(party: party("turkiye")), index: 7)
            let info = place.encapsulationInfo(for: party(entry.reader))
            #expect(String(decoding: info, as: UTF8.self) == entry.info)
            #expect(key.decapsulate(bytes(hex: vector.ct), info: info)?.hex == entry.keyEncryptionKey)
        }
    }

    @Test("what is encapsulated to a key is decapsulated with it, and never twice the same")
    func roundTrip() throws {
        let info = Array("info".utf8)
        let first = try #require(sealKey("a").publicKey.encapsulate(info: info))
        let second = try #require(sealKey("a").publicKey.encapsulate(info: info))
        #expect(first.encapsulated.count == 1_120)
        #expect(first.encapsulated != second.encapsulated)
        #expect(first.key != second.key)
        #expect(sealKey("a").decapsulate(first.encapsulated, info: info) == first.key)
        #expect(sealKey("a").decapsulate(second.encapsulated, info: info) == second.key)
    }

    @Test("another key, another info and any changed byte give another key or none")
    func otherKeys() throws {
        let info = Array("info".utf8)
        let made = try #require(sealKey("a").publicKey.encapsulate(info: info))
        #expect(sealKey("b").decapsulate(made.encapsulated, info: info) != made.key)
        #expect(sealKey("a").decapsulate(made.encapsulated, info: info + [0]) != made.key)
        #expect(sealKey("a").decapsulate(made.encapsulated, info: []) != made.key)
        for i in stride(from: 0, to: 1_120, by: 37) {
            var changed = made.encapsulated
            changed[i] ^= 1
            #expect(sealKey("a").decapsulate(changed, info: info) != made.key, "byte \(i)")
        }
    }

    @Test("an encapsulation of another length or with an X25519 part of small order is refused")
    func malformedEncapsulations() throws {
        let made = try #require(sealKey("a").publicKey.encapsulate(info: []))
        for count in [0, 1, 32, 1_088, 1_119] {
            let cut = Array(made.encapsulated.prefix(count))
            #expect(sealKey("a").decapsulate(cut, info: []) == nil)
            #expect(Encapsulation(encapsulated: cut, key: made.key) == nil)
        }
        #expect(sealKey("a").decapsulate(made.encapsulated + [0], info: []) == nil)
        for point in smallOrder {
            #expect(sealKey("a").decapsulate(made.encapsulated.prefix(1_088) + point, info: []) == nil)
        }
    }

    /// RFC 7748 section 6.1 and the curve's well-known points of small order, canonical.
    private let smallOrder: [[UInt8]] = [
        [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31),
        bytes(hex: "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        bytes(hex: "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
    ]

    @Test("a public key of another length, unreduced, not canonical or of small order is refused")
    func malformedKeys() {
        let valid = sealKey("a").publicKey.bytes
        #expect(SealPublicKey(valid)?.bytes == valid)
        #expect(SealPublicKey(base64: valid.base64)?.bytes == valid)
        for count in [0, 32, 1_184, 1_215] { #expect(SealPublicKey(valid.prefix(count)) == nil) }
        #expect(SealPublicKey(valid + [0]) == nil)
        #expect(SealPublicKey(base64: valid.base64 + "=") == nil)
        #expect(SealPublicKey(base64: "") == nil)
        // The first coefficient of the lattice part: 12 bits, little-endian, 3 329 is the modulus.
        for coefficient in [3_328, 3_329, 4_095] as [UInt16] {
            var changed = valid
            changed[0] = UInt8(truncatingIfNeeded: coefficient)
            changed[1] = changed[1] & 0xF0 | UInt8(coefficient >> 8)
            #expect((SealPublicKey(changed) != nil) == (coefficient < 3_329), "\(coefficient)")
        }
        for point in smallOrder { #expect(SealPublicKey(valid.prefix(1_184) + point) == nil, "\(point.hex)") }
        // 2²⁵⁵ - 19 + 9 is another name of the base point 9, and so is 9 with the unused bit set.
        let names: [[UInt8]] = [
            [0xF6] + [UInt8](repeating: 0xFF, count: 30) + [0x7F], [9] + [UInt8](repeating: 0, count: 30) + [0x80],
        ]
        for name in names { #expect(SealPublicKey(valid.prefix(1_184) + name) == nil, "\(name.hex)") }
        #expect(SealPublicKey(valid.prefix(1_184) + [9] + [UInt8](repeating: 0, count: 31)) != nil)
    }

    @Test("a seed has 32 bytes")
    func seeds() {
        for count in [0, 31, 33, 64] { #expect(SealPrivateKey(seed: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test("no secret shows in a description or a dump")
    func secrets() throws {
        let key = sealKey("a")
        let made = encapsulation(to: "a", binding(1))
        let plan = try #require(
            SealPlan(
                binding: binding(1), contentKey: secret("c"), readers: [SealPlan.Reader(party("a"), .fresh(made))]))
        var sealing = SealingEpochs(log: LogID(party: party("a")))
        _ = sealing.plan(
            mechanism: secret("m"), index: 0, recipients: [SealRecipient(party("a"), key.publicKey)],
            contentKey: secret("c"), encapsulate: { _, _ in made })
        var opened = OpenedEpochs()
        _ = opened.key(
            for: SealReader(party: party("a"), source: .fresh(encapsulated: made.encapsulated), wrapped: []),
            binding: binding(1), decapsulate: { _, _ in made.key })
        let secrets = [key.seed, made.key.bytes, secret("c").bytes]
        for value in [key, made, plan, sealing, opened] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in [dumped, "\(value)", String(reflecting: value)] {
                #expect(!text.isEmpty)
                for hidden in secrets {
                    #expect(!text.contains(hidden.hex) && !text.contains(hidden.base64))
                    #expect(!text.contains("\(hidden[0]), \(hidden[1]), \(hidden[2])"))
                    #expect(!text.contains("- \(hidden[0])\n"))
                }
            }
        }
    }
}
