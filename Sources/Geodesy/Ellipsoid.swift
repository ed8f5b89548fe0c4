import CGeodesic

/// The WGS 84 ellipsoid and what its curvature says about chords (straight lines through the earth) and the
/// geodesics above them. `docs/geometry.md` proves each bound.
enum Ellipsoid {
    static let semiMajorM = 6_378_137.0
    static let flattening = 1 / 298.257223563
    static let eccentricitySquared = flattening * (2 - flattening)
    static let semiMinorM = semiMajorM * (1 - flattening)
    static let radiansPerDegree = Double.pi / 180

    /// Smallest radius of curvature of any normal section, rounded down: the meridian's at the equator.
    static let curvatureRadiusSmallestM = 6_335_439.0
    /// Largest, rounded up: every section's at a pole.
    static let curvatureRadiusLargestM = 6_399_594.0

    /// No two points are farther apart than this: half a meridian, rounded up.
    static let farthestM = 20_003_932.0

    /// What all rounding in cartesian coordinates, chords and their conversion stays below, in metres, for
    /// points on the ellipsoid.
    static let roundingM = 1e-5

    /// Surface distance is at least this. `chordM` may be negative and then says nothing.
    static func surfaceAtLeastM(chordM: Double) -> Double {
        guard chordM > 0 else { return 0 }
        let diameter = 2 * curvatureRadiusLargestM
        return diameter * asin(min(1, chordM / diameter))
    }

    /// Surface distance is at most this.
    static func surfaceAtMostM(chordM: Double) -> Double {
        let diameter = 2 * curvatureRadiusSmallestM
        guard chordM < 0.9 * diameter else { return farthestM }
        return diameter * asin(max(0, chordM) / diameter)
    }

    /// A longer chord than this belongs to a surface distance above `surfaceM`. Infinite when none does.
    static func chordBeyondM(surfaceM: Double) -> Double {
        guard surfaceM > 0 else { return 0 }
        guard surfaceM < curvatureRadiusLargestM * 3.14 else { return .infinity }
        return 2 * curvatureRadiusLargestM * sin(surfaceM / (2 * curvatureRadiusLargestM))
    }

    /// A chord no longer than this belongs to a surface distance of at most `surfaceM`.
    static func chordWithinM(surfaceM: Double) -> Double {
        guard surfaceM > 0 else { return surfaceM }
        guard surfaceM < curvatureRadiusSmallestM * 2 else { return 2 * curvatureRadiusSmallestM * 0.84 }
        return 2 * curvatureRadiusSmallestM * sin(surfaceM / (2 * curvatureRadiusSmallestM))
    }

    /// How far a geodesic strays at most from the chord between its ends, for chords up to
    /// ``FootprintChain/pieceLongestM``: length squared over eight radii, the square of the length over its chord's by
    /// less than eight millionths.
    @inline(__always)
    static func bowM(chordSquared: Double) -> Double { chordSquared * bowFactor }
    private static let bowFactor = 1.000_01 / (8 * curvatureRadiusSmallestM)

    /// How far a geodesic strays at most from the plane through its ends and the earth's centre: the upright
    /// leaves that plane by the angle between geodetic and geocentric vertical at most, 0.19242 degrees.
    static func planeStrayM(chordSquared: Double) -> Double { chordSquared * bowFactor * 3.37e-3 + 1e-6 }

    /// Direction of the outward normal at a place on the surface, of no stated length.
    @inline(__always)
    static func upright(_ point: Vector3) -> Vector3 {
        [point.x, point.y, point.z / (1 - eccentricitySquared)]
    }

    /// Along a geodesic the upright turns out of a plane that it lies in at one place, and that goes on beside
    /// the geodesic, by this angle a metre at most: (a²/b² − 1) / a, rounded up.
    static let uprightTurnPerM = 1.058e-9

    /// ``planeStrayM(chordSquared:)`` of the longest piece, rounded up.
    static let strayLargestM = 0.03
}
