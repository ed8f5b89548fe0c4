import Kernel

/// A text with signature lines, as C2SP `signed-note` writes it: the text, an empty line, then
/// `— <key name> <base64(key id ‖ signature)>` for each signature.
public struct SignedNote: Hashable, Sendable, Codable {
    /// Most signature lines of one note; the specification asks for at least 16.
    public static let mostSignatures = 64
    /// Longest note in UTF-8: a line of ML-DSA has 4.5 KB.
    public static let longestBytes = 128 * 1024

    /// Ends with a newline.
    public let text: String
    public let signatures: [NoteSignature]

    public init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    public var encoded: String { text + "\n" + signatures.map(\.line).joined() }

    /// - Returns: `nil` unless the text is a note of 1 ... ``mostSignatures`` signatures that would be written the
    ///   same way, without control characters.
    public init?(encoded: String) {
        guard encoded.utf8.count <= SignedNote.longestBytes,
            encoded.allBytes(satisfy: { $0 >= 0x20 || $0 == 0x0A }), let (text, block) = encoded.noteSplit
        else { return nil }
        var signatures: [NoteSignature] = []
        for line in block.byteLines.dropLast() {
            guard signatures.count < SignedNote.mostSignatures, let signature = NoteSignature(line: line) else {
                return nil
            }
            signatures.append(signature)
        }
        guard !signatures.isEmpty else { return nil }
        self.init(text: text, signatures: signatures)
        guard self.encoded.hasSameBytes(as: encoded) else { return nil }
    }

    /// One note with the lines of all, in the order of their first appearance and each once.
    ///
    /// - Returns: `nil` when there is none, when the texts are not the same bytes, or when the lines are too many.
    public static func merging(_ notes: [SignedNote]) -> SignedNote? {
        guard let text = notes.first?.text, notes.allSatisfy({ $0.text.hasSameBytes(as: text) }) else { return nil }
        var signatures: [NoteSignature] = []
        for signature in notes.flatMap(\.signatures)
        where !signatures.contains(where: { $0.line.hasSameBytes(as: signature.line) }) {
            signatures.append(signature)
        }
        let merged = SignedNote(text: text, signatures: signatures)
        guard signatures.count <= mostSignatures, merged.encoded.utf8.count <= longestBytes else { return nil }
        return merged
    }

    /// The keys among `keys` that signed. Lines of unknown keys are passed over, even when they share a name or an id
    /// (but not both) with a known one; several lines of one key must all be valid.
    ///
    /// - Returns: `nil` when any line of a known key is invalid, or no known key signed.
    public func signers(among keys: [NoteKey]) -> [NoteKey]? {
        var signers: [NoteKey] = []
        for key in keys {
            let lines = lines(of: key)
            guard lines.allSatisfy({ key.isValid($0.signature, of: text) }) else { return nil }
            if !lines.isEmpty, !signers.contains(key) { signers.append(key) }
        }
        return signers.isEmpty ? nil : signers
    }

    /// The lines that claim to be of this key, whether or not they are valid.
    func lines(of key: NoteKey) -> [NoteSignature] { lines(name: key.name, keyID: key.keyID) }

    func lines(name: String, keyID: [UInt8]) -> [NoteSignature] {
        signatures.filter { $0.keyID == keyID && $0.keyName.hasSameBytes(as: name) }
    }
}

/// One signature line.
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

    /// `— <key name> <base64>` and a newline.
    public var line: String { "\u{2014} \(keyName) \((keyID + signature).base64)\n" }

    /// A line without its newline.
    fileprivate init?(line: String) {
        let parts = line.byteSplit(0x20)
        guard parts.count == 3, parts[0].hasSameBytes(as: "\u{2014}"), NoteKey.isName(parts[1]),
            let blob = [UInt8](base64: parts[2]), blob.count > 4
        else { return nil }
        self.init(keyName: parts[1], keyID: Array(blob[..<4]), signature: Array(blob[4...]))
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
