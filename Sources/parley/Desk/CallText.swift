import Kernel
import Notation
import Records

/// In which language an officer reads calls, and in which they write words of their own.
enum CallLanguage {
    /// `--language`, else PARLEY_LANGUAGE, else English. One of those in which every template has its text.
    static func ofReader(_ given: String?) throws -> MessageLanguage {
        guard let text = given ?? Environment["PARLEY_LANGUAGE"] else { return .english }
        guard let language = MessageLanguage(rawValue: text), MessageLanguage.ofCatalogue.contains(language) else {
            throw unknown(text, given, MessageLanguage.ofCatalogue)
        }
        return language
    }

    /// `--language`, else PARLEY_LANGUAGE. Never guessed: the reader is told that the words are in it.
    static func ofWriter(_ given: String?) throws -> MessageLanguage {
        guard let text = given ?? Environment["PARLEY_LANGUAGE"] else {
            throw CommandFailure(
                .usage, "missing", "say in which language your words are, such as --language en", field: "--language")
        }
        guard let language = MessageLanguage(rawValue: text) else {
            throw unknown(text, given, MessageLanguage.allCases)
        }
        return language
    }

    private static func unknown(_ text: String, _ given: String?, _ known: [MessageLanguage]) -> CommandFailure {
        CommandFailure(
            .usage, "unknownLanguage", "\(text) is none of \(known.map(\.rawValue).joined(separator: ", "))",
            field: given == nil ? "PARLEY_LANGUAGE" : "--language")
    }
}

/// Calls as lines for a person, each message in the reader's language.
struct CallText {
    let language: MessageLanguage
    private let catalogue: TemplateCatalogue
    /// As the terms have them: id, name, role.
    private let parties: [JSONValue]

    init(_ language: MessageLanguage, parties: [JSONValue] = []) throws {
        self.language = language
        self.parties = parties
        do throws(CatalogueRejection) {
            catalogue = try TemplateCatalogue.load()
        } catch {
            throw CommandFailure(.unusableFile, "badCatalogue", "the call templates: \(error.sentence)")
        }
    }

    /// With the names that the node's terms give the parties.
    init(_ language: MessageLanguage, _ client: DeskClient) async throws {
        try self.init(language, parties: try await client.get("/api/v1/status").array("parties"))
    }

    func label(_ field: MessageFieldName) -> String { catalogue.label(field, in: language) }

    func title(of template: MessageTemplate) -> String {
        catalogue.title(of: template, parties: MessageParties(from: "…", to: "…"), in: language)
    }

    /// How the template's sentence is called, or that it is free text.
    private func title(of call: JSONValue) -> String {
        guard let message = message(of: call) else { return call["message"]?.string("template") ?? "?" }
        guard let template = message.template else { return "\(call["message"]?.string("language") ?? ""): free text" }
        return catalogue.title(of: template, parties: names(of: call), in: language)
    }

    func list(_ calls: [JSONValue]) -> String {
        var table = TextTable("call", "precedence", "from", "to", "sent", "due", "state", "")
        for call in calls {
            let drill = call.string("mode") == "drill" ? " (drill)" : ""
            // Last, because its isolates have no width on a screen and count as characters.
            table.add(
                (call.string("id") ?? "") + drill, (call.string("precedence") ?? "").uppercased(),
                call.string("from") ?? "", call.strings("to").joined(separator: " "),
                TimeText.shown(call["createdAt"]), TimeText.shown(call["dueAt"]), state(call), title(of: call))
        }
        return table.isEmpty ? "No calls." : table.text
    }

    func whole(_ call: JSONValue) -> String {
        let role = call["message"]?.string("role").flatMap(DeskRole.init(rawValue:))
        let desk = role.map { ", \(catalogue.word($0, in: language))" } ?? ""
        let officer = call.string("officer").map { " (\($0))" } ?? ""
        var lines = [
            "\(call.string("id") ?? "")  \((call.string("precedence") ?? "").uppercased())\(call.string("mode") == "drill" ? " (drill)" : ""), \(state(call))",
            "\(name(call.string("from")))\(officer) to \(call.strings("to").map { name($0) }.joined(separator: ", "))\(desk), \(TimeText.shown(call["createdAt"]))",
            "",
        ]
        if let message = message(of: call) {
            lines.append(
                catalogue.render(
                    message, mode: call.string("mode") == "drill" ? .drill : .real, parties: names(of: call), in: language))
        } else {
            lines.append("This command does not know the message: \(call["message"]?.text ?? "")")
        }
        lines += ["", "To be acknowledged by \(TimeText.shown(call["dueAt"]))"]
        lines += call.array("facts").map { "  " + fact($0) }
        return lines.joined(separator: "\n")
    }

    /// `nil` when a newer node gave something that this command cannot read.
    private func message(of call: JSONValue) -> MessageContent? {
        guard let json = call["message"], var reader = try? FieldReader(json) else { return nil }
        return try? MessageContent(&reader)
    }

    /// What has come of it, in the catalogue's words.
    private func state(_ call: JSONValue) -> String {
        if call.bool("isAcknowledged") == true { return catalogue.word(.acknowledged, in: language) }
        let isLate = call.array("facts").contains { $0.bool("noOneThere") == true }
        return isLate ? catalogue.word(.noOneThere, in: language) : "open"
    }

    private func fact(_ fact: JSONValue) -> String {
        var words: [String] = []
        if let holder = fact.string("lodgedWith") {
            words.append("lodged with \(name(holder)) \(TimeText.shown(fact["lodgedAt"]))")
        }
        // A node signs no receipt to itself: at the addressee's own desk there is only when it was understood.
        if let received = [fact["receiptedAt"], fact["evaluatedAt"]].lazy.compactMap({ $0?.asText }).first {
            words.append("received \(TimeText.shown(.string(received)))")
        }
        let wrong = fact.strings("mismatches").map { name in
            MessageFieldName(rawValue: name).map(label) ?? name
        }
        if !wrong.isEmpty { words.append("read-back differed: \(wrong.joined(separator: ", "))") }
        if fact.string("acknowledgedAt") != nil {
            words.append(
                "\(catalogue.word(.acknowledged, in: language)) \(TimeText.shown(fact["acknowledgedAt"]))"
                    + (fact.string("acknowledgedBy").map { " (\($0))" } ?? ""))
        } else if fact.bool("noOneThere") == true {
            words.append(catalogue.word(.noOneThere, in: language))
        }
        let said = words.isEmpty ? "not received" : words.joined(separator: ", ")
        return "\(name(fact.string("party"))): \(said)"
    }

    /// As the template's sentence names them: the principals addressed, or the mediator when no other principal is.
    private func names(of call: JSONValue) -> MessageParties {
        let from = call.string("from")
        let others = call.strings("to").filter { $0 != from }
        let principals = others.filter { party($0)?.string("role") != "mediator" }
        return MessageParties(
            from: name(from), to: (principals.isEmpty ? others : principals).map { name($0) }.joined(separator: ", "))
    }

    func name(_ id: String?) -> String { party(id)?.string("name") ?? id ?? "" }

    private func party(_ id: String?) -> JSONValue? { parties.first { $0.string("id") == id } }
}
