/// First in, first out, of a stated capacity: a full queue refuses instead of growing or dropping.
public struct BoundedQueue<Element: Sendable>: Sendable {
    public let capacity: Int
    private var ring: [Element?]
    private var head = 0
    public private(set) var count = 0

    public init(capacity: Int) {
        precondition(capacity > 0, "a queue holds at least one element")
        self.capacity = capacity
        ring = Array(repeating: nil, count: capacity)
    }

    public var isEmpty: Bool { count == 0 }
    public var isFull: Bool { count == capacity }

    /// - Returns: `false`, and nothing changed, when the queue is full.
    public mutating func offer(_ element: Element) -> Bool {
        guard !isFull else { return false }
        ring[(head + count) % capacity] = element
        count += 1
        return true
    }

    public mutating func take() -> Element? {
        guard !isEmpty else { return nil }
        let element = ring[head]
        ring[head] = nil
        head = (head + 1) % capacity
        count -= 1
        return element
    }

    /// Everything that waits, oldest first.
    public mutating func drain() -> [Element] {
        var elements: [Element] = []
        elements.reserveCapacity(count)
        while let element = take() { elements.append(element) }
        return elements
    }
}
