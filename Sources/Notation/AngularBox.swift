import Foundation
import Geodesy

enum AngularBox {
    /// Metres from a box's centre within which all of the box lies.
    ///
    /// On a sphere of the ellipsoid's largest radius of curvature, a²/b, the haversine formula bounds the way to
    /// a corner by the two sides of the box at its edge nearer the equator; the last factor covers the series'
    /// next term for boxes of up to a degree.
    static func radiusM(
        around centre: Position, halfLatitudeDeg: Double, halfLongitudeDeg: Double
    ) -> Double {
        let nearestEquatorDeg = max(0, abs(centre.latitudeDeg) - halfLatitudeDeg)
        let northRad = halfLatitudeDeg * .pi / 180
        let eastRad = halfLongitudeDeg * .pi / 180 * cos(nearestEquatorDeg * .pi / 180)
        return 6_399_594 * (northRad * northRad + eastRad * eastRad).squareRoot() * 1.0001
    }
}
