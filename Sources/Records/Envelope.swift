import Kernel

/// One record as it is stored and sent: length and bytes of the signed header (4 bytes, big-endian, then the
/// text), 64 bytes of signature, length and bytes of the sealed body. A sealed body of length zero is
/// withheld: the receiver is not addressed.
public struct Envelope: Hashable, Sendable {
    public let signed: [UInt8]
    /// Ed25519 by the author's node key over ``signed``.
    public let signature: [UInt8]
    /// Empty when withheld.
    public let sealed: [UInt8]

    public init(signed: [UInt8], signature: [UInt8], sealed: [UInt8]) {
        self.signed = signed
        self.signature = signature
        self.sealed = sealed
    }

    public static let largestHeader = 8_192
    public static let largestBytes = 4 + largestHeader + 64 + 4 + SealedBody.largestBytes

    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 + signed.count + signature.count + 4 + sealed.count)
        bytes += bigEndian(UInt32(signed.count))
        bytes += signed
        bytes += signature
        bytes += bigEndian(UInt32(sealed.count))
        bytes += sealed
        return bytes
    }

    /// - Returns: `nil` unless the bytes are exactly one envelope within the limits.
    public init?(encoded: [UInt8]) {
        guard encoded.count >= 4 + 64 + 4, encoded.count <= Envelope.largestBytes else { return nil }
        let headerLength = Int(readBigEndian(encoded[0..<4]))
        guard headerLength <= Envelope.largestHeader, encoded.count >= 4 + headerLength + 64 + 4 else { return nil }
        let afterHeader = 4 + headerLength
        let sealedLength = Int(readBigEndian(encoded[(afterHeader + 64)..<(afterHeader + 68)]))
        guard encoded.count == afterHeader + 68 + sealedLength else { return nil }
        signed = Array(encoded[4..<afterHeader])
        signature = Array(encoded[afterHeader..<afterHeader + 64])
        sealed = Array(encoded[(afterHeader + 68)...])
    }

    /// The same record for somebody whom it does not address.
    public var withheld: Envelope { Envelope(signed: signed, signature: signature, sealed: []) }
}
