import Crypto
import Kernel

/// AES-256-GCM with a given nonce. The caller sees to it that no nonce meets the same key twice.
///
/// GCM does not commit to its key: somebody who chooses two keys can make one cipher text that both accept. What
/// holds an author to one body is the salted commitment, never the tag alone.
enum SealCipher {
    static let tagBytes = 16
    /// Of bodies: a content key seals one of them.
    static let bodyNonce = [UInt8](repeating: 0, count: 12)

    /// - Returns: the cipher text and its tag, 16 bytes longer than the plain text.
    static func sealing(_ plain: [UInt8], key: Hash32, nonce: [UInt8], context: [UInt8]) -> [UInt8] {
        guard let nonce = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.seal(
                plain, using: SymmetricKey(data: key.bytes), nonce: nonce, authenticating: context)
        else { preconditionFailure("AES-256-GCM takes any text, a key of 32 bytes and a nonce of 12") }
        var sealed = [UInt8]()
        sealed.reserveCapacity(plain.count + tagBytes)
        sealed += box.ciphertext
        sealed += box.tag
        return sealed
    }

    /// - Returns: `nil` when the tag is not that of this key, nonce, context and cipher text.
    static func opening(_ sealed: ArraySlice<UInt8>, key: Hash32, nonce: [UInt8], context: [UInt8]) -> [UInt8]? {
        guard sealed.count >= tagBytes, let nonce = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce, ciphertext: sealed.dropLast(tagBytes), tag: sealed.suffix(tagBytes)),
            let plain = try? AES.GCM.open(box, using: SymmetricKey(data: key.bytes), authenticating: context)
        else { return nil }
        return Array(plain)
    }
}
