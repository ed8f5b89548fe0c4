import CGeodesic

/// Distance from a position to one geodesic arc, by walking the arc.
///
/// Along the arc the distance is a convex function as long as it stays below a quarter of the way round (9 985 km):
/// its tangents at two places on either side of the minimum bound it from below, its values from above.
enum PointToArc {
    struct Result {
        var lowerM: Double
        var upperM: Double
        /// Where on the arc `upperM` is reached.
        var nearest: Position
    }

    /// Wanted gap between the bounds.
    private static let closeEnoughM = 1e-5

    private struct Sample {
        let alongM: Double
        let distanceM: Double
        let slope: Double
        let position: Position
    }

    static func distance(from p: Position, to arc: GeodesicArc) -> Result {
        if p == arc.start || p == arc.end { return Result(lowerM: 0, upperM: 0, nearest: p) }
        var low = sample(p, arc, 0)
        var best = low
        func result(_ lowerM: Double) -> Result {
            Result(
                lowerM: max(0, lowerM - 2 * Geodesic.errorM), upperM: best.distanceM + 2 * Geodesic.errorM,
                nearest: best.position)
        }
        guard arc.lengthM > 0, low.slope < 0 else { return result(low.distanceM) }
        var high = sample(p, arc, arc.lengthM)
        if high.distanceM < best.distanceM { best = high }
        guard high.slope > 0 else { return result(high.distanceM) }
        var lower = 0.0
        for step in 0..<80 {
            let meet = (high.distanceM - low.distanceM + low.slope * low.alongM - high.slope * high.alongM)
                / (low.slope - high.slope)
            let clamped = min(high.alongM, max(low.alongM, meet))
            // What the library's azimuths may be wrong by, over the way from each tangent's foot to where they meet.
            let doubt = max(slopeDoubt(low) * (clamped - low.alongM), slopeDoubt(high) * (high.alongM - clamped))
            lower = max(lower, low.distanceM + low.slope * (clamped - low.alongM) - doubt)
            if best.distanceM - lower <= closeEnoughM || high.alongM - low.alongM < 1e-7 { break }
            // As in the plane: the foot of the perpendicular lies `distance * cos(angle)` ahead. Every fourth step
            // halves instead, so that the interval shrinks whatever the curvature does.
            let near = abs(low.distanceM * low.slope) < abs(high.distanceM * high.slope) ? low : high
            var next = near.alongM - near.distanceM * near.slope
            if step % 4 == 3 { next = (low.alongM + high.alongM) / 2 }
            if !(next > low.alongM && next < high.alongM) { next = clamped }
            if !(next > low.alongM && next < high.alongM) { next = (low.alongM + high.alongM) / 2 }
            let middle = sample(p, arc, next)
            if middle.distanceM < best.distanceM { best = middle }
            if middle.slope == 0 || middle.distanceM == 0 {
                lower = middle.distanceM
                break
            }
            if middle.slope < 0 { low = middle } else { high = middle }
        }
        return result(lower)
    }

    private static func sample(_ p: Position, _ arc: GeodesicArc, _ alongM: Double) -> Sample {
        let (position, azimuth) = arc.point(atM: alongM)
        let (metres, _, arriving) = Geodesic.azimuths(p, position)
        let slope = metres == 0 ? 0 : cos((azimuth - arriving) * Ellipsoid.radiansPerDegree)
        return Sample(alongM: alongM, distanceM: metres, slope: slope, position: position)
    }

    private static func slopeDoubt(_ sample: Sample) -> Double { 1e-12 + 3e-8 / max(sample.distanceM, 1e-3) }
}
