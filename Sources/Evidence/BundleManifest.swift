import JointLog
import Kernel

/// The first file of a bundle: who exported it and when, and the hash of every other file, signed over these
/// exact bytes by the exporting node. C2SP `signed-note` with one Ed25519 line, key name `parley/<party>/evidence`.
///
/// The signature says who put the bundle together and that it is complete as it was put together. That the records
/// are genuine does not rest on it.
public struct BundleManifest: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
        public let path: String
        public let size: Int
        public let hash: Hash32

        public init(_ file: BundleArchive.File) {
            path = file.path
            size = file.bytes.count
            hash = MerkleHash.sha256(file.bytes)
        }

        init(path: String, size: Int, hash: Hash32) {
            self.path = path
            self.size = size
            self.hash = hash
        }
    }

    public let mechanism: MechanismID
    /// By the exporter's clock.
    public let exported: UTCInstant
    public let exporter: PartyID
    /// In the order of the archive, which is that of the paths' bytes.
    public let lines: [Line]

    public init(mechanism: MechanismID, exported: UTCInstant, exporter: PartyID, lines: [Line]) {
        self.mechanism = mechanism
        self.exported = exported
        self.exporter = exporter
        self.lines = lines
    }

    static let firstLine = "parley evidence v1"

    public static func keyName(_ exporter: PartyID) -> String { "parley/\(exporter.name)/evidence" }

    /// The signed bytes.
    public var text: [UInt8] {
        var out = Array(
            """
            \(BundleManifest.firstLine)
            mechanism \(mechanism.hex)
            exported \(exported.rfc3339)
            by \(exporter.name)

            """.utf8)
        for line in lines { out += Array("file \(line.hash.hex) \(line.size) \(line.path)\n".utf8) }
        return out
    }

    /// - Parameter sign: signs bytes with the exporter's node key.
    public func signed(publicKey: Hash32, sign: ([UInt8]) -> [UInt8]) -> [UInt8] {
        let text = text
        return text + [0x0A] + signatureLine(publicKey: publicKey, signature: sign(text))
    }

    private func signatureLine(publicKey: Hash32, signature: [UInt8]) -> [UInt8] {
        let key = NoteKey(name: BundleManifest.keyName(exporter), algorithm: .ed25519, publicKey: publicKey)
        return Array("\u{2014} \(key.name) \((key.keyID + signature).base64)\n".utf8)
    }

    /// The manifest and the signature it carries, which nobody has checked yet: the key follows from the bundle.
    ///
    /// - Returns: `nil` unless the bytes are what ``signed(publicKey:sign:)`` writes, whatever key and signature.
    static func reading(_ bytes: [UInt8]) -> (manifest: BundleManifest, line: [UInt8])? {
        // An empty line stands only before the signature, so the first one ends the text.
        var end = 0
        while end + 1 < bytes.count, !(bytes[end] == 0x0A && bytes[end + 1] == 0x0A) { end += 1 }
        guard end + 2 < bytes.count, let manifest = BundleManifest(text: bytes[...end]) else { return nil }
        return (manifest, Array(bytes[(end + 2)...]))
    }

    /// Whether the signature line is the exporter's, by one of these keys.
    func isSigned(by keys: [Hash32], line: [UInt8]) -> Bool {
        // Key id and signature are the last 92 characters before the newline.
        guard line.count > 93, let text = String(validating: line.dropLast().suffix(92), as: UTF8.self),
            let blob = [UInt8](base64: text), blob.count == 68
        else { return false }
        let signature = Array(blob.dropFirst(4))
        return keys.contains { key in
            signatureLine(publicKey: key, signature: signature) == line
                && Ed25519.isValid(signature: signature, of: self.text, by: key)
        }
    }

    private init?(text: ArraySlice<UInt8>) {
        guard text.last == 0x0A else { return nil }
        let rows = text.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
        guard rows.count >= 4, rows[0].elementsEqual(BundleManifest.firstLine.utf8),
            let mechanism = BundleManifest.field("mechanism", rows[1]).flatMap(Hash32.init(hex:)),
            let exported = BundleManifest.field("exported", rows[2]).flatMap(UTCInstant.init(rfc3339:)),
            let exporter = BundleManifest.field("by", rows[3]).flatMap(PartyID.init(_:))
        else { return nil }
        var lines: [Line] = []
        lines.reserveCapacity(rows.count - 4)
        for row in rows.dropFirst(4) {
            guard let parts = BundleManifest.field("file", row)?.split(separator: " ", omittingEmptySubsequences: false),
                parts.count == 3, let hash = Hash32(hex: String(parts[0])), let size = Int(parts[1]), size >= 0
            else { return nil }
            lines.append(Line(path: String(parts[2]), size: size, hash: hash))
        }
        self.init(mechanism: mechanism, exported: exported, exporter: exporter, lines: lines)
        guard self.text.elementsEqual(text) else { return nil }
    }

    private static func field(_ name: String, _ row: ArraySlice<UInt8>) -> String? {
        guard row.starts(with: (name + " ").utf8) else { return nil }
        return String(validating: row.dropFirst(name.utf8.count + 1), as: UTF8.self)
    }
}
