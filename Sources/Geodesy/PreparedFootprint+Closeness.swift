extension PreparedFootprint {
    /// Whether two footprints come within `thresholdM` of each other: the hot path of every conflict test.
    ///
    /// - Parameter thresholdM: finite and not negative; anything else is `undecided`.
    public func closeness(to other: PreparedFootprint, thresholdM: Double) -> Closeness {
        closeness(to: other, thresholdM: thresholdM, effort: Effort())
    }

    func closeness(to other: PreparedFootprint, thresholdM: Double, effort allowed: Effort) -> Closeness {
        guard thresholdM.isFinite, thresholdM >= 0 else { return .undecided }
        let cut = thresholdM + radiusM + other.radiusM
        guard cut < DistanceBounds.farthestPreciseM else { return .undecided }
        let limits = Thresholds(surfaceM: cut)
        if (ball.centre - other.ball.centre).length > limits.beyondM + ball.radiusM + other.ball.radiusM {
            return .farther
        }
        var effort = allowed
        var doubtful: [PiecePair] = []
        if scan(other, limits, &doubtful, &effort) { return .closer }
        // Pairs that were not looked at, or not kept, may be nearer.
        var answer =
            effort.isSpent || doubtful.count >= Self.pairsKept ? Closeness.undecided : .farther
        // A vertex that only nearly lies within the other core is within the limit all the same, unless that is small.
        if cut >= Ellipsoid.strayLargestM {
            if isNearlyNested(with: other) { return .closer }
        } else {
            switch nesting(with: other) {
            case .within: return .closer
            case .edge: answer = .undecided
            case .outside: break
            }
        }
        var measure = PairMeasure(self, other)
        effort = allowed
        for pair in doubtful {
            let found = measure(pair, &effort)
            if found.upperM <= cut { return .closer }
            if found.lowerM <= limits.fartherM { answer = .undecided }
            if effort.isSpent { return .undecided }
        }
        return answer
    }

    /// What a stated surface distance means for chords.
    struct Thresholds {
        /// More than this between boundaries is farther.
        let fartherM: Double
        /// A chord above this is farther.
        let beyondM: Double
        /// A chord up to this is closer.
        let withinM: Double

        init(surfaceM: Double) {
            fartherM = surfaceM + Ellipsoid.roundingM
            beyondM = Ellipsoid.chordBeyondM(surfaceM: fartherM) + Ellipsoid.roundingM
            withinM = Ellipsoid.chordWithinM(surfaceM: surfaceM) - Ellipsoid.roundingM
        }
    }

    struct PiecePair: Sendable {
        let mine: Int
        let others: Int
        /// Lower bound of the chord between the two pieces.
        let chordM: Double
    }

    /// Looks at every pair of pieces that is not obviously far.
    ///
    /// - Returns: `true` as soon as one pair is certainly within the limit; else `doubtful` holds the pairs that
    ///   are not certainly beyond it: all, unless they are ``pairsKept`` or the effort is spent.
    private func scan(
        _ other: PreparedFootprint, _ limits: Thresholds, _ doubtful: inout [PiecePair], _ effort: inout Effort
    ) -> Bool {
        forEachNearPair(other, beyondM: limits.beyondM, &effort) { i, j, _ in
            let pair = chordBounds(i, other, j)
            if pair.upper <= limits.withinM { return true }
            if pair.lower <= limits.beyondM, doubtful.count < Self.pairsKept { doubtful.append(PiecePair(mine: i, others: j, chordM: pair.lower)) }
            return false
        }
    }

    /// Bounds of the chord between the geodesic pieces `i` of this and `j` of the other.
    @inline(__always)
    func chordBounds(_ i: Int, _ other: PreparedFootprint, _ j: Int) -> (lower: Double, upper: Double) {
        let a = points[i]
        let b = points[end(of: i)]
        let c = other.points[j]
        let d = other.points[other.end(of: j)]
        let bow = Ellipsoid.bowM(chordSquared: (b - a).lengthSquared)
            + Ellipsoid.bowM(chordSquared: (d - c).lengthSquared)
        let straight = Chords.distance(a, b, c, d)
        return (straight.lower - bow, straight.upper + bow)
    }

    /// The most pairs that are kept to be measured: more than can be measured with one ``Effort``.
    static let pairsKept = 100_000

    /// Visits the pairs of pieces whose balls come within `beyondM`, until `visit` returns `true` or the effort is
    /// spent.
    @inline(__always)
    func forEachNearPair(
        _ other: PreparedFootprint, beyondM: Double, _ effort: inout Effort,
        _ visit: (Int, Int, inout Effort) -> Bool
    ) -> Bool {
        let mine = Swift.max(1, blocks.count)
        let others = Swift.max(1, other.blocks.count)
        for block in 0..<mine {
            let ball = blocks.isEmpty ? self.ball : blocks[block]
            effort.spend(others)
            for otherBlock in 0..<others {
                let otherBall = other.blocks.isEmpty ? other.ball : other.blocks[otherBlock]
                let reach = beyondM + ball.radiusM + otherBall.radiusM
                if (ball.centre - otherBall.centre).lengthSquared > reach * reach { continue }
                effort.spend(Self.piecesPerBlock * Self.piecesPerBlock)
                for i in pieces(of: block) {
                    let a = points[i]
                    let b = points[end(of: i)]
                    // Twice the distance from the piece's middle to a ball's centre.
                    let apart = (a + b - 2 * otherBall.centre).lengthSquared
                    let wide = 2 * (beyondM + otherBall.radiusM) + (b - a).length + Self.pieceSlackM
                    if apart > wide * wide { continue }
                    if effort.isSpent { return false }
                    for j in other.pieces(of: otherBlock) {
                        let c = other.points[j]
                        let d = other.points[other.end(of: j)]
                        let apart = (a + b - c - d).lengthSquared
                        let wide = 2 * beyondM + (b - a).length + (d - c).length + Self.pieceSlackM
                        if apart > wide * wide { continue }
                        effort.spend(Effort.pair)
                        if visit(i, j, &effort) { return true }
                    }
                }
            }
        }
        return false
    }

    /// Twice the bow of two longest pieces, and more.
    private static let pieceSlackM = 40.0

    func pieces(of block: Int) -> Range<Int> {
        let first = block * Self.piecesPerBlock
        return first..<(blocks.isEmpty ? pieceCount : Swift.min(first + Self.piecesPerBlock, pieceCount))
    }
}
