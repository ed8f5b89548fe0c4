import CGeodesic
import Geodesy

/// Where a cell lies on the WGS 84 ellipsoid: a disc that holds all of it. `docs/private-check.md` proves the bound.
struct CellShape: Sendable {
    /// In the middle of the cell's face coordinates.
    let centre: Position
    /// Every place of the cell lies within so many metres of ``centre`` along the surface; at most 0.4 % more than
    /// the farthest corner needs.
    let reachM: Double

    /// A place that moves along a great circle of directions from the earth's centre moves by at most so many metres a
    /// radian on the ellipsoid: a / cos δ, where tan δ = (a² − b²) / 2ab bounds the angle between the way's
    /// perpendicular and the direction; rounded up.
    static let metresPerRadian = 6_378_201.0
    /// More than all rounding of directions, angles and positions.
    static let roundingM = 1e-3

    init(_ cell: Cell) {
        let (i, j) = cell.place
        let level = cell.level
        func across(_ whole: UInt32, _ half: Double) -> Double {
            Self.faceCoordinate((Double(whole) + half) / Double(UInt64(1) << level))
        }
        let middle = Self.direction(face: cell.face, across(i, 0.5), across(j, 0.5))
        var farthest = 0.0
        for u in [across(i, 0), across(i, 1)] {
            for v in [across(j, 0), across(j, 1)] {
                let corner = Self.direction(face: cell.face, u, v)
                let chord = middle - corner
                farthest = max(farthest, (chord * chord).sum())
            }
        }
        let angle = 2 * asin(min(1, farthest.squareRoot() / 2))
        reachM = angle * Self.metresPerRadian + Self.roundingM
        centre = Self.position(middle)
    }

    /// Its four corners, one after another; the sides between them are great circles of directions.
    static func corners(_ cell: Cell) -> [Position] {
        let (i, j) = cell.place
        let scale = Double(UInt64(1) << cell.level)
        let u = [faceCoordinate(Double(i) / scale), faceCoordinate(Double(i + 1) / scale)]
        let v = [faceCoordinate(Double(j) / scale), faceCoordinate(Double(j + 1) / scale)]
        return [(0, 0), (1, 0), (1, 1), (0, 1)].map { position(direction(face: cell.face, u[$0], v[$1])) }
    }

    /// S2's quadratic transform, 0 … 1 to -1 … 1, increasing: cells of one level differ in area by a factor of 2.1
    /// instead of 5.2. A boundary is the value of this function at its dyadic number, the same for every cell that has
    /// it, so rounding here moves boundaries and opens no gap.
    static func faceCoordinate(_ s: Double) -> Double {
        s >= 0.5 ? (4 * s * s - 1) / 3 : (1 - 4 * (1 - s) * (1 - s)) / 3
    }

    /// Unit vector from the earth's centre.
    static func direction(face: Int, _ u: Double, _ v: Double) -> SIMD3<Double> {
        var vector = SIMD3<Double>()
        vector[face % 3] = face < 3 ? 1 : -1
        vector[(face + 1) % 3] = u
        vector[(face + 2) % 3] = v
        return vector / (vector * vector).sum().squareRoot()
    }

    /// The place of the ellipsoid in that direction from its centre.
    private static func position(_ direction: SIMD3<Double>) -> Position {
        let polarSquare = (1 - 1 / 298.257223563) * (1 - 1 / 298.257223563)
        let across = (direction.x * direction.x + direction.y * direction.y).squareRoot()
        let latitude = atan2(direction.z, polarSquare * across) * 180 / .pi
        let longitude = across == 0 ? 0 : atan2(direction.y, direction.x) * 180 / .pi
        guard
            let position = Position(
                latitudeDeg: min(90, max(-90, latitude)), longitudeDeg: min(180, max(-180, longitude)))
        else { preconditionFailure("a unit vector has a latitude and a longitude") }
        return position
    }
}

extension Cell {
    /// Its corners on the ellipsoid, for a map: the sides between them are close to geodesics, and bulge by less than the
    /// cell is wide.
    public var corners: [Position] { CellShape.corners(self) }
}
