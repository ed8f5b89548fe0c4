import Foundation
import Geodesy
import Kernel
import Notation
import Records

/// Values of a template's fields as officers type them.
enum CallFieldText {
    /// Reads `name=value` texts, each name once.
    ///
    /// - Parameters:
    ///   - names: of the fields that may be given.
    ///   - language: of what officers write in their own words; asked for only when they do.
    static func read(
        _ given: [String], names: [MessageFieldName], language: () throws -> MessageLanguage
    ) throws -> [TemplateMessage.Entry] {
        var entries: [TemplateMessage.Entry] = []
        for text in given {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw CommandFailure(.usage, "malformedField", "write --field name=value", field: "--field")
            }
            guard let name = MessageFieldName(rawValue: parts[0]), names.contains(name) else {
                let known = names.isEmpty ? "none" : names.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(
                    .usage, "unknownField", "the fields here are: \(known)", field: "--field \(parts[0])")
            }
            guard !entries.contains(where: { $0.name == name }) else {
                throw CommandFailure(.usage, "fieldTwice", "given twice", field: option(name))
            }
            entries.append(TemplateMessage.Entry(name, try value(parts[1], of: name, language: language)))
        }
        return entries
    }

    /// - Throws: `CommandFailure` for a text that is not of the field's type. Whether a number lies in its range is
    ///   judged with the whole message.
    static func value(
        _ given: String, of name: MessageFieldName, language: () throws -> MessageLanguage
    ) throws -> MessageValue {
        let text = given.trimmingCharacters(in: .whitespaces)
        guard !text.isEmpty else {
            throw CommandFailure(.usage, "missing", "\(name.rawValue) is empty", field: option(name))
        }
        switch name.type {
        case .position:
            do throws(CoordinateRejection) {
                return .position(try CoordinateText.parse(text).position, original: text)
            } catch {
                throw CommandFailure.value(option(name), error, error.explanation)
            }
        case .altitudeBand: return .altitudeBand(try band(text, name))
        case .time: return .time(try TimeText.parse(text, option: option(name)))
        case .duration:
            return .duration(seconds: try whole(text, name, ["s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400]))
        case .distance:
            guard let quantity = Quantity(text, units: ["m": 1, "km": 1_000, "nm": 1_852]) else {
                throw malformed(name)
            }
            return .distance(metres: Double(quantity.numerator) / Double(quantity.denominator))
        case .bearing: return .bearing(degreesTrue: try bearing(text, name))
        case .unit: return .unit(text)
        case .frequency:
            return .frequency(
                hertz: try whole(text, name, ["hz": 1, "khz": 1_000, "mhz": 1_000_000, "ghz": 1_000_000_000]))
        case .number:
            guard isDigits(text), let number = Int64(text) else { throw malformed(name) }
            return .number(number)
        case .notice:
            guard let notice = NoticeID(text) else { throw malformed(name) }
            return .notice(notice)
        case .reason:
            guard let reason = MessageReason(rawValue: text), name.reasons.contains(reason) else {
                throw malformed(name)
            }
            return .reason(reason)
        case .text: return .text(text, language: try language())
        }
    }

    /// How to write a value of the field; for a reason its words. Shown where values are read back, so it says the
    /// form and suggests no value.
    static func form(of name: MessageFieldName) -> String {
        switch name.type {
        case .position: "MGRS, GARS or degrees"
        case .altitudeBand: "lower/upper, each GND, FLnnn, or a number, ft or m, and AMSL, AGL or ellipsoid"
        case .time: "DDhhmmZMMMYY, RFC 3339, now, or +m, +h, +d from now"
        case .duration: "a number and s, m, h or d"
        case .distance: "a number and m, km or NM"
        case .bearing: "degrees from true north"
        case .unit: "one line"
        case .frequency: "a number and Hz, kHz, MHz or GHz"
        case .number: "a whole number"
        case .notice: "party-number"
        case .reason: name.reasons.map(\.rawValue).joined(separator: ", ")
        case .text: "text"
        }
    }

    static func option(_ name: MessageFieldName) -> String { "--field \(name.rawValue)" }

    private static func malformed(_ name: MessageFieldName) -> CommandFailure {
        let type = name.type.rawValue
        return CommandFailure(
            .usage, "malformed" + type.prefix(1).uppercased() + type.dropFirst(),
            "\(name.type == .reason ? "one of:" : "write") \(form(of: name))", field: option(name))
    }

    private static func band(_ text: String, _ name: MessageFieldName) throws -> AltitudeBand {
        let limits = text.split(separator: "/", omittingEmptySubsequences: false)
        guard limits.count == 2 else { throw malformed(name) }
        do throws(AltitudeRejection) {
            return AltitudeBand(
                lower: try AltitudeText.parse(String(limits[0])), upper: try AltitudeText.parse(String(limits[1])))
        } catch {
            throw CommandFailure.value(option(name), error, error.explanation)
        }
    }

    /// Degrees from true north: a magnetic or a grid bearing is not converted, and is refused.
    private static func bearing(_ text: String, _ name: MessageFieldName) throws -> Int64 {
        var digits = text.uppercased()
        for suffix in ["°T", "T", "°"] where digits.hasSuffix(suffix) {
            digits.removeLast(suffix.count)
            break
        }
        guard digits.utf8.count <= 3, isDigits(digits), let degrees = Int64(digits) else { throw malformed(name) }
        return degrees
    }

    private static func whole(_ text: String, _ name: MessageFieldName, _ units: [String: Int64]) throws -> Int64 {
        guard let quantity = Quantity(text, units: units),
            quantity.numerator.isMultiple(of: quantity.denominator)
        else { throw malformed(name) }
        return quantity.numerator / quantity.denominator
    }

    fileprivate static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
    }
}

/// A number with its unit, exact: `121.5MHz` is 1 215 000 000 tenths of a hertz.
private struct Quantity {
    /// In tenths, hundredths, … of the smallest unit, as `denominator` says.
    let numerator: Int64
    /// A power of ten.
    let denominator: Int64

    /// - Parameter units: by name in lower case. One must stand there: a bare number is not guessed at.
    init?(_ text: String, units: [String: Int64]) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count).trimmingCharacters(in: .whitespaces).lowercased()
        let parts = number.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let factor = units[unit], parts.count <= 2, parts.allSatisfy(CallFieldText.isDigits),
            parts.joined().utf8.count <= 15, let digits = Int64(parts.joined())
        else { return nil }
        let decimals = parts.count == 2 ? parts[1].utf8.count : 0
        let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        numerator = product
        denominator = (0..<decimals).reduce(1) { power, _ in power * 10 }
    }
}
