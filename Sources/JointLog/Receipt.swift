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

    /// The last second of the year 9999.
    private static let latest: UInt64 = 253_402_300_799

    /// The key under which `holder` cosigns: `parley/<holder>`.
    public static func key(of holder: PartyID, publicKey: Hash32) -> NoteKey {
        NoteKey(name: "parley/\(holder.name)", algorithm: .cosignature, publicKey: publicKey)
    }

    /// - Parameters:
    ///   - now: not before 1970.
    ///   - sign: signs bytes with the holder's Ed25519 key.
    public static func signing(
        _ checkpoint: Checkpoint, holder: PartyID, at now: UTCInstant, sign: ([UInt8]) -> [UInt8]
    ) -> Receipt {
        let seconds = max(0, now.microseconds.flooredQuotient(by: 1_000_000))
        return Receipt(
            holder: holder, checkpoint: checkpoint, time: UTCInstant(microseconds: seconds * 1_000_000),
            signature: sign(Cosignature.message(checkpoint.text, seconds: UInt64(seconds))))
    }

    /// The signature line, to be merged with those of others.
    public func noteSignature(publicKey: Hash32) -> NoteSignature {
        let key = Receipt.key(of: holder, publicKey: publicKey)
        let seconds = UInt64(bitPattern: time.microseconds / 1_000_000)
        return NoteSignature(
            keyName: key.name, keyID: key.keyID,
            signature: Cosignature(seconds: seconds, signature: signature).blob)
    }

    public func note(publicKey: Hash32) -> String {
        SignedNote(text: checkpoint.text, signatures: [noteSignature(publicKey: publicKey)]).encoded
    }

    /// The first of several lines of this holder.
    ///
    /// - Returns: `nil` unless `note` is a checkpoint of `origin` with a valid cosignature by `holder`.
    public init?(note: String, origin: String, holder: PartyID, publicKey: Hash32) {
        guard let receipt = Receipt.receipts(in: note, origin: origin, holders: [(holder, publicKey)]).first else {
            return nil
        }
        self = receipt
    }

    /// Every receipt of these holders in one note, in the order of its lines. Lines of unknown keys are passed over.
    ///
    /// - Parameter holders: each with its Ed25519 public key; a holder with several keys stands there once for each.
    /// - Returns: none when the note is no checkpoint of `origin`, or any line of a known key is invalid.
    public static func receipts(in note: String, origin: String, holders: [(PartyID, Hash32)]) -> [Receipt] {
        guard let parsed = SignedNote(encoded: note), let checkpoint = Checkpoint(text: parsed.text),
            checkpoint.origin.hasSameBytes(as: origin)
        else { return [] }
        let known = holders.map { (holder: $0.0, key: Receipt.key(of: $0.0, publicKey: $0.1)) }
        var receipts: [Receipt] = []
        for line in parsed.signatures {
            for (holder, key) in known where line.keyID == key.keyID && line.keyName.hasSameBytes(as: key.name) {
                guard let cosignature = Cosignature(blob: line.signature), cosignature.seconds <= latest,
                    cosignature.isValid(of: parsed.text, by: key.publicKey)
                else { return [] }
                let receipt = Receipt(
                    holder: holder, checkpoint: checkpoint,
                    time: UTCInstant(microseconds: Int64(cosignature.seconds) * 1_000_000),
                    signature: cosignature.signature)
                if !receipts.contains(receipt) { receipts.append(receipt) }
            }
        }
        return receipts
    }

    private init(holder: PartyID, checkpoint: Checkpoint, time: UTCInstant, signature: [UInt8]) {
        self.holder = holder
        self.checkpoint = checkpoint
        self.time = time
        self.signature = signature
    }
}
