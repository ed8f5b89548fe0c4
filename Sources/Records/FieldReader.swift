import Kernel

/// What is wrong with one field of a record, a request or a terms file, and which field.
public struct FieldRejection: Error, Hashable, Sendable {
    public enum Problem: Hashable, Sendable {
        case missing
        /// The object has a field that its kind does not know.
        case unknownField
        case wrongType(expected: String)
        /// The type is right and the value is not; `rule` says which values are.
        case notAllowed(rule: String)
        case tooLong(limit: Int)
        case outOfRange(rule: String)
    }

    /// Such as `volumes[0].footprint.coordinates[3]`; empty for the whole text.
    public let path: String
    public let problem: Problem

    public init(path: String, problem: Problem) {
        self.path = path
        self.problem = problem
    }

    /// One sentence for a person.
    public var sentence: String {
        let field = path.isEmpty ? "the text" : path
        return switch problem {
        case .missing: "\(field) is missing"
        case .unknownField: "\(field) is not a known field here"
        case .wrongType(let expected): "\(field) must be \(expected)"
        case .notAllowed(let rule): "\(field): \(rule)"
        case .tooLong(let limit): "\(field) is longer than \(limit) bytes"
        case .outOfRange(let rule): "\(field) is out of range: \(rule)"
        }
    }

    /// A short stable name of the problem.
    public var name: String {
        switch problem {
        case .missing: "missing"
        case .unknownField: "unknownField"
        case .wrongType: "wrongType"
        case .notAllowed: "notAllowed"
        case .tooLong: "tooLong"
        case .outOfRange: "outOfRange"
        }
    }
}

/// Takes the fields of one object one by one, and at the end refuses what nobody asked for.
public struct FieldReader {
    public let path: String
    private let members: [JSONMember]
    /// Of each member, whether somebody asked for it.
    private var isTaken: [Bool]

    public init(_ value: JSONValue, path: String = "") throws(FieldRejection) {
        guard case .object(let members) = value else {
            throw FieldRejection(path: path, problem: .wrongType(expected: "an object"))
        }
        self.members = members
        self.path = path
        isTaken = [Bool](repeating: false, count: members.count)
    }

    public func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    public func rejection(_ name: String, _ problem: FieldRejection.Problem) -> FieldRejection {
        FieldRejection(path: path(of: name), problem: problem)
    }

    /// The field's value, `nil` when it is absent or `null`.
    public mutating func optional(_ name: String) -> JSONValue? {
        guard let i = members.firstIndex(where: { FieldReader.isSame($0.name, name) }) else { return nil }
        isTaken[i] = true
        if case .null = members[i].value { return nil }
        return members[i].value
    }

    /// Whether a name stands there as the protocol spells it. For Swift, and for no other reader, a text with the
    /// Kelvin sign equals one with a K; the names of fields are ASCII, and every such text is longer.
    private static func isSame(_ found: String, _ name: String) -> Bool {
        found.utf8.count == name.utf8.count && found == name
    }

    public mutating func value(_ name: String) throws(FieldRejection) -> JSONValue {
        guard let value = optional(name) else { throw rejection(name, .missing) }
        return value
    }

    /// - Parameter limit: bytes of UTF-8.
    public mutating func string(_ name: String, limit: Int = Limits.textBytes) throws(FieldRejection) -> String {
        try text(try value(name), name, limit: limit)
    }

    public mutating func optionalString(
        _ name: String, limit: Int = Limits.textBytes
    ) throws(FieldRejection) -> String? {
        guard let value = optional(name) else { return nil }
        return try text(value, name, limit: limit)
    }

    private func text(_ value: JSONValue, _ name: String, limit: Int) throws(FieldRejection) -> String {
        guard case .string(let text) = value else { throw rejection(name, .wrongType(expected: "a text")) }
        guard text.utf8.count <= limit else { throw rejection(name, .tooLong(limit: limit)) }
        return text
    }

    public mutating func bool(_ name: String, default fallback: Bool? = nil) throws(FieldRejection) -> Bool {
        guard let value = optional(name) else {
            guard let fallback else { throw rejection(name, .missing) }
            return fallback
        }
        guard case .bool(let flag) = value else { throw rejection(name, .wrongType(expected: "true or false")) }
        return flag
    }

    public mutating func integer(_ name: String, in range: ClosedRange<Int64>) throws(FieldRejection) -> Int64 {
        guard case .integer(let number) = try value(name) else {
            throw rejection(name, .wrongType(expected: "a whole number"))
        }
        guard range.contains(number) else {
            throw rejection(name, .outOfRange(rule: "\(range.lowerBound) to \(range.upperBound)"))
        }
        return number
    }

    public mutating func number(_ name: String, in range: ClosedRange<Double>) throws(FieldRejection) -> Double {
        let field = try value(name)
        guard let number = field.asNumber else { throw rejection(name, .wrongType(expected: "a number")) }
        guard range.contains(number) else {
            throw rejection(name, .outOfRange(rule: "\(range.lowerBound) to \(range.upperBound)"))
        }
        return number
    }

    public mutating func array(
        _ name: String, count: ClosedRange<Int> = 0...Int.max
    ) throws(FieldRejection) -> [JSONValue] {
        guard case .array(let elements) = try value(name) else {
            throw rejection(name, .wrongType(expected: "a list"))
        }
        guard count.contains(elements.count) else {
            throw rejection(name, .outOfRange(rule: "\(count.lowerBound) to \(count.upperBound) elements"))
        }
        return elements
    }

    public mutating func object(_ name: String) throws(FieldRejection) -> FieldReader {
        try FieldReader(try value(name), path: path(of: name))
    }

    public mutating func instant(_ name: String) throws(FieldRejection) -> UTCInstant {
        guard let instant = UTCInstant(rfc3339: try string(name, limit: 40)) else {
            throw rejection(name, .notAllowed(rule: "a time such as 2026-11-22T19:17:00.000000Z"))
        }
        return instant
    }

    public mutating func party(_ name: String) throws(FieldRejection) -> PartyID {
        guard let party = PartyID(try string(name, limit: 64)) else {
            throw rejection(name, .notAllowed(rule: "a party's short name"))
        }
        return party
    }

    public mutating func recordID(_ name: String) throws(FieldRejection) -> RecordID {
        guard let id = RecordID(try string(name, limit: 64)) else {
            throw rejection(name, .notAllowed(rule: "a record's name such as alpha-12"))
        }
        return id
    }

    public mutating func hash(_ name: String) throws(FieldRejection) -> Hash32 {
        guard let hash = Hash32(hex: try string(name, limit: 128)) else {
            throw rejection(name, .notAllowed(rule: "64 hexadecimal digits in lower case"))
        }
        return hash
    }

    /// One of a closed list of words.
    public mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Word.Type, default fallback: Word? = nil
    ) throws(FieldRejection) -> Word where Word.RawValue == String {
        guard let value = optional(name) else {
            guard let fallback else { throw rejection(name, .missing) }
            return fallback
        }
        guard case .string(let text) = value else { throw rejection(name, .wrongType(expected: "a word")) }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw rejection(name, .notAllowed(rule: "one of \(words)"))
        }
        return word
    }

    public func finish() throws(FieldRejection) {
        if let i = isTaken.firstIndex(of: false) { throw rejection(members[i].name, .unknownField) }
    }
}

extension JSONValue {
    /// An integer or a number, as a number.
    public var asNumber: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }
}
