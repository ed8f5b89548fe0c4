/// A map whose order is the order of its keys, the same in every run and on every node.
///
/// Binary search in one array: look-ups are logarithmic, insertion at the end is constant (records and
/// notices arrive in rising order), elsewhere linear in the elements that move.
public struct SortedMap<Key: Comparable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline var storage: [(key: Key, value: Value)] = []

    public init() {}

    public var count: Int { storage.count }
    public var isEmpty: Bool { storage.isEmpty }
    public var keys: [Key] { storage.map(\.key) }
    public var values: [Value] { storage.map(\.value) }
    public var first: (key: Key, value: Value)? { storage.first }
    public var last: (key: Key, value: Value)? { storage.last }

    /// Index of the first element whose key is not less than `key`.
    public func lowerBound(_ key: Key) -> Int {
        var low = 0
        var high = storage.count
        if let last = storage.last, last.key < key { return high }
        while low < high {
            let middle = (low + high) / 2
            if storage[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    public subscript(key: Key) -> Value? {
        get {
            let i = lowerBound(key)
            return i < storage.count && storage[i].key == key ? storage[i].value : nil
        }
        _modify {
            let i = lowerBound(key)
            let present = i < storage.count && storage[i].key == key
            var value: Value? = present ? storage[i].value : nil
            yield &value
            if let value {
                if present { storage[i].value = value } else { storage.insert((key, value), at: i) }
            } else if present {
                storage.remove(at: i)
            }
        }
    }

    public subscript(key: Key, default fallback: @autoclosure () -> Value) -> Value {
        get { self[key] ?? fallback() }
        _modify {
            let i = lowerBound(key)
            if !(i < storage.count && storage[i].key == key) { storage.insert((key, fallback()), at: i) }
            yield &storage[i].value
        }
    }

    /// Changes the value in place, without a copy; does nothing when the key is absent.
    public mutating func update(_ key: Key, _ change: (inout Value) -> Void) {
        let i = lowerBound(key)
        guard i < storage.count, storage[i].key == key else { return }
        change(&storage[i].value)
    }

    @discardableResult
    public mutating func removeValue(forKey key: Key) -> Value? {
        let i = lowerBound(key)
        guard i < storage.count, storage[i].key == key else { return nil }
        return storage.remove(at: i).value
    }

    public func contains(_ key: Key) -> Bool { self[key] != nil }

    /// The elements whose keys lie within the closed range.
    public func elements(in range: ClosedRange<Key>) -> ArraySlice<(key: Key, value: Value)> {
        let start = lowerBound(range.lowerBound)
        var end = start
        while end < storage.count, storage[end].key <= range.upperBound { end += 1 }
        return storage[start..<end]
    }
}

extension SortedMap: Sequence {
    public func makeIterator() -> IndexingIterator<[(key: Key, value: Value)]> { storage.makeIterator() }
}

extension SortedMap: Equatable where Value: Equatable {
    public static func == (a: Self, b: Self) -> Bool {
        a.count == b.count && zip(a.storage, b.storage).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    }
}

/// Encoded as an array of keys and one of values: keys need not be strings.
extension SortedMap: Codable where Key: Codable, Value: Codable {
    private enum CodingKeys: String, CodingKey { case keys, values }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let keys = try container.decode([Key].self, forKey: .keys)
        let values = try container.decode([Value].self, forKey: .values)
        guard keys.count == values.count, zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unsorted map"))
        }
        storage = zip(keys, values).map { ($0, $1) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(keys, forKey: .keys)
        try container.encode(values, forKey: .values)
    }
}
