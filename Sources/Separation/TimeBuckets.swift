import Kernel

/// Where an index keeps volumes by their windows: level *k* holds windows up to 2^k quarters of an hour, in buckets
/// of that width by their start. A window lies in one bucket only, and a query looks at few of them.
enum TimeBuckets {
    struct Key: Comparable, Hashable, Sendable {
        /// Mode and level in one number: modes never meet.
        let shelf: Int
        let index: Int64

        static func < (a: Self, b: Self) -> Bool { a.shelf == b.shelf ? a.index < b.index : a.shelf < b.shelf }
    }

    /// 2^12 quarters of an hour are 42 days: longer than any window that has an end.
    static let levels = 13
    /// Windows without an end, in one bucket.
    static let openLevel = levels
    private static let narrowestMicroseconds: Int64 = 900 * 1_000_000

    static func shelf(_ mode: Mode, _ level: Int) -> Int { (mode == .real ? 0 : levels + 1) + level }

    private static func width(_ level: Int) -> Int64 { narrowestMicroseconds << Int64(level) }

    static func key(_ mode: Mode, _ window: TimeWindow) -> Key {
        let (length, overflow) = window.end.microseconds.subtractingReportingOverflow(window.start.microseconds)
        guard !overflow, length <= width(levels - 1), window.end != .distantFuture else {
            return Key(shelf: shelf(mode, openLevel), index: 0)
        }
        var level = 0
        while width(level) < length { level += 1 }
        return Key(
            shelf: shelf(mode, level), index: window.start.microseconds.flooredQuotient(by: width(level)))
    }

    /// Buckets of one level that may hold a window within `margin` of the given one.
    static func keys(_ mode: Mode, _ level: Int, near window: TimeWindow, margin: Duration) -> ClosedRange<Key> {
        let shelf = shelf(mode, level)
        guard level < levels else { return Key(shelf: shelf, index: 0)...Key(shelf: shelf, index: 0) }
        let width = width(level)
        let first = window.start.advanced(by: .zero - margin).microseconds.flooredQuotient(by: width)
        let last = window.end.advanced(by: margin).microseconds.flooredQuotient(by: width)
        return Key(shelf: shelf, index: first - 1)...Key(shelf: shelf, index: last)
    }
}
