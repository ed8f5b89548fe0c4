import Kernel

/// A node's proof that it holds another's log durably up to a checkpoint: C2SP `tlog-cosignature`, Ed25519
/// over the time and the checkpoint's text, made only after what was stored has been committed.
public struct Receipt: Hashable, Sendable, Codable {
    /// Who holds the log.
    public let holder: PartyID
    public let checkpoint: Checkpoint
    /// By the holder's clock; whole seconds.
    public let time: UTCInstant
    /// 64 bytes.
    public let signature: [UInt8]

    /// The bytes that are signed: `cosignature/v1`, the time, the checkpoint.
    private static func message(_ checkpoint: Checkpoint, seconds: Int64) -> [UInt8] {
        Array("cosignature/v1\ntime \(seconds)\n\(checkpoint.text)".utf8)
    }

    private static func keyName(_ holder: PartyID) -> String { "parley/\(holder.name)" }

    /// - Parameter sign: signs bytes with the holder's Ed25519 key.
    public static func signing(
        _ checkpoint: Checkpoint, holder: PartyID, at now: UTCInstant, sign: ([UInt8]) -> [UInt8]
    ) -> Receipt {
        let seconds = now.microseconds.flooredQuotient(by: 1_000_000)
        return Receipt(
            holder: holder, checkpoint: checkpoint, time: UTCInstant(microseconds: seconds * 1_000_000),
            signature: sign(message(checkpoint, seconds: seconds)))
    }

    /// The signature line's blob: eight bytes of time, big-endian, then the signature.
    public func note(publicKey: Hash32) -> String {
        let key = NoteKey(name: Receipt.keyName(holder), algorithm: .cosignature, publicKey: publicKey)
        let seconds = UInt64(bitPattern: time.microseconds / 1_000_000)
        let timeBytes = (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * UInt64($0))) }
        return SignedNote(
            text: checkpoint.text,
            signatures: [NoteSignature(keyName: key.name, keyID: key.keyID, signature: timeBytes + signature)]
        ).encoded
    }

    /// - Returns: `nil` unless `note` is a checkpoint of `origin` with a valid cosignature by `holder`.
    public init?(note: String, origin: String, holder: PartyID, publicKey: Hash32) {
        let key = NoteKey(name: Receipt.keyName(holder), algorithm: .cosignature, publicKey: publicKey)
        guard let parsed = SignedNote(encoded: note), let checkpoint = Checkpoint(text: parsed.text),
            checkpoint.origin == origin,
            let line = parsed.signatures.first(where: { $0.keyName == key.name && $0.keyID == key.keyID }),
            line.signature.count == 72
        else { return nil }
        var seconds: UInt64 = 0
        for byte in line.signature.prefix(8) { seconds = seconds << 8 | UInt64(byte) }
        guard seconds <= 253_402_300_799 else { return nil }
        let signature = Array(line.signature.dropFirst(8))
        guard
            Ed25519.isValid(
                signature: signature, of: Receipt.message(checkpoint, seconds: Int64(seconds)), by: publicKey)
        else { return nil }
        self.init(
            holder: holder, checkpoint: checkpoint,
            time: UTCInstant(microseconds: Int64(seconds) * 1_000_000), signature: signature)
    }

    private init(holder: PartyID, checkpoint: Checkpoint, time: UTCInstant, signature: [UInt8]) {
        self.holder = holder
        self.checkpoint = checkpoint
        self.time = time
        self.signature = signature
    }
}
