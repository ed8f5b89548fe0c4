import Geodesy
import Kernel
import Separation

/// What was put into a field.
public enum MessageValue: Hashable, Sendable {
    /// `{"position": [longitude, latitude], "original": "…"}`: WGS 84 degrees, and what the officer wrote or said.
    case position(Position, original: String?)
    /// `{"lower": {…}, "upper": {…}}`.
    case altitudeBand(AltitudeBand)
    /// RFC 3339 UTC.
    case time(UTCInstant)
    /// Whole seconds, 1 … ``MessageContent/longestWaitSeconds``.
    case duration(seconds: Int64)
    /// Metres, 0 … ``Limits/radiusLargestMetres``.
    case distance(metres: Double)
    /// Whole degrees clockwise from true north, 0 … 359.
    case bearing(degreesTrue: Int64)
    /// One line, at most ``MessageContent/unitBytes``.
    case unit(String)
    /// Hertz, within ``MessageContent/frequenciesHz``.
    case frequency(hertz: Int64)
    /// 0 … ``MessageContent/largestNumber``.
    case number(Int64)
    /// `"turkiye-12"`.
    case notice(NoticeID)
    /// One of the field's words.
    case reason(MessageReason)
    /// `{"text": "…", "language": "he"}`, at most ``Limits/textBytes``.
    case text(String, language: MessageLanguage)

    public var type: MessageFieldType {
        switch self {
        case .position: .position
        case .altitudeBand: .altitudeBand
        case .time: .time
        case .duration: .duration
        case .distance: .distance
        case .bearing: .bearing
        case .unit: .unit
        case .frequency: .frequency
        case .number: .number
        case .notice: .notice
        case .reason: .reason
        case .text: .text
        }
    }
}

extension MessageValue {
    /// Takes the value of one field from the object that `reader` reads. A read-back is read by it as well.
    ///
    /// - Returns: `nil` when the field is absent.
    public init?(_ name: MessageFieldName, from reader: inout FieldReader) throws(FieldRejection) {
        let field = name.rawValue
        guard let value = reader.optional(field) else { return nil }
        let path = reader.path(of: field)
        switch name.type {
        case .position: self = try MessageValue.position(value, path: path)
        case .altitudeBand:
            let band = try AltitudeBand(json: value, path: path)
            if band.lower.datum == band.upper.datum, band.lower.metres > band.upper.metres {
                throw FieldRejection(path: path, problem: .notAllowed(rule: "the lower limit not above the upper one"))
            }
            self = .altitudeBand(band)
        case .time: self = .time(try reader.instant(field))
        case .duration: self = .duration(seconds: try reader.integer(field, in: 1...MessageContent.longestWaitSeconds))
        case .distance: self = .distance(metres: try reader.number(field, in: 0...Limits.radiusLargestMetres))
        case .bearing: self = .bearing(degreesTrue: try reader.integer(field, in: 0...359))
        case .unit:
            let text = try reader.string(field, limit: MessageContent.unitBytes)
            try PlainText.check(text, path: path, allowsLines: false)
            self = .unit(text)
        case .frequency: self = .frequency(hertz: try reader.integer(field, in: MessageContent.frequenciesHz))
        case .number: self = .number(try reader.integer(field, in: 0...MessageContent.largestNumber))
        case .notice: self = .notice(try reader.recordID(field))
        case .reason:
            let reason = try reader.word(field, MessageReason.self)
            guard name.reasons.contains(reason) else {
                let words = name.reasons.map(\.rawValue).joined(separator: ", ")
                throw reader.rejection(field, .notAllowed(rule: "one of \(words)"))
            }
            self = .reason(reason)
        case .text: self = try MessageValue.text(value, path: path)
        }
    }

    private static func position(_ json: JSONValue, path: String) throws(FieldRejection) -> MessageValue {
        var reader = try FieldReader(json, path: path)
        let position = try Position(json: try reader.value("position"), path: reader.path(of: "position"))
        let original = try reader.optionalString("original", limit: MessageContent.originalBytes)
        if let original { try PlainText.check(original, path: reader.path(of: "original"), allowsLines: false) }
        try reader.finish()
        return .position(position, original: original)
    }

    private static func text(_ json: JSONValue, path: String) throws(FieldRejection) -> MessageValue {
        var reader = try FieldReader(json, path: path)
        let text = try reader.string("text")
        try PlainText.check(text, path: reader.path(of: "text"), allowsLines: true)
        let language = try reader.word("language", MessageLanguage.self)
        try reader.finish()
        return .text(text, language: language)
    }

    public var json: JSONValue {
        switch self {
        case .position(let position, let original):
            .object(
                [JSONMember("position", position.json)]
                    + (original.map { [JSONMember("original", .string($0))] } ?? []))
        case .altitudeBand(let band): band.json
        case .time(let instant): .string(instant.rfc3339)
        case .duration(let seconds): .integer(seconds)
        case .distance(let metres): .number(metres)
        case .bearing(let degrees): .integer(degrees)
        case .unit(let text): .string(text)
        case .frequency(let hertz): .integer(hertz)
        case .number(let number): .integer(number)
        case .notice(let notice): .string(notice.description)
        case .reason(let reason): .string(reason.rawValue)
        case .text(let text, let language): ["text": .string(text), "language": .string(language.rawValue)]
        }
    }
}
