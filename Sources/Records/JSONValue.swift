/// A JSON text as a value. Members keep the order in which they were written.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A literal without fraction or exponent, within ±2⁵³.
    case integer(Int64)
    /// Any other number; finite.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    /// The member with exactly this name: text that is equal only to Unicode is another name.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.count == name.utf8.count && $0.name == name }?.value
    }
}

public struct JSONMember: Hashable, Sendable {
    public let name: String
    public let value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByFloatLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { JSONMember($0.0, $0.1) })
    }
}

extension JSONValue {
    /// Compact UTF-8. Numbers that are not finite cannot occur in a value that was read; written ones become
    /// `null` rather than an invalid text.
    public var bytes: [UInt8] {
        var out: [UInt8] = []
        write(to: &out, indent: nil)
        return out
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Indented by two spaces, ending in a newline: for files that people read.
    public var prettyText: String {
        var out: [UInt8] = []
        write(to: &out, indent: 0)
        out.append(UInt8(ascii: "\n"))
        return String(decoding: out, as: UTF8.self)
    }

    private func write(to out: inout [UInt8], indent: Int?) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .integer(let value): out += String(value).utf8
        case .number(let value): out += (value.isFinite ? JSONValue.literal(value) : "null").utf8
        case .string(let value): JSONValue.write(value, to: &out)
        case .array(let elements):
            // Coordinates read better on one line.
            let flat = indent == nil || elements.allSatisfy(\.isScalar)
            out.append(UInt8(ascii: "["))
            for (i, element) in elements.enumerated() {
                if i > 0 { out += (flat && indent != nil ? ", " : ",").utf8 }
                if !flat, let indent { JSONValue.newline(indent + 2, &out) }
                element.write(to: &out, indent: flat ? nil : indent.map { $0 + 2 })
            }
            if !flat, let indent, !elements.isEmpty { JSONValue.newline(indent, &out) }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (i, member) in members.enumerated() {
                if i > 0 { out.append(UInt8(ascii: ",")) }
                if let indent { JSONValue.newline(indent + 2, &out) }
                JSONValue.write(member.name, to: &out)
                out += (indent == nil ? ":" : ": ").utf8
                member.value.write(to: &out, indent: indent.map { $0 + 2 })
            }
            if let indent, !members.isEmpty { JSONValue.newline(indent, &out) }
            out.append(UInt8(ascii: "}"))
        }
    }

    private var isScalar: Bool {
        switch self {
        case .array, .object: false
        case .null, .bool, .integer, .number, .string: true
        }
    }

    private static func newline(_ indent: Int, _ out: inout [UInt8]) {
        out.append(UInt8(ascii: "\n"))
        out += [UInt8](repeating: UInt8(ascii: " "), count: indent)
    }

    /// The shortest text that reads back as the same number; whole ones keep `.0`, so that they stay numbers.
    private static func literal(_ value: Double) -> String { value == 0 ? "0.0" : "\(value)" }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        defer { out.append(UInt8(ascii: "\"")) }
        if text.allBytes(satisfy: { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            out += text.utf8
            return
        }
        func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble + 48 : nibble + 87 }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out += "\\\"".utf8
            case UInt8(ascii: "\\"): out += "\\\\".utf8
            case 0x0A: out += "\\n".utf8
            case 0x0D: out += "\\r".utf8
            case 0x09: out += "\\t".utf8
            case 0..<0x20: out += [0x5C, 0x75, 0x30, 0x30, digit(byte >> 4), digit(byte & 15)]
            default: out.append(byte)
            }
        }
    }
}
