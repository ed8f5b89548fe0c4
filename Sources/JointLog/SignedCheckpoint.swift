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
        signing(checkpoint, publicKey: publicKey, postQuantum: nil, sign: sign)
    }

    /// - Parameters:
    ///   - postQuantum: adds a second line of this key.
    ///   - sign: signs bytes with the log author's Ed25519 key.
    public static func signing(
        _ checkpoint: Checkpoint, publicKey: Hash32, postQuantum: MLDSA65PrivateKey?, sign: ([UInt8]) -> [UInt8]
    ) -> SignedCheckpoint {
        let key = NoteKey(name: checkpoint.origin, algorithm: .ed25519, publicKey: publicKey)
        let note = SignedNote(text: checkpoint.text, signatures: [key.signing(checkpoint.text, sign: sign)])
        let signed = SignedCheckpoint(checkpoint: checkpoint, note: note.encoded)
        guard let postQuantum else { return signed }
        return signed.adding(postQuantum.publicKey, sign: postQuantum.sign)
    }

    /// The same note with a further line, by the author's ML-DSA-65 key.
    ///
    /// - Parameter sign: signs bytes with that key, with an empty context.
    public func adding(_ key: PostQuantumKey, sign: ([UInt8]) -> [UInt8]) -> SignedCheckpoint {
        let line = key.signing(checkpoint.text, name: checkpoint.origin, sign: sign).line
        return SignedCheckpoint(checkpoint: checkpoint, note: note + line)
    }

    /// Every line of the author's key must be valid; lines of other keys are passed over.
    ///
    /// - Returns: `nil` unless `note` is a checkpoint of the log `origin` with a valid signature by `publicKey`.
    public init?(note: String, origin: String, publicKey: Hash32) {
        self.init(note: note, origin: origin, publicKeys: [publicKey])
    }

    /// - Parameter publicKeys: the author's keys, of which one must have signed; before and after a change of key.
    /// - Returns: `nil` also when any line of any of the keys is invalid.
    public init?(note: String, origin: String, publicKeys: [Hash32]) {
        guard let parsed = SignedNote(encoded: note), let checkpoint = Checkpoint(text: parsed.text),
            checkpoint.origin.hasSameBytes(as: origin)
        else { return nil }
        let keys = publicKeys.map { NoteKey(name: origin, algorithm: .ed25519, publicKey: $0) }
        guard parsed.signers(among: keys) != nil else { return nil }
        self.init(checkpoint: checkpoint, note: note)
    }

    /// - Returns: `nil` also without a valid line of `postQuantumKey`.
    public init?(note: String, origin: String, publicKey: Hash32, postQuantumKey: PostQuantumKey) {
        self.init(note: note, origin: origin, publicKey: publicKey)
        guard hasSignature(of: postQuantumKey) else { return nil }
    }

    /// Whether the note has lines of this key over the log's origin, and all are valid.
    public func hasSignature(of key: PostQuantumKey) -> Bool {
        guard let parsed = SignedNote(encoded: note) else { return false }
        let lines = parsed.lines(name: checkpoint.origin, keyID: key.keyID(name: checkpoint.origin))
        let text = Array(parsed.text.utf8)
        return !lines.isEmpty && lines.allSatisfy { key.isValid(signature: $0.signature, of: text) }
    }

    private init(checkpoint: Checkpoint, note: String) {
        self.checkpoint = checkpoint
        self.note = note
    }
}
