import Geodesy

/// A disc that a footprint certainly holds: what shows that two footprints stay in conflict although one is moved far.
struct FootprintWitness: Sendable {
    let place: SurfacePoint
    /// Metres, the footprint's own radius included.
    let radiusM: Double
    /// It is one of the core's vertices.
    let isVertex: Bool

    private static let most = 5

    /// Vertices of a line or a point; of a polygon discs around its middle and around places half way to vertices.
    static func all(in footprint: Footprint) -> [FootprintWitness] {
        let vertices = footprint.vertices
        let some = stride(from: 0, to: vertices.count, by: max(1, vertices.count / 8)).map { vertices[$0] }
        guard case .polygon(let ring) = footprint.core else {
            return some.prefix(most).map {
                FootprintWitness(place: SurfacePoint($0), radiusM: footprint.radiusM, isVertex: true)
            }
        }
        guard let core = Footprint(validatedBefore: footprint.core, radiusM: 0),
            let border = Footprint(validatedBefore: .line(ring + ring.prefix(1)), radiusM: 0)
        else { return [] }
        let middle = footprint.referencePoint
        var places = [middle]
        for vertex in some {
            let way = Geodesic.inverse(middle, vertex)
            if let half = Geodesic.destination(
                from: middle, bearingDeg: way.startBearingDeg, distanceM: way.distanceM / 2)
            {
                places.append(half)
            }
        }
        var discs: [FootprintWitness] = []
        for place in places where core.contains(place) {
            // Inside but for a millimetre, which the distance from the border cannot tell.
            let depth = border.distance(to: place).lowerM - 0.01
            guard depth > 0 else { continue }
            discs.append(FootprintWitness(place: SurfacePoint(place), radiusM: depth + footprint.radiusM, isVertex: false))
        }
        discs.sort { $0.radiusM > $1.radiusM }
        return Array(discs.prefix(most))
    }
}
