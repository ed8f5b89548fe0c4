import Foundation
import Geodesy
import Kernel
import Notation
import Records
import Testing

let catalogue: TemplateCatalogue = {
    do throws(CatalogueRejection) {
        return try TemplateCatalogue.load()
    } catch {
        preconditionFailure(error.sentence)
    }
}()

/// Each file of the catalogue as JSON, read without the catalogue's own reader.
let catalogueFiles: [MessageLanguage: JSONValue] = {
    var files: [MessageLanguage: JSONValue] = [:]
    for language in MessageLanguage.ofCatalogue {
        let file = catalogue.files.first { $0.name == "\(language.rawValue).json" }
        files[language] = try? StrictJSON.read(file?.bytes ?? [], limit: Limits.requestBytes)
    }
    return files
}()

func members(_ json: JSONValue?) -> [JSONMember] {
    guard case .object(let members)? = json else { return [] }
    return members
}

func text(_ json: JSONValue?) -> String {
    guard case .string(let text)? = json else { return "" }
    return text
}

/// A valid value for a field; `remark` stands in each text that a person writes.
func sampleValue(_ name: MessageFieldName, remark: String) throws -> MessageValue {
    switch name.type {
    case .position:
        return .position(try #require(Position(latitudeDeg: 34.5574, longitudeDeg: 38.3169)), original: remark)
    case .altitudeBand:
        return .altitudeBand(
            AltitudeBand(
                lower: try #require(Altitude(value: 3000, unit: .feet, datum: .amsl)),
                upper: try #require(Altitude(value: 250, unit: .flightLevel, datum: .flightLevel))))
    case .time:
        let text = name == .end ? "2026-11-22T21:05:00Z" : "2026-11-22T19:17:00Z"
        return .time(try #require(UTCInstant(rfc3339: text)))
    case .duration: return .duration(seconds: 5_430)
    case .distance: return .distance(metres: 5_000)
    case .bearing: return .bearing(degreesTrue: 45)
    case .unit: return .unit(remark)
    case .frequency: return .frequency(hertz: 121_500_000)
    case .number: return .number(7)
    case .notice: return .notice(try #require(NoticeID("turkiye-12")))
    case .reason: return .reason(name.reasons[0])
    case .text: return .text(remark, language: .hebrew)
    }
}

/// With every field of the template, or with the required ones.
func sampleMessage(
    _ template: MessageTemplate, onlyRequired: Bool = false, remark: String = "Alpha 1-2"
) throws -> MessageContent {
    let values = try template.fields.filter { $0.isRequired || !onlyRequired }.map {
        TemplateMessage.Entry($0.name, try sampleValue($0.name, remark: remark))
    }
    return try MessageContent(
        role: .watch, precedence: template.defaultPrecedence, body: .template(try TemplateMessage(template, values)),
        inReplyTo: template.isReply ? RecordID("israel-40") : nil)
}

let sampleParties = MessageParties(from: "Türkiye", to: "ישראל")

/// The texts between isolates of the outermost level, each with its opening character; `nil` when one is never
/// closed, a line ends within one, or one is closed that was not opened.
func isolated(_ text: String) -> [String]? {
    var runs: [String] = []
    var current = String.UnicodeScalarView()
    var depth = 0
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x2066...0x2068:
            depth += 1
            current.append(scalar)
        case 0x2069:
            depth -= 1
            if depth < 0 { return nil }
            if depth == 0 {
                runs.append(String(current))
                current = String.UnicodeScalarView()
            }
        case 0x0A where depth > 0: return nil
        default: if depth > 0 { current.append(scalar) }
        }
    }
    return depth == 0 ? runs : nil
}

/// What stands outside every isolate.
func outside(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    var depth = 0
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x2066...0x2068: depth += 1
        case 0x2069: depth -= 1
        default: if depth == 0 { kept.append(scalar) }
        }
    }
    return String(kept)
}
