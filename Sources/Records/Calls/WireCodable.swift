import Kernel

/// Kept in journals and snapshots as the wire's JSON text, so that there is one form of a content.
public protocol WireCodable: Codable {
    /// Takes its fields; what is left over is for the caller to refuse.
    init(_ reader: inout FieldReader) throws(FieldRejection)
    var json: JSONValue { get }
}

extension WireCodable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        var reader = try FieldReader(try StrictJSON.read(Array(text.utf8), limit: Limits.recordBytes))
        try self.init(&reader)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(json.text)
    }
}

extension MessageContent: WireCodable {}
