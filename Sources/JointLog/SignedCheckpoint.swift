import Kernel

/// A checkpoint with its author's signature, verified.
public struct SignedCheckpoint: Hashable, Sendable, Codable {
    public let checkpoint: Checkpoint
    /// The note as its author wrote it.
    public let note: String

    /// - Parameter sign: signs bytes with the log author's Ed25519 key.
    public static func signing(
        _ checkpoint: Checkpoint, publicKey: Hash32, sign: ([UInt8]) -> [UInt8]
    ) -> SignedCheckpoint {
        let key = NoteKey(name: checkpoint.origin, algorithm: .ed25519, publicKey: publicKey)
        let signature = NoteSignature(
            keyName: key.name, keyID: key.keyID, signature: sign(Array(checkpoint.text.utf8)))
        let note = SignedNote(text: checkpoint.text, signatures: [signature]).encoded
        return SignedCheckpoint(checkpoint: checkpoint, note: note)
    }

    /// - Returns: `nil` unless `note` is a checkpoint of the log `origin` with a valid signature by
    ///   `publicKey`.
    public init?(note: String, origin: String, publicKey: Hash32) {
        guard let parsed = SignedNote(encoded: note), let checkpoint = Checkpoint(text: parsed.text),
            checkpoint.origin == origin
        else { return nil }
        let key = NoteKey(name: origin, algorithm: .ed25519, publicKey: publicKey)
        // The first line of a known key decides, as the specification has it.
        guard let line = parsed.signatures.first(where: { $0.keyName == key.name && $0.keyID == key.keyID }),
            Ed25519.isValid(signature: line.signature, of: Array(parsed.text.utf8), by: publicKey)
        else { return nil }
        self.init(checkpoint: checkpoint, note: note)
    }

    private init(checkpoint: Checkpoint, note: String) {
        self.checkpoint = checkpoint
        self.note = note
    }
}
