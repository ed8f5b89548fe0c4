import Kernel

/// How far apart two activities stay. Touching counts: at exactly these distances they conflict.
public struct Minima: Hashable, Sendable, Codable {
    /// Metres between footprints, 0 … 1 000 000.
    public let horizontalM: Double
    /// Between altitude bands; `all` when altitude does not separate (a strike reaches the ground).
    public let vertical: Vertical
    /// Between windows, 0 … 30 days.
    public let time: Duration

    public enum Vertical: Hashable, Sendable, Codable {
        /// 0 … 100 000 metres.
        case metres(Double)
        case all
    }

    /// - Returns: `nil` when a value is not finite or out of range.
    public init?(horizontalM: Double, vertical: Vertical, time: Duration) {
        guard horizontalM.isFinite, (0...1_000_000).contains(horizontalM),
            time >= .zero, time <= .hours(30 * 24)
        else { return nil }
        if case .metres(let metres) = vertical {
            guard metres.isFinite, (0...100_000).contains(metres) else { return nil }
        }
        self.horizontalM = horizontalM
        self.vertical = vertical
        self.time = time
    }

    /// On each axis the larger of the two.
    public func stricter(_ other: Minima) -> Minima {
        let vertical: Vertical =
            switch (self.vertical, other.vertical) {
            case (.all, _), (_, .all): .all
            case (.metres(let a), .metres(let b)): .metres(Swift.max(a, b))
            }
        return Minima(
            unchecked: Swift.max(horizontalM, other.horizontalM), vertical, Swift.max(time, other.time))
    }

    private init(unchecked horizontalM: Double, _ vertical: Vertical, _ time: Duration) {
        self.horizontalM = horizontalM
        self.vertical = vertical
        self.time = time
    }
}

/// Minima for every unordered pair of kinds. A pair that the table lacks takes the worst row: on each axis
/// the largest value in the table.
public struct MinimaTable: Hashable, Sendable, Codable {
    public struct Row: Hashable, Sendable, Codable {
        public let first: ActivityKind
        public let second: ActivityKind
        public let minima: Minima

        public init(_ first: ActivityKind, _ second: ActivityKind, _ minima: Minima) {
            self.first = first
            self.second = second
            self.minima = minima
        }
    }

    public let rows: [Row]
    public let worst: Minima
    private let byPair: SortedMap<Pair, Minima>

    private struct Pair: Hashable, Comparable, Sendable, Codable {
        let low: ActivityKind
        let high: ActivityKind

        init(_ a: ActivityKind, _ b: ActivityKind) {
            low = min(a, b)
            high = max(a, b)
        }

        static func < (a: Self, b: Self) -> Bool { (a.low, a.high) < (b.low, b.high) }
    }

    /// - Returns: `nil` when there is no row or a pair appears twice.
    public init?(rows: [Row]) {
        guard let first = rows.first else { return nil }
        var byPair = SortedMap<Pair, Minima>()
        var worst = first.minima
        for row in rows {
            let pair = Pair(row.first, row.second)
            guard !byPair.contains(pair) else { return nil }
            byPair[pair] = row.minima
            worst = worst.stricter(row.minima)
        }
        self.rows = rows
        self.worst = worst
        self.byPair = byPair
    }

    public subscript(a: ActivityKind, b: ActivityKind) -> Minima { byPair[Pair(a, b)] ?? worst }

    /// Pair by pair the stricter of two tables: what holds between the last acceptance of new terms and the
    /// moment at which they take effect.
    public func stricter(_ other: MinimaTable) -> MinimaTable {
        var pairs = SortedSet<Pair>()
        for row in rows + other.rows { pairs.insert(Pair(row.first, row.second)) }
        let merged = pairs.map { pair in
            Row(pair.low, pair.high, self[pair.low, pair.high].stricter(other[pair.low, pair.high]))
        }
        return MinimaTable(rows: merged) ?? self
    }

    public static func == (a: Self, b: Self) -> Bool { a.rows == b.rows }
    public func hash(into hasher: inout Hasher) { hasher.combine(rows) }
}
