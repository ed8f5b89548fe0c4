import JointLog
import Kernel

/// The body as it travels: a cipher byte, then what that cipher made of salt and body, padded to a length
/// class so that its size says little.
///
/// Cipher `none` (0x00) stands where real ciphers will: salt (32 bytes), length of the body (4 bytes,
/// big-endian), body, zeros. It is used only on links that are private already, and never sent to whom the
/// record does not address.
public enum SealedBody {
    static let cipherNone: UInt8 = 0x00
    static let overhead = 1 + 32 + 4
    /// Kept free when a body is judged before its last fields are known.
    public static let reserve = 256

    /// Powers of two, 512 … 65 536 bytes.
    public static let lengthClasses = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536]

    /// SHA-256 over a domain tag, the salt and the body: what disclosure and redaction open.
    public static func commitment(salt: Hash32, body: [UInt8]) -> Hash32 {
        MerkleHash.sha256(Array("parley/body-commitment/v1\n".utf8) + salt.bytes + body)
    }

    /// - Returns: `nil` when the body is longer than ``Limits/recordBytes``.
    public static func sealing(_ body: [UInt8], salt: Hash32) -> [UInt8]? {
        guard body.count <= Limits.recordBytes,
            let length = lengthClasses.first(where: { $0 >= body.count + overhead })
        else { return nil }
        var sealed = [cipherNone] + salt.bytes + bigEndian(UInt32(body.count)) + body
        sealed += [UInt8](repeating: 0, count: length - sealed.count)
        return sealed
    }

    /// - Returns: `nil` when the bytes are not of this form or do not match the commitment.
    public static func opening(_ sealed: [UInt8], commitment expected: Hash32) -> [UInt8]? {
        guard lengthClasses.contains(sealed.count), sealed[0] == cipherNone, let salt = Hash32(sealed[1..<33])
        else { return nil }
        let length = Int(readBigEndian(sealed[33..<37]))
        guard length <= Limits.recordBytes, overhead + length <= sealed.count,
            sealed[(overhead + length)...].allSatisfy({ $0 == 0 })
        else { return nil }
        let body = Array(sealed[overhead..<overhead + length])
        return commitment(salt: salt, body: body) == expected ? body : nil
    }
}

func bigEndian(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
}

func readBigEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
}
