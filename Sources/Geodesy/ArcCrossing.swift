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

    static func test(_ one: Piece, _ other: Piece, depth: Int = 0) -> Result {
        let bow = one.bowM + other.bowM
        let chords = Chords.distance(one.p, one.q, other.p, other.q)
        if chords.lower > bow + Ellipsoid.roundingM { return Result(answer: .apart, place: one.a) }
        // Each halving quarters the bow: fifteen of them leave nanometres.
        if depth >= 24 || chords.upper + bow + Ellipsoid.roundingM <= nearM {
            return Result(answer: .near, place: one.a)
        }
        if isSplit(one, by: other), isSplit(other, by: one) {
            return Result(answer: .meet, place: place(one, other))
        }
        for half in one.halves {
            for otherHalf in other.halves {
                // One common or nearly common point is enough; along a shared border there would be no end of them.
                let found = test(half, otherHalf, depth: depth + 1)
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
