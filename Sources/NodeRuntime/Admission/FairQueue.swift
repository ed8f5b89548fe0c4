/// What waits, by who brought it: each source in its turn, by the cost of what it brings, so that one that brings much
/// holds up only itself. Bounded in all and for each source.
///
/// Deficit round robin (Shreedhar and Varghese, 1996).
struct FairQueue<Element: Sendable>: Sendable {
    struct Bounds: Sendable {
        /// Elements, in all and of one source.
        let count: Int
        let countPerSource: Int
        let bytes: Int
        let bytesPerSource: Int
    }

    enum Refusal: Error, Hashable, Sendable {
        /// This source has as much waiting as it may.
        case sourceIsFull
        case isFull
    }

    private struct Item {
        let element: Element
        let cost: Int
        let bytes: Int
    }

    private struct Lane {
        var items: [Item?] = []
        var head = 0
        var bytes = 0
        /// What it may still take of its turn.
        var credit = 0

        var count: Int { items.count - head }

        mutating func takeFirst() -> Item? {
            guard head < items.count, let item = items[head] else { return nil }
            items[head] = nil
            head += 1
            bytes -= item.bytes
            if head >= 64, head * 2 >= items.count {
                items.removeFirst(head)
                head = 0
            }
            return item
        }
    }

    /// What a source may take before it is another's turn.
    static var quantum: Int { 16 }

    private let bounds: Bounds
    private var lanes: [WorkSource: Lane] = [:]
    /// Sources of which something waits, in the order of their turns.
    private var turns: [WorkSource] = []
    private(set) var count = 0
    private(set) var bytes = 0

    init(_ bounds: Bounds) { self.bounds = bounds }

    var isEmpty: Bool { count == 0 }

    /// - Parameters:
    ///   - cost: of handling it, 1 or more.
    ///   - bytes: that it keeps while it waits.
    mutating func offer(_ element: Element, from source: WorkSource, cost: Int, bytes: Int) throws(Refusal) {
        var lane = lanes[source] ?? Lane(credit: FairQueue.quantum)
        guard lane.count < bounds.countPerSource, lane.bytes + bytes <= bounds.bytesPerSource else {
            throw .sourceIsFull
        }
        guard count < bounds.count, self.bytes + bytes <= bounds.bytes else { throw .isFull }
        if lane.count == 0 { turns.append(source) }
        lane.items.append(Item(element: element, cost: max(1, cost), bytes: bytes))
        lane.bytes += bytes
        lanes[source] = lane
        count += 1
        self.bytes += bytes
    }

    /// The next in turn, with its cost.
    mutating func take() -> (element: Element, cost: Int)? {
        while let source = turns.first, var lane = lanes.removeValue(forKey: source) {
            guard let next = lane.items[lane.head] else { return nil }
            guard lane.credit >= next.cost else {
                lane.credit += FairQueue.quantum
                lanes[source] = lane
                turns.append(turns.removeFirst())
                continue
            }
            guard let item = lane.takeFirst() else { return nil }
            lane.credit -= item.cost
            count -= 1
            bytes -= item.bytes
            // A source of which nothing waits saves nothing up.
            if lane.count == 0 { turns.removeFirst() } else { lanes[source] = lane }
            return (item.element, item.cost)
        }
        return nil
    }

    /// Everything that waits, in turn.
    mutating func drain() -> [Element] {
        var elements: [Element] = []
        while let next = take() { elements.append(next.element) }
        return elements
    }
}
