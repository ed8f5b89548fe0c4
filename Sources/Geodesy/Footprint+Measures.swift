import Kernel

/// A disc on the surface: every point within `radiusM` of `centre`.
public struct Cap: Hashable, Sendable {
    public let centre: Position
    /// Metres along the surface.
    public let radiusM: Double
}

extension Footprint {
    /// The place that stands for the whole when one is asked for: a point itself, a line's first vertex, the
    /// mean direction (n-vector) of a polygon's vertices, which may lie outside it.
    public var referencePoint: Position {
        switch core {
        case .point(let position): return position
        case .line(let vertices): return vertices.first ?? Position(normal: [1, 0, 0])
        case .polygon(let vertices):
            var sum = Vector3()
            for vertex in vertices { sum += vertex.normal }
            return sum == Vector3() ? vertices.first ?? Position(normal: [1, 0, 0]) : Position(normal: sum)
        }
    }

    /// A cap that holds the footprint. Distance from its centre is convex along an edge, so the farthest vertex
    /// is the farthest point.
    public var boundingCap: Cap {
        if case .point(let position) = core { return Cap(centre: position, radiusM: radiusM) }
        let ball = PreparedFootprint(self).ball
        let centre = ball.centre == Vector3() ? referencePoint : Position(normal: ball.centre)
        var reach = 0.0
        for vertex in vertices { reach = max(reach, Geodesic.distanceM(centre, vertex)) }
        // Far out it is convex no longer; no point of an edge is farther than half the edge from a vertex.
        if reach > DistanceBounds.farthestPreciseM { reach += Limits.edgeLongestMetres / 2 }
        return Cap(centre: centre, radiusM: reach + radiusM + 2 * Geodesic.errorM)
    }

    /// Square metres. Exact for a polygon without a radius; otherwise the strip of `radiusM` on every side counts
    /// as if the surface were flat and no part of it overlapped: never less than the area.
    public var areaM2: Double {
        let disc = Double.pi * radiusM * radiusM
        switch core {
        case .point: return disc
        case .line(let vertices):
            var length = 0.0
            for (a, b) in zip(vertices, vertices.dropFirst()) { length += Geodesic.distanceM(a, b) }
            return disc + 2 * radiusM * length
        case .polygon(let vertices):
            let (area, perimeter) = Geodesic.ring(vertices)
            return area + perimeter * radiusM + disc
        }
    }
}
