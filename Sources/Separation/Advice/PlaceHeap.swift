/// A square of places, in steps of east and north, both ends included, and what is known of it.
struct PlaceSquare: Sendable {
    let east: ClosedRange<Int32>
    let north: ClosedRange<Int32>
    /// Nothing in it is cheaper.
    var bound: Double
    /// Obstacles whose footprints conflict with the notice's at every place of it.
    var certain: [Int32]
    /// Obstacles that may conflict at some and not at others.
    var open: [Int32]
    /// Obstacles from here on were learnt later.
    var seen: Int
    /// Whether `open` was held against this square already, and not only against one that it is a half of.
    var isLookedAt = false
    /// The cheapest step that the first ``gapOf`` of `certain` leave.
    var gap: LatticeGap?
    var gapOf = -1
    /// Steps that the engine refused although no obstacle forbids them: on the verge of rounding.
    var refused: [LatticeBlock] = []

    var isSingle: Bool { east.lowerBound == east.upperBound && north.lowerBound == north.upperBound }

    /// Steps from the middle to its nearest place.
    var nearest: Double {
        func distance(_ range: ClosedRange<Int32>) -> Double {
            range.contains(0) ? 0 : Double(min(range.lowerBound.magnitude, range.upperBound.magnitude))
        }
        let (x, y) = (distance(east), distance(north))
        return (x * x + y * y).squareRoot()
    }

    /// Steps from its centre to its corners.
    var reach: Double {
        let x = Double(east.upperBound - east.lowerBound) / 2
        let y = Double(north.upperBound - north.lowerBound) / 2
        return (x * x + y * y).squareRoot()
    }

    /// Steps of its centre.
    var centre: (east: Double, north: Double) {
        ((Double(east.lowerBound) + Double(east.upperBound)) / 2, (Double(north.lowerBound) + Double(north.upperBound)) / 2)
    }

    /// Halves along the longer side.
    var halves: [PlaceSquare] {
        var (first, second) = (self, self)
        if east.count >= north.count {
            let middle = east.lowerBound + (east.upperBound - east.lowerBound) / 2
            first = with(east: east.lowerBound...middle, north: north)
            second = with(east: middle + 1...east.upperBound, north: north)
        } else {
            let middle = north.lowerBound + (north.upperBound - north.lowerBound) / 2
            first = with(east: east, north: north.lowerBound...middle)
            second = with(east: east, north: middle + 1...north.upperBound)
        }
        return [first, second]
    }

    private func with(east: ClosedRange<Int32>, north: ClosedRange<Int32>) -> PlaceSquare {
        PlaceSquare(
            east: east, north: north, bound: bound, certain: certain, open: open, seen: seen, gap: gap, gapOf: gapOf)
    }
}

/// Squares by their bounds, least first; of equal ones the one that came first.
struct PlaceHeap: Sendable {
    private var items: [(order: Int, square: PlaceSquare)] = []
    private var pushed = 0

    var least: Double? { items.first?.square.bound }

    mutating func push(_ square: PlaceSquare) {
        items.append((pushed, square))
        pushed += 1
        var at = items.count - 1
        while at > 0, precedes(at, (at - 1) / 2) {
            items.swapAt(at, (at - 1) / 2)
            at = (at - 1) / 2
        }
    }

    mutating func pop() -> PlaceSquare? {
        guard !items.isEmpty else { return nil }
        items.swapAt(0, items.count - 1)
        let square = items.removeLast().square
        var at = 0
        while true {
            var least = at
            for child in [2 * at + 1, 2 * at + 2] where child < items.count && precedes(child, least) { least = child }
            guard least != at else { return square }
            items.swapAt(at, least)
            at = least
        }
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        let (x, y) = (items[a], items[b])
        return x.square.bound == y.square.bound ? x.order < y.order : x.square.bound < y.square.bound
    }
}
