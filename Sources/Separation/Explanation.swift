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
    /// How far either window has to move, earlier or later, until they lie just the minimum apart, which still touches;
    /// `nil` when no move is enough, as neither has an end.
    public let timeLack: Duration?
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
        timeLack = Self.timeLack(first.window, second.window, minima.time)
        verdict = ConflictTest.conflict(first, second, minima: minima, reference: reference)
    }

    private static func timeLack(_ first: TimeWindow, _ second: TimeWindow, _ minimum: Duration) -> Duration? {
        var least: Duration?
        for (early, late) in [(first, second), (second, first)] where early.end != .distantFuture {
            let lack = max(.zero, early.end.duration(since: late.start) + minimum)
            least = min(least ?? lack, lack)
        }
        return least
    }
}

/// By how much each minimum is broken: what a change on that axis alone has to win at least, and a little more, as
/// touching counts. Zero on an axis whose minimum is just touched; never negative for a conflict.
extension Explanation {
    /// Metres, from the lower bound of the distance: with so much more the footprints are certainly apart.
    public var horizontalLackM: Double { max(0, minima.horizontalM - horizontal.lowerM) }

    /// Metres, from the lower bound of the gap; `nil` when altitude does not separate.
    public var verticalLackM: Double? {
        guard case .metres(let metres) = minima.vertical else { return nil }
        return max(0, metres - verticalGapM.lowerBound)
    }
}

/// Which minima are broken. A conflict breaks them all: one that holds is what keeps two volumes apart.
extension Explanation {
    /// Whether the minimum of this axis is not certainly kept. Touching it breaks it.
    public func isBroken(_ axis: Verdict.Axis) -> Bool {
        switch axis {
        case .time: timeGap <= minima.time
        case .vertical:
            switch minima.vertical {
            case .all: true
            case .metres(let metres): ConflictTest.vertical(verticalGapM, metres) != .farther
            }
        case .horizontal: horizontal.lowerM <= minima.horizontalM
        }
    }
}
