import Kernel

/// A call from one desk to a role at the others: a template with its fields, or free text that names its language.
/// It goes to the record's audience.
public struct MessageContent: Hashable, Sendable {
    public enum Body: Hashable, Sendable {
        case template(TemplateMessage)
        /// At least one character that shows, lines allowed.
        case text(String, language: MessageLanguage)
    }

    public let role: DeskRole
    /// As the sender stated it; see ``ringsAs``.
    public let precedence: Precedence
    public let body: Body
    /// The notice that it is about.
    public let about: NoticeID?
    /// The record that it answers. There for every template that is a reply.
    public let inReplyTo: RecordID?
    /// By when the sender asks for acknowledgement, when that is earlier than the terms have it.
    public let due: UTCInstant?

    /// Of a field of type `unit`, in bytes of UTF-8.
    public static let unitBytes = 120
    /// Of a position as the officer wrote it, in bytes of UTF-8.
    public static let originalBytes = 200
    /// Seven days.
    public static let longestWaitSeconds: Int64 = 604_800
    public static let largestNumber: Int64 = 1_000_000
    /// 3 kHz to 300 GHz: the radio spectrum of the ITU's Radio Regulations, in hertz.
    public static let frequenciesHz: ClosedRange<Int64> = 3_000...300_000_000_000

    /// - Throws: ``FieldRejection`` for a reply that answers nothing, two notices that it is about, a text with
    ///   characters that do not show, or more than ``Limits/messageBytes`` in all.
    public init(
        role: DeskRole, precedence: Precedence, body: Body, about: NoticeID? = nil, inReplyTo: RecordID? = nil,
        due: UTCInstant? = nil
    ) throws(FieldRejection) {
        try self.init(
            path: "", role: role, precedence: precedence, body: body, about: about, inReplyTo: inReplyTo, due: due)
    }

    private init(
        path: String, role: DeskRole, precedence: Precedence, body: Body, about: NoticeID?, inReplyTo: RecordID?,
        due: UTCInstant?
    ) throws(FieldRejection) {
        func inside(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch body {
        case .template(let message):
            guard inReplyTo != nil || !message.template.isReply else {
                throw FieldRejection(path: inside("inReplyTo"), problem: .missing)
            }
            if let about, let named = message.notice, named != about {
                throw FieldRejection(
                    path: inside("about"), problem: .notAllowed(rule: "the notice that the fields name"))
            }
        case .text(let text, _): try PlainText.check(text, path: inside("text"), allowsLines: true)
        }
        self.role = role
        self.precedence = precedence
        self.body = body
        self.about = about
        self.inReplyTo = inReplyTo
        self.due = due
        guard json.bytes.count <= Limits.messageBytes else {
            throw FieldRejection(path: path, problem: .tooLong(limit: Limits.messageBytes))
        }
    }

    /// Takes its fields from an object that may have others beside them. The precedence may be left out with a
    /// template, whose own it then is.
    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        let role = try reader.word("role", DeskRole.self)
        let body: Body
        let precedence: Precedence
        if reader.optional("template") != nil {
            let template = try reader.word("template", MessageTemplate.self)
            precedence = try reader.word("precedence", Precedence.self, default: template.defaultPrecedence)
            var fields = try FieldReader(
                reader.optional("fields") ?? .object([]), path: reader.path(of: "fields"))
            body = .template(try TemplateMessage(template, from: &fields))
            try fields.finish()
        } else {
            precedence = try reader.word("precedence", Precedence.self)
            let text = try reader.string("text", limit: Limits.messageBytes)
            body = .text(text, language: try reader.word("language", MessageLanguage.self))
        }
        try self.init(
            path: reader.path, role: role, precedence: precedence, body: body,
            about: reader.optional("about") == nil ? nil : try reader.recordID("about"),
            inReplyTo: reader.optional("inReplyTo") == nil ? nil : try reader.recordID("inReplyTo"),
            due: reader.optional("due") == nil ? nil : try reader.instant("due"))
    }

    public var json: JSONValue {
        var members = [
            JSONMember("role", .string(role.rawValue)), JSONMember("precedence", .string(precedence.rawValue)),
        ]
        switch body {
        case .template(let message):
            members.append(JSONMember("template", .string(message.template.rawValue)))
            members.append(JSONMember("fields", message.json))
        case .text(let text, let language):
            members.append(JSONMember("text", .string(text)))
            members.append(JSONMember("language", .string(language.rawValue)))
        }
        if let about { members.append(JSONMember("about", .string(about.description))) }
        if let inReplyTo { members.append(JSONMember("inReplyTo", .string(inReplyTo.description))) }
        if let due { members.append(JSONMember("due", .string(due.rfc3339))) }
        return .object(members)
    }
}

extension MessageContent {
    public var template: MessageTemplate? {
        guard case .template(let message) = body else { return nil }
        return message.template
    }

    /// The notice that it is about, whether beside the body or in a field.
    public var concernedNotice: NoticeID? {
        guard about == nil, case .template(let message) = body else { return about }
        return message.notice
    }

    /// Free text is ordinary.
    public var templateClass: MessageTemplate.Class { template?.templateClass ?? .ordinary }

    /// How it rings and falls due: as stated, but a report of danger never with less than its template has, so that
    /// nobody can make a distress call quiet by a slip.
    public var ringsAs: Precedence {
        guard let template else { return precedence }
        switch template.templateClass {
        case .distress, .crossing, .hazard: return min(precedence, template.defaultPrecedence)
        case .commCheck, .ordinary: return precedence
        }
    }

    /// The fields that an acknowledgement reads back: those of the template's that the message has.
    public var readBack: [MessageFieldName] {
        guard case .template(let message) = body else { return [] }
        return message.template.readBack.filter { message[$0] != nil }
    }
}
