import Foundation
import Geodesy
import Kernel
import Separation

/// Whether two volumes are closer than their minima, by another way than the core's: circles only, by Vincenty's
/// inverse formula (1975), with a metre to spare.
public enum PlainSeparation {
    /// - Returns: `nil` where this way cannot tell: other shapes, bands that stated heights alone do not decide, and
    ///   distances within a metre of the minimum.
    public static func collide(_ a: Volume4D, _ b: Volume4D, _ minima: Minima) -> Bool? {
        let (early, late) = a.window.start <= b.window.start ? (a.window, b.window) : (b.window, a.window)
        // A window without an end comes within any time of all that is later.
        if early.end != .distantFuture, late.start.duration(since: early.end) > minima.time { return false }
        guard case .point(let here) = a.footprint.core, case .point(let there) = b.footprint.core,
            let apartM = distanceM(here, there)
        else { return nil }
        let spareM = apartM - a.footprint.radiusM - b.footprint.radiusM - minima.horizontalM
        if spareM > 1 { return false }
        return spareM < -1 && doBandsMeet(a.band, b.band, minima) ? true : nil
    }

    /// Certainly so: the same band, or no vertical minimum that could separate them.
    private static func doBandsMeet(_ a: AltitudeBand, _ b: AltitudeBand, _ minima: Minima) -> Bool {
        minima.vertical == .all || a == b
    }

    /// Metres along the WGS 84 geodesic; `nil` for nearly opposite points, where the formula does not converge.
    public static func distanceM(_ a: Position, _ b: Position) -> Double? {
        let major = 6_378_137.0
        let flattening = 1 / 298.257223563
        let minor = major * (1 - flattening)
        let radians = Double.pi / 180
        let difference = (b.longitudeDeg - a.longitudeDeg) * radians
        let reducedA = atan((1 - flattening) * tan(a.latitudeDeg * radians))
        let reducedB = atan((1 - flattening) * tan(b.latitudeDeg * radians))
        var lambda = difference
        for _ in 0..<100 {
            let across = cos(reducedB) * sin(lambda)
            let along = cos(reducedA) * sin(reducedB) - sin(reducedA) * cos(reducedB) * cos(lambda)
            let sine = (across * across + along * along).squareRoot()
            if sine == 0 { return 0 }
            let cosine = sin(reducedA) * sin(reducedB) + cos(reducedA) * cos(reducedB) * cos(lambda)
            let sigma = atan2(sine, cosine)
            let azimuth = cos(reducedA) * cos(reducedB) * sin(lambda) / sine
            let square = 1 - azimuth * azimuth
            let middle = square == 0 ? 0 : cosine - 2 * sin(reducedA) * sin(reducedB) / square
            let c = flattening / 16 * square * (4 + flattening * (4 - 3 * square))
            let before = lambda
            lambda =
                difference + (1 - c) * flattening * azimuth
                * (sigma + c * sine * (middle + c * cosine * (2 * middle * middle - 1)))
            guard abs(lambda - before) < 1e-12 else { continue }
            let u = square * (major * major - minor * minor) / (minor * minor)
            let large = 1 + u / 16_384 * (4_096 + u * (u * (320 - 175 * u) - 768))
            let small = u / 1_024 * (256 + u * (u * (74 - 47 * u) - 128))
            let cubic = small / 6 * middle * (4 * sine * sine - 3) * (4 * middle * middle - 3)
            let correction = small * sine * (middle + small / 4 * (cosine * (2 * middle * middle - 1) - cubic))
            return minor * large * (sigma - correction)
        }
        return nil
    }
}
