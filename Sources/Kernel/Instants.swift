/// A point on the UTC time scale, in microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Activity windows and record times use it. It may step, in either direction, so nothing that must expire
/// is measured with it: see ``MonotonicInstant``.
public struct UTCInstant: Hashable, Comparable, Sendable, Codable {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public init(from decoder: any Decoder) throws {
        microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(microseconds)
    }

    public static func < (a: Self, b: Self) -> Bool { a.microseconds < b.microseconds }

    /// The instant `duration` later; saturates at the ends of the scale instead of trapping.
    public func advanced(by duration: Duration) -> UTCInstant {
        let (sum, overflow) = microseconds.addingReportingOverflow(duration.wholeMicroseconds)
        if overflow { return duration.wholeMicroseconds < 0 ? .distantPast : .distantFuture }
        return UTCInstant(microseconds: sum)
    }

    /// Saturates.
    public func duration(since earlier: UTCInstant) -> Duration {
        let (difference, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
        return .microseconds(overflow ? (microseconds < 0 ? Int64.min : Int64.max) : difference)
    }

    public static let distantPast = UTCInstant(microseconds: Int64.min)
    public static let distantFuture = UTCInstant(microseconds: Int64.max)
}

/// A point on this node's own clock that never goes back, in nanoseconds from an origin that only this
/// node knows. Freshness, ladders and link ages are measured with it; it is never sent to anybody.
public struct MonotonicInstant: Hashable, Comparable, Sendable, Codable {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public init(from decoder: any Decoder) throws {
        nanoseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(nanoseconds)
    }

    public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

    public func advanced(by duration: Duration) -> MonotonicInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        if overflow { return MonotonicInstant(nanoseconds: duration.wholeNanoseconds < 0 ? .min : .max) }
        return MonotonicInstant(nanoseconds: sum)
    }

    /// Saturates.
    public func duration(since earlier: MonotonicInstant) -> Duration {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return .nanoseconds(overflow ? (nanoseconds < 0 ? Int64.min : Int64.max) : difference)
    }
}

/// Both clocks read at one moment: how time reaches the core.
public struct Now: Hashable, Sendable, Codable {
    public let utc: UTCInstant
    public let monotonic: MonotonicInstant

    public init(utc: UTCInstant, monotonic: MonotonicInstant) {
        self.utc = utc
        self.monotonic = monotonic
    }
}

extension Duration {
    /// Whole nanoseconds, towards zero; saturates.
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, overflow2) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow2 ? (seconds < 0 ? .min : .max) : sum
    }

    /// Whole microseconds, towards zero; saturates.
    public var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, overflow2) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return overflow2 ? (seconds < 0 ? .min : .max) : sum
    }

    /// Seconds with a fraction, for display.
    public var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    public static func minutes(_ minutes: Int64) -> Duration { .seconds(minutes * 60) }
    public static func hours(_ hours: Int64) -> Duration { .seconds(hours * 3600) }

    public var magnitude: Duration { self < .zero ? .zero - self : self }
}
