import JointLog
import Kernel

/// The body as it travels: a cipher byte, then what that cipher made of salt and body, padded to a length
/// class so that its size says little.
///
/// - Cipher `none` (0x00): salt (32 bytes), length of the body (4 bytes, big-endian), body, zeros. Used only on
///   links that are private already, and never sent to whom the record does not address.
/// - Cipher X-Wing (0x01): number of readers (1 byte), one entry for each, then the same under AES-256-GCM with a
///   content key that each entry wraps for its reader.
public enum SealedBody {
    public enum Cipher: UInt8, Hashable, Sendable, CaseIterable {
        /// The cipher `none` of the protocol.
        case unsealed = 0x00
        case xWing = 0x01
    }

    /// Salt and length of the body.
    static let plainOverhead = 32 + 4
    static let overhead = 1 + plainOverhead
    /// Kept free when a body is judged before its last fields are known.
    public static let reserve = 256

    /// Powers of two, 512 … 131 072 bytes: the largest body for sixteen readers, each with an encapsulation of its
    /// own, fits the last.
    public static let lengthClasses = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072]
    public static let largestBytes = 131_072

    /// SHA-256 over a domain tag, the salt and the body: what disclosure and redaction open.
    public static func commitment(salt: Hash32, body: [UInt8]) -> Hash32 {
        MerkleHash.sha256(Array("parley/body-commitment/v1\n".utf8) + salt.bytes + body)
    }

    /// - Returns: `nil` when the first byte is no cipher of ours, or there is none.
    public static func cipher(of sealed: [UInt8]) -> Cipher? { sealed.first.flatMap(Cipher.init(rawValue:)) }

    /// Cipher `none`.
    /// - Returns: `nil` when the body is longer than ``Limits/recordBytes``.
    public static func sealing(_ body: [UInt8], salt: Hash32) -> [UInt8]? {
        guard body.count <= Limits.recordBytes,
            let length = lengthClasses.first(where: { $0 >= body.count + overhead })
        else { return nil }
        return [Cipher.unsealed.rawValue] + padded(body, salt: salt, to: length - 1)
    }

    /// Cipher X-Wing.
    /// - Returns: `nil` when the body is longer than ``Limits/recordBytes``.
    public static func sealing(_ body: [UInt8], salt: Hash32, plan: SealPlan) -> [UInt8]? {
        guard body.count <= Limits.recordBytes else { return nil }
        let readers = plan.readers.map { SealReader($0, contentKey: plan.contentKey, binding: plan.binding) }
        var sealed = head(of: readers)
        let outside = sealed.count + SealCipher.tagBytes
        guard let length = lengthClasses.first(where: { $0 >= body.count + plainOverhead + outside }) else {
            return nil
        }
        sealed += SealCipher.sealing(
            padded(body, salt: salt, to: length - outside), key: plan.contentKey, nonce: SealCipher.bodyNonce,
            context: plan.binding.bodyContext)
        return sealed
    }

    static func head(of readers: [SealReader]) -> [UInt8] {
        [Cipher.xWing.rawValue, UInt8(readers.count)] + readers.flatMap(\.encoded)
    }

    static func padded(_ body: [UInt8], salt: Hash32, to length: Int) -> [UInt8] {
        var plain = salt.bytes + bigEndian(UInt32(body.count)) + body
        plain += [UInt8](repeating: 0, count: length - plain.count)
        return plain
    }

    /// Cipher `none`.
    /// - Returns: `nil` when the bytes are not of this form or do not match the commitment.
    public static func disclosure(of sealed: [UInt8], commitment: Hash32) -> BodyDisclosure? {
        guard lengthClasses.contains(sealed.count), cipher(of: sealed) == .unsealed else { return nil }
        return disclosure(inPlain: sealed[1...], commitment: commitment)
    }

    /// Cipher X-Wing, with the content key of this one body: a reader's, or one that was disclosed.
    /// - Returns: `nil` when the bytes are not of this form, the key or the binding is another, or salt and body do
    ///   not match the commitment.
    public static func disclosure(
        of sealed: [UInt8], contentKey: Hash32, binding: SealBinding, commitment: Hash32
    ) -> BodyDisclosure? {
        guard let (_, cipherText) = parts(of: sealed),
            let plain = SealCipher.opening(
                cipherText, key: contentKey, nonce: SealCipher.bodyNonce, context: binding.bodyContext)
        else { return nil }
        return disclosure(inPlain: plain[...], commitment: commitment)
    }

    /// The body of ``disclosure(of:commitment:)``.
    public static func opening(_ sealed: [UInt8], commitment: Hash32) -> [UInt8]? {
        disclosure(of: sealed, commitment: commitment)?.body
    }

    /// The body of ``disclosure(of:contentKey:binding:commitment:)``.
    public static func opening(
        _ sealed: [UInt8], contentKey: Hash32, binding: SealBinding, commitment: Hash32
    ) -> [UInt8]? {
        disclosure(of: sealed, contentKey: contentKey, binding: binding, commitment: commitment)?.body
    }

    /// The entries of a body sealed with X-Wing, for anybody to see.
    /// - Returns: `nil` unless there are 1 to ``Limits/peers`` entries, rising by party, in a text of a length class.
    public static func readers(of sealed: [UInt8]) -> [SealReader]? { parts(of: sealed)?.readers }

    private static func parts(of sealed: [UInt8]) -> (readers: [SealReader], cipherText: ArraySlice<UInt8>)? {
        guard lengthClasses.contains(sealed.count), cipher(of: sealed) == .xWing else { return nil }
        let count = Int(sealed[1])
        guard (1...Limits.peers).contains(count) else { return nil }
        var rest = sealed[2...]
        var readers: [SealReader] = []
        for _ in 0..<count {
            guard let reader = SealReader(parsing: &rest), readers.last.map({ $0.party < reader.party }) ?? true
            else { return nil }
            readers.append(reader)
        }
        return (readers, rest)
    }

    /// The check that makes a cipher text open one way only, whatever its cipher.
    private static func disclosure(inPlain plain: ArraySlice<UInt8>, commitment expected: Hash32) -> BodyDisclosure? {
        guard plain.count >= plainOverhead, let salt = Hash32(plain.prefix(32)) else { return nil }
        let rest = plain.dropFirst(32)
        let length = Int(readBigEndian(rest.prefix(4)))
        let padded = rest.dropFirst(4)
        guard length <= Limits.recordBytes, length <= padded.count,
            padded.dropFirst(length).allSatisfy({ $0 == 0 })
        else { return nil }
        let body = Array(padded.prefix(length))
        return commitment(salt: salt, body: body) == expected ? BodyDisclosure(salt: salt, body: body) : nil
    }
}

/// A body with the salt that opens its commitment: what a third party is shown.
public struct BodyDisclosure: Hashable, Sendable {
    public let salt: Hash32
    /// The exact bytes.
    public let body: [UInt8]
}

func bigEndian(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
}

func bigEndian(_ value: UInt64) -> [UInt8] {
    bigEndian(UInt32(value >> 32)) + bigEndian(UInt32(truncatingIfNeeded: value))
}

func readBigEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
}

func readBigEndian64(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}
