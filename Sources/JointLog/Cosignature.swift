import Kernel

/// C2SP `tlog-cosignature`, type 0x04: Ed25519 over a time and a checkpoint's text.
struct Cosignature {
    /// POSIX time, whole seconds, at most 2⁶³ - 1.
    let seconds: UInt64
    /// 64 bytes.
    let signature: [UInt8]

    init(seconds: UInt64, signature: [UInt8]) {
        self.seconds = seconds
        self.signature = signature
    }

    /// Eight bytes of time, big-endian, then the signature.
    init?(blob: [UInt8]) {
        guard blob.count == 72 else { return nil }
        let seconds = blob.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard seconds <= UInt64(Int64.max) else { return nil }
        self.init(seconds: seconds, signature: Array(blob.dropFirst(8)))
    }

    var blob: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * UInt64($0))) } + signature }

    /// The bytes that are signed.
    static func message(_ text: String, seconds: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(seconds)\n\(text)".utf8)
    }

    func isValid(of text: String, by publicKey: Hash32) -> Bool {
        Ed25519.isValid(signature: signature, of: Cosignature.message(text, seconds: seconds), by: publicKey)
    }
}
