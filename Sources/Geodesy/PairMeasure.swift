/// Exact distance of one pair of pieces at a time.
///
/// Two geodesic arcs on a surface that is everywhere curved like a ball either meet or are nearest at an end of
/// one of them, as in the plane. An end that two pieces share is measured with the piece that it begins.
struct PairMeasure {
    struct Result {
        var lowerM: Double
        var upperM: Double
        /// Where `upperM` is reached on either core.
        var mine: Position
        var others: Position
    }

    private let one: PreparedFootprint
    private let other: PreparedFootprint
    private var arc: (piece: Int, arc: GeodesicArc)?
    private var otherArc: (piece: Int, arc: GeodesicArc)?

    init(_ one: PreparedFootprint, _ other: PreparedFootprint) {
        self.one = one
        self.other = other
    }

    mutating func callAsFunction(_ pair: PreparedFootprint.PiecePair, _ effort: inout Effort) -> Result {
        let i = pair.mine
        let j = pair.others
        let iEnd = one.end(of: i)
        let jEnd = other.end(of: j)
        if arc?.piece != i { arc = (i, GeodesicArc(one.positions[i], one.positions[iEnd])) }
        if otherArc?.piece != j { otherArc = (j, GeodesicArc(other.positions[j], other.positions[jEnd])) }
        guard let mine = arc?.arc, let others = otherArc?.arc else {
            return Result(lowerM: 0, upperM: .infinity, mine: one.positions[i], others: other.positions[j])
        }
        effort.spend(2 * Effort.walk)
        var result = Result(
            lowerM: .infinity, upperM: .infinity, mine: one.positions[i], others: other.positions[j])
        func note(_ end: Position, _ found: PointToArc.Result, endIsMine: Bool) {
            result.lowerM = min(result.lowerM, found.lowerM)
            guard found.upperM < result.upperM else { return }
            result.upperM = found.upperM
            result.mine = endIsMine ? end : found.nearest
            result.others = endIsMine ? found.nearest : end
        }
        note(mine.start, PointToArc.distance(from: mine.start, to: others), endIsMine: true)
        if iEnd != i {
            note(others.start, PointToArc.distance(from: others.start, to: mine), endIsMine: false)
            if !one.isPolygon, iEnd == one.points.count - 1 {
                note(mine.end, PointToArc.distance(from: mine.end, to: others), endIsMine: true)
            }
            if jEnd != j, !other.isPolygon, jEnd == other.points.count - 1 {
                note(others.end, PointToArc.distance(from: others.end, to: mine), endIsMine: false)
            }
        }
        if pair.chordM <= Ellipsoid.roundingM, iEnd != i, jEnd != j, result.upperM > 0 {
            let crossing = ArcCrossing.test(
                ArcCrossing.Piece(one, i), ArcCrossing.Piece(other, j), beyondM: 0, &effort)
            result.take(crossing)
        }
        return result
    }
}

extension PairMeasure.Result {
    fileprivate mutating func take(_ crossing: ArcCrossing.Result) {
        guard crossing.answer != .apart else { return }
        lowerM = 0
        guard crossing.answer != .unknown else { return }
        let upper = crossing.answer == .meet ? 0 : ArcCrossing.nearM
        guard upper < upperM else { return }
        upperM = upper
        mine = crossing.place
        others = crossing.place
    }
}
