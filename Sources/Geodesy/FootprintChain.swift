import CGeodesic

/// A footprint's core as a chain of geodesic pieces, with points in space: what the compact shape, the local probe and
/// the boxes of an index are made from. Its memory is used again, so that reading footprint after footprint allocates
/// nothing.
public struct FootprintChain: Sendable {
    /// Ends of the pieces; a polygon's first point ends it too.
    private(set) var points: [Vector3] = []
    public private(set) var radiusM = 0.0
    private(set) var isPolygon = false
    /// Middle of the box around the points.
    private(set) var centre = Vector3()
    /// From `centre` to the farthest place of the core's pieces, their bow included. In metres of straight line.
    private(set) var reachM = 0.0
    /// How far any piece strays from its chord at most.
    private(set) var bowM = 0.0
    private var low = Vector3()
    private var high = Vector3()

    /// Longer edges are cut into equal pieces not longer than this. They bow by up to 71 m above their chords, which
    /// seen from above is hardly anything (``LocalProbe``); cutting an edge costs more than all else here.
    static let pieceLongestM = 60_000.0

    public init() {}

    public mutating func load(_ footprint: Footprint) {
        points.removeAll(keepingCapacity: true)
        radiusM = footprint.radiusM
        isPolygon = false
        switch footprint.core {
        case .point(let position):
            points.append(position.cartesian)
        case .line(let vertices): append(vertices)
        case .polygon(let vertices):
            isPolygon = true
            append(vertices)
            if let first = points.first, let start = vertices.first, let end = vertices.last {
                append(first, start, after: end)
            }
        }
        measure()
    }

    private mutating func append(_ vertices: [Position]) {
        guard let first = vertices.first else { return }
        let nearby = NearbyPlaces(first)
        var before: Position?
        for vertex in vertices {
            append(nearby.cartesian(vertex), vertex, after: before)
            before = vertex
        }
    }

    private mutating func append(_ point: Vector3, _ vertex: Position, after before: Position?) {
        let longest = Self.pieceLongestM
        if let before, let last = points.last, (point - last).lengthSquared > longest * longest * 0.999_99 {
            let arc = GeodesicArc(before, vertex)
            let parts = Int((arc.lengthM / (longest * 0.999)).rounded(.up))
            if parts > 1 {
                for part in 1..<parts {
                    points.append(arc.point(atM: arc.lengthM * Double(part) / Double(parts)).position.cartesian)
                }
            }
        }
        points.append(point)
    }

    private mutating func measure() {
        guard let first = points.first else { return }
        low = first
        high = first
        var last = first
        var longest = 0.0
        for point in points {
            low = low.replacing(with: point, where: point .< low)
            high = high.replacing(with: point, where: point .> high)
            longest = Swift.max(longest, (point - last).lengthSquared)
            last = point
        }
        centre = (low + high) / 2
        bowM = Ellipsoid.bowM(chordSquared: longest)
        var reach = 0.0
        for point in points { reach = Swift.max(reach, (point - centre).lengthSquared) }
        reachM = reach.squareRoot() + bowM + Ellipsoid.roundingM
    }

    /// Box in space, in metres, that holds every point within `marginM` of the footprint along the surface. As
    /// ``PreparedFootprint/spatialBounds(marginM:)``.
    public func spatialBounds(marginM: Double) -> (low: SIMD3<Double>, high: SIMD3<Double>) {
        let rise = isPolygon ? 2 * reachM * reachM / Ellipsoid.curvatureRadiusSmallestM : 0
        let reach = radiusM + marginM + bowM + Ellipsoid.roundingM + rise
        return (low - reach, high + reach)
    }
}
