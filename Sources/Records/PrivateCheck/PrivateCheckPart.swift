import Kernel

/// A part of one message of a private check, for the other principal alone. What it holds is for `PrivateCheck` to read:
/// here it is bytes, so that what was signed can be held to what was committed to.
public struct PrivateCheckPart: Hashable, Sendable, WireCodable {
    /// As in `docs/private-check.md`.
    public enum Message: String, Hashable, Sendable, Codable, CaseIterable {
        case propose, accept, commit, mask, seal, remask, result, end, open
    }

    /// SHA-256 of the proposal, as `PrivateCheck` makes it.
    public let check: Hash32
    public let message: Message
    /// From 0; parts follow each other in their author's log.
    public let part: Int
    /// 1 … ``Limits/privateCheckParts``.
    public let parts: Int
    /// 1 … ``Limits/privateCheckPartBytes``.
    public let bytes: [UInt8]

    private init(check: Hash32, message: Message, part: Int, parts: Int, bytes: [UInt8]) {
        self.check = check
        self.message = message
        self.part = part
        self.parts = parts
        self.bytes = bytes
    }

    /// A whole message, cut where a record ends.
    ///
    /// - Parameter bytes: one or more.
    /// - Returns: `nil` for no bytes, or more than ``Limits/privateCheckParts`` parts hold.
    public static func cutting(_ bytes: [UInt8], as message: Message, of check: Hash32) -> [PrivateCheckPart]? {
        let size = Limits.privateCheckPartBytes
        let parts = (bytes.count + size - 1) / size
        guard (1...Limits.privateCheckParts).contains(parts) else { return nil }
        return (0..<parts).map { part in
            PrivateCheckPart(
                check: check, message: message, part: part, parts: parts,
                bytes: Array(bytes[part * size..<min(bytes.count, (part + 1) * size)]))
        }
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        check = try reader.hash("check")
        message = try reader.word("message", Message.self)
        parts = Int(try reader.integer("parts", in: 1...Int64(Limits.privateCheckParts)))
        part = Int(try reader.integer("part", in: 0...Int64(parts - 1)))
        let text = try reader.string("bytes", limit: (Limits.privateCheckPartBytes + 2) / 3 * 4)
        guard let bytes = [UInt8](base64: text), (1...Limits.privateCheckPartBytes).contains(bytes.count) else {
            throw reader.rejection("bytes", .notAllowed(rule: "1 to \(Limits.privateCheckPartBytes) bytes in base64"))
        }
        self.bytes = bytes
    }

    public var json: JSONValue {
        [
            "check": .string(check.hex), "message": .string(message.rawValue), "part": .integer(Int64(part)),
            "parts": .integer(Int64(parts)), "bytes": .string(bytes.base64),
        ]
    }
}
