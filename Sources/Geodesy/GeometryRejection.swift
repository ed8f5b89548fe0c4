/// Why a geometry is refused. Vertices and edges are counted from 0; edge *i* runs from vertex *i* to the
/// next one, the last edge of a polygon back to vertex 0.
public enum GeometryRejection: Error, Hashable, Sendable {
    /// A coordinate is infinite or not a number.
    case notANumber(vertex: Int)
    /// Latitude outside -90 … 90 or longitude outside -180 … 180 degrees.
    case outOfRange(vertex: Int)
    /// A line needs two vertices, a polygon three.
    case tooFewVertices(found: Int, needed: Int)
    /// More than ``Limits/verticesPerNotice``.
    case tooManyVertices(found: Int, allowed: Int)
    /// The same place as the vertex before it, within a millimetre; a polygon's first vertex repeated at its
    /// end counts.
    case repeatedVertex(index: Int)
    /// Longer than ``Limits/edgeLongestMetres`` along the geodesic.
    case edgeTooLong(index: Int, metres: Double)
    /// Edges of a polygon cross, overlap, or come within a millimetre of touching.
    case selfCrossing(edge: Int, with: Int)
    /// So many edges of a polygon run so near to others that proving it simple would take too long.
    case tooIntricate
    /// A triangle whose corners lie on one geodesic, or a polygon of less than a square metre.
    case zeroArea
    /// Some vertex lies more than ``Footprint/widestDeg`` from the mean direction of all.
    case tooWide
    case radiusNotANumber
    /// Negative, or more than ``Limits/radiusLargestMetres``.
    case radiusOutOfRange(metres: Double)
}
