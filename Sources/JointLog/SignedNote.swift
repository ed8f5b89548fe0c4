import Kernel

/// A text with signature lines, as C2SP `signed-note` writes it: the text, an empty line, then
/// `— <key name> <base64(key id ‖ signature)>` for each signature.
public struct SignedNote: Hashable, Sendable, Codable {
    public let text: String
    public let signatures: [NoteSignature]

    public init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    public var encoded: String {
        text + "\n" + signatures.map { "\u{2014} \($0.keyName) \(($0.keyID + $0.signature).base64)\n" }.joined()
    }

    /// - Returns: `nil` unless the text is a note of at most 16 signatures that would be written the same way,
    ///   without control characters.
    public init?(encoded: String) {
        guard encoded.utf8.count <= 16_384, encoded.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }),
            let split = encoded.noteSplit
        else { return nil }
        let (text, block) = split
        var signatures: [NoteSignature] = []
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "\u{2014}", parts[1].isKeyName,
                let blob = [UInt8](base64: String(parts[2])), blob.count > 4, signatures.count < 16
            else { return nil }
            signatures.append(
                NoteSignature(keyName: String(parts[1]), keyID: Array(blob[..<4]), signature: Array(blob[4...])))
        }
        guard !signatures.isEmpty else { return nil }
        self.init(text: text, signatures: signatures)
        guard self.encoded == encoded else { return nil }
    }
}

public struct NoteSignature: Hashable, Sendable, Codable {
    public let keyName: String
    /// 4 bytes, see ``NoteKey/keyID``.
    public let keyID: [UInt8]
    public let signature: [UInt8]

    public init(keyName: String, keyID: [UInt8], signature: [UInt8]) {
        self.keyName = keyName
        self.keyID = keyID
        self.signature = signature
    }
}

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
        Array(
            MerkleHash.sha256(Array(name.utf8) + [0x0A, algorithm.rawValue] + publicKey.bytes).bytes.prefix(4))
    }
}

extension Substring {
    /// Not empty, no space of any script, no plus.
    fileprivate var isKeyName: Bool {
        !isEmpty && unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" }
    }
}

extension String {
    /// The note text with its final newline, and the block of signature lines after the last empty line.
    fileprivate var noteSplit: (text: String, block: String)? {
        let bytes = Array(utf8)
        guard bytes.last == 0x0A, bytes.count > 2 else { return nil }
        var i = bytes.count - 2
        while i > 0 {
            if bytes[i] == 0x0A, bytes[i - 1] == 0x0A {
                return (
                    String(decoding: bytes[..<i], as: UTF8.self), String(decoding: bytes[(i + 1)...], as: UTF8.self)
                )
            }
            i -= 1
        }
        return nil
    }
}
