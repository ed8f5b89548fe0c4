import Geodesy

/// Why two notices conflict: the pairs of their volumes that come within the minima, the worst first.
public struct NoticePairExplanation: Hashable, Sendable {
    public struct Pair: Hashable, Sendable {
        /// Index of the volume in the first notice, and in the second.
        public let first: Int
        public let second: Int
        public let explanation: Explanation
    }

    /// At least one and at most ``pairsMost``. Those within the minima; where this node finds none, the one pair that
    /// comes nearest to it.
    public let pairs: [Pair]
    /// How many pairs of volumes are within the minima, of all.
    public let count: Int

    public var worst: Pair { pairs[0] }

    public static let pairsMost = 16
    /// Pairs that are measured to find the worst: measuring costs more than deciding.
    private static let measuredMost = 64

    /// - Parameter testedMost: how many pairs are looked at, in order: of two notices with 64 volumes each there are 4 096,
    ///   too many for a list of conflicts. What lies beyond is neither shown nor counted.
    /// - Returns: `nil` when either notice has no volume.
    public init?(
        _ first: [Volume4D], _ second: [Volume4D], minima: Minima, reference: VerticalReference, testedMost: Int = .max
    ) {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        func explained(_ i: Int, _ j: Int) -> Pair {
            Pair(
                first: i, second: j,
                explanation: Explanation(first[i], second[j], minima: minima, reference: reference))
        }
        var found = 0
        var within: [Pair] = []
        for index in 0..<min(first.count * second.count, testedMost) {
            let (i, j) = index.quotientAndRemainder(dividingBy: second.count)
            let verdict = ConflictTest.conflict(first[i], second[j], minima: minima, reference: reference)
            guard verdict.isConflict else { continue }
            found += 1
            if within.count < Self.measuredMost { within.append(explained(i, j)) }
        }
        if within.isEmpty { within = Self.nearest(first.count, second.count, explained).map { [$0] } ?? [] }
        guard !within.isEmpty else { return nil }
        within.sort(by: Self.isWorse)
        pairs = Array(within.prefix(Self.pairsMost))
        count = found
    }

    /// Nearest in time, then in place, among the first few volumes of each.
    private static func nearest(_ firstCount: Int, _ secondCount: Int, _ explained: (Int, Int) -> Pair) -> Pair? {
        var nearest: Pair?
        for i in 0..<min(firstCount, 8) {
            for j in 0..<min(secondCount, 8) {
                let pair = explained(i, j)
                if let nearest, !isNearer(pair.explanation, nearest.explanation) { continue }
                nearest = pair
            }
        }
        return nearest
    }

    private static func isNearer(_ a: Explanation, _ b: Explanation) -> Bool {
        (a.timeGap, a.horizontal.lowerM) < (b.timeGap, b.horizontal.lowerM)
    }

    /// The smaller distance first, then the smaller gap of the bands, then of the windows; else as they stand.
    private static func isWorse(_ a: Pair, _ b: Pair) -> Bool {
        let (x, y) = (a.explanation, b.explanation)
        if x.horizontal.lowerM != y.horizontal.lowerM { return x.horizontal.lowerM < y.horizontal.lowerM }
        if x.verticalGapM.lowerBound != y.verticalGapM.lowerBound {
            return x.verticalGapM.lowerBound < y.verticalGapM.lowerBound
        }
        if x.timeGap != y.timeGap { return x.timeGap < y.timeGap }
        return (a.first, a.second) < (b.first, b.second)
    }
}
