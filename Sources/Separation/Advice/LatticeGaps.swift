/// Times and heights that are forbidden together, in whole steps, both ends included.
struct LatticeBlock: Hashable, Sendable {
    let times: ClosedRange<Int64>
    let heights: ClosedRange<Int64>
}

/// A change of time and height in whole steps, and its cost.
struct LatticeGap: Hashable, Sendable {
    let time: Int64
    let height: Int64
    let cost: Double
}

/// The cheapest step of time and height that no block holds.
struct LatticeGaps: Sendable {
    /// Hold 0.
    let times: ClosedRange<Int64>
    let heights: ClosedRange<Int64>
    /// Of one step.
    let timeCost: Double
    let heightCost: Double

    private var byStart: [LatticeBlock] = []
    private var byEnd: [LatticeBlock] = []
    private var rows: [Int64] = []

    init(times: ClosedRange<Int64>, heights: ClosedRange<Int64>, timeCost: Double, heightCost: Double) {
        self.times = times
        self.heights = heights
        self.timeCost = timeCost
        self.heightCost = heightCost
    }

    /// Exact: in the cheapest solution the height is none at all or just beyond a block, as it could come nearer to none
    /// otherwise; and at one height the forbidden times are intervals, of which those around 0 are joined.
    ///
    /// - Parameters:
    ///   - below: only what costs less is wanted.
    ///   - work: counts steps of the search.
    /// - Returns: `nil` when the blocks leave nothing.
    mutating func cheapest(_ blocks: [LatticeBlock], below: Double = .infinity, _ work: inout Int) -> LatticeGap? {
        byStart.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        rows.append(0)
        for block in blocks where block.times.overlaps(times) && block.heights.overlaps(heights) {
            byStart.append(block)
            if block.heights.upperBound < heights.upperBound { rows.append(block.heights.upperBound + 1) }
            if block.heights.lowerBound > heights.lowerBound { rows.append(block.heights.lowerBound - 1) }
        }
        byEnd = byStart
        byStart.sort { ($0.times.lowerBound, $0.times.upperBound) < ($1.times.lowerBound, $1.times.upperBound) }
        byEnd.sort { ($0.times.upperBound, $0.times.lowerBound) > ($1.times.upperBound, $1.times.lowerBound) }
        rows.sort { $0.magnitude == $1.magnitude ? $0 > $1 : $0.magnitude < $1.magnitude }
        work += byStart.count * 20 + 10
        var best: LatticeGap?
        var last: Int64?
        for row in rows where row != last && heights.contains(row) {
            last = row
            let rowCost = Double(row.magnitude) * heightCost
            guard rowCost < min(best?.cost ?? .infinity, below) else { break }
            work += byStart.count / 4 + 1
            for time in [later(row), earlier(row)] {
                guard let time else { continue }
                let cost = rowCost + Double(time.magnitude) * timeCost
                if cost < min(best?.cost ?? .infinity, below) { best = LatticeGap(time: time, height: row, cost: cost) }
            }
        }
        return best
    }

    private func later(_ row: Int64) -> Int64? {
        var at: Int64 = 0
        for block in byStart where block.heights.contains(row) {
            if block.times.lowerBound > at { break }
            if block.times.upperBound < at { continue }
            guard block.times.upperBound < times.upperBound else { return nil }
            at = block.times.upperBound + 1
        }
        return at
    }

    private func earlier(_ row: Int64) -> Int64? {
        var at: Int64 = 0
        for block in byEnd where block.heights.contains(row) {
            if block.times.upperBound < at { break }
            if block.times.lowerBound > at { continue }
            guard block.times.lowerBound > times.lowerBound else { return nil }
            at = block.times.lowerBound - 1
        }
        return at
    }
}
