extension PreparedFootprint {
    struct Nesting {
        /// A vertex of one core, inside the polygon that is the other.
        let place: Position
        /// It lies farther from the polygon's boundary than ``Ellipsoid/strayLargestM``; otherwise it may be
        /// outside by that much.
        let isCertain: Bool
    }

    /// Whether one core's first vertex lies within the other core, which must be a polygon.
    ///
    /// Certain either way when the boundaries are more than ``Ellipsoid/strayLargestM`` apart: then one vertex
    /// speaks for all.
    func nesting(with other: PreparedFootprint) -> Nesting? {
        if other.encloses(points[0]) {
            return Nesting(place: positions[0], isCertain: other.isBoundaryClear(of: points[0]))
        }
        if encloses(other.points[0]) {
            return Nesting(place: other.positions[0], isCertain: isBoundaryClear(of: other.points[0]))
        }
        return nil
    }

    /// Winding number of the ring about a point, in the plane across the line from the earth's centre to it. Each
    /// piece stands there for the plane through its ends and the centre. A ring lies within 60 degrees of its
    /// axis, so the point's antipode is outside and the winding number decides.
    func encloses(_ point: Vector3) -> Bool {
        guard isPolygon, (point - ball.centre).length <= ball.radiusM, point.dot(axis) > 0 else { return false }
        let up = point / point.length
        let east = up.anyPerpendicular
        let north = up.cross(east)
        var winding = 0
        var x1 = points[0].dot(east)
        var y1 = points[0].dot(north)
        for next in points.dropFirst() {
            let x2 = next.dot(east)
            let y2 = next.dot(north)
            if (y1 <= 0) != (y2 <= 0) {
                let side = x1 * y2 - x2 * y1
                if y1 <= 0, side > 0 { winding += 1 }
                if y2 <= 0, side < 0 { winding -= 1 }
            }
            x1 = x2
            y1 = y2
        }
        return winding != 0
    }

    private func isBoundaryClear(of point: Vector3) -> Bool {
        for i in 0..<pieceCount {
            let a = points[i]
            let b = points[end(of: i)]
            let bow = Ellipsoid.bowM(chordSquared: (b - a).lengthSquared)
            if Chords.distance(point, a, b) - bow <= Ellipsoid.strayLargestM + Ellipsoid.roundingM { return false }
        }
        return true
    }
}
