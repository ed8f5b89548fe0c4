import Foundation
import Kernel
import Records

/// What an officer does about one alarm, on one card.
public struct ActionCard: Hashable, Sendable {
    public let code: ActionCardCode
    public let title: String
    /// One or a few sentences.
    public let means: String
    /// 3 to 5 orders, in order.
    public let steps: [String]
    /// 1 to 3.
    public let doNot: [String]
    public let whoEndsIt: String
}

/// Every card in one language: one file of `cards`.
public struct ActionCardTexts: Sendable {
    public let language: MessageLanguage
    /// Over the parts of a card.
    public let headings: Headings
    /// In the order of ``ActionCardCode``; none is missing.
    public let cards: [ActionCard]

    public struct Headings: Hashable, Sendable {
        public let means: String
        public let steps: String
        public let doNot: String
        public let whoEndsIt: String
    }

    public func card(_ code: ActionCardCode) -> ActionCard? { cards.first { $0.code == code } }
}

extension ActionCardTexts {
    /// Reads one file: every card must be there, and nothing else.
    public init(_ json: JSONValue, language: MessageLanguage) throws(FieldRejection) {
        var reader = try FieldReader(json)
        _ = try reader.integer("format", in: 1...1)
        guard try reader.word("language", MessageLanguage.self) == language else {
            throw reader.rejection("language", .notAllowed(rule: language.rawValue))
        }
        self.language = language
        guard try reader.string("direction") == (language.isRightToLeft ? "rtl" : "ltr") else {
            throw reader.rejection("direction", .notAllowed(rule: "the direction of the language"))
        }
        var words = try reader.object("headings")
        headings = Headings(
            means: try Self.text(&words, "means"), steps: try Self.text(&words, "do"),
            doNot: try Self.text(&words, "doNot"), whoEndsIt: try Self.text(&words, "ends"))
        try words.finish()
        var all = try reader.object("cards")
        var cards: [ActionCard] = []
        for code in ActionCardCode.allCases {
            var card = try all.object(code.rawValue)
            cards.append(
                ActionCard(
                    code: code, title: try Self.text(&card, "title"), means: try Self.text(&card, "means"),
                    steps: try Self.texts(&card, "do", count: 3...5), doNot: try Self.texts(&card, "doNot", count: 1...3),
                    whoEndsIt: try Self.text(&card, "ends")))
            try card.finish()
        }
        self.cards = cards
        try all.finish()
        try reader.finish()
    }

    private static func text(_ reader: inout FieldReader, _ name: String) throws(FieldRejection) -> String {
        let text = try reader.string(name, limit: textBytes)
        guard isPlain(text) else { throw reader.rejection(name, .notAllowed(rule: rule)) }
        return text
    }

    private static func texts(
        _ reader: inout FieldReader, _ name: String, count: ClosedRange<Int>
    ) throws(FieldRejection) -> [String] {
        var texts: [String] = []
        for (i, element) in try reader.array(name, count: count).enumerated() {
            guard case .string(let text) = element, text.utf8.count <= textBytes, isPlain(text) else {
                throw reader.rejection("\(name)[\(i)]", .notAllowed(rule: rule))
            }
            texts.append(text)
        }
        return texts
    }

    private static let textBytes = 1_200
    private static let rule = "a text, not empty, one line, no direction characters"

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && PlainText.firstForbidden(in: text, allowsLines: false) == nil
    }
}

/// The cards in every language that has them.
public struct ActionCardCatalogue: Sendable {
    /// The files as they are, for whoever serves them: `en.json` … and `schema.json`.
    public let files: [(name: String, bytes: [UInt8])]
    /// English first.
    public let texts: [ActionCardTexts]

    /// Reads the files that were built into the program.
    public static func load() throws(CatalogueRejection) -> ActionCardCatalogue {
        #if SWIFT_MODULE_RESOURCE_BUNDLE_AVAILABLE
            try load(from: Bundle.module.bundleURL.appendingPathComponent("cards", isDirectory: true))
        #else
            // A package that takes these sources without their resources.
            throw .missingFile("cards")
        #endif
    }

    /// - Parameter folder: holds `en.json` and the schema, and a file for each further language of
    ///   ``MessageLanguage/ofCatalogue`` that has been written.
    public static func load(from folder: URL) throws(CatalogueRejection) -> ActionCardCatalogue {
        var files: [(name: String, bytes: [UInt8])] = []
        var texts: [ActionCardTexts] = []
        for language in MessageLanguage.ofCatalogue {
            let name = "\(language.rawValue).json"
            guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path) else {
                if language == .english { throw .missingFile(name) }
                continue
            }
            texts.append(try parsed(Array(data), file: name, language: language))
            files.append((name, Array(data)))
        }
        guard let schema = FileManager.default.contents(atPath: folder.appendingPathComponent("schema.json").path) else {
            throw .missingFile("schema.json")
        }
        files.append(("schema.json", Array(schema)))
        return ActionCardCatalogue(files: files, texts: texts)
    }

    /// Reads one file's bytes.
    public static func parsed(
        _ bytes: [UInt8], file: String, language: MessageLanguage
    ) throws(CatalogueRejection) -> ActionCardTexts {
        let json: JSONValue
        do { json = try StrictJSON.read(bytes, limit: 256 * 1024) } catch { throw .notJSON(file: file, error) }
        do { return try ActionCardTexts(json, language: language) } catch { throw .field(file: file, error) }
    }

    /// - Returns: the English texts for a language that has no cards yet.
    public func texts(in language: MessageLanguage) -> ActionCardTexts {
        texts.first { $0.language == language } ?? texts[0]
    }
}

extension ActionCardTexts {
    /// As the desk API gives them: `{"language", "direction", "headings", "cards": [{"code", "title", …}]}`.
    public var json: JSONValue {
        [
            "language": .string(language.rawValue), "direction": language.isRightToLeft ? "rtl" : "ltr",
            "headings": [
                "means": .string(headings.means), "do": .string(headings.steps), "doNot": .string(headings.doNot),
                "ends": .string(headings.whoEndsIt),
            ],
            "cards": .array(
                cards.map { card in
                    [
                        "code": .string(card.code.rawValue), "title": .string(card.title), "means": .string(card.means),
                        "do": .array(card.steps.map(JSONValue.string)), "doNot": .array(card.doNot.map(JSONValue.string)),
                        "ends": .string(card.whoEndsIt),
                    ]
                }),
        ]
    }
}
