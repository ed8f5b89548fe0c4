import Kernel

/// A key that signs or cosigns notes: name, algorithm and public key, from which its id follows.
public struct NoteKey: Hashable, Sendable {
    public enum Algorithm: UInt8, Sendable {
        /// Ed25519 over the note text.
        case ed25519 = 0x01
        /// `tlog-cosignature`: Ed25519 over a time and the checkpoint.
        case cosignature = 0x04
    }

    public let name: String
    public let algorithm: Algorithm
    /// 32 bytes, Ed25519.
    public let publicKey: Hash32

    public init(name: String, algorithm: Algorithm, publicKey: Hash32) {
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
    }

    /// First four bytes of SHA-256(name ‖ newline ‖ algorithm ‖ public key).
    public var keyID: [UInt8] {
        NoteKey.keyID(name: name, material: [algorithm.rawValue] + publicKey.bytes)
    }

    static func keyID(name: String, material: [UInt8]) -> [UInt8] {
        Array(MerkleHash.sha256(Array(name.utf8) + [0x0A] + material).bytes.prefix(4))
    }

    /// Not empty, no space of any script, no plus, no control character.
    public static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                guard !scalar.isASCII else { return scalar.value > 0x20 && scalar != "+" }
                return !scalar.properties.isWhitespace
            }
    }

    /// Whether the blob of a signature line, without its key id, is this key's over `text`.
    public func isValid(_ signature: [UInt8], of text: String) -> Bool {
        switch algorithm {
        case .ed25519: Ed25519.isValid(signature: signature, of: Array(text.utf8), by: publicKey)
        case .cosignature: Cosignature(blob: signature)?.isValid(of: text, by: publicKey) == true
        }
    }

    /// A line over `text` by a key of algorithm ``Algorithm/ed25519``.
    ///
    /// - Parameter sign: signs bytes with this key.
    public func signing(_ text: String, sign: ([UInt8]) -> [UInt8]) -> NoteSignature {
        precondition(algorithm == .ed25519, "a cosignature is over a time as well")
        return NoteSignature(keyName: name, keyID: keyID, signature: sign(Array(text.utf8)))
    }
}

/// Signs notes with one Ed25519 key under one name.
public struct NoteSigner: Sendable {
    public let key: NoteKey
    private let privateKey: Ed25519PrivateKey

    /// - Returns: `nil` when the name cannot name a key.
    public init?(name: String, key: Ed25519PrivateKey) {
        guard NoteKey.isName(name) else { return nil }
        self.key = NoteKey(name: name, algorithm: .ed25519, publicKey: key.publicKey)
        privateKey = key
    }

    /// - Parameter text: ends with a newline.
    public func signature(of text: String) -> NoteSignature { key.signing(text, sign: privateKey.sign) }
}
