import Foundation
import Geodesy

/// A footprint, perhaps grown, as rings of a plane that are filled together: a strip along each edge, a wedge around the
/// outside of each corner, and the area of a polygon, all in the same sense, so that none cuts a hole into another.
struct PlaneShape {
    /// Closed without repeating the first point, anticlockwise.
    let rings: [[PlanePoint]]
    /// A line or point without a width.
    let bare: [PlanePoint]

    /// - Parameters:
    ///   - grownByM: metres by which the footprint is grown on every side.
    ///   - finestM: what is smaller than this need not be told apart.
    init(_ footprint: Footprint, grownByM: Double = 0, _ plane: PlaneProjection, finestM: Double) {
        let radius = footprint.radiusM + grownByM
        let vertices = footprint.vertices
        // Arcs of very many corners are drawn more coarsely, so that a picture stays small.
        let finest = max(finestM * max(1, Double(vertices.count) / 100), 0.01)
        let isClosed: Bool
        if case .polygon = footprint.core { isClosed = true } else { isClosed = false }
        let corners = isClosed ? vertices + vertices.prefix(1) : vertices
        let stepM = max(finest * 24, 200)
        let edges = zip(corners, corners.dropFirst()).map { plane.edge(from: $0, to: $1, stepM: stepM) }
        let path = edges.isEmpty ? vertices : edges.flatMap { $0.dropLast() } + corners.suffix(1)

        var rings: [[PlanePoint]] = []
        if isClosed { rings.append(path.dropLast().map(plane.place)) }
        if radius > 0 {
            // Chords of arcs that keep within half of the finest of the arc.
            let stepDeg = radius > finest ? min(45, 2 * acos(1 - finest / (2 * radius)) * 180 / .pi) : 45
            rings += zip(path, path.dropFirst()).map { Self.strip($0, $1, radius, plane) }
            for turn in Self.turns(corners, isClosed) {
                rings.append(Self.wedge(turn, radius, max(2, stepDeg), plane))
            }
        }
        self.rings = rings.filter { $0.count >= 3 }.map(Self.anticlockwise)
        bare = isClosed || radius > 0 ? [] : path.map(plane.place)
    }

    /// Bearings around a corner between which nothing else covers the outside.
    private struct Turn {
        let corner: Position
        let fromDeg: Double
        let sweepDeg: Double
    }

    private static func turns(_ corners: [Position], _ isClosed: Bool) -> [Turn] {
        guard corners.count > 1 else { return corners.map { Turn(corner: $0, fromDeg: 0, sweepDeg: 360) } }
        let ways = zip(corners, corners.dropFirst()).map { Geodesic.inverse($0, $1) }
        func turn(_ corner: Position, from into: Double, to out: Double) -> Turn {
            let angle = (out - into).remainder(dividingBy: 360)
            return Turn(corner: corner, fromDeg: into + (angle > 0 ? -90 : 90), sweepDeg: angle)
        }
        var turns = zip(corners.dropFirst(), zip(ways, ways.dropFirst())).map { corner, pair in
            turn(corner, from: pair.0.endBearingDeg, to: pair.1.startBearingDeg)
        }
        let (first, last) = (ways[0], ways[ways.count - 1])
        if isClosed {
            turns.append(turn(corners[0], from: last.endBearingDeg, to: first.startBearingDeg))
        } else {
            turns.append(Turn(corner: corners[0], fromDeg: first.startBearingDeg + 90, sweepDeg: 180))
            turns.append(Turn(corner: corners[corners.count - 1], fromDeg: last.endBearingDeg - 90, sweepDeg: 180))
        }
        return turns
    }

    private static func wedge(_ turn: Turn, _ radiusM: Double, _ stepDeg: Double, _ plane: PlaneProjection) -> [PlanePoint] {
        let steps = max(1, Int((abs(turn.sweepDeg) / stepDeg).rounded(.up)))
        let isWhole = turn.sweepDeg == 360
        let arc = (isWhole ? 1...steps : 0...steps).compactMap { step in
            Geodesic.destination(
                from: turn.corner, bearingDeg: turn.fromDeg + turn.sweepDeg * Double(step) / Double(steps), distanceM: radiusM
            ).map(plane.place)
        }
        return isWhole ? arc : [plane.place(turn.corner)] + arc
    }

    var points: [PlanePoint] { rings.flatMap { $0 } + bare }

    /// `radiusM` to both sides of a short piece of an edge.
    private static func strip(_ a: Position, _ b: Position, _ radiusM: Double, _ plane: PlaneProjection) -> [PlanePoint] {
        let way = Geodesic.inverse(a, b)
        func beside(_ position: Position, _ bearing: Double) -> PlanePoint? {
            Geodesic.destination(from: position, bearingDeg: bearing, distanceM: radiusM).map(plane.place)
        }
        return [
            beside(a, way.startBearingDeg - 90), beside(a, way.startBearingDeg + 90), beside(b, way.endBearingDeg + 90),
            beside(b, way.endBearingDeg - 90),
        ].compactMap { $0 }
    }

    private static func anticlockwise(_ ring: [PlanePoint]) -> [PlanePoint] {
        var twice = 0.0
        for (i, p) in ring.enumerated() {
            let q = ring[(i + 1) % ring.count]
            twice += p.x * q.y - q.x * p.y
        }
        return twice < 0 ? ring.reversed() : ring
    }
}
