import Kernel

/// Why a text is not strict JSON, and at which byte.
public struct JSONRejection: Error, Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case tooLarge, notUTF8, unexpectedEnd, unexpectedByte, tooDeep, duplicateKey, badNumber, numberOutOfRange,
            badEscape, controlCharacter, trailingBytes
    }

    public let offset: Int
    public let reason: Reason
}

/// Reads RFC 8259 JSON and refuses what readers disagree on: duplicate keys, lone surrogates, integers beyond
/// 2⁵³, numbers that overflow, invalid UTF-8, nesting over ``Limits/jsonDepth``, bytes after the value.
public struct StrictJSON {
    private let bytes: [UInt8]
    private var at = 0

    /// - Parameter limit: largest accepted length in bytes.
    public static func read(_ bytes: [UInt8], limit: Int) throws(JSONRejection) -> JSONValue {
        guard bytes.count <= limit else { throw JSONRejection(offset: limit, reason: .tooLarge) }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONRejection(offset: 0, reason: .notUTF8)
        }
        var reader = StrictJSON(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.at == bytes.count else { throw reader.rejection(.trailingBytes) }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func rejection(_ reason: JSONRejection.Reason) -> JSONRejection {
        JSONRejection(offset: at, reason: reason)
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
            at += 1
        }
    }

    private mutating func next() throws(JSONRejection) -> UInt8 {
        guard at < bytes.count else { throw rejection(.unexpectedEnd) }
        return bytes[at]
    }

    private mutating func expect(_ literal: StaticString, _ value: JSONValue) throws(JSONRejection) -> JSONValue {
        for i in 0..<literal.utf8CodeUnitCount {
            guard try next() == literal.utf8Start[i] else { throw rejection(.unexpectedByte) }
            at += 1
        }
        return value
    }

    private mutating func value(depth: Int) throws(JSONRejection) -> JSONValue {
        guard depth <= Limits.jsonDepth else { throw rejection(.tooDeep) }
        skipSpace()
        switch try next() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try expect("true", .bool(true))
        case UInt8(ascii: "f"): return try expect("false", .bool(false))
        case UInt8(ascii: "n"): return try expect("null", .null)
        case UInt8(ascii: "-"), 48...57: return try number()
        default: throw rejection(.unexpectedByte)
        }
    }

    private mutating func object(depth: Int) throws(JSONRejection) -> JSONValue {
        at += 1
        var members: [JSONMember] = []
        var starts: [Int] = []
        skipSpace()
        if try next() == UInt8(ascii: "}") {
            at += 1
            return .object([])
        }
        while true {
            skipSpace()
            guard try next() == UInt8(ascii: "\"") else { throw rejection(.unexpectedByte) }
            starts.append(at)
            let name = try string()
            skipSpace()
            guard try next() == UInt8(ascii: ":") else { throw rejection(.unexpectedByte) }
            at += 1
            members.append(JSONMember(name, try value(depth: depth + 1)))
            skipSpace()
            switch try next() {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "}"):
                at += 1
                if let start = StrictJSON.firstRepeated(members, starts) {
                    throw JSONRejection(offset: start, reason: .duplicateKey)
                }
                return .object(members)
            default: throw rejection(.unexpectedByte)
            }
        }
    }

    /// Where a name stands for the second time. Names are compared byte by byte, as other readers do, and not as
    /// Swift compares texts, for which two spellings of one letter are the same.
    private static func firstRepeated(_ members: [JSONMember], _ starts: [Int]) -> Int? {
        // Most objects are small.
        if members.count <= 12 {
            for i in members.indices.dropFirst() {
                let name = members[i].name.utf8
                for earlier in members[..<i] where earlier.name.utf8.count == name.count {
                    if earlier.name.utf8.elementsEqual(name) { return starts[i] }
                }
            }
            return nil
        }
        let order = members.indices.sorted { a, b in
            let (first, second) = (members[a].name.utf8, members[b].name.utf8)
            return first.elementsEqual(second) ? a < b : first.lexicographicallyPrecedes(second)
        }
        let repeated = zip(order, order.dropFirst()).filter { a, b in
            members[a].name.utf8.elementsEqual(members[b].name.utf8)
        }
        return repeated.map { starts[$0.1] }.min()
    }

    private mutating func array(depth: Int) throws(JSONRejection) -> JSONValue {
        at += 1
        var elements: [JSONValue] = []
        skipSpace()
        if try next() == UInt8(ascii: "]") {
            at += 1
            return .array([])
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            switch try next() {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "]"):
                at += 1
                return .array(elements)
            default: throw rejection(.unexpectedByte)
            }
        }
    }

    private mutating func number() throws(JSONRejection) -> JSONValue {
        let start = at
        func isDigit(_ i: Int) -> Bool { i < bytes.count && (48...57).contains(bytes[i]) }
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        guard isDigit(at) else { throw rejection(.badNumber) }
        if bytes[at] == 48, isDigit(at + 1) { throw rejection(.badNumber) }
        while isDigit(at) { at += 1 }
        var isInteger = true
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            isInteger = false
            at += 1
            guard isDigit(at) else { throw rejection(.badNumber) }
            while isDigit(at) { at += 1 }
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: "e") || bytes[at] == UInt8(ascii: "E") {
            isInteger = false
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            guard isDigit(at) else { throw rejection(.badNumber) }
            while isDigit(at) { at += 1 }
        }
        let literal = String(decoding: bytes[start..<at], as: UTF8.self)
        if isInteger {
            guard let value = Int64(literal), value.magnitude <= Limits.largestInteger else {
                throw JSONRejection(offset: start, reason: .numberOutOfRange)
            }
            return .integer(value)
        }
        guard literal.utf8.count <= 64, let value = Double(literal), value.isFinite else {
            throw JSONRejection(offset: start, reason: .numberOutOfRange)
        }
        return .number(value)
    }

    private mutating func string() throws(JSONRejection) -> String {
        at += 1
        // Most texts, the long ones above all, have no escape.
        let start = at
        while at < bytes.count, bytes[at] >= 0x20, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") {
            at += 1
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
            defer { at += 1 }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }
        var out = Array(bytes[start..<at])
        while true {
            let byte = try next()
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return String(decoding: out, as: UTF8.self)
            case 0..<0x20: throw rejection(.controlCharacter)
            case UInt8(ascii: "\\"):
                at += 1
                try escape(into: &out)
            default:
                out.append(byte)
                at += 1
            }
        }
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONRejection) {
        let byte = try next()
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = try hex4()
            if (0xD800...0xDBFF).contains(scalar) {
                guard try next() == UInt8(ascii: "\\") else { throw rejection(.badEscape) }
                at += 1
                guard try next() == UInt8(ascii: "u") else { throw rejection(.badEscape) }
                at += 1
                let low = try hex4()
                guard (0xDC00...0xDFFF).contains(low) else { throw rejection(.badEscape) }
                scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00)
            }
            guard let unicode = Unicode.Scalar(scalar) else { throw rejection(.badEscape) }
            out += String(Character(unicode)).utf8
        default: throw rejection(.badEscape)
        }
    }

    private mutating func hex4() throws(JSONRejection) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try next()
            switch byte {
            case 48...57: value = value << 4 | UInt32(byte - 48)
            case 65...70: value = value << 4 | UInt32(byte - 55)
            case 97...102: value = value << 4 | UInt32(byte - 87)
            default: throw rejection(.badEscape)
            }
            at += 1
        }
        return value
    }
}
