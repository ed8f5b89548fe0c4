/// A ring is simple when no two of its edges touch, but for neighbours at the vertex that they share.
enum SimpleRing {
    static func check(_ vertices: [Position], effort: Effort = Effort()) throws(GeometryRejection) {
        try checkCorners(vertices)
        let ring = PreparedFootprint(Footprint(unchecked: .polygon(vertices), radiusM: 0))
        let edges = edgeOfPiece(ring, vertices)
        if let (i, j) = try firstTouch(ring, edges, effort) { throw .selfCrossing(edge: min(i, j), with: max(i, j)) }
        guard Geodesic.ring(vertices).areaM2 >= Footprint.areaSmallestM2 else { throw .zeroArea }
    }

    /// Two edges from one corner meet again only when they leave it in the same direction.
    private static func checkCorners(_ vertices: [Position]) throws(GeometryRejection) {
        let count = vertices.count
        let points = vertices.map(\.cartesian)
        for i in 0..<count {
            let j = (i + 1) % count
            let k = (i + 2) % count
            // Corners of more than a right angle need no further look; pieces of long edges bow, hence the slack.
            let back = points[i] - points[j]
            let ahead = points[k] - points[j]
            guard back.dot(ahead) > -0.1 * back.length * ahead.length else { continue }
            let isFolded =
                PointToArc.distance(from: vertices[k], to: GeodesicArc(vertices[i], vertices[j])).lowerM
                    <= Footprint.touchingM
                || PointToArc.distance(from: vertices[i], to: GeodesicArc(vertices[j], vertices[k])).lowerM
                    <= Footprint.touchingM
            guard isFolded else { continue }
            if count == 3 { throw .zeroArea }
            throw .selfCrossing(edge: min(i, j), with: max(i, j))
        }
    }

    /// For each piece the edge that it is part of: the cuts between two vertices are not vertices.
    private static func edgeOfPiece(_ ring: PreparedFootprint, _ vertices: [Position]) -> [Int] {
        var edges: [Int] = []
        edges.reserveCapacity(ring.pieceCount)
        var edge = 0
        for piece in 0..<ring.pieceCount {
            edges.append(edge)
            if ring.positions[piece + 1] == vertices[(edge + 1) % vertices.count] { edge += 1 }
        }
        return edges
    }

    /// - Throws: `tooIntricate` when the effort is spent before all pairs are told apart.
    private static func firstTouch(
        _ ring: PreparedFootprint, _ edges: [Int], _ allowed: Effort
    ) throws(GeometryRejection) -> (Int, Int)? {
        let count = (edges.last ?? 0) + 1
        var found: (Int, Int)?
        var effort = allowed
        _ = ring.forEachNearPair(ring, beyondM: Footprint.touchingM, &effort) { i, j, effort in
            let between = edges[j] - edges[i]
            // Each pair once; an edge does not touch itself, and corners have been looked at.
            guard between > 1, between < count - 1 else { return false }
            guard ring.chordBounds(i, ring, j).lower <= Footprint.touchingM else { return false }
            switch touch(ring, i, j, &effort) {
            case .apart, .unknown: return false
            case .meet, .near:
                found = (edges[i], edges[j])
                return true
            }
        }
        if found == nil, effort.isSpent { throw .tooIntricate }
        return found
    }

    private static func touch(
        _ ring: PreparedFootprint, _ i: Int, _ j: Int, _ effort: inout Effort
    ) -> ArcCrossing.Answer {
        let one = ArcCrossing.Piece(ring, i)
        let other = ArcCrossing.Piece(ring, j)
        return ArcCrossing.test(one, other, beyondM: Footprint.touchingM, &effort).answer
    }
}
