import Foundation
import Kernel
import Notation
import Records
import Testing

private func names<Key: RawRepresentable & CaseIterable>(_ type: Key.Type) -> [String] where Key.RawValue == String {
    Key.allCases.map(\.rawValue).sorted()
}

/// `{name}` in a text, in order.
private func places(_ text: String) -> [String] { text.matches(of: /\{([A-Za-z]+)\}/).map { String($0.1) } }

private func refusal(_ language: MessageLanguage, _ change: (String) -> String) -> CatalogueRejection? {
    let file = catalogue.files.first { $0.name == "\(language.rawValue).json" }
    let changed = change(String(decoding: file?.bytes ?? [], as: UTF8.self))
    do throws(CatalogueRejection) {
        _ = try TemplateCatalogue.parsed(Array(changed.utf8), file: "x", language: language)
        return nil
    } catch {
        return error
    }
}

@Suite struct TemplateCatalogueTests {
    @Test("no language lacks a template, a label or a word, and none has one more", arguments: MessageLanguage.ofCatalogue)
    func complete(language: MessageLanguage) throws {
        let file = try #require(catalogueFiles[language])
        func keys(_ name: String) -> [String] { members(file[name]).map(\.name).sorted() }
        #expect(keys("templates") == names(MessageTemplate.self))
        #expect(keys("fields") == names(MessageFieldName.self))
        #expect(keys("reasons") == names(MessageReason.self))
        #expect(keys("precedence") == names(Precedence.self))
        #expect(keys("roles") == names(DeskRole.self))
        #expect(keys("states") == names(CallWord.self))
        #expect(keys("languages") == names(MessageLanguage.self))
        #expect(text(file["language"]) == language.rawValue)
        #expect(text(file["direction"]) == ([.hebrew, .arabic].contains(language) ? "rtl" : "ltr"))
    }

