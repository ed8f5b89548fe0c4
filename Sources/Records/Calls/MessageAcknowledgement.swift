import Kernel

/// An officer has read a message, and read back of it what its template asks for: right or wrong, it is recorded, and
/// every node compares it anew.
public struct MessageAcknowledgement: Hashable, Sendable, WireCodable {
    public let message: RecordID
    /// In the order of the fields' names, each once; empty where nothing is to be read back.
    public let readBack: [TemplateMessage.Entry]

    public init(message: RecordID, readBack: [TemplateMessage.Entry]) {
        self.message = message
        self.readBack = readBack
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        message = try reader.recordID("message")
        readBack = try MessageAcknowledgement.readBack(&reader)
    }

    /// The officer's part, which the desk API shares.
    public static func readBack(
        _ reader: inout FieldReader
    ) throws(FieldRejection) -> [TemplateMessage.Entry] {
        var fields = try FieldReader(reader.optional("readBack") ?? .object([]), path: reader.path(of: "readBack"))
        var entries: [TemplateMessage.Entry] = []
        for name in MessageFieldName.allCases {
            guard let value = try MessageValue(name, from: &fields) else { continue }
            entries.append(TemplateMessage.Entry(name, value))
        }
        try fields.finish()
        return entries
    }

    public var json: JSONValue {
        [
            "message": .string(message.description),
            "readBack": .object(readBack.map { JSONMember($0.name.rawValue, $0.value.json) }),
        ]
    }
}
