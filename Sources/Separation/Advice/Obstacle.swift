import Geodesy
import Kernel

/// One stored volume in the way of one volume of the notice, under one of the minima: which steps of time and height
/// are forbidden together wherever the footprints come within `horizontalM` of each other.
struct Obstacle: Sendable {
    /// Which of the notice's volumes.
    let volume: Int
    /// Of the stored volume.
    let slot: Int
    /// The pair's number in ``ObstacleBook/pairs``.
    let pair: Int
    let horizontalM: Double
    /// What one test of it counts for.
    let work: Int
    /// While the notice stays at its place; `nil` when no step is forbidden.
    let atHome: LatticeBlock?
    /// Wherever within the bounds it is: the geoid's height counts as anything that it is there.
    let anywhere: LatticeBlock?
}

/// What the search has learnt: every pair of volumes that the engine has once found in conflict. Grows only.
struct ObstacleBook: Sendable {
    struct Pair: Sendable {
        let volume: Int
        let slot: Int
        /// Of the stored footprint; found when first needed.
        var witnesses: [FootprintWitness]?
        var prepared: PreparedFootprint?
    }

    private(set) var obstacles: [Obstacle] = []
    var pairs: [Pair] = []
    private var known = SortedSet<Int64>()
    private let bounds: AdviceBounds
    private let windows: [TimeWindow]
    /// Of the notice's volumes at their place, and over all places that they may come to.
    private let atHome: [VerticalExtent]
    private let anywhere: [VerticalExtent]

    init(_ volumes: [Volume4D], atHome: [VerticalExtent], anywhere: [VerticalExtent], _ bounds: AdviceBounds) {
        windows = volumes.map(\.window)
        self.atHome = atHome
        self.anywhere = anywhere
        self.bounds = bounds
    }

    /// - Returns: whether the pair is new.
    mutating func learn(volume: Int, slot: Int, _ stored: StoredVolume, _ limits: [Minima], work: Int) -> Bool {
        guard known.insert(Int64(slot) << 8 | Int64(volume)) else { return false }
        let pair = pairs.count
        pairs.append(Pair(volume: volume, slot: slot))
        var seen: [Minima] = []
        for minima in limits where !seen.contains(minima) {
            seen.append(minima)
            guard let times = times(windows[volume], stored.window, minima.time) else { continue }
            func block(_ extent: VerticalExtent) -> LatticeBlock? {
                heights(extent, stored.extent, minima.vertical).map { LatticeBlock(times: times, heights: $0) }
            }
            obstacles.append(
                Obstacle(
                    volume: volume, slot: slot, pair: pair, horizontalM: minima.horizontalM, work: work,
                    atHome: block(atHome[volume]), anywhere: block(anywhere[volume])))
        }
        return true
    }

    /// Steps at which the windows come within the minimum: those between the last that ends early enough and the first
    /// that begins late enough. `nil` when there is no such step.
    private func times(_ mine: TimeWindow, _ other: TimeWindow, _ minimum: Duration) -> ClosedRange<Int64>? {
        let least = minimum.wholeMicroseconds
        let first = mine.end == .distantFuture
            ? Int64.min : Self.sum(Self.difference(other.start.microseconds, mine.end.microseconds), -least)
        let last = other.end == .distantFuture
            ? Int64.max : Self.sum(Self.difference(other.end.microseconds, mine.start.microseconds), least)
        let step = bounds.timeStepMicroseconds
        // Rounded up, without leaving the scale.
        let low = first == .min ? Int64.min : -Self.difference(0, first).flooredQuotient(by: step)
        let high = last == .max ? Int64.max : last.flooredQuotient(by: step)
        return low <= high ? low...high : nil
    }

    private static func difference(_ a: Int64, _ b: Int64) -> Int64 {
        let (value, overflow) = a.subtractingReportingOverflow(b)
        return overflow ? (a < b ? .min + 1 : .max) : value
    }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (value, overflow) = a.addingReportingOverflow(b)
        return overflow ? (b < 0 ? .min + 1 : .max) : value
    }

    /// Steps at which the bands may come within the minimum; the ends of a band move by as much as the band, whatever
    /// they are measured from.
    private func heights(_ mine: VerticalExtent, _ other: VerticalExtent, _ minimum: Minima.Vertical) -> ClosedRange<Int64>? {
        guard case .metres(let metres) = minimum else { return Int64.min...Int64.max }
        let least = metres + VerticalExtent.roundingM
        let low = (Self.gapM(from: mine, upTo: other) - least) / bounds.altitudeStepM
        let high = (least - Self.gapM(from: other, upTo: mine)) / bounds.altitudeStepM
        guard low.rounded(.up) <= high.rounded(.down) else { return nil }
        return Int64(max(-1e15, low.rounded(.up)))...Int64(min(1e15, high.rounded(.down)))
    }

    /// Least metres from the upper end of one up to the lower end of the other. Two flight levels compare as they stand.
    private static func gapM(from low: VerticalExtent, upTo high: VerticalExtent) -> Double {
        if let top = low.upperPressureM, let bottom = high.lowerPressureM { return bottom - top }
        return high.lowerM.lowerBound - low.upperM.upperBound
    }
}
