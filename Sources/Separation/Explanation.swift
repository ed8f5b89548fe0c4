import Geodesy
import Kernel

/// Why two volumes conflict, in numbers that a person can check on a map.
public struct Explanation: Hashable, Sendable {
    /// The minima that held for the pair.
    public let minima: Minima
    /// Metres between the footprints.
    public let horizontal: DistanceBounds
    /// Nearest points of the two footprints; the same point when they overlap.
    public let nearestOnFirst: Position
    public let nearestOnSecond: Position
    /// Metres between the bands, negative where they overlap.
    public let verticalGapM: ClosedRange<Double>
    /// Between the windows; zero when they touch or overlap.
    public let timeGap: Duration
    /// What both windows cover; `nil` when they do not touch.
    public let timeOverlap: TimeWindow?
    public let verdict: Verdict

    public init(_ first: Volume4D, _ second: Volume4D, minima: Minima, reference: VerticalReference) {
        self.minima = minima
        horizontal = first.footprint.distance(to: second.footprint)
        let points = first.footprint.closestPoints(to: second.footprint)
        nearestOnFirst = points.0
        nearestOnSecond = points.1
        verticalGapM = VerticalExtent(first.band, over: first.footprint, reference)
            .gapM(to: VerticalExtent(second.band, over: second.footprint, reference))
        timeGap = .microseconds(ConflictTest.gapMicroseconds(first.window, second.window))
        timeOverlap = TimeWindow(
            start: max(first.window.start, second.window.start), end: min(first.window.end, second.window.end))
        verdict = ConflictTest.conflict(first, second, minima: minima, reference: reference)
    }
}
