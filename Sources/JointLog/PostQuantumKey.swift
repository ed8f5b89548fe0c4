import Crypto
import Kernel

/// An ML-DSA-65 public key (FIPS 204), for the second line of a checkpoint. Its signature type is 0xff with the
/// identifier `parley/ml-dsa-65/v1`, which other verifiers pass over.
public struct PostQuantumKey: Hashable, Sendable, Codable {
    public static let byteCount = 1_952
    public static let signatureByteCount = 3_309
    /// Signature type 0xff and the identifier.
    static let type: [UInt8] = [0xFF] + Array("parley/ml-dsa-65/v1".utf8)

    private let stored: Bytes

    /// The key as FIPS 204 encodes it.
    public var bytes: [UInt8] { stored.array }

    /// - Returns: `nil` unless there are ``byteCount`` bytes. Any such bytes are a public key.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == PostQuantumKey.byteCount, (try? MLDSA65.PublicKey(rawRepresentation: bytes)) != nil else {
            return nil
        }
        stored = Bytes(bytes)
    }

    public init(from decoder: any Decoder) throws {
        let bytes = try Bytes(from: decoder).array
        guard let key = PostQuantumKey(bytes) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "ML-DSA-65 public key"))
        }
        self = key
    }

    public func encode(to encoder: any Encoder) throws { try stored.encode(to: encoder) }

    /// SHA-256 of the key: what terms name.
    public var hash: Hash32 { MerkleHash.sha256(bytes) }

    /// First four bytes of SHA-256(name ‖ newline ‖ 0xff ‖ identifier ‖ key).
    public func keyID(name: String) -> [UInt8] {
        NoteKey.keyID(name: name, material: PostQuantumKey.type + bytes)
    }

    /// With an empty context.
    public func isValid(signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == PostQuantumKey.signatureByteCount,
            let key = try? MLDSA65.PublicKey(rawRepresentation: bytes)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }

    /// A line over `text` under `name`.
    ///
    /// - Parameter sign: signs bytes with this key, with an empty context.
    public func signing(_ text: String, name: String, sign: ([UInt8]) -> [UInt8]) -> NoteSignature {
        NoteSignature(keyName: name, keyID: keyID(name: name), signature: sign(Array(text.utf8)))
    }
}

/// A node's ML-DSA-65 signing key. Its description and reflection show nothing of it.
public struct MLDSA65PrivateKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let key: MLDSA65.PrivateKey
    public let publicKey: PostQuantumKey

    /// - Parameter seed: 32 secret bytes; in a simulation, seeded ones.
    public init?(seed: [UInt8]) {
        guard let key = try? MLDSA65.PrivateKey(seedRepresentation: seed, publicKey: nil),
            let publicKey = PostQuantumKey(Array(key.publicKey.rawRepresentation))
        else { return nil }
        self.key = key
        self.publicKey = publicKey
    }

    /// 32 bytes.
    public var seed: [UInt8] { Array(key.seedRepresentation) }

    /// 3,309 bytes, with an empty context. The library draws its own randomness for each signature (the hedged
    /// variant of FIPS 204), so the same message gives another signature each time.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        // The library throws only when it cannot allocate, which ends the process in any case.
        guard let signature = try? key.signature(for: message) else { preconditionFailure("ML-DSA-65 signing failed") }
        return Array(signature)
    }

    public var description: String { "ML-DSA-65 private key of \(publicKey.hash.hex)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
