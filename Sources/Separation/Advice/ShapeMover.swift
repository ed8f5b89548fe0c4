import Geodesy

/// Moves the footprints of a notice together over the earth.
///
/// The middle moves along a geodesic; every vertex keeps its distance from it and its direction, measured from that
/// geodesic (parallel transport), so that the shapes turn no more than the earth's surface makes them. Vertices come
/// out with seven decimals of a degree. `docs/advice.md` has the bounds.
struct ShapeMover: Sendable {
    /// The earth's smallest radius of curvature, rounded down.
    private static let smallestRadiusM = 6_335_439.0
    /// Wider notices are not moved.
    static let widestM = 3_000_000.0
    /// What rounding to seven decimals and solving geodesics move a vertex by at most, and more.
    static let roundingM = 0.05

    private struct Spoke {
        let bearingDeg: Double
        let distanceM: Double
    }

    let middle: Position
    private let shapes: [Footprint]
    private let spokes: [[Spoke]]
    private let witnesses: [[(spoke: Spoke, radiusM: Double)]]
    private let reachM: Double
    private let edgeLongestM: Double

    /// - Returns: `nil` when the shapes are wider than ``widestM``, as seen from their middle.
    init?(_ shapes: [Footprint]) {
        guard let middle = Self.middle(of: shapes) else { return nil }
        func spoke(_ position: Position) -> Spoke {
            let way = Geodesic.inverse(middle, position)
            return Spoke(bearingDeg: way.startBearingDeg, distanceM: way.distanceM)
        }
        self.middle = middle
        self.shapes = shapes
        spokes = shapes.map { $0.vertices.map(spoke) }
        let reach = spokes.joined().reduce(0) { max($0, $1.distanceM) }
        guard reach <= Self.widestM else { return nil }
        reachM = reach
        var longest = 0.0
        for shape in shapes {
            guard let first = shape.vertices.first else { continue }
            var before = first
            for vertex in shape.vertices.dropFirst() + [first] {
                longest = max(longest, Geodesic.distanceM(before, vertex))
                before = vertex
            }
        }
        edgeLongestM = longest
        let bend = 0.004 * (reach / Self.smallestRadiusM) * (reach / Self.smallestRadiusM)
        let lostM = reach * bend + longest * bend.squareRoot() + Self.roundingM
        witnesses = shapes.map { shape in
            FootprintWitness.all(in: shape).map {
                (spoke($0.place.position), $0.isVertex ? $0.radiusM : $0.radiusM - lostM)
            }
        }
    }

    private static func middle(of shapes: [Footprint]) -> Position? {
        let corners = shapes.flatMap(\.vertices)
        guard let first = corners.first else { return nil }
        // The mean direction of all corners is that of a polygon that has them, or has each of two twice.
        let ring = corners.count == 2 ? corners + corners : corners
        return ring.count < 3 ? first : Footprint(validatedBefore: .polygon(ring), radiusM: 0)?.referencePoint
    }

    /// Where the middle comes to, and by how much directions turn on the way, in degrees.
    struct Spot: Sendable {
        let middle: Position
        let turnDeg: Double
        let isAtHome: Bool
    }

    /// - Parameters:
    ///   - eastM, northM: on the plane that touches the earth at the middle: their length is the distance moved, their
    ///     direction that in which it sets out.
    func spot(eastM: Double, northM: Double) -> Spot {
        let distance = (eastM * eastM + northM * northM).squareRoot()
        let home = Spot(middle: middle, turnDeg: 0, isAtHome: true)
        guard distance > 0 else { return home }
        let bearing = Geodesic.bearingDeg(eastM: eastM, northM: northM)
        guard let there = Geodesic.destination(from: middle, bearingDeg: bearing, distanceM: distance) else { return home }
        let way = Geodesic.inverse(middle, there)
        return Spot(middle: there, turnDeg: way.endBearingDeg - way.startBearingDeg, isAtHome: false)
    }

    /// - Returns: `nil` when a number cannot be computed.
    func footprint(_ shape: Int, at spot: Spot) -> Footprint? {
        if spot.isAtHome { return shapes[shape] }
        var moved: [Position] = []
        moved.reserveCapacity(spokes[shape].count)
        for spoke in spokes[shape] {
            guard let vertex = place(spoke, spot) else { return nil }
            moved.append(vertex)
        }
        let core: Footprint.Core
        switch shapes[shape].core {
        case .point:
            guard let first = moved.first else { return nil }
            core = .point(first)
        case .line: core = .line(moved)
        case .polygon: core = .polygon(moved)
        }
        return Footprint(validatedBefore: core, radiusM: shapes[shape].radiusM)
    }

    func witnesses(_ shape: Int, at spot: Spot) -> [FootprintWitness] {
        witnesses[shape].compactMap { witness in
            guard witness.radiusM >= 0, let place = place(witness.spoke, spot) else { return nil }
            return FootprintWitness(place: SurfacePoint(place), radiusM: witness.radiusM, isVertex: false)
        }
    }

    private func place(_ spoke: Spoke, _ spot: Spot) -> Position? {
        guard
            let exact = Geodesic.destination(
                from: spot.middle, bearingDeg: spoke.bearingDeg + spot.turnDeg, distanceM: spoke.distanceM)
        else { return nil }
        return Position(
            latitudeDeg: (exact.latitudeDeg * 1e7).rounded() / 1e7,
            longitudeDeg: (exact.longitudeDeg * 1e7).rounded() / 1e7)
    }

    /// Metres by which any place of the shapes may move when the change of place differs by a metre, of changes up to
    /// `withinM`.
    func stretch(withinM: Double) -> Double {
        let r = Self.smallestRadiusM
        let turn = reachM * (withinM + 1) / (2 * r * r)
        let half = edgeLongestM / (2 * r)
        // 1/cos x ≤ 1 + x² for x ≤ 1.
        return (1 + turn) * (1 + half * half)
    }
}
