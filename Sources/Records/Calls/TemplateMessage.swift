import Kernel

/// A template and what was put into its fields.
public struct TemplateMessage: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public let name: MessageFieldName
        public let value: MessageValue

        public init(_ name: MessageFieldName, _ value: MessageValue) {
            self.name = name
            self.value = value
        }
    }

    public let template: MessageTemplate
    /// In the template's order, at most one for each of its fields.
    public let values: [Entry]

    public subscript(name: MessageFieldName) -> MessageValue? { values.first { $0.name == name }?.value }

    /// What the field `notice` names.
    var notice: NoticeID? {
        guard case .notice(let notice)? = self[.notice] else { return nil }
        return notice
    }

    /// Takes the fields from the object that `reader` reads; its `finish()` then refuses any other.
    public init(_ template: MessageTemplate, from reader: inout FieldReader) throws(FieldRejection) {
        var values: [Entry] = []
        for field in template.fields {
            guard let value = try MessageValue(field.name, from: &reader) else {
                guard !field.isRequired else { throw reader.rejection(field.name.rawValue, .missing) }
                continue
            }
            values.append(Entry(field.name, value))
        }
        self.template = template
        self.values = values
        func found(_ name: MessageFieldName) -> MessageValue? { values.first { $0.name == name }?.value }
        if found(.radius) != nil, found(.position) == nil {
            throw reader.rejection("radius", .notAllowed(rule: "only around a position"))
        }
        if case .time(let start)? = found(.start), case .time(let end)? = found(.end), end < start {
            throw reader.rejection("end", .notAllowed(rule: "not before the start"))
        }
    }

    /// The same checks as for a message that was received. Of two values for one field the first is taken.
    public init(_ template: MessageTemplate, _ values: [Entry] = []) throws(FieldRejection) {
        var reader = try FieldReader(
            .object(values.map { JSONMember($0.name.rawValue, $0.value.json) }), path: "fields")
        try self.init(template, from: &reader)
        try reader.finish()
    }

    public var json: JSONValue { .object(values.map { JSONMember($0.name.rawValue, $0.value.json) }) }
}
