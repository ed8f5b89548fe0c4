import Kernel

/// Where volumes are kept by their windows. Level 0 has buckets of four hours, each further level buckets eight times
/// as wide. A window lies in the lowest level of which it touches at most four buckets, and in each of those; so a
/// query for some hours looks at few buckets, and long windows lie in no bucket that it looks at for short ones.
enum TimeLevels {
    struct Address: Hashable, Sendable {
        /// Mode and level in one number: modes never meet.
        let shelf: Int
        let first: Int64
        let last: Int64
    }

    /// The widest has buckets of 85 days: four hold any window that has an end.
    static let levels = 4
    /// Windows without an end, in one bucket.
    static let openLevel = levels
    static let shelvesPerMode = levels + 1
    private static let mostBuckets: Int64 = 4
    private static let narrowestMicroseconds: Int64 = 4 * 3_600_000_000

    static func shelf(_ mode: Mode, _ level: Int) -> Int { (mode == .real ? 0 : shelvesPerMode) + level }

    static func width(_ level: Int) -> Int64 { narrowestMicroseconds << Int64(3 * level) }

    static func address(_ mode: Mode, _ window: TimeWindow) -> Address {
        if window.end != .distantFuture {
            for level in 0..<levels {
                let first = window.start.microseconds.flooredQuotient(by: width(level))
                let last = window.end.microseconds.flooredQuotient(by: width(level))
                if last - first < mostBuckets { return Address(shelf: shelf(mode, level), first: first, last: last) }
            }
        }
        return Address(shelf: shelf(mode, openLevel), first: 0, last: 0)
    }

    /// Buckets of one level that may hold a window within `margin` of the given one.
    static func buckets(_ level: Int, near window: TimeWindow, marginMicroseconds: Int64) -> ClosedRange<Int64> {
        guard level < levels else { return 0...0 }
        let margin = Duration.microseconds(marginMicroseconds)
        let first = window.start.advanced(by: .zero - margin).microseconds.flooredQuotient(by: width(level))
        let last = window.end.advanced(by: margin).microseconds.flooredQuotient(by: width(level))
        return first...last
    }

    /// Seconds from the begin of a bucket, in the open level since 1970, in single precision and rounded down.
    static func secondsDown(_ microseconds: Double, _ level: Int, _ bucket: Int64) -> Float {
        Float((microseconds - origin(level, bucket)) * 1e-6 - 1e-2).nextDown
    }

    /// Rounded up.
    static func secondsUp(_ microseconds: Double, _ level: Int, _ bucket: Int64) -> Float {
        Float((microseconds - origin(level, bucket)) * 1e-6 + 1e-2).nextUp
    }

    private static func origin(_ level: Int, _ bucket: Int64) -> Double {
        level < levels ? Double(bucket) * Double(width(level)) : 0
    }
}
