import Foundation
import Geodesy
import Kernel

/// Written for the tests, from the definitions, without the code under test.
enum Oracle {
    /// Metres between two nearby places: the straight chord through the ellipsoid, opened to the arc of the
    /// smallest radius of curvature, hence never too short.
    static func metresAtMost(_ a: Position, _ b: Position) -> Double {
        let (p, q) = (cartesian(a), cartesian(b))
        let chord = ((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y) + (p.z - q.z) * (p.z - q.z)).squareRoot()
        let smallestRadius = 6_335_439.0
        return 2 * smallestRadius * asin(min(1, chord / (2 * smallestRadius)))
    }

    private static func cartesian(_ p: Position) -> (x: Double, y: Double, z: Double) {
        let a = 6_378_137.0
        let f = 1 / 298.257223563
        let e2 = f * (2 - f)
        let (latitude, longitude) = (p.latitudeDeg * .pi / 180, p.longitudeDeg * .pi / 180)
        let n = a / (1 - e2 * sin(latitude) * sin(latitude)).squareRoot()
        return (
            n * cos(latitude) * cos(longitude), n * cos(latitude) * sin(longitude), n * (1 - e2) * sin(latitude)
        )
    }

    /// GARS by its definition: half-degree cells numbered eastward from 180° W and lettered northward from the
    /// South Pole, quadrants and keys numbered from the north-west.
    static func gars(_ p: Position) -> String {
        let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")
        let east = Int(min(((p.longitudeDeg == 180 ? -180 : p.longitudeDeg) + 180) * 12, 4319))
        let north = Int(min((p.latitudeDeg + 90) * 12, 2159))
        let (column, row) = (east / 6, north / 6)
        let quadrant = (north % 6 / 3 == 1 ? 1 : 3) + east % 6 / 3
        let key = (2 - north % 3) * 3 + east % 3 + 1
        let number = String(column + 1)
        return String(repeating: "0", count: 3 - number.count) + number + String(letters[row / 24])
            + String(letters[row % 24]) + "\(quadrant)\(key)"
    }
}

extension Position {
    /// For literals.
    init(_ latitudeDeg: Double, _ longitudeDeg: Double) {
        guard let position = Position(latitudeDeg: latitudeDeg, longitudeDeg: longitudeDeg) else {
            preconditionFailure("a test names a place off the globe")
        }
        self = position
    }
}

extension SeededGenerator {
    /// Evenly over the globe; every tenth near a pole, every tenth near the antimeridian.
    mutating func position() -> Position {
        switch below(10) {
        case 0: Position(uniform(83...90) * (below(2) == 0 ? 1 : -1), uniform(-180...180))
        case 1: Position(uniform(-90...90), uniform(179.9...180) * (below(2) == 0 ? 1 : -1))
        default: Position(asin(uniform(-1...1)) * 180 / .pi, uniform(-180...180))
        }
    }
}
