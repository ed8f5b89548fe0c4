/// Whether two geodesic arcs of at most ``PreparedFootprint/pieceLongestM`` meet.
enum ArcCrossing {
    struct Result {
        var answer: Answer
        /// Near the common point, if any.
        var place: Position
    }

    enum Answer: Hashable {
        case apart
        case meet
        /// Within ``nearM`` of each other; whether they meet is not known.
        case near
        /// The effort was spent before anything was proven.
        case unknown
    }

    static let nearM = 1e-3

    struct Piece {
        let a: Position
        let b: Position
        let p: Vector3
        let q: Vector3

        init(_ a: Position, _ b: Position, _ p: Vector3, _ q: Vector3) {
            self.a = a
            self.b = b
            self.p = p
            self.q = q
        }

        init(_ footprint: PreparedFootprint, _ piece: Int) {
            let end = footprint.end(of: piece)
            self.init(
                footprint.positions[piece], footprint.positions[end], footprint.points[piece],
                footprint.points[end])
        }

        var bowM: Double { Ellipsoid.bowM(chordSquared: (q - p).lengthSquared) }

        var halves: [Piece] {
            guard (q - p).lengthSquared > 0 else { return [self] }
            let middle = GeodesicArc(a, b).middle
            let m = middle.cartesian
            return [Piece(a, middle, p, m), Piece(middle, b, m, q)]
        }
    }

    /// - Parameter beyondM: ``Answer/apart`` means farther apart than this. At most ``nearM``.
    static func test(
        _ one: Piece, _ other: Piece, beyondM: Double, _ effort: inout Effort, depth: Int = 0
    ) -> Result {
        effort.spend(Effort.crossing)
        let bow = one.bowM + other.bowM
        let chords = Chords.distance(one.p, one.q, other.p, other.q)
        if chords.lower > bow + beyondM + Ellipsoid.roundingM { return Result(answer: .apart, place: one.a) }
        if isBeside(one, other, byMoreThanM: beyondM) || isBeside(other, one, byMoreThanM: beyondM) {
            return Result(answer: .apart, place: one.a)
        }
        // Each halving quarters the bow: fifteen of them leave nanometres.
        if depth >= 24 || chords.upper + bow + Ellipsoid.roundingM <= nearM {
            return Result(answer: .near, place: one.a)
        }
        if isSplit(one, by: other), isSplit(other, by: one) {
            return Result(answer: .meet, place: place(one, other))
        }
        effort.spend(Effort.halving)
        if effort.isSpent { return Result(answer: .unknown, place: one.a) }
        for half in one.halves {
            for otherHalf in other.halves {
                // One common or nearly common point is enough; along a shared border there would be no end of them.
                let found = test(half, otherHalf, beyondM: beyondM, &effort, depth: depth + 1)
                if found.answer != .apart { return found }
            }
        }
        return Result(answer: .apart, place: one.a)
    }

    /// Where the planes through the pieces and the earth's centre meet: within centimetres of the crossing.
    private static func place(_ one: Piece, _ other: Piece) -> Position {
        let line = one.p.cross(one.q).cross(other.p.cross(other.q))
        let direction = line.dot(one.p) < 0 ? -line : line
        let flattened = 1 - Ellipsoid.eccentricitySquared
        return Position(normal: [direction.x * flattened, direction.y * flattened, direction.z])
    }

    /// All of `piece` lies on one side of the plane that holds the chord of `other` and the upright at its middle,
    /// farther from it than `other` strays and `metres` besides. Of two parallel pieces that shows it at once.
    private static func isBeside(_ piece: Piece, _ other: Piece, byMoreThanM metres: Double) -> Bool {
        let along = other.q - other.p
        let middle = (other.p + other.q) / 2
        let n = along.cross(Ellipsoid.upright(middle))
        let length = n.length
        guard length > 0 else { return false }
        let sides = ((piece.p - other.p).dot(n) / length, (piece.q - other.p).dot(n) / length)
        guard (sides.0 > 0) == (sides.1 > 0) else { return false }
        let reach = max((piece.p - middle).length, (piece.q - middle).length)
        let bow = piece.bowM
        let half = along.length / 2
        let stray = Ellipsoid.uprightTurnPerM * (bow * (reach + bow) + other.bowM * (half + other.bowM))
        let margin = metres + stray + Ellipsoid.roundingM + 1e-8 * (reach + half) / along.length
        return min(abs(sides.0), abs(sides.1)) > margin
    }

    /// The ends of `piece` lie on opposite sides of the plane through the ends of `other` and the earth's centre,
    /// each farther from it than that geodesic strays.
    private static func isSplit(_ piece: Piece, by other: Piece) -> Bool {
        let along = other.q - other.p
        let n = other.p.cross(along)
        let length = n.length
        guard length > 0 else { return false }
        // The centre lies in the plane: offsets from one end keep their digits. The plane's own direction is as
        // uncertain as nanometres are over the piece's length.
        let first = piece.p - other.p
        let second = piece.q - other.p
        let reach = max(first.length, second.length)
        let margin = Ellipsoid.planeStrayM(chordSquared: along.lengthSquared) + 1e-8 * reach / along.length
        let sides = (first.dot(n) / length, second.dot(n) / length)
        return (sides.0 > margin && sides.1 < -margin) || (sides.0 < -margin && sides.1 > margin)
    }
}
