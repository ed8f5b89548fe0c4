import Crypto
import Foundation
import Kernel

/// Signs a webhook's body as Standard Webhooks 1.0 does: HMAC-SHA-256 over `id.timestamp.body`, in base64, in the
/// header `webhook-signature` after `v1,`. Whoever receives it checks it with that specification's libraries or in
/// a few lines.
struct WebhookSignature {
    /// 24 to 64 bytes.
    private let key: SymmetricKey

    /// Reads a file of mode 0600 that holds the key in base64, with or without `whsec_` before it.
    init(keyFile path: String) throws(BellFailure) {
        let bytes: [UInt8]
        do {
            bytes = try SecretFile.read(URL(fileURLWithPath: path), limit: 1_024)
        } catch {
            throw BellFailure("\(error)")
        }
        var text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("whsec_") { text.removeFirst(6) }
        guard let secret = Data(base64Encoded: text), (24...64).contains(secret.count) else {
            throw BellFailure("\(path) holds no key: 24 to 64 bytes in base64")
        }
        key = SymmetricKey(data: secret)
    }

    /// - Parameter timestamp: seconds since 1970 in UTC.
    func header(id: String, timestamp: Int64, body: [UInt8]) -> String {
        var hmac = HMAC<SHA256>(key: key)
        hmac.update(data: Array("\(id).\(timestamp).".utf8))
        hmac.update(data: body)
        return "v1,\(Data(hmac.finalize()).base64EncodedString())"
    }
}
