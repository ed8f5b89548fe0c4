import Geodesy
import Kernel
import Records

/// What a stop or a call has come to, as the catalogue says it.
public enum CallWord: String, Hashable, Sendable, Codable, CaseIterable {
    case heard, ordered, ceaseReported, notOurs, cannot, effectObserved, acknowledged, readBack, overdue, noOneThere
}

/// Sentences around a message and around a value.
public enum FrameSentence: String, Hashable, Sendable, CaseIterable {
    case about, inReplyTo, due, drill, written, quoted, stated, band, limit, bearing

    /// The values that it takes, each exactly once.
    public var places: [String] {
        switch self {
        case .about: ["notice"]
        case .inReplyTo: ["record"]
        case .due: ["time"]
        case .drill: []
        case .written: ["from", "language"]
        case .quoted: ["text", "language"]
        case .stated: ["position", "original"]
        case .band: ["lower", "upper"]
        case .limit: ["value", "datum"]
        case .bearing: ["value"]
        }
    }
}

/// Units of a stretch of time.
public enum DurationUnit: String, Hashable, Sendable, CaseIterable {
    case days, hours, minutes, seconds
}

/// The catalogue in one language: one file of `texts`.
public struct MessageTexts: Sendable {
    public let language: MessageLanguage
    /// Its name in itself.
    public let name: String
    public let isRightToLeft: Bool
    let titles: [MessageTemplate: TemplateSentence]
    let sentences: [MessageTemplate: TemplateSentence]
    let labels: [MessageFieldName: String]
    let reasons: [MessageReason: String]
    let precedence: [Precedence: String]
    let roles: [DeskRole: String]
    let words: [CallWord: String]
    let languages: [MessageLanguage: String]
    let datums: [AltitudeDatum: String]
    let units: [DurationUnit: String]
    let frame: [FrameSentence: TemplateSentence]
}

extension MessageTexts {
    /// Reads one file. Every word and sentence must be there, and nothing else; every sentence has a place for each
    /// of its template's fields, exactly once, those of required fields outside brackets.
    ///
    /// - Throws: ``FieldRejection`` with the path of what is wrong.
    public init(_ json: JSONValue, language: MessageLanguage) throws(FieldRejection) {
        var reader = try FieldReader(json)
        _ = try reader.integer("format", in: 1...1)
        guard try reader.word("language", MessageLanguage.self) == language else {
            throw reader.rejection("language", .notAllowed(rule: language.rawValue))
        }
        self.language = language
        name = try reader.string("name")
        let direction = try reader.string("direction")
        isRightToLeft = direction == "rtl"
        guard direction == (language.isRightToLeft ? "rtl" : "ltr") else {
            throw reader.rejection("direction", .notAllowed(rule: "the direction of the language"))
        }
        (titles, sentences) = try MessageTexts.templates(&reader)
        labels = try MessageTexts.words(&reader, "fields")
        reasons = try MessageTexts.words(&reader, "reasons")
        precedence = try MessageTexts.words(&reader, "precedence")
        roles = try MessageTexts.words(&reader, "roles")
        words = try MessageTexts.words(&reader, "states")
        languages = try MessageTexts.words(&reader, "languages")
        datums = try MessageTexts.words(&reader, "datums")
        units = try MessageTexts.words(&reader, "units")
        var frameReader = try reader.object("frame")
        var frame: [FrameSentence: TemplateSentence] = [:]
        for key in FrameSentence.allCases {
            let sentence = try MessageTexts.sentence(&frameReader, key.rawValue)
            guard sentence.constantPlaces.sorted() == key.places.sorted(), sentence.places.count == key.places.count
            else { throw frameReader.rejection(key.rawValue, .notAllowed(rule: "its places, each once")) }
            frame[key] = sentence
        }
        self.frame = frame
        try frameReader.finish()
        try reader.finish()
    }

    private static func templates(
        _ reader: inout FieldReader
    ) throws(FieldRejection) -> ([MessageTemplate: TemplateSentence], [MessageTemplate: TemplateSentence]) {
        var titles: [MessageTemplate: TemplateSentence] = [:]
        var sentences: [MessageTemplate: TemplateSentence] = [:]
        var all = try reader.object("templates")
        for template in MessageTemplate.allCases {
            var entry = try all.object(template.rawValue)
            let title = try sentence(&entry, "title")
            guard title.places.allSatisfy(partyPlaces.contains), title.places == title.constantPlaces else {
                throw entry.rejection("title", .notAllowed(rule: "no places but {from} and {to}"))
            }
            let text = try sentence(&entry, "text")
            let found = text.places.filter { !partyPlaces.contains($0) }
            guard found.sorted() == template.fields.map(\.name.rawValue).sorted() else {
                throw entry.rejection("text", .notAllowed(rule: "the fields of the template, each once"))
            }
            let required = template.fields.filter(\.isRequired).map(\.name.rawValue)
            guard text.constantPlaces.filter({ !partyPlaces.contains($0) }).sorted() == required.sorted() else {
                throw entry.rejection("text", .notAllowed(rule: "required fields outside brackets, others inside"))
            }
            titles[template] = title
            sentences[template] = text
            try entry.finish()
        }
        try all.finish()
        return (titles, sentences)
    }

    /// Who says it, and to whom: in every sentence available, and always filled.
    private static let partyPlaces = ["from", "to"]

    private static func sentence(
        _ reader: inout FieldReader, _ name: String
    ) throws(FieldRejection) -> TemplateSentence {
        guard let sentence = TemplateSentence(try text(&reader, name)) else {
            throw reader.rejection(name, .notAllowed(rule: "{name}, [optional], [optional|otherwise]"))
        }
        return sentence
    }

    /// One word for each case, and no other.
    private static func words<Key: Hashable & RawRepresentable & CaseIterable>(
        _ reader: inout FieldReader, _ name: String
    ) throws(FieldRejection) -> [Key: String] where Key.RawValue == String {
        var inner = try reader.object(name)
        var words: [Key: String] = [:]
        for key in Key.allCases { words[key] = try text(&inner, key.rawValue) }
        try inner.finish()
        return words
    }

    private static func text(_ reader: inout FieldReader, _ name: String) throws(FieldRejection) -> String {
        let text = try reader.string(name, limit: 4_000)
        guard !text.isEmpty, PlainText.firstForbidden(in: text, allowsLines: false) == nil else {
            throw reader.rejection(name, .notAllowed(rule: "not empty, one line, no direction characters"))
        }
        return text
    }
}
