import Geodesy
import Kernel

/// What a conflict test of two volumes finds.
public enum Verdict: Hashable, Sendable {
    /// Certainly farther apart than the minima on this axis, and not on the axes before it.
    case separate(by: Axis)
    /// Not certainly separate. `proven`: certainly within the minima on every axis; otherwise a distance lies within
    /// its error bound, or a height within its uncertainty, of the minimum.
    case conflict(proven: Bool)

    public enum Axis: String, Hashable, Sendable, Codable, CaseIterable {
        case time, vertical, horizontal
    }

    public var isConflict: Bool {
        if case .conflict = self { return true }
        return false
    }
}

/// The test that decides whether two volumes conflict: windows, bands and footprints all come within their
/// minima. Intervals are closed, so touching counts, and doubt is a conflict.
public enum ConflictTest {
    public static func conflict(
        _ a: Volume4D, _ b: Volume4D, minima: Minima, reference: VerticalReference
    ) -> Verdict {
        guard areWithin(minima.time, a.window, b.window) else { return .separate(by: .time) }
        let vertical = self.vertical(
            VerticalExtent(a.band, over: a.footprint, reference),
            VerticalExtent(b.band, over: b.footprint, reference), minima.vertical)
        guard vertical != .farther else { return .separate(by: .vertical) }
        let horizontal = a.footprint.closeness(to: b.footprint, thresholdM: minima.horizontalM)
        guard horizontal != .farther else { return .separate(by: .horizontal) }
        return .conflict(proven: vertical == .closer && horizontal == .closer)
    }

    /// Whether two closed windows come within `minimum` of each other; in exact integers. A window that ends at
    /// `UTCInstant.distantFuture` has no end.
    public static func areWithin(_ minimum: Duration, _ a: TimeWindow, _ b: TimeWindow) -> Bool {
        gapMicroseconds(a, b) <= minimum.wholeMicroseconds
    }

    /// Microseconds from the end of the earlier window to the start of the later one; 0 when they touch or
    /// overlap; saturates.
    static func gapMicroseconds(_ a: TimeWindow, _ b: TimeWindow) -> Int64 {
        let (early, late) = a.start <= b.start ? (a, b) : (b, a)
        guard late.start > early.end else { return 0 }
        let (gap, overflow) = late.start.microseconds.subtractingReportingOverflow(early.end.microseconds)
        return overflow ? .max : gap
    }

    static func vertical(_ a: VerticalExtent, _ b: VerticalExtent, _ minimum: Minima.Vertical) -> Closeness {
        guard case .metres(let metres) = minimum else { return .closer }
        return vertical(a.gapM(to: b), metres)
    }

    static func vertical(_ gapM: ClosedRange<Double>, _ minimumM: Double) -> Closeness {
        if gapM.lowerBound > minimumM + VerticalExtent.roundingM { return .farther }
        return gapM.upperBound <= minimumM + VerticalExtent.roundingM ? .closer : .undecided
    }
}
