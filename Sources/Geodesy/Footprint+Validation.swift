import Kernel

extension Footprint {
    /// Every vertex of a line or polygon lies within this angle of the mean direction of all vertices.
    public static let widestDeg = 60.0
    /// A polygon of less is refused.
    public static let areaSmallestM2 = 1.0
    /// Vertices nearer than this are the same place; edges nearer than this touch.
    public static let touchingM = 1e-3

    /// The only way in for geometry from a person or a peer.
    ///
    /// A closing vertex is not given: GeoJSON's repeated last position is dropped by its reader.
    ///
    /// - Parameters:
    ///   - core: vertices in order; edges are the shortest geodesics between them.
    ///   - radiusM: metres, 0 … ``Limits/radiusLargestMetres``.
    /// - Throws: the first thing that is wrong.
    public init(validating core: Core, radiusM: Double) throws(GeometryRejection) {
        guard !radiusM.isNaN else { throw .radiusNotANumber }
        guard radiusM >= 0, radiusM <= Limits.radiusLargestMetres else {
            throw .radiusOutOfRange(metres: radiusM)
        }
        self.init(unchecked: core, radiusM: radiusM == 0 ? 0 : radiusM)
        let vertices = self.vertices
        switch core {
        case .point: return
        case .line: try Self.checkChain(vertices, needed: 2, isClosed: false)
        case .polygon:
            try Self.checkChain(vertices, needed: 3, isClosed: true)
            try SimpleRing.check(vertices)
        }
    }

    private static func checkChain(
        _ vertices: [Position], needed: Int, isClosed: Bool
    ) throws(GeometryRejection) {
        guard vertices.count <= Limits.verticesPerNotice else {
            throw .tooManyVertices(found: vertices.count, allowed: Limits.verticesPerNotice)
        }
        guard vertices.count >= needed else { throw .tooFewVertices(found: vertices.count, needed: needed) }
        for (i, vertex) in vertices.enumerated() where i > 0 || isClosed {
            let before = i == 0 ? vertices.count - 1 : i - 1
            guard Geodesic.distanceM(vertices[before], vertex) > touchingM else {
                throw .repeatedVertex(index: i == 0 ? before : i)
            }
        }
        for i in 0..<(isClosed ? vertices.count : vertices.count - 1) {
            let metres = Geodesic.distanceM(vertices[i], vertices[(i + 1) % vertices.count])
            guard metres <= Limits.edgeLongestMetres else { throw .edgeTooLong(index: i, metres: metres) }
        }
        let points = vertices.map(\.cartesian)
        let axis = PreparedFootprint.meanDirection(points[...])
        for point in points where point.dot(axis) < Self.widestCosine * point.length { throw .tooWide }
    }

    /// Cosine of ``widestDeg``.
    private static let widestCosine = 0.5
}
