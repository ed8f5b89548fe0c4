/// Takes values in the order in which a ``PackedWriter`` wrote them. Nothing in the bytes makes it trap, or take memory
/// out of proportion to them.
public struct PackedReader: Sendable {
    private let bytes: [UInt8]
    private var at = 0
    private var words: [String] = []

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var isAtEnd: Bool { at == bytes.count }

    public func rejection(_ what: String) -> PackedRejection { PackedRejection(what: what, at: at) }

    public mutating func number() throws(PackedRejection) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard at < bytes.count else { throw rejection("a number without its end") }
            let byte = bytes[at]
            guard shift < 63 || byte <= 1 else { throw rejection("a number too large") }
            at += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    public mutating func signed() throws(PackedRejection) -> Int64 {
        let read = try number()
        return Int64(bitPattern: read >> 1) ^ -Int64(read & 1)
    }

    public mutating func flag() throws(PackedRejection) -> Bool {
        guard at < bytes.count, bytes[at] <= 1 else { throw rejection("neither yes nor no") }
        at += 1
        return bytes[at - 1] == 1
    }

    public mutating func double() throws(PackedRejection) -> Double {
        guard bytes.count - at >= 8 else { throw rejection("a number without its end") }
        var bits: UInt64 = 0
        for i in 0..<8 { bits |= UInt64(bytes[at + i]) << (8 * UInt64(i)) }
        at += 8
        return Double(bitPattern: bits)
    }

    public mutating func text() throws(PackedRejection) -> String {
        let length = try count()
        let start = at
        at += length
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    public mutating func word() throws(PackedRejection) -> String {
        let number = try number()
        if number < UInt64(words.count) { return words[Int(number)] }
        guard number == UInt64(words.count) else { throw rejection("no such word") }
        let word = try text()
        words.append(word)
        return word
    }

    public mutating func hash() throws(PackedRejection) -> Hash32 {
        guard bytes.count - at >= 32, let hash = Hash32(Array(bytes[at..<at + 32])) else { throw rejection("a hash without its end") }
        at += 32
        return hash
    }

    /// A number of things that follow, each of at least one byte.
    public mutating func count() throws(PackedRejection) -> Int {
        let count = try number()
        guard count <= UInt64(bytes.count - at) else { throw rejection("more than there is") }
        return Int(count)
    }

    public mutating func optional<Value>(
        _ read: (inout PackedReader) throws(PackedRejection) -> Value
    ) throws(PackedRejection) -> Value? {
        try flag() ? try read(&self) : nil
    }

    public mutating func array<Value>(
        _ read: (inout PackedReader) throws(PackedRejection) -> Value
    ) throws(PackedRejection) -> [Value] {
        let count = try count()
        var values: [Value] = []
        values.reserveCapacity(Swift.min(count, 64))
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }

    /// A word that names one of an enumeration's cases.
    public mutating func word<Named: RawRepresentable>(
        as type: Named.Type
    ) throws(PackedRejection) -> Named where Named.RawValue == String {
        guard let value = Named(rawValue: try word()) else { throw rejection("no such word here") }
        return value
    }
}
