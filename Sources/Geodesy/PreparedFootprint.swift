/// A footprint in the form in which distances are computed: its core as a chain of short geodesic pieces with
/// their ends in space. Costs about 0.1 µs a vertex to make; keep it where a footprint is compared often.
public struct PreparedFootprint: Sendable {
    public let radiusM: Double
    let isPolygon: Bool
    /// The core's vertices with points of its longer edges between them; a polygon's first vertex ends it too.
    let positions: [Position]
    /// The same points in space.
    let points: [Vector3]
    /// Ball around the whole core.
    let ball: Ball
    /// Balls around runs of ``piecesPerBlock`` pieces; empty when one run holds all.
    let blocks: [Ball]
    /// Mean direction of the vertices as seen from the earth's centre; zero when they cancel.
    let axis: Vector3

    struct Ball: Sendable {
        var centre: Vector3
        var radiusM: Double
    }

    /// Longer edges are cut into equal pieces not longer than this, so that each bows at most 8 m above its
    /// chord and leaves its plane through the earth's centre by 3 cm at most.
    static let pieceLongestM = 20_000.0
    static let piecesPerBlock = 12

    public init(_ footprint: Footprint) {
        radiusM = footprint.radiusM
        var ring = footprint.vertices
        if case .polygon = footprint.core {
            isPolygon = true
            if let first = ring.first { ring.append(first) }
        } else {
            isPolygon = false
        }
        var chain: [Position] = []
        var spaced: [Vector3] = []
        chain.reserveCapacity(ring.count)
        spaced.reserveCapacity(ring.count)
        for (i, vertex) in ring.enumerated() {
            let point = vertex.cartesian
            if let last = spaced.last, let before = chain.last,
                (point - last).lengthSquared > Self.pieceLongestM * Self.pieceLongestM * 0.999_99
            {
                Self.cut(before, vertex, into: &chain, &spaced)
            }
            chain.append(i == ring.count - 1 && isPolygon ? ring[0] : vertex)
            spaced.append(point)
        }
        positions = chain
        points = spaced
        axis = Self.meanDirection(spaced.dropLast(isPolygon ? 1 : 0))
        ball = Self.ball(around: points[...])
        let pieces = Swift.max(1, points.count - 1)
        blocks =
            pieces <= Self.piecesPerBlock
            ? []
            : stride(from: 0, to: pieces, by: Self.piecesPerBlock).map { first in
                Self.ball(around: spaced[first...Swift.min(first + Self.piecesPerBlock, pieces)])
            }
    }

    /// One piece may be a single point: both its ends are the same index then.
    var pieceCount: Int { Swift.max(1, points.count - 1) }
    @inline(__always) func end(of piece: Int) -> Int { Swift.min(piece + 1, points.count - 1) }

    private static func cut(
        _ start: Position, _ end: Position, into chain: inout [Position], _ spaced: inout [Vector3]
    ) {
        let arc = GeodesicArc(start, end)
        let parts = Int((arc.lengthM / (pieceLongestM * 0.999)).rounded(.up))
        guard parts > 1 else { return }
        for part in 1..<parts {
            let position = arc.point(atM: arc.lengthM * Double(part) / Double(parts)).position
            chain.append(position)
            spaced.append(position.cartesian)
        }
    }

    static func meanDirection(_ points: ArraySlice<Vector3>) -> Vector3 {
        var sum = Vector3()
        for point in points { sum += point / point.length }
        let length = sum.length
        return length > 1e-6 * Double(points.count) ? sum / length : Vector3()
    }

    /// Holds the geodesic pieces between the points, their bow above the chords included.
    private static func ball(around points: ArraySlice<Vector3>) -> Ball {
        guard let first = points.first else { return Ball(centre: Vector3(), radiusM: .infinity) }
        var low = first
        var high = first
        var longest = 0.0
        var last = first
        for point in points {
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
            longest = Swift.max(longest, (point - last).lengthSquared)
            last = point
        }
        let centre = (low + high) / 2
        var reach = 0.0
        for point in points { reach = Swift.max(reach, (point - centre).lengthSquared) }
        let bow = points.count > 1 ? Ellipsoid.bowM(chordSquared: longest) : 0
        return Ball(centre: centre, radiusM: reach.squareRoot() + bow + Ellipsoid.roundingM)
    }

    /// Box in space, in metres, that holds every point within `marginM` of the footprint along the surface.
    public func spatialBounds(marginM: Double) -> (low: SIMD3<Double>, high: SIMD3<Double>) {
        var low = points.first ?? Vector3()
        var high = low
        var longest = 0.0
        var last = low
        for point in points {
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
            longest = Swift.max(longest, (point - last).lengthSquared)
            last = point
        }
        let reach = radiusM + marginM + Ellipsoid.bowM(chordSquared: longest) + Ellipsoid.roundingM
        // Inside a ring the surface may rise above the ring, by no more than the square of the largest chord over
        // two radii of curvature.
        let rise = isPolygon ? 2 * ball.radiusM * ball.radiusM / Ellipsoid.curvatureRadiusSmallestM : 0
        return (low - (reach + rise), high + (reach + rise))
    }
}
