import Foundation
import Geodesy

/// A point of a plan: metres east and north of its centre.
struct PlanePoint: Hashable, Sendable {
    var x: Double
    var y: Double

    var length: Double { (x * x + y * y).squareRoot() }

    static func + (a: Self, b: Self) -> Self { PlanePoint(x: a.x + b.x, y: a.y + b.y) }
    static func - (a: Self, b: Self) -> Self { PlanePoint(x: a.x - b.x, y: a.y - b.y) }
    static func * (a: Self, factor: Double) -> Self { PlanePoint(x: a.x * factor, y: a.y * factor) }
}

/// Azimuthal equidistant projection of the WGS 84 ellipsoid: distance and direction from the centre are true, whatever
/// lies there, poles and the antimeridian included. Elsewhere within 300 km of it lengths are true to 4 in 10 000.
struct PlaneProjection: Sendable {
    let centre: Position

    func place(_ position: Position) -> PlanePoint {
        let way = Geodesic.inverse(centre, position)
        let azimuth = way.startBearingDeg * .pi / 180
        return PlanePoint(x: way.distanceM * sin(azimuth), y: way.distanceM * cos(azimuth))
    }

    /// The position of a point of the plane, which lies within half the earth's girth.
    func position(_ point: PlanePoint) -> Position {
        let bearing = atan2(point.x, point.y) * 180 / .pi
        return Geodesic.destination(from: centre, bearingDeg: bearing, distanceM: point.length) ?? centre
    }

    /// The way between two positions, straight on the earth, with points put in so that it bends as it must.
    ///
    /// - Parameter stepM: about how far the points lie apart.
    /// - Returns: both ends included; at most 65 points.
    func edge(from a: Position, to b: Position, stepM: Double) -> [Position] {
        let way = Geodesic.inverse(a, b)
        let pieces = max(1, min(64, Int((way.distanceM / max(1, stepM)).rounded(.up))))
        guard pieces > 1 else { return [a, b] }
        let between = (1..<pieces).compactMap { k in
            Geodesic.destination(
                from: a, bearingDeg: way.startBearingDeg, distanceM: way.distanceM * Double(k) / Double(pieces))
        }
        return [a] + between + [b]
    }
}
