import Foundation
import Kernel
import Testing

@testable import PrivateCheck

private struct ExpandVectors: Decodable {
    struct Test: Decodable {
        let msg: String
        let len_in_bytes: String
        let uniform_bytes: String
    }
    let DST: String
    let tests: [Test]
}

private struct OprfVectors: Decodable {
    struct Proof: Decodable {
        let proof: String
        let r: String
    }
    struct Test: Decodable {
        let Batch: Int
        let Blind: String
        let BlindedElement: String
        let EvaluationElement: String
        let Input: String
        let Output: String
        let Proof: Proof?
    }
    let identifier: String
    let mode: UInt8
    let seed: String
    let keyInfo: String
    let skSm: String
    let pkSm: String?
    let vectors: [Test]
}

@Suite("other people's vectors of the group and of OPRF")
struct GroupVectorTests {
    private func bytes(_ hex: String) throws -> [UInt8] { try #require([UInt8](hex: hex)) }
    private func list(_ hex: String) throws -> [[UInt8]] { try hex.split(separator: ",").map { try bytes(String($0)) } }

    @Test("expand_message_xmd with SHA-512 gives RFC 9380's bytes")
    func expandMessage() throws {
        guard let data = vectors("oprf/expand_message_xmd_SHA512_38.json") else { return }
        let file = try JSONDecoder().decode(ExpandVectors.self, from: data)
        #expect(file.tests.count == 10)
        for test in file.tests {
            let count = try #require(Int(test.len_in_bytes.dropFirst(2), radix: 16))
            let found = ExpandMessage.xmdSHA512(Array(test.msg.utf8), tag: Array(file.DST.utf8), count: count)
            #expect(found == (try bytes(test.uniform_bytes)))
        }
    }

    @Test("expand_message_xmd refuses what RFC 9380 does, and hashes a long tag")
    func expandLimits() {
        #expect(ExpandMessage.xmdSHA512([], tag: [1], count: 0) == nil)
        #expect(ExpandMessage.xmdSHA512([], tag: [1], count: 16_321) == nil)
        #expect(ExpandMessage.xmdSHA512([], tag: [1], count: 16_320)?.count == 16_320)
        let long = [UInt8](repeating: 7, count: 256)
        let hashed = Sodium.sha512(Array("H2C-OVERSIZE-DST-".utf8) + long)
        #expect(
            ExpandMessage.xmdSHA512([9], tag: long, count: 64) == ExpandMessage.xmdSHA512([9], tag: hashed, count: 64))
    }

    @Test("the modes OPRF and VOPRF over ristretto255 give RFC 9497's keys, elements, outputs and proofs", arguments: [
        OprfSuite.Mode.oprf, .voprf,
    ])
    func oprf(mode: OprfSuite.Mode) throws {
        guard let data = vectors("oprf/rfc9497-allVectors.json") else { return }
        let all = try JSONDecoder().decode([OprfVectors].self, from: data)
        let file = try #require(all.first { $0.identifier == "ristretto255-SHA512" && $0.mode == mode.rawValue })
        let suite = OprfSuite(mode)
        let key = try suite.deriveKey(seed: try bytes(file.seed), info: try bytes(file.keyInfo))
        let exposed = key.exposed()
        #expect(exposed == (try bytes(file.skSm)))
        let publicKey = try suite.publicKey(of: key)
        if let expected = file.pkSm { #expect(publicKey.bytes == (try bytes(expected))) }
        #expect(file.vectors.count == (mode == .oprf ? 2 : 3))
        for test in file.vectors {
            let inputs = try list(test.Input)
            let blinds = try list(test.Blind)
            #expect(inputs.count == test.Batch)
            var blinded: [GroupPoint] = []
            for (input, blind) in zip(inputs, blinds) {
                guard let scalar = SecretScalar(canonical: blind) else { throw Missing.scalar }
                blinded.append(try suite.blind(input, with: scalar))
            }
            #expect(blinded.map(\.bytes) == (try list(test.BlindedElement)))
            let evaluated = try suite.evaluate(blinded, key: key)
            #expect(evaluated.map(\.bytes) == (try list(test.EvaluationElement)))
            for (i, output) in try list(test.Output).enumerated() {
                guard let scalar = SecretScalar(canonical: blinds[i]) else { throw Missing.scalar }
                let atClient = try suite.finalize(inputs[i], blind: scalar, evaluated: evaluated[i])
                let atServer = try suite.evaluate(input: inputs[i], key: key)
                #expect(atClient == output && atServer == output)
            }
            guard let proof = test.Proof else { continue }
            guard let nonce = SecretScalar(canonical: try bytes(proof.r)) else { throw Missing.scalar }
            let made = try suite.prove(blinded: blinded, evaluated: evaluated, key: key, nonce: nonce)
            #expect(made.bytes == (try bytes(proof.proof)))
            let read = try #require(OprfProof(try bytes(proof.proof)))
            try suite.verify(read, blinded: blinded, evaluated: evaluated, publicKey: publicKey)
            try refuses(suite, read, blinded, evaluated, publicKey)
        }
    }

    private enum Missing: Error { case scalar }

    /// A proof with one bit flipped, of other elements, or for another key.
    private func refuses(
        _ suite: OprfSuite, _ proof: OprfProof, _ blinded: [GroupPoint], _ evaluated: [GroupPoint], _ key: GroupPoint
    ) throws {
        for at in [0, 31, 32, 62] {
            var bytes = proof.bytes
            bytes[at] ^= 1
            if let other = OprfProof(bytes) {
                #expect(throws: OprfSuite.Failure.proof) {
                    try suite.verify(other, blinded: blinded, evaluated: evaluated, publicKey: key)
                }
            }
        }
        #expect(throws: OprfSuite.Failure.proof) {
            try suite.verify(proof, blinded: evaluated, evaluated: blinded, publicKey: key)
        }
        #expect(throws: OprfSuite.Failure.proof) {
            try suite.verify(proof, blinded: blinded, evaluated: evaluated, publicKey: blinded[0])
        }
        #expect(throws: OprfSuite.Failure.count) {
            try suite.verify(proof, blinded: blinded, evaluated: [], publicKey: key)
        }
    }
}
