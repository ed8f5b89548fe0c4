extension Footprint {
    /// Bounds of the distance between two footprints: max(0, distance of the cores less both radii), in metres
    /// along the surface.
    public func distance(to other: Footprint) -> DistanceBounds {
        PreparedFootprint(self).distance(to: PreparedFootprint(other))
    }

    public func distance(to position: Position) -> DistanceBounds {
        distance(to: Footprint(unchecked: .point(position), radiusM: 0))
    }

    /// Metres from a position to the nearest point of the footprint; 0 inside.
    public func minimumDistanceM(to position: Position) -> Double { distance(to: position).upperM }

    /// Whether two footprints come within `thresholdM` of each other; cheaper than ``distance(to:)``.
    public func closeness(to other: Footprint, thresholdM: Double) -> Closeness {
        PreparedFootprint(self).closeness(to: PreparedFootprint(other), thresholdM: thresholdM)
    }

    /// Whether the footprint holds a position. Its edge belongs to it, and what lies within a millimetre outside
    /// the edge may be taken as inside, never the other way round.
    public func contains(_ position: Position) -> Bool { distance(to: position).lowerM <= 0 }

    /// Nearest points of two footprints, for a person to look at, and the metres between them. When the
    /// footprints overlap, one point common to both and 0.
    public func closestPoints(to other: Footprint) -> (Position, Position, metres: Double) {
        let cores = PreparedFootprint(self).coreDistance(to: PreparedFootprint(other))
        let apart = cores.upperM
        let bearing = Geodesic.bearingDeg(from: cores.mine, to: cores.others)
        func along(_ metres: Double) -> Position {
            Geodesic.destination(from: cores.mine, bearingDeg: bearing, distanceM: metres) ?? cores.mine
        }
        guard apart > radiusM + other.radiusM else {
            let common = along(min(radiusM, apart))
            return (common, common, 0)
        }
        return (along(radiusM), along(apart - other.radiusM), apart - radiusM - other.radiusM)
    }
}
