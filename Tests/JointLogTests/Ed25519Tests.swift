import Foundation
import JointLog
import Kernel
import Testing

private func shared<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value? {
    try sharedVectors(name).map { try JSONDecoder().decode(type, from: Data(contentsOf: $0)) }
}

@Suite struct Ed25519Tests {
    private struct Wycheproof: Decodable {
        struct Group: Decodable {
            let publicKey: Key
            let tests: [Case]
        }
        struct Key: Decodable { let pk: String }
        struct Case: Decodable {
            let tcId: Int
            let flags: [String]
            let msg: String
            let sig: String
            let result: String
        }
        let testGroups: [Group]
    }

    @Test("every Wycheproof case is judged as Wycheproof judges it")
    func wycheproof() throws {
        guard let vectors = try shared("wycheproof-ed25519.json", as: Wycheproof.self) else { return }
        var counts = (valid: 0, invalid: 0)
        for group in vectors.testGroups {
            let key = try #require(Hash32(hex: group.publicKey.pk))
            for test in group.tests {
                let signature = try #require([UInt8](hex: test.sig))
                let message = try #require([UInt8](hex: test.msg))
                #expect(
                    Ed25519.isValid(signature: signature, of: message, by: key) == (test.result == "valid"),
                    "case \(test.tcId) \(test.flags)")
                if test.result == "valid" { counts.valid += 1 } else { counts.invalid += 1 }
            }
        }
        #expect(counts.valid == 88)
        #expect(counts.invalid == 63)
    }

    private struct EdgeCase: Decodable {
        let number: Int
        let key: String
        let sig: String
        let msg: String
        let flags: [String]?
    }

    /// A low-order component of key or `R` alone does no harm. A residue fails the equation without the
    /// cofactor; another encoding of `R` fails the comparison of bytes; the rest fails with the key.
    private static let refused = [
        "low_order_residue", "non_canonical_R", "reencoded_k", "non_canonical_A", "low_order_A",
    ]

    @Test("the edge cases that verifiers disagree on are judged by flag: no cofactor, canonical bytes, no small key")
    func edgeCases() throws {
        guard let cases = try shared("cctv-ed25519.json", as: [EdgeCase].self) else { return }
        #expect(cases.count == 914)
        var accepted = 0
        for test in cases {
            let flags = test.flags ?? []
            let isExpected = !flags.contains { Self.refused.contains($0) }
            let key = try #require(Hash32(hex: test.key))
            let signature = try #require([UInt8](hex: test.sig))
            #expect(
                Ed25519.isValid(signature: signature, of: Array(test.msg.utf8), by: key) == isExpected,
                "case \(test.number) \(flags)")
            #expect(
                Ed25519.isUsable(key) == !flags.contains { $0 == "low_order_A" || $0 == "non_canonical_A" },
                "case \(test.number) \(flags)")
            accepted += isExpected ? 1 : 0
        }
        #expect(accepted > 50)
    }

    @Test("keys and signatures are those of RFC 8032, section 7.1")
    func published() throws {
        let seed = try #require([UInt8](hex: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let key = try #require(Ed25519PrivateKey(seed: seed))
        #expect(key.publicKey.hex == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        #expect(
            key.sign([0x72]).hex
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        #expect(key.seed == seed)
    }

    @Test("a seed of another length is no key, and a key's text shows nothing of the seed")
    func secrecy() throws {
        for length in [0, 31, 33, 64] { #expect(Ed25519PrivateKey(seed: [UInt8](repeating: 1, count: length)) == nil) }
        let key = try #require(Ed25519PrivateKey(seed: [UInt8](repeating: 0xAB, count: 32)))
        for text in ["\(key)", String(describing: key), String(reflecting: key)] {
            #expect(!text.contains("abab"))
            #expect(text.contains(key.publicKey.hex))
        }
    }

    @Test("any other length of signature is invalid")
    func lengths() throws {
        let key = try #require(Ed25519PrivateKey(seed: [UInt8](repeating: 7, count: 32)))
        let signature = key.sign([1, 2, 3])
        #expect(Ed25519.isValid(signature: signature, of: [1, 2, 3], by: key.publicKey))
        for length in 0..<64 {
            #expect(!Ed25519.isValid(signature: Array(signature[..<length]), of: [1, 2, 3], by: key.publicKey))
        }
        #expect(!Ed25519.isValid(signature: signature + [0], of: [1, 2, 3], by: key.publicKey))
    }
}
