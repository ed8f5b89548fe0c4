extension PreparedFootprint {
    enum Nesting {
        /// One core holds this vertex of the other.
        case within(Position)
        /// A vertex of one core lies within ``edgeM`` of the other's boundary, on either side.
        case edge
        /// Each core's first vertex is outside the other. So is all of it when the boundaries do not meet.
        case outside
    }

    /// Where a place lies to a polygon.
    enum Side {
        case inside, outside
        /// Within ``edgeM`` of the boundary, on either side.
        case edge
    }

    /// What ``Side/edge`` stays below, in metres: twice the bow of a piece that is no longer halved, and rounding.
    static let edgeM = 0.000_25
    private static let bowHalvedM = 0.000_1

    /// Whether one core's first vertex lies within the other core, which must be a polygon.
    func nesting(with other: PreparedFootprint) -> Nesting {
        let mine = other.side(of: points[0])
        if case .inside = mine { return .within(positions[0]) }
        switch side(of: other.points[0]) {
        case .inside: return .within(other.positions[0])
        case .edge: return .edge
        case .outside: if case .edge = mine { return .edge } else { return .outside }
        }
    }

    /// As ``nesting(with:)``, but may be wrong where a vertex lies within ``Ellipsoid/strayLargestM`` of the other
    /// core's boundary.
    func isNearlyNested(with other: PreparedFootprint) -> Bool {
        other.nearlyEncloses(points[0]) || nearlyEncloses(other.points[0])
    }

    /// Which side of the boundary a place is on. Pieces are halved where they pass so close that the planes that
    /// stand for them might pass on the other side.
    func side(of point: Vector3) -> Side {
        guard mayEnclose(point) else { return .outside }
        if isBoundaryClear(of: point) { return winding(about: point) != 0 ? .inside : .outside }
        var winding = Winding(about: point)
        for i in 0..<pieceCount {
            guard Self.take(ArcCrossing.Piece(self, i), point, &winding) else { return .edge }
        }
        return winding.number != 0 ? .inside : .outside
    }

    private func nearlyEncloses(_ point: Vector3) -> Bool { mayEnclose(point) && winding(about: point) != 0 }

    /// A ring lies within 60 degrees of its axis, so what is in the other hemisphere is outside.
    private func mayEnclose(_ point: Vector3) -> Bool {
        isPolygon && (point - ball.centre).length <= ball.radiusM && point.dot(axis) > 0
    }

    private func winding(about point: Vector3) -> Int {
        var winding = Winding(about: point)
        for i in 0..<pieceCount { winding.take(points[i], points[end(of: i)]) }
        return winding.number
    }

    /// - Returns: `false` when the piece passes within ``edgeM`` of the point.
    private static func take(_ piece: ArcCrossing.Piece, _ point: Vector3, _ winding: inout Winding) -> Bool {
        let square = (piece.q - piece.p).lengthSquared
        let margin = Ellipsoid.planeStrayM(chordSquared: square) + Ellipsoid.roundingM
        if Chords.distance(point, piece.p, piece.q) - piece.bowM > margin {
            winding.take(piece.p, piece.q)
            return true
        }
        guard piece.bowM > bowHalvedM else { return false }
        return piece.halves.allSatisfy { take($0, point, &winding) }
    }

    /// No piece comes so near that its plane might pass on the other side of the point.
    private func isBoundaryClear(of point: Vector3) -> Bool {
        let margin = Ellipsoid.strayLargestM + Ellipsoid.roundingM
        for block in 0..<Swift.max(1, blocks.count) {
            let ball = blocks.isEmpty ? self.ball : blocks[block]
            if (point - ball.centre).length > ball.radiusM + margin { continue }
            for i in pieces(of: block) {
                let a = points[i]
                let b = points[end(of: i)]
                let bow = Ellipsoid.bowM(chordSquared: (b - a).lengthSquared)
                if Chords.distance(point, a, b) - bow <= margin { return false }
            }
        }
        return true
    }
}

/// Winding number of a ring about the line from the earth's centre to a point, counted in the plane across that
/// line. Each piece stands there for the plane through its ends and the centre.
private struct Winding {
    private(set) var number = 0
    private let east: Vector3
    private let north: Vector3

    init(about point: Vector3) {
        let up = point / point.length
        east = up.anyPerpendicular
        north = up.cross(east)
    }

    @inline(__always)
    mutating func take(_ a: Vector3, _ b: Vector3) {
        let y1 = a.dot(north)
        let y2 = b.dot(north)
        guard (y1 <= 0) != (y2 <= 0) else { return }
        let side = a.dot(east) * y2 - b.dot(east) * y1
        if y1 <= 0, side > 0 { number += 1 }
        if y2 <= 0, side < 0 { number -= 1 }
    }
}
