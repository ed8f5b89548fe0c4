/// Straight segments in space: what bounds the distance of the geodesics above them.
enum Chords {
    /// Distance from a point to a segment, which may be a single point.
    @inline(__always)
    static func distance(_ p: Vector3, _ a: Vector3, _ b: Vector3) -> Double {
        let along = b - a
        let square = along.lengthSquared
        guard square > 0 else { return (p - a).length }
        let t = min(1, max(0, (p - a).dot(along) / square))
        return (p - a - along * t).length
    }

    /// Bounds of the distance between two segments, either of which may be a single point.
    ///
    /// It is the smallest of four end-to-segment distances, or that of the two straight lines where their common
    /// perpendicular meets both segments. Where rounding leaves that in doubt, the lower bound takes it as met
    /// and the upper bound as not met.
    static func distance(
        _ a: Vector3, _ b: Vector3, _ c: Vector3, _ d: Vector3
    ) -> (lower: Double, upper: Double) {
        let ends = min(min(distance(a, c, d), distance(b, c, d)), min(distance(c, a, b), distance(d, a, b)))
        let u = b - a
        let v = d - c
        let w = c - a
        let n = u.cross(v)
        let square = n.lengthSquared
        let scale = u.lengthSquared * v.lengthSquared
        let shorter = min(u.lengthSquared, v.lengthSquared).squareRoot()
        guard scale > 0 else { return (ends, ends) }
        let sine = (square / scale).squareRoot()
        // Lines this nearly parallel change their distance by less than this along the shorter segment.
        guard sine > parallelSine else { return (ends - parallelSine * shorter, ends) }
        let s = w.cross(v).dot(n) / square
        let t = w.cross(u).dot(n) / square
        let doubt = 1e-6 + 1e-6 / (shorter * sine)
        guard s > -doubt, s < 1 + doubt, t > -doubt, t < 1 + doubt else { return (ends, ends) }
        let lines = abs(w.dot(n)) / square.squareRoot() - w.length * 1e-15 / sine
        let isMet = s > 0 && s < 1 && t > 0 && t < 1
        guard !isMet else { return (min(lines, ends), min(ends, (w + v * t - u * s).length)) }
        // Of two segments nearly in line the place where the lines meet is in wide doubt; the gap along one is not.
        let long = u.length
        let (from, to) = (w.dot(u) / long, (d - a).dot(u) / long)
        let gap = max(min(from, to) - long, -max(from, to))
        return (min(max(lines, gap), ends), ends)
    }

    private static let parallelSine = 1e-7
}
