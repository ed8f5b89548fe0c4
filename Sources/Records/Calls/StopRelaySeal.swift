import Kernel

/// A STOP message on its way over a mediator: sealed to its addressee, and always of one length, so that the mediator
/// sees that something of the STOP path passed and nothing of what.
///
/// Bytes: the encapsulation (1 120 bytes, HPKE with X-Wing, `info` as below), then AES-256-GCM under the exported key
/// with a nonce of zeros, over the note's length (2 bytes, big-endian), the note, and zeros up to
/// ``StopMessage/largestBytes``. Each message has an encapsulation of its own.
public enum StopRelaySeal {
    static let plainBytes = 2 + StopMessage.largestBytes
    public static let byteCount = Encapsulation.byteCount + plainBytes + SealCipher.tagBytes

    static func info(_ mechanism: MechanismID, from: PartyID, to: PartyID) -> [UInt8] {
        Array("parley relay v1\n\(mechanism.hex)\n\(from.name)\n\(to.name)\n".utf8)
    }

    /// - Returns: `nil` for a note over ``StopMessage/largestBytes``, or when the library cannot draw.
    public static func seal(
        _ note: String, mechanism: MechanismID, from: PartyID, to: PartyID, key: SealPublicKey
    ) -> [UInt8]? {
        let bytes = Array(note.utf8)
        let info = info(mechanism, from: from, to: to)
        guard bytes.count <= StopMessage.largestBytes, let secret = key.encapsulate(info: info) else { return nil }
        var plain = [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
        plain += [UInt8](repeating: 0, count: plainBytes - plain.count)
        return secret.encapsulated
            + SealCipher.sealing(plain, key: secret.key, nonce: SealCipher.bodyNonce, context: info)
    }

    /// - Returns: `nil` for what was not sealed to this key, by this route, exactly so.
    public static func open(
        _ sealed: [UInt8], mechanism: MechanismID, from: PartyID, to: PartyID, key: SealPrivateKey
    ) -> String? {
        let info = info(mechanism, from: from, to: to)
        guard sealed.count == byteCount,
            let secret = key.decapsulate(Array(sealed.prefix(Encapsulation.byteCount)), info: info),
            let plain = SealCipher.opening(
                sealed[Encapsulation.byteCount...], key: secret, nonce: SealCipher.bodyNonce, context: info)
        else { return nil }
        let count = Int(plain[0]) << 8 | Int(plain[1])
        guard count <= StopMessage.largestBytes, plain[(2 + count)...].allSatisfy({ $0 == 0 }) else { return nil }
        return String(validating: plain[2..<(2 + count)], as: UTF8.self)
    }
}
