/// A set in the order of its elements, the same in every run.
public struct SortedSet<Element: Comparable & Sendable>: Sendable, Sequence {
    @usableFromInline var map = SortedMap<Element, Present>()

    @usableFromInline struct Present: Sendable, Equatable {
        @inlinable init() {}
    }

    @inlinable public init() {}

    @inlinable public init(_ elements: some Sequence<Element>) {
        for element in elements { insert(element) }
    }

    @inlinable public var count: Int { map.count }
    @inlinable public var isEmpty: Bool { map.isEmpty }
    @inlinable public var elements: [Element] { map.keys }
    @inlinable public var first: Element? { map.first?.key }
    @inlinable public var last: Element? { map.last?.key }

    @inlinable public func contains(_ element: Element) -> Bool { map.contains(element) }

    /// - Returns: whether the element was new.
    @discardableResult
    @inlinable public mutating func insert(_ element: Element) -> Bool {
        let place = map.place(of: element)
        if !place.isPresent { map.insert((element, Present()), at: place) }
        return !place.isPresent
    }

    @discardableResult
    @inlinable public mutating func remove(_ element: Element) -> Bool { map.removeValue(forKey: element) != nil }

    @inlinable public func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
}

extension SortedSet: Equatable {}

extension SortedSet: Codable where Element: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([Element].self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(elements)
    }
}
