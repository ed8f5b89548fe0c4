import Crypto
import Kernel

/// Ed25519, RFC 8032, without the cofactor: every node gives the same answer for the same bytes.
public enum Ed25519 {
    /// - Returns: `false` also for a key that is not ``isUsable(_:)``.
    public static func isValid(signature: [UInt8], of message: [UInt8], by publicKey: Hash32) -> Bool {
        guard signature.count == 64, isUsable(publicKey),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey.bytes)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }

    /// `false` for the points of small order, under which anybody can sign and everybody repudiate, and for
    /// encodings that are not canonical: the library behind swift-crypto takes both.
    public static func isUsable(_ publicKey: Hash32) -> Bool {
        var y = publicKey.bytes
        y[31] &= 0x7F
        // Little-endian; p = 2²⁵⁵ - 19 is ed ff … ff 7f.
        let isCanonical = y[31] != 0x7F || y[0] < 0xED || y[1..<31].contains { $0 != 0xFF }
        return isCanonical && !smallOrder.contains(y)
    }

    /// Their y coordinates: orders 1, 2, 4, and 8 twice. Either sign of x is of the same order.
    private static let smallOrder: [[UInt8]] = [
        [1] + [UInt8](repeating: 0, count: 31),
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [UInt8](repeating: 0, count: 32),
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
            0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
            0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
        ],
    ]
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
