import Kernel

/// A key as C2SP `signed-note` writes it for verifiers: `<name>+<hex key id>+<base64(signature type ‖ public key)>`.
/// Of any signature type; ``noteKey`` and ``PostQuantumKey`` are those that are verified here.
public struct VerifierKey: Hashable, Sendable {
    public let name: String
    /// 4 bytes.
    public let keyID: [UInt8]
    /// Signature type and public key.
    public let material: [UInt8]

    public init(_ key: NoteKey) {
        name = key.name
        keyID = key.keyID
        material = [key.algorithm.rawValue] + key.publicKey.bytes
    }

    public init(name: String, postQuantum key: PostQuantumKey) {
        self.name = name
        keyID = key.keyID(name: name)
        material = PostQuantumKey.type + key.bytes
    }

    /// - Returns: `nil` unless ``text`` would write exactly this, and the key id and the length of the key are right
    ///   for those types of which they are specified.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: 0x2B, maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 3, NoteKey.isName(parts[0]), parts[1].utf8.count == 8, let keyID = [UInt8](hex: parts[1]),
            let material = [UInt8](base64: parts[2]), material.count > 1
        else { return nil }
        name = parts[0]
        self.keyID = keyID
        self.material = material
        if let length = VerifierKey.specifiedLength[type] {
            guard material.count == 1 + length, keyID == NoteKey.keyID(name: name, material: material) else {
                return nil
            }
        }
    }

    public var text: String { "\(name)+\(keyID.hex)+\(material.base64)" }

    /// The signature type's first byte.
    public var type: UInt8 { material[0] }

    /// `nil` for a signature type that is not verified here.
    public var noteKey: NoteKey? {
        guard let algorithm = NoteKey.Algorithm(rawValue: type), let publicKey = Hash32(material.dropFirst()) else {
            return nil
        }
        return NoteKey(name: name, algorithm: algorithm, publicKey: publicKey)
    }

    /// Bytes of the public key: Ed25519, cosignatures by Ed25519, cosignatures by ML-DSA-44.
    private static let specifiedLength: SortedMap<UInt8, Int> = {
        var lengths = SortedMap<UInt8, Int>()
        lengths[0x01] = 32
        lengths[0x04] = 32
        lengths[0x06] = 1_312
        return lengths
    }()
}

extension NoteKey {
    /// - Returns: `nil` unless the text is a verifier key of Ed25519 or of cosignatures by Ed25519.
    public init?(vkey: String) {
        guard let key = VerifierKey(vkey)?.noteKey else { return nil }
        self = key
    }

    public var vkey: String { VerifierKey(self).text }
}
