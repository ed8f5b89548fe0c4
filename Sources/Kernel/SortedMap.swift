/// A map whose order is the order of its keys, the same in every run and on every node.
///
/// The elements lie in runs of bounded length, in order: look-ups are two binary searches, and an insertion moves the
/// elements of one run, wherever in a large map it falls; at the end (records and notices arrive in rising order) it
/// moves none. Inlinable, because every decision asks some map, and one that is not specialized costs more than the
/// decision.
public struct SortedMap<Key: Comparable & Sendable, Value: Sendable>: Sendable {
    public typealias Element = (key: Key, value: Value)

    /// Where an element is, or would be.
    @usableFromInline struct Place {
        @usableFromInline let run: Int
        @usableFromInline let offset: Int
        @usableFromInline let isPresent: Bool

        @inlinable init(run: Int, offset: Int, isPresent: Bool) {
            self.run = run
            self.offset = offset
            self.isPresent = isPresent
        }
    }

    /// None is empty, and none longer than ``longestRun``.
    @usableFromInline var runs: [[Element]] = []
    @usableFromInline var length = 0

    @inlinable static var longestRun: Int { 256 }

    @inlinable public init() {}

    @inlinable public var count: Int { length }
    @inlinable public var isEmpty: Bool { runs.isEmpty }
    @inlinable public var keys: [Key] { map { $0.key } }
    @inlinable public var values: [Value] { map { $0.value } }
    @inlinable public var first: (key: Key, value: Value)? { runs.first?.first }
    @inlinable public var last: (key: Key, value: Value)? { runs.last?.last }

    /// Index of the first element whose key is not less than `key`.
    public func lowerBound(_ key: Key) -> Int {
        let place = place(of: key)
        return runs[..<Swift.min(place.run, runs.count)].reduce(place.offset) { $0 + $1.count }
    }

    /// A key beyond all others belongs at the end of the last run.
    @inlinable func place(of key: Key) -> Place {
        guard let end = runs.last else { return Place(run: 0, offset: 0, isPresent: false) }
        if end[end.count - 1].key < key { return Place(run: runs.count - 1, offset: end.count, isPresent: false) }
        var low = 0
        var high = runs.count - 1
        while low < high {
            let middle = (low + high) / 2
            if runs[middle][runs[middle].count - 1].key < key { low = middle + 1 } else { high = middle }
        }
        let run = low
        let elements = runs[run]
        low = 0
        high = elements.count - 1
        while low < high {
            let middle = (low + high) / 2
            if elements[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return Place(run: run, offset: low, isPresent: elements[low].key == key)
    }

    @inlinable mutating func insert(_ element: Element, at place: Place) {
        length += 1
        guard !runs.isEmpty else { return runs.append([element]) }
        let isAtEnd = place.run == runs.count - 1 && place.offset == runs[place.run].count
        guard runs[place.run].count == Self.longestRun else { return runs[place.run].insert(element, at: place.offset) }
        // A map that is filled in order has full runs.
        if isAtEnd { return runs.append([element]) }
        let half = Self.longestRun / 2
        runs.insert(Array(runs[place.run][half...]), at: place.run + 1)
        runs[place.run].removeSubrange(half...)
        if place.offset <= half {
            runs[place.run].insert(element, at: place.offset)
        } else {
            runs[place.run + 1].insert(element, at: place.offset - half)
        }
    }

    @inlinable mutating func remove(at place: Place) -> Element {
        length -= 1
        let element = runs[place.run].remove(at: place.offset)
        if runs[place.run].isEmpty { runs.remove(at: place.run) }
        return element
    }

    @inlinable public subscript(key: Key) -> Value? {
        get {
            let place = place(of: key)
            return place.isPresent ? runs[place.run][place.offset].value : nil
        }
        _modify {
            let place = place(of: key)
            var value: Value? = place.isPresent ? runs[place.run][place.offset].value : nil
            yield &value
            if let value {
                if place.isPresent {
                    runs[place.run][place.offset].value = value
                } else {
                    insert((key, value), at: place)
                }
            } else if place.isPresent {
                _ = remove(at: place)
            }
        }
    }

    @inlinable public subscript(key: Key, default fallback: @autoclosure () -> Value) -> Value {
        get { self[key] ?? fallback() }
        _modify {
            var place = place(of: key)
            if !place.isPresent {
                insert((key, fallback()), at: place)
                // The run may have been divided.
                place = self.place(of: key)
            }
            yield &runs[place.run][place.offset].value
        }
    }

    /// Changes the value in place, without a copy; does nothing when the key is absent.
    @inlinable public mutating func update(_ key: Key, _ change: (inout Value) -> Void) {
        let place = place(of: key)
        guard place.isPresent else { return }
        change(&runs[place.run][place.offset].value)
    }

    @discardableResult
    @inlinable public mutating func removeValue(forKey key: Key) -> Value? {
        let place = place(of: key)
        return place.isPresent ? remove(at: place).value : nil
    }

    @inlinable public func contains(_ key: Key) -> Bool { place(of: key).isPresent }

    /// The elements whose keys lie within the closed range.
    @inlinable public func elements(in range: ClosedRange<Key>) -> [(key: Key, value: Value)] {
        let start = place(of: range.lowerBound)
        var found: [(key: Key, value: Value)] = []
        var offset = start.offset
        for run in runs.dropFirst(start.run) {
            for element in run.dropFirst(offset) {
                guard element.key <= range.upperBound else { return found }
                found.append(element)
            }
            offset = 0
        }
        return found
    }
}

extension SortedMap: Sequence {
    public struct Iterator: IteratorProtocol {
        @usableFromInline let runs: [[(key: Key, value: Value)]]
        @usableFromInline var run = 0
        @usableFromInline var offset = 0

        @inlinable init(_ runs: [[(key: Key, value: Value)]]) { self.runs = runs }

        @inlinable public mutating func next() -> (key: Key, value: Value)? {
            guard run < runs.count else { return nil }
            defer {
                offset += 1
                if offset == runs[run].count {
                    run += 1
                    offset = 0
                }
            }
            return runs[run][offset]
        }
    }

    @inlinable public var underestimatedCount: Int { count }

    @inlinable public func makeIterator() -> Iterator { Iterator(runs) }
}

extension SortedMap: Equatable where Value: Equatable {
    @inlinable public static func == (a: Self, b: Self) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && $0.value == $1.value }
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
        for (key, value) in zip(keys, values) { insert((key, value), at: place(of: key)) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(keys, forKey: .keys)
        try container.encode(values, forKey: .values)
    }
}
