/// What turns stated altitudes into heights above the ellipsoid: fixed by the terms for their area.
public struct VerticalReference: Hashable, Sendable {
    /// Nothing on the ground of the area lies lower, metres above mean sea level.
    public let terrainFloorM: Double
    /// Nothing on the ground of the area lies higher, metres above mean sea level.
    public let terrainCeilingM: Double
    /// How far the true height of a flight level lies from its nominal one at most, in metres, either way.
    public let pressureDeviationM: Double
    /// `nil`: EGM96 geoid heights may be anything that they are anywhere.
    public let grid: GeoidGrid?

    /// - Returns: `nil` when a number is not finite, the floor is above the ceiling, either lies outside
    ///   -1 000 … 10 000 m, or the deviation outside 0 … 10 000 m.
    public init?(
        terrainFloorM: Double, terrainCeilingM: Double, pressureDeviationM: Double, grid: GeoidGrid? = nil
    ) {
        guard (-1_000...10_000).contains(terrainFloorM), (-1_000...10_000).contains(terrainCeilingM),
            terrainFloorM <= terrainCeilingM, (0...10_000).contains(pressureDeviationM)
        else { return nil }
        self.terrainFloorM = terrainFloorM
        self.terrainCeilingM = terrainCeilingM
        self.pressureDeviationM = pressureDeviationM
        self.grid = grid
    }

    /// The whole earth: from the Dead Sea's shore to Everest, flight levels off by as much as 2 500 m.
    public static let anywhere = VerticalReference(unchecked: -450, 8_900, 2_500)

    private init(unchecked floorM: Double, _ ceilingM: Double, _ deviationM: Double) {
        terrainFloorM = floorM
        terrainCeilingM = ceilingM
        pressureDeviationM = deviationM
        grid = nil
    }

    /// Heights of the EGM96 geoid above the ellipsoid anywhere in the footprint, rounded outward.
    public func geoidRange(over footprint: Footprint) -> ClosedRange<Double> {
        grid?.range(over: footprint.boxes) ?? GeoidGrid.anywhereM
    }

    /// Ellipsoid heights that an altitude may stand for, where the geoid's height lies within `geoid`.
    func heights(of altitude: Altitude, geoid: ClosedRange<Double>) -> ClosedRange<Double> {
        let metres = altitude.metres
        switch altitude.datum {
        case .ellipsoid: return metres...metres
        case .amsl: return (metres + geoid.lowerBound)...(metres + geoid.upperBound)
        case .agl:
            return (metres + terrainFloorM + geoid.lowerBound)...(metres + terrainCeilingM + geoid.upperBound)
        case .flightLevel:
            return (metres - pressureDeviationM + geoid.lowerBound)...(metres + pressureDeviationM + geoid.upperBound)
        }
    }
}

/// Why a band is refused.
public enum BandRejection: Error, Hashable, Sendable {
    /// The lower end certainly lies above the upper one.
    case lowerAboveUpper
}
