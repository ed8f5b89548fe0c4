/// A set in the order of its elements, the same in every run.
public struct SortedSet<Element: Comparable & Sendable>: Sendable, Sequence {
    private var map = SortedMap<Element, Present>()

    private struct Present: Sendable, Equatable {}

    public init() {}

    public init(_ elements: some Sequence<Element>) {
        for element in elements { insert(element) }
    }

    public var count: Int { map.count }
    public var isEmpty: Bool { map.isEmpty }
    public var elements: [Element] { map.keys }
    public var first: Element? { map.first?.key }
    public var last: Element? { map.last?.key }

    public func contains(_ element: Element) -> Bool { map.contains(element) }

    /// - Returns: whether the element was new.
    @discardableResult
    public mutating func insert(_ element: Element) -> Bool {
        let isNew = !map.contains(element)
        if isNew { map[element] = Present() }
        return isNew
    }

    @discardableResult
    public mutating func remove(_ element: Element) -> Bool { map.removeValue(forKey: element) != nil }

    public func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
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
