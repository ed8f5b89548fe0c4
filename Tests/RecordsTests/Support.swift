import Foundation
import JointLog
import Kernel
import Records
import Testing

/// Reads a file of this folder's `Vectors`, which `Tests/Interop/parley_interop.py` makes.
func vectors<Value: Decodable>(_ name: String, as type: Value.Type) -> Value {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors")
    do {
        return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
    } catch {
        preconditionFailure("\(name): \(error)")
    }
}

struct MechanismVector: Decodable, Sendable {
    struct Party: Decodable, Sendable {
        let id: String
        let seed: String
        let publicKey: String
        let sealSeed: String
        let sealPublicKey: String
        let rootSeeds: [String]
    }

    let terms: String
    let fingerprint: String
    let mechanism: String
    let nextTerms: String
    let postQuantumKeySHA256: String
    let parties: [Party]
}

struct RecordVector: Decodable, Sendable, CustomTestStringConvertible {
    let title: String
    let author: String
    let index: UInt64
    let audience: [String]
    let relay: String
    let termsVersion: UInt64
    let seen: [Seen]
    let salt: String
    let body: String
    let commitment: String
    let sealedSHA256: String
    let header: String
    let leaf: String
    let signature: String
    let envelope: String
    let withheldSHA256: String
    let size: UInt64
    let root: String

    struct Seen: Decodable, Sendable {
        let party: String
        let size: UInt64
        let root: String

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            party = try container.decode(String.self)
            size = try container.decode(UInt64.self)
            root = try container.decode(String.self)
        }
    }

    var testDescription: String { title }
    var envelopeBytes: [UInt8] { [UInt8](base64: envelope) ?? [] }
    var bodyBytes: [UInt8] { Array(body.utf8) }
}

let mechanismVector = vectors("mechanism.json", as: MechanismVector.self)
let recordVectors = vectors("records.json", as: [RecordVector].self)

/// The mechanism of the vectors: Azerbaijan mediates between Israel and Türkiye.
let sampleTerms: Terms = {
    do {
        return try Terms.read(Array(mechanismVector.terms.utf8), mechanism: nil)
    } catch {
        preconditionFailure("\(error)")
    }
}()

/// Version 2 of the same mechanism, which seals.
let sealedTerms: Terms = {
    do {
        return try Terms.read(Array(mechanismVector.nextTerms.utf8), mechanism: sampleTerms.mechanism)
    } catch {
        preconditionFailure("\(error)")
    }
}()

func sampleRecord(_ title: String) -> RecordVector {
    guard let record = recordVectors.first(where: { $0.title == title }) else { preconditionFailure("no \(title)") }
    return record
}

func party(_ name: String) -> PartyID {
    guard let party = PartyID(name) else { preconditionFailure("a test's party is valid") }
    return party
}

func hash(_ hex: String) -> Hash32 {
    guard let hash = Hash32(hex: hex) else { preconditionFailure("a test's hash is valid") }
    return hash
}

/// The signing key of a party of the vectors.
func signer(_ name: String) -> Ed25519PrivateKey {
    guard let entry = mechanismVector.parties.first(where: { $0.id == name }), let seed = [UInt8](hex: entry.seed),
        let key = Ed25519PrivateKey(seed: seed)
    else { preconditionFailure("no key of \(name)") }
    return key
}

/// The root keys of a party of the vectors, in the order of the terms.
func rootKeys(_ name: String) -> [Ed25519PrivateKey] {
    mechanismVector.parties.first { $0.id == name }?.rootSeeds.compactMap { seed in
        [UInt8](hex: seed).flatMap { Ed25519PrivateKey(seed: $0) }
    } ?? []
}

func json(_ text: String) -> JSONValue {
    do {
        return try StrictJSON.read(Array(text.utf8), limit: Limits.requestBytes)
    } catch {
        preconditionFailure("\(error)")
    }
}

extension JSONValue {
    /// With the value at a path such as `volumes[0].end` replaced, added, or, with `nil`, taken away.
    func with(_ path: String, _ value: JSONValue?) -> JSONValue {
        let steps = path.replacingOccurrences(of: "[", with: ".[").split(separator: ".").map(String.init)
        return with(steps[...], value)
    }

    private func with(_ steps: ArraySlice<String>, _ value: JSONValue?) -> JSONValue {
        guard let step = steps.first else { return value ?? .null }
        let rest = steps.dropFirst()
        if step.hasPrefix("["), let i = Int(step.dropFirst().dropLast()), case .array(var elements) = self {
            if rest.isEmpty, value == nil {
                elements.remove(at: i)
            } else {
                elements[i] = elements[i].with(rest, value)
            }
            return .array(elements)
        }
        guard case .object(var members) = self else { preconditionFailure("no \(step)") }
        guard let i = members.firstIndex(where: { $0.name == step }) else {
            if let value { members.append(JSONMember(step, value)) }
            return .object(members)
        }
        if rest.isEmpty, value == nil {
            members.remove(at: i)
        } else {
            members[i] = JSONMember(step, members[i].value.with(rest, value))
        }
        return .object(members)
    }
}

extension SeededGenerator {
    /// Replaces, inserts, removes, repeats or cuts off something, once to three times.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(3) where !bytes.isEmpty {
            let i = Int(below(UInt64(bytes.count)))
            switch below(8) {
            case 0: bytes[i] = UInt8(truncatingIfNeeded: next())
            case 1: bytes[i] ^= 1 << UInt8(below(8))
            case 2: bytes.insert(UInt8(truncatingIfNeeded: next()), at: i)
            case 3: bytes.remove(at: i)
            case 4: bytes.removeSubrange(i...)
            case 5: bytes.append(contentsOf: bytes[i...].prefix(20))
            case 6: bytes.swapAt(i, Int(below(UInt64(bytes.count))))
            default:
                let interesting = Array("\"\\{}[],:0-9eE.\n \u{2014}".utf8)
                bytes[i] = interesting[Int(below(UInt64(interesting.count)))]
            }
        }
        return bytes
    }
}
