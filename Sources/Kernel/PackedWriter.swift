/// Writes values one after the other without names or types, for what only this program reads again: a reader takes the
/// same values in the same order. Far smaller and faster than JSON where there are very many.
///
/// Whole numbers are varints of 7 bits a byte, the lowest first; doubles are 8 bytes, little-endian; text is its length in
/// UTF-8 and that. A word, such as a party's name, is written in full where it stands first and as its number after that.
public struct PackedWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var words = SortedMap<Word, UInt64>()

    /// Two spellings that Unicode calls the same text are two words: what comes back has the same bytes.
    private struct Word: Comparable, Sendable {
        let text: String

        static func == (a: Self, b: Self) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
        static func < (a: Self, b: Self) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
    }

    public init() {}

    public mutating func put(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Small negative numbers are as short as small positive ones.
    public mutating func put(_ value: Int64) { put(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    public mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }

    public mutating func put(_ value: Double) {
        let bits = value.bitPattern
        for i in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(i)))) }
    }

    public mutating func put(text: String) {
        let utf8 = text.utf8
        put(UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    /// Text that comes again and again.
    public mutating func put(word: String) {
        if let number = words[Word(text: word)] { return put(number) }
        let number = UInt64(words.count)
        words[Word(text: word)] = number
        put(number)
        put(text: word)
    }

    public mutating func put(_ hash: Hash32) { bytes.append(contentsOf: hash.bytes) }

    public mutating func put<Value>(_ value: Value?, _ write: (inout PackedWriter, Value) -> Void) {
        put(value != nil)
        if let value { write(&self, value) }
    }

    public mutating func put<Value>(_ values: some Collection<Value>, each write: (inout PackedWriter, Value) -> Void) {
        put(UInt64(values.count))
        for value in values { write(&self, value) }
    }
}

/// Bytes that a ``PackedWriter`` did not write, or wrote of something else.
public struct PackedRejection: Error, Hashable, Sendable, CustomStringConvertible {
    public let what: String
    /// Where, in bytes.
    public let at: Int

    public init(what: String, at: Int) {
        self.what = what
        self.at = at
    }

    public var description: String { "\(what), at byte \(at)" }
}