    @Test("every sentence has each field of its template once, required ones always shown", arguments: MessageLanguage.ofCatalogue)
    func placesOfFields(language: MessageLanguage) throws {
        for entry in members(catalogueFiles[language]?["templates"]) {
            let template = try #require(MessageTemplate(rawValue: entry.name))
            let sentence = text(entry.value["text"])
            let found = places(sentence)
            let fields = template.fields.map(\.name.rawValue)
            #expect(found.filter { !["from", "to"].contains($0) }.sorted() == fields.sorted(), "\(entry.name)")
            let always = places(sentence.replacing(/\[[^\]]*\]/, with: ""))
            for field in template.fields {
                #expect(always.contains(field.name.rawValue) == field.isRequired, "\(entry.name) \(field.name)")
            }
            #expect(found.contains("from"), "\(entry.name) names its sender")
        }
    }

    @Test("a sentence speaks to its addressee in every language or in none")
    func sameParties() {
        for template in MessageTemplate.allCases {
            let naming = MessageLanguage.ofCatalogue.map { language in
                places(text(catalogueFiles[language]?["templates"]?[template.rawValue]?["text"])).contains("to")
            }
            #expect(Set(naming).count == 1, "\(template)")
        }
    }

    @Test("within a language no two templates share a title, and no two words of one field are alike", arguments: MessageLanguage.ofCatalogue)
    func distinct(language: MessageLanguage) {
        let titles = MessageTemplate.allCases.map { catalogue.title(of: $0, parties: sampleParties, in: language) }
        #expect(Set(titles).count == titles.count)
        for field in MessageFieldName.allCases where field.type == .reason {
            let words = field.reasons.map { catalogue.word($0, in: language) }
            #expect(Set(words).count == words.count, "\(field)")
        }
        func allDistinct(_ words: [String]) -> Bool { Set(words).count == words.count }
        #expect(allDistinct(CallWord.allCases.map { catalogue.word($0, in: language) }))
        #expect(allDistinct(Precedence.allCases.map { catalogue.word($0, in: language) }))
        #expect(allDistinct(MessageFieldName.allCases.map { catalogue.label($0, in: language) }))
        #expect(allDistinct(DeskRole.allCases.map { catalogue.word($0, in: language) }))
    }

    @Test("every text is in the letters of its language", arguments: MessageLanguage.ofCatalogue)
    func letters(language: MessageLanguage) {
        // Names that all six languages write in Latin letters.
        let international = ["FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE", "GNSS", "WGS"]
        func check(_ json: JSONValue, _ path: String) {
            switch json {
            case .object(let members): for member in members { check(member.value, path + "." + member.name) }
            case .string(var text):
                text = text.replacing(/\{[A-Za-z]+\}/, with: "")
                for name in international { text = text.replacing(name, with: "") }
                let letters = text.unicodeScalars.filter(\.properties.isAlphabetic)
                let latin = letters.filter { $0.value < 0x250 }.count
                let cyrillic = letters.filter { (0x400...0x4FF).contains($0.value) }.count
                let hebrew = letters.filter { (0x590...0x5FF).contains($0.value) }.count
                let arabic = letters.filter { (0x600...0x6FF).contains($0.value) }.count
                let own =
                    switch language {
                    case .russian: cyrillic
                    case .hebrew: hebrew
                    case .arabic: arabic
                    // ə is U+0259.
                    case .azerbaijani: latin + letters.filter { $0.value == 0x259 || $0.value == 0x307 }.count
                    default: latin
                    }
                #expect(own == letters.count, "\(language) \(path): \(text)")
            case .null, .bool, .integer, .number, .array: break
            }
        }
        for part in ["templates", "fields", "reasons", "precedence", "roles", "states", "languages", "datums", "units", "frame"] {
            check(catalogueFiles[language]?[part] ?? .null, part)
        }
    }

    @Test("every catalogue's negatives are words: who is refused, what is not ours and what is no permission say so")
    func negatives() {
        let no: [MessageLanguage: Regex<Substring>] = [
            .english: /NOT|CANNOT|neither/, .turkish: /DEĞİL|değil/, .hebrew: /אינו|אין/, .arabic: /ليس|لا يمكن/,
            .azerbaijani: /DEYİL|deyil/, .russian: /НЕ|не\s/,
        ]
        for language in MessageLanguage.ofCatalogue {
            for template in [.notOurs, .holdRefused, .holdEnded, .dangerOver, .recommendation] as [MessageTemplate] {
                let sentence = text(catalogueFiles[language]?["templates"]?[template.rawValue]?["text"])
                #expect(no[language].map { sentence.contains($0) } == true, "\(language) \(template)")
            }
        }
    }

    @Test("a file with anything missing, too much, doubled or in the wrong place is refused by its path")
    func refused() {
        #expect(refusal(.english) { $0 } == nil)
        func expect(_ path: String, _ change: @escaping (String) -> String) {
            guard case .field(_, let rejection)? = refusal(.english, change) else {
                Issue.record("\(path) was taken")
                return
            }
            #expect(rejection.path == path)
        }
        expect("templates.wait-out") { $0.replacing("\"wait-out\"", with: "\"wait-in\"") }
        expect("templates.later") { $0.replacing("\"templates\": {", with: "\"templates\": {\"later\": 1,") }
        expect("templates.distress.text") { $0.replacing("[ Nature of distress: {nature}.]", with: "") }
        expect("templates.distress.text") { $0.replacing("Nature of distress: {nature}.", with: "Nature: {nature}, {nature}.") }
        expect("templates.distress.text") { $0.replacing("[ Nature of distress: {nature}.]", with: "{nature}") }
        expect("templates.distress.text") { $0.replacing("[ Nature of distress: {nature}.]", with: "[{nature}") }
        expect("templates.distress.title") { $0.replacing("DISTRESS: {from}", with: "DISTRESS {nature}") }
        expect("templates.distress.title") { $0.replacing("DISTRESS: {from}", with: "DISTRESS\u{202E}") }
        expect("templates.hold-refused.text") { $0.replacing(" Why not: {obstacle}.", with: "[ Why not: {obstacle}.]") }
        expect("reasons.smoke") { $0.replacing("\"smoke\"", with: "\"fog\"") }
        expect("states.noOneThere") { $0.replacing("\"no one there\"", with: "\"\"") }
        expect("frame.due") { $0.replacing("by: {time}", with: "by") }
        expect("direction") { $0.replacing("\"ltr\"", with: "\"rtl\"") }
        expect("language") { $0.replacing("\"language\": \"en\"", with: "\"language\": \"tr\"") }
        guard case .notJSON? = refusal(.english, { $0.replacing("\"fire\":", with: "\"fire\" \"fire\":") }) else {
            Issue.record("broken JSON was taken")
            return
        }
    }

    @Test("the schema names exactly the catalogue's keys")
    func schema() throws {
        let bytes = try #require(catalogue.files.first { $0.name == "schema.json" }?.bytes)
        let schema = try StrictJSON.read(bytes, limit: Limits.requestBytes)
        func required(_ json: JSONValue?) -> [String] {
            guard case .array(let names)? = json?["required"] else { return [] }
            return names.map { text($0) }.sorted()
        }
        let file = try #require(catalogueFiles[.english])
        #expect(required(schema) == members(file).map(\.name).sorted())
        for member in members(file) {
            guard case .object(let inner) = member.value else { continue }
            let part = schema["properties"]?[member.name]
            #expect(required(part) == inner.map(\.name).sorted(), "\(member.name)")
            #expect(part?["additionalProperties"] == .bool(false))
            #expect(members(part?["properties"]).map(\.name).sorted() == inner.map(\.name).sorted())
        }
    }

    @Test("the table of templates in the documents is that of the program")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/templates.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.split(separator: "|").count == 7 }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty } }
        let expected = MessageTemplate.allCases.map { template in
            func list(_ names: [MessageFieldName]) -> String {
                names.isEmpty ? "–" : names.map(\.rawValue).joined(separator: ", ")
            }
            return [
                "`\(template.rawValue)`", template.templateClass.rawValue, template.defaultPrecedence.rawValue.uppercased(),
                template.senders.rawValue + (template.isReply ? ", reply" : ""),
                list(template.fields.filter(\.isRequired).map(\.name)),
                list(template.fields.filter { !$0.isRequired }.map(\.name)), list(template.readBack),
            ]
        }
        #expect(rows == expected)
    }
}
