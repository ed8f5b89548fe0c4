import JointLog
import Kernel
import Testing

@testable import Records

/// The vectors of draft-connolly-cfrg-xwing-kem.
struct KEMVectors: Decodable, Sendable {
    struct Vector: Decodable, Sendable {
        let sk: String
        let pk: String
        let ct: String
        let ss: String
    }

    let vectors: [Vector]
}

/// What `sealing_interop.py` makes of them.
struct SealingVectors: Decodable, Sendable {
    struct Encapsulated: Decodable, Sendable {
        let reader: String
        let info: String
        let keyEncryptionKey: String
        let vector: Int
    }

    struct Record: Decodable, Sendable {
        let index: UInt64
        let readers: [String]
        let salt: String
        let contentKey: String
        let body: String
        let commitment: String
        let sealed: String
    }

    let mechanism: String
    let log: String
    let encapsulations: [Encapsulated]
    let records: [Record]
}

let kemVectors = vectors("x-wing.json", as: KEMVectors.self).vectors
let sealingVectors = vectors("sealing.json", as: SealingVectors.self)

func bytes(hex: String) -> [UInt8] {
    guard let bytes = [UInt8](hex: hex) else { preconditionFailure("a test's bytes are valid") }
    return bytes
}

/// A hash of its own for every name.
func secret(_ name: String) -> Hash32 { MerkleHash.sha256(Array(name.utf8)) }

/// The seal key of a party, the same in every run.
func sealKey(_ name: String) -> SealPrivateKey {
    guard let key = SealPrivateKey(seed: secret("seal key of \(name)").bytes) else {
        preconditionFailure("any 32 bytes are a seed")
    }
    return key
}

/// A place in Türkiye's log.
func binding(_ index: LogIndex, log: String = "turkiye", mechanism: String = "a mechanism") -> SealBinding {
    guard let log = LogID(log) else { preconditionFailure("a test's log is valid") }
    return SealBinding(mechanism: secret(mechanism), log: log, index: index)
}

/// An encapsulation that the library makes, to a party at a place.
func encapsulation(to name: String, _ binding: SealBinding) -> Encapsulation {
    guard
        let made = sealKey(name).publicKey.encapsulate(info: binding.encapsulationInfo(for: party(name)))
    else { preconditionFailure("the library encapsulates to a valid key") }
    return made
}

/// A plan with key encryption keys by name, which an earlier record carried.
func plan(_ readers: [String], at binding: SealBinding, contentKey: Hash32 = secret("content key")) -> SealPlan {
    let readers = readers.map { SealPlan.Reader(party($0), .earlier(0, key: secret("key of \($0)"))) }
    guard let plan = SealPlan(binding: binding, contentKey: contentKey, readers: readers) else {
        preconditionFailure("a test's plan is valid")
    }
    return plan
}

/// Reads a sealed body as a reader with that key encryption key would.
func opening(
    _ sealed: [UInt8], for name: String, under key: Hash32, at binding: SealBinding, commitment: Hash32
) -> [UInt8]? {
    guard let entry = SealedBody.readers(of: sealed)?.first(where: { $0.party == party(name) }),
        let contentKey = entry.contentKey(under: key, binding: binding)
    else { return nil }
    return SealedBody.opening(sealed, contentKey: contentKey, binding: binding, commitment: commitment)
}
