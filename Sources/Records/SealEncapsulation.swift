import Crypto
import Kernel

/// A fresh secret for one reader, and the bytes from which that reader alone gets it: HPKE base mode (RFC 9180)
/// with X-Wing, HKDF-SHA-256 and AES-256-GCM, of which only the exporter is used.
public struct Encapsulation: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    public static let byteCount = 1_120

    /// 1 120 bytes, for everyone to see.
    public let encapsulated: [UInt8]
    /// The key encryption key, secret: it wraps content keys for the reader.
    public let key: Hash32

    /// - Returns: `nil` unless `encapsulated` has 1 120 bytes.
    public init?(encapsulated: [UInt8], key: Hash32) {
        guard encapsulated.count == Encapsulation.byteCount else { return nil }
        self.encapsulated = encapsulated
        self.key = key
    }

    static let wrapKeyContext = Array("parley/wrap-key/v1".utf8)

    public var description: String { "encapsulation \(encapsulated.prefix(8).map { $0 }.hex)…" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SealPublicKey {
    /// Another secret at every call: the library draws it.
    /// - Returns: `nil` only when the library cannot draw.
    public func encapsulate(info: [UInt8]) -> Encapsulation? {
        guard let key = try? XWingMLKEM768X25519.PublicKey(rawRepresentation: bytes),
            let sender = try? HPKE.Sender(
                recipientKey: key, ciphersuite: .XWingMLKEM768X25519_SHA256_AES_GCM_256, info: .init(info)),
            let secret = try? sender.exportSecret(context: Encapsulation.wrapKeyContext, outputByteCount: 32),
            let exported = secret.withUnsafeBytes({ Hash32($0) })
        else { return nil }
        return Encapsulation(encapsulated: Array(sender.encapsulatedKey), key: exported)
    }
}
