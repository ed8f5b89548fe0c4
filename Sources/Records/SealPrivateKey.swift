import Crypto
import Kernel

/// A node's key for opening what is sealed to it. Its description and reflection show nothing of it.
public struct SealPrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: XWingMLKEM768X25519.PrivateKey
    public let publicKey: SealPublicKey

    /// - Parameter seed: 32 secret bytes; in a simulation, seeded ones.
    public init?(seed: [UInt8]) {
        guard seed.count == 32,
            let key = try? XWingMLKEM768X25519.PrivateKey(seedRepresentation: seed, publicKey: nil),
            let publicKey = SealPublicKey(key.publicKey.rawRepresentation)
        else { return nil }
        self.key = key
        self.publicKey = publicKey
    }

    /// 32 bytes.
    public var seed: [UInt8] { Array(key.seedRepresentation) }

    /// The key encryption key that the sender of these 1 120 bytes made for us.
    /// - Parameter info: must be the sender's, or the result is another key.
    /// - Returns: `nil` when the bytes have another length or an X25519 part of small order. What was made for
    ///   somebody else is no error here: it gives a key that opens nothing.
    public func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32? {
        decapsulate(encapsulated, info: info, exporting: Encapsulation.wrapKeyContext)
    }

    func decapsulate(_ encapsulated: [UInt8], info: [UInt8], exporting context: [UInt8]) -> Hash32? {
        guard encapsulated.count == Encapsulation.byteCount,
            let recipient = try? HPKE.Recipient(
                privateKey: key, ciphersuite: .XWingMLKEM768X25519_SHA256_AES_GCM_256, info: .init(info),
                encapsulatedKey: .init(encapsulated)),
            let secret = try? recipient.exportSecret(context: context, outputByteCount: 32)
        else { return nil }
        return secret.withUnsafeBytes { Hash32($0) }
    }

    public var description: String { "X-Wing private key of \(publicKey)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
