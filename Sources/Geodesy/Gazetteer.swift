/// A place with a name that people know.
public struct NamedPlace: Hashable, Sendable, Codable {
    public let name: String
    public let position: Position

    public init(name: String, position: Position) {
        self.name = name
        self.position = position
    }
}

/// The named places of an area, to say where something is.
public struct Gazetteer: Sendable {
    /// In the order of their names, then of their positions.
    public let places: [NamedPlace]
    private let points: [Vector3]

    public struct Nearest: Hashable, Sendable {
        public let place: NamedPlace
        /// Metres along the surface.
        public let distanceM: Double
        /// From the place, degrees clockwise from north, 0 ..< 360.
        public let bearingDeg: Double
    }

    public init(_ places: [NamedPlace]) {
        let sorted = places.sorted { a, b in
            if a.name != b.name { return a.name.utf8.lexicographicallyPrecedes(b.name.utf8) }
            return (a.position.latitudeDeg, a.position.longitudeDeg)
                < (b.position.latitudeDeg, b.position.longitudeDeg)
        }
        self.places = sorted
        points = sorted.map { $0.position.cartesian }
    }

    /// The nearest place; of several equally near the first in order. `nil` when there is none.
    public func nearest(to position: Position) -> Nearest? {
        let here = position.cartesian
        let chords = points.map { ($0 - here).length }
        guard let smallest = chords.min() else { return nil }
        // Chords order distances but for the earth's changing curvature.
        let reach = Ellipsoid.chordBeyondM(surfaceM: Ellipsoid.surfaceAtMostM(chordM: smallest)) + 1
        var best: Nearest?
        for (i, chord) in chords.enumerated() where chord <= reach {
            let way = Geodesic.inverse(places[i].position, position)
            if let best, best.distanceM <= way.distanceM { continue }
            best = Nearest(place: places[i], distanceM: way.distanceM, bearingDeg: way.startBearingDeg)
        }
        return best
    }
}
