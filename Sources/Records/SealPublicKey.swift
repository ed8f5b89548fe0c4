import Crypto
import Kernel

/// A public key of X-Wing (ML-KEM-768 with X25519): to whom bodies are sealed. Named by the terms.
public struct SealPublicKey: Hashable, Sendable, CustomStringConvertible {
    public static let byteCount = 1_216
    static let latticeBytes = 1_184

    /// The ML-KEM-768 key (1 184 bytes), then the X25519 key (32 bytes).
    public let bytes: [UInt8]

    /// - Returns: `nil` for another length, an ML-KEM coefficient that is not reduced (FIPS 203, section 7.2), an
    ///   X25519 key that is not canonical, or one of small order: nothing can be kept secret under those.
    public init?(_ bytes: some Sequence<UInt8>) {
        let copy = Array(bytes)
        guard copy.count == SealPublicKey.byteCount,
            // The library checks an X-Wing key only when it is used, its two parts when they are read.
            (try? MLKEM768.PublicKey(rawRepresentation: Array(copy[..<SealPublicKey.latticeBytes]))) != nil,
            SealPublicKey.isUsable(curvePoint: Array(copy[SealPublicKey.latticeBytes...]))
        else { return nil }
        self.bytes = copy
    }

    /// RFC 4648 with padding, and exactly what an encoder would write.
    public init?(base64: String) {
        guard let bytes = [UInt8](base64: base64) else { return nil }
        self.init(bytes)
    }

    private static func isUsable(curvePoint: [UInt8]) -> Bool {
        // Little-endian; p = 2²⁵⁵ - 19 is ed ff … ff 7f.
        let isCanonical =
            curvePoint[31] < 0x7F
            || (curvePoint[31] == 0x7F && (curvePoint[0] < 0xED || curvePoint[1..<31].contains { $0 != 0xFF }))
        // Every scalar takes a point of small order, and no other, to zero (RFC 7748, section 6.1).
        guard isCanonical,
            let scalar = try? Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: [UInt8](repeating: 0x55, count: 32)),
            let point = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: curvePoint),
            let product = try? scalar.sharedSecretFromKeyAgreement(with: point)
        else { return false }
        return product.withUnsafeBytes { $0.contains { $0 != 0 } }
    }

    public var base64: String { bytes.base64 }
    public var description: String { "X-Wing public key \(bytes.prefix(8).map { $0 }.hex)…" }
}

/// Encoded as one base64 text.
extension SealPublicKey: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let key = SealPublicKey(base64: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "seal key"))
        }
        self = key
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(base64)
    }
}
