import Kernel

/// Where volumes are kept by their windows: level *k* holds windows up to 2^k quarters of an hour, in buckets of that
/// width by their start. A window lies in one bucket only, and a query looks at few of them.
enum TimeBuckets {
    struct Address: Hashable, Sendable {
        /// Mode and level in one number: modes never meet.
        let shelf: Int
        let bucket: Int64
    }

    /// 2^12 quarters of an hour are 42 days: longer than any window that has an end.
    static let levels = 13
    /// Windows without an end, in one bucket.
    static let openLevel = levels
    static let shelvesPerMode = levels + 1
    private static let narrowestMicroseconds: Int64 = 900 * 1_000_000

    static func shelf(_ mode: Mode, _ level: Int) -> Int { (mode == .real ? 0 : shelvesPerMode) + level }

    private static func width(_ level: Int) -> Int64 { narrowestMicroseconds << Int64(level) }

    static func address(_ mode: Mode, _ window: TimeWindow) -> Address {
        let (length, overflow) = window.end.microseconds.subtractingReportingOverflow(window.start.microseconds)
        guard !overflow, length <= width(levels - 1), window.end != .distantFuture else {
            return Address(shelf: shelf(mode, openLevel), bucket: 0)
        }
        var level = 0
        while width(level) < length { level += 1 }
        return Address(
            shelf: shelf(mode, level), bucket: window.start.microseconds.flooredQuotient(by: width(level)))
    }

    /// Buckets of one level that may hold a window within `margin` of the given one: those that start in it, and the
    /// one before, whose windows may last into it.
    static func buckets(_ level: Int, near window: TimeWindow, margin: Duration) -> ClosedRange<Int64> {
        guard level < levels else { return 0...0 }
        let width = width(level)
        let first = window.start.advanced(by: .zero - margin).microseconds.flooredQuotient(by: width)
        let last = window.end.advanced(by: margin).microseconds.flooredQuotient(by: width)
        return (first - 1)...last
    }
}
