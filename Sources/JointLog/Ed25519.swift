import Crypto
import Kernel

/// Ed25519, RFC 8032. Verification is the strict one of the library behind swift-crypto.
public enum Ed25519 {
    public static func isValid(signature: [UInt8], of message: [UInt8], by publicKey: Hash32) -> Bool {
        guard signature.count == 64,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey.bytes)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// A node's signing key. Its description and reflection show nothing of it.
public struct Ed25519PrivateKey: Sendable, CustomStringConvertible {
    private let key: Curve25519.Signing.PrivateKey

    /// - Parameter seed: 32 secret bytes; in a simulation, seeded ones.
    public init?(seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
        self.key = key
    }

    /// 32 bytes.
    public var seed: [UInt8] { Array(key.rawRepresentation) }

    public var publicKey: Hash32 {
        // An Ed25519 public key has 32 bytes.
        Hash32(key.publicKey.rawRepresentation)!
    }

    /// 64 bytes; the same message always gives the same signature.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        // The library throws only when it cannot allocate, which ends the process in any case.
        guard let signature = try? key.signature(for: message) else { preconditionFailure("Ed25519 signing failed") }
        return Array(signature)
    }

    public var description: String { "Ed25519 private key of \(publicKey.hex)" }
}
