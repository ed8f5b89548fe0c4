import ArgumentParser
import Foundation
import Kernel
import Notation
import Records

struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Messages from desk to desk: templates that every side reads in its own language.",
        subcommands: [Send.self, List.self, Show.self, Ack.self, Templates.self])

    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a message: a template with its fields, or free text.",
            discussion: """
                `parley call send --template distress` is enough to report lives in danger. `parley call templates` \
                lists the codes, and with a code its fields and how each is written. Free text is translated by nobody: \
                say in which language it is. Nothing in a message permits anything.
                """)

        @OptionGroup var desk: DeskOptions
        @Option(help: ArgumentHelp("Such as distress, hazard-aviation.", valueName: "code")) var template: String?
        @Option(
            name: .customLong("field"),
            help: ArgumentHelp(
                "A field of the template, such as position=37SDU3733124174, altitude=GND/FL200, wait=10m. May be given again.",
                valueName: "name=value"))
        var fields: [String] = []
        @Option(help: "Free text instead of a template. Takes --precedence.") var text: String?
        @Option(help: "The language of your words, such as en, tr, he; else PARLEY_LANGUAGE.") var language: String?
        @Option(help: ArgumentHelp("Only this party, instead of all. May be given again.", valueName: "party"))
        var to: [String] = []
        @Option(help: "Who is called there.") var role: DeskRole = .watch
        @Option(help: "The template's own when not given.") var precedence: Precedence?
        @Option(help: ArgumentHelp("The notice that it is about.", valueName: "notice")) var about: String?
        @Option(help: ArgumentHelp("The call that it answers.", valueName: "record")) var inReplyTo: String?
        @Option(help: ArgumentHelp("Acknowledgement is asked for by then, if earlier than by the terms.", valueName: "time"))
        var due: String?
        @Flag(help: "A drill of desks and software.") var drill = false

        func run() async throws {
            let message = try content()
            let to = to.isEmpty ? nil : JSONValue.array(to.map(JSONValue.string))
            var body = message.json.with("mode", drill ? "drill" : "real")
            if let to { body = body.with("to", to) }
            let request = body
            let (answer, text) = try await desk.withDesk { client in
                let answer = try await client.post("/api/v1/calls", request)
                return (answer, desk.json ? "" : try await CallText(readerLanguage, client).whole(answer["call"] ?? .null))
            }
            Terminal.answer(
                json: answer, asJSON: desk.json,
                text: "\(text)\n\nSent is not received, and received is not acknowledged: parley call show \(answer["call"]?.string("id") ?? "")")
        }

        /// The sender's words may be in a language that the catalogue lacks.
        private var readerLanguage: MessageLanguage {
            (try? CallLanguage.ofReader(language)) ?? (try? CallLanguage.ofReader(nil)) ?? .english
        }

        private func content() throws -> MessageContent {
            let about = try about.map { try CallCommand.record($0, option: "--about") }
            let answered = try inReplyTo.map { try CallCommand.record($0, option: "--in-reply-to") }
            let due = try due.map { try TimeText.parse($0, option: "--due") }
            let body: MessageContent.Body
            let usual: Precedence?
            switch (template, text) {
            case (let code?, nil):
                guard let template = MessageTemplate(rawValue: code) else { throw CallCommand.noSuchTemplate(code) }
                let entries = try CallFieldText.read(fields, names: template.fields.map(\.name)) {
                    try CallLanguage.ofWriter(language)
                }
                body = .template(try CallCommand.named { () throws(FieldRejection) in try TemplateMessage(template, entries) })
                usual = template.defaultPrecedence
            case (nil, let text?):
                guard fields.isEmpty else {
                    throw CommandFailure(.usage, "notAllowed", "free text has no fields", field: "--field")
                }
                body = .text(text, language: try CallLanguage.ofWriter(language))
                usual = nil
            case (nil, nil), (.some, .some):
                throw CommandFailure(.usage, "missing", "give one of --template and --text", field: "--template")
            }
            guard let precedence = precedence ?? usual else {
                throw CommandFailure(.usage, "missing", "free text needs a precedence", field: "--precedence")
            }
            return try CallCommand.named { () throws(FieldRejection) in
                try MessageContent(
                    role: role, precedence: precedence, body: body, about: about, inReplyTo: answered, due: due)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List messages, ours and theirs, newest first.")

        @OptionGroup var desk: DeskOptions
        @Flag(help: "Only those that somebody has not acknowledged.") var open = false
        @Option(help: "Of the titles: en, tr, he, ar, az or ru; else PARLEY_LANGUAGE.") var language: String?

        func run() async throws {
            let language = try CallLanguage.ofReader(language)
            let (answer, text) = try await desk.withDesk { client in
                let answer = try await client.get("/api/v1/calls?state=\(open ? "open" : "all")")
                return (answer, desk.json ? "" : try await CallText(language, client).list(answer.array("calls")))
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a message and what has come of it.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The message, such as turkiye-12.") var id: String
        @Option(help: "To read it in: en, tr, he, ar, az or ru; else PARLEY_LANGUAGE.") var language: String?

        func run() async throws {
            let language = try CallLanguage.ofReader(language)
            let (answer, text) = try await desk.withDesk { client in
                let answer = try await client.get("/api/v1/calls/\(id.asPathSegment)")
                return (answer, desk.json ? "" : try await CallText(language, client).whole(answer["call"] ?? .null))
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: text)
        }
    }

    struct Ack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Acknowledge a message, and read back what its template asks for.",
            discussion: """
                Give what you plotted or heard. What is asked for and not given as --field is prompted for. The right \
                answers are not shown here. Exits with 5 when the read-back differs; that too is recorded and shown to \
                both sides.
                """)

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The message, such as turkiye-12.") var id: String
        @Option(
            name: .customLong("field"),
            help: ArgumentHelp("A field that is read back. May be given again.", valueName: "name=value"))
        var fields: [String] = []
        @Option(help: "Of the prompts: en, tr, he, ar, az or ru; else PARLEY_LANGUAGE.") var language: String?

        func run() async throws {
            let texts = try CallText(try CallLanguage.ofReader(language))
            let answer = try await desk.withDesk { client in
                let path = "/api/v1/calls/\(id.asPathSegment)"
                let asks = try await client.get(path + "/read-back").strings("asks").map { name in
                    guard let field = MessageFieldName(rawValue: name) else {
                        throw CommandFailure(.refused, "unknownField", "this command does not know the field \(name)")
                    }
                    return field
                }
                let readBack = JSONValue.object(
                    try entries(asks, texts).map { JSONMember($0.name.rawValue, $0.value.json) })
                let body: JSONValue = ["readBack": readBack]
                _ = try CallCommand.named { () throws(FieldRejection) in
                    var reader = try FieldReader(body)
                    return try MessageAcknowledgement.readBack(&reader)
                }
                return try await client.post(path + "/acknowledge", body)
            }
            let isAccepted = answer.bool("accepted") == true
            let wrong = answer.array("mismatches").compactMap { mismatch in
                mismatch.string("field").map { MessageFieldName(rawValue: $0).map(texts.label) ?? $0 }
            }
            Terminal.answer(
                json: answer, asJSON: desk.json,
                text: isAccepted
                    ? "Acknowledged: \(id)."
                    : "NOT acknowledged, because this differs: \(wrong.joined(separator: ", ")). Recorded, and shown to both sides. Ask again.")
            if !isAccepted { throw ExitStatus.found }
        }

        private func entries(_ asks: [MessageFieldName], _ texts: CallText) throws -> [TemplateMessage.Entry] {
            let writer = { try CallLanguage.ofWriter(language) }
            let given = try CallFieldText.read(fields, names: asks, language: writer)
            return try asks.map { name in
                if let entry = given.first(where: { $0.name == name }) { return entry }
                let text = Terminal.prompt("\(texts.label(name)) (\(CallFieldText.form(of: name))): ")
                return TemplateMessage.Entry(name, try CallFieldText.value(text, of: name, language: writer))
            }
        }
    }

    struct Templates: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the templates, or one template's fields. Asks no node.")

        @Argument(help: "A template's code.") var code: String?
        @Option(help: "Of the titles: en, tr, he, ar, az or ru; else PARLEY_LANGUAGE.") var language: String?
        @Flag(help: "Answer in JSON.") var json = false

        func run() async throws {
            let texts = try CallText(try CallLanguage.ofReader(language))
            guard let code else {
                var table = TextTable("code", "class", "precedence", "senders", "needs", "")
                for template in MessageTemplate.allCases {
                    let needs = template.fields.filter(\.isRequired).map(\.name.rawValue)
                    table.add(
                        template.rawValue, template.templateClass.rawValue,
                        template.defaultPrecedence.rawValue.uppercased(), template.senders.rawValue,
                        ((template.isReply ? ["--in-reply-to"] : []) + needs).joined(separator: " "),
                        texts.title(of: template))
                }
                return Terminal.answer(
                    json: ["templates": TemplateCatalogue.structure], asJSON: json, text: table.text)
            }
            guard let template = MessageTemplate(rawValue: code) else { throw CallCommand.noSuchTemplate(code) }
            var table = TextTable("field", "", "read back", "written", "")
            for field in template.fields {
                table.add(
                    field.name.rawValue, field.isRequired ? "required" : "",
                    template.readBack.contains(field.name) ? "yes" : "", CallFieldText.form(of: field.name),
                    texts.label(field.name))
            }
            Terminal.answer(
                json: TemplateCatalogue.structure.elements.first { $0.string("code") == code } ?? .null, asJSON: json,
                text: """
                    \(texts.title(of: template))
                    \(template.templateClass.rawValue), \(template.defaultPrecedence.rawValue.uppercased()), sent by \(template.senders.rawValue)\(template.isReply ? ", answers a call: --in-reply-to" : "")
                    \(table.text)
                    """)
        }
    }

    static func record(_ text: String, option: String) throws -> RecordID {
        guard let id = RecordID(text) else {
            throw CommandFailure(.usage, "malformedRecord", "write a record such as turkiye-12", field: option)
        }
        return id
    }

    private static func noSuchTemplate(_ code: String) -> CommandFailure {
        CommandFailure(
            .usage, "noSuchTemplate", "there is no template \(code); parley call templates lists them", field: "--template")
    }

    /// Names the option whose value the record's own rules refuse.
    private static func named<Value>(_ body: () throws(FieldRejection) -> Value) throws -> Value {
        do throws(FieldRejection) {
            return try body()
        } catch {
            let name = error.path.split(separator: ".").dropFirst().first ?? ""
            let option =
                switch error.path {
                case "inReplyTo": "--in-reply-to"
                case "about", "text": "--\(error.path)"
                default: name.isEmpty ? error.path : "--field \(name)"
                }
            throw CommandFailure(.usage, error.name, error.sentence, field: option.isEmpty ? nil : option)
        }
    }
}

extension DeskRole: ExpressibleByArgument {}
extension Precedence: ExpressibleByArgument {}
