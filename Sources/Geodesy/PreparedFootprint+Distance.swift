extension PreparedFootprint {
    /// Distance of the two cores, radii not taken off, and where it is reached.
    struct CoreDistance {
        var lowerM: Double
        var upperM: Double
        var mine: Position
        var others: Position

        fileprivate mutating func take(_ found: PairMeasure.Result) {
            guard found.upperM < upperM else { return }
            upperM = found.upperM
            mine = found.mine
            others = found.others
        }
    }

    /// Bounds of the distance between two footprints, in metres along the surface. Zero when they touch or overlap.
    /// Wider than ``DistanceBounds/errorM`` only where so much of both runs nearly as close that ``Effort`` is spent.
    public func distance(to other: PreparedFootprint) -> DistanceBounds {
        let cores = coreDistance(to: other)
        let radii = radiusM + other.radiusM
        return DistanceBounds(
            lowerM: Swift.max(0, cores.lowerM - radii),
            upperM: Swift.max(0, cores.upperM - radii))
    }

    func coreDistance(to other: PreparedFootprint, effort allowed: Effort = Effort()) -> CoreDistance {
        var best = CoreDistance(lowerM: 0, upperM: .infinity, mine: positions[0], others: other.positions[0])
        let nested = nesting(with: other)
        if case .within(let place) = nested {
            return CoreDistance(lowerM: 0, upperM: 0, mine: place, others: place)
        }
        let (pairs, leastUpper, unseenM) = nearestPairs(other, allowed)
        var lower = Ellipsoid.surfaceAtLeastM(chordM: unseenM - Ellipsoid.roundingM)
        guard let nearest = pairs.first,
            Ellipsoid.surfaceAtLeastM(chordM: nearest.chordM) < DistanceBounds.farthestPreciseM
        else {
            best = farDistance(to: other, nearest: pairs.first)
            best.lowerM = Swift.min(best.lowerM, lower)
            return best
        }
        var effort = allowed
        var measure = PairMeasure(self, other)
        for pair in pairs {
            let atLeast = Ellipsoid.surfaceAtLeastM(chordM: pair.chordM - Ellipsoid.roundingM)
            if atLeast > best.upperM { break }
            if effort.isSpent {
                // No pair to come has a shorter chord.
                lower = Swift.min(lower, atLeast)
                break
            }
            let found = measure(pair, &effort)
            lower = Swift.min(lower, found.lowerM)
            best.take(found)
            if best.upperM == 0 { break }
        }
        if unseenM < .infinity || effort.isSpent, let leastUpper { best.take(measure(leastUpper, &effort)) }
        best.lowerM = Swift.min(lower, best.upperM)
        if case .edge = nested { best.lowerM = 0 }
        return best
    }

    /// The pairs of pieces that may hold the smallest distance, nearest chord first; the pair whose upper bound is
    /// least; and a lower bound of the chord of those left out: infinite unless there were too many.
    private func nearestPairs(
        _ other: PreparedFootprint, _ allowed: Effort
    ) -> (pairs: [PiecePair], leastUpper: PiecePair?, unseenM: Double) {
        // Some pair of vertices is this near, so the nearest pair of pieces is too.
        var beyond = (points[0] - other.points[0]).length + Ellipsoid.roundingM
        for (mine, others) in [(self, other), (other, self)] {
            for point in mine.points {
                beyond = Swift.min(beyond, (point - others.points[0]).length + Ellipsoid.roundingM)
            }
        }
        var pairs: [PiecePair] = []
        var smallest = Double.infinity
        var leastUpper: PiecePair?
        var unseen = Double.infinity
        var isFull = false
        var effort = allowed
        _ = forEachNearPair(other, beyondM: beyond, &effort) { i, j, _ in
            let chord = chordBounds(i, other, j)
            if chord.upper < smallest {
                smallest = chord.upper
                leastUpper = PiecePair(mine: i, others: j, chordM: chord.lower)
                beyond = Swift.min(beyond, reach(smallest))
            }
            guard chord.lower <= beyond else { return false }
            if pairs.count >= Self.pairsKept, !isFull {
                pairs.removeAll { $0.chordM > beyond }
                isFull = pairs.count > Self.pairsKept / 2
            }
            if isFull {
                unseen = Swift.min(unseen, chord.lower)
            } else {
                pairs.append(PiecePair(mine: i, others: j, chordM: chord.lower))
            }
            return false
        }
        if effort.isSpent {
            unseen = Swift.min(unseen, (ball.centre - other.ball.centre).length - ball.radiusM - other.ball.radiusM)
        }
        pairs.removeAll { $0.chordM > beyond }
        pairs.sort { ($0.chordM, $0.mine, $0.others) < ($1.chordM, $1.mine, $1.others) }
        return (pairs, leastUpper, unseen)
    }

    /// The longest chord that can belong to a surface distance not above that of a chord of `chordM`.
    private func reach(_ chordM: Double) -> Double {
        Ellipsoid.chordBeyondM(surfaceM: Ellipsoid.surfaceAtMostM(chordM: chordM)) + Ellipsoid.roundingM
    }

    /// Beyond 9 000 km distance along an arc is no longer convex: chords and ends alone bound it.
    private func farDistance(to other: PreparedFootprint, nearest: PiecePair?) -> CoreDistance {
        let mine = positions[nearest?.mine ?? 0]
        let others = other.positions[nearest?.others ?? 0]
        let ends = Geodesic.distanceM(mine, others)
        let isExact = points.count == 1 && other.points.count == 1
        let chord = (nearest?.chordM ?? 0) - Ellipsoid.roundingM
        return CoreDistance(
            lowerM: isExact
                ? ends - Geodesic.errorM
                : Swift.min(ends - Geodesic.errorM, Ellipsoid.surfaceAtLeastM(chordM: chord)),
            upperM: ends + Geodesic.errorM, mine: mine, others: others)
    }
}
