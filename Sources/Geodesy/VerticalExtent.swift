/// A stated band over a footprint as heights above the ellipsoid: for either end the interval in which it lies.
public struct VerticalExtent: Hashable, Sendable {
    /// Metres above the ellipsoid.
    public let lowerM: ClosedRange<Double>
    public let upperM: ClosedRange<Double>
    /// Pressure altitude in metres of an end that was given as a flight level.
    public let lowerPressureM: Double?
    public let upperPressureM: Double?

    /// Two ends that differ by no more than this are at the same height: below what anybody states, above what
    /// converting feet rounds.
    public static let roundingM = 1e-6

    /// A band whose lower end certainly lies above its upper one counts as everything between the two.
    public init(_ band: AltitudeBand, over footprint: Footprint, _ reference: VerticalReference) {
        let needsGeoid = band.lower.datum != .ellipsoid || band.upper.datum != .ellipsoid
        let geoid = needsGeoid ? reference.geoidRange(over: footprint) : 0...0
        let lower = reference.heights(of: band.lower, geoid: geoid)
        let upper = reference.heights(of: band.upper, geoid: geoid)
        let isReversed =
            band.lower.datum == band.upper.datum
            ? band.lower.metres > band.upper.metres + Self.roundingM : lower.lowerBound > upper.upperBound
        let all = min(lower.lowerBound, upper.lowerBound)...max(lower.upperBound, upper.upperBound)
        lowerM = isReversed ? all : lower
        upperM = isReversed ? all : upper
        lowerPressureM = !isReversed && band.lower.datum == .flightLevel ? band.lower.metres : nil
        upperPressureM = !isReversed && band.upper.datum == .flightLevel ? band.upper.metres : nil
        self.isReversed = isReversed
    }

    /// Whether the lower end certainly lies above the upper one. Ends of one datum compare as they stand.
    public let isReversed: Bool

    /// Everything that the band may reach, in metres above the ellipsoid.
    public var reachM: ClosedRange<Double> { lowerM.lowerBound...max(lowerM.lowerBound, upperM.upperBound) }

    /// Bounds of the vertical gap to another band in metres; negative where they overlap.
    public func gapM(to other: VerticalExtent) -> ClosedRange<Double> {
        let above = Self.gap(from: self, upTo: other)
        let below = Self.gap(from: other, upTo: self)
        return max(above.lowerBound, below.lowerBound)...max(above.upperBound, below.upperBound)
    }

    /// From the upper end of one up to the lower end of the other. Two flight levels compare as they stand.
    private static func gap(from low: VerticalExtent, upTo high: VerticalExtent) -> ClosedRange<Double> {
        if let top = low.upperPressureM, let bottom = high.lowerPressureM { return (bottom - top)...(bottom - top) }
        return (high.lowerM.lowerBound - low.upperM.upperBound)...(high.lowerM.upperBound - low.upperM.lowerBound)
    }
}

extension AltitudeBand {
    /// As ``VerticalExtent/isReversed``.
    public func isReversed(over footprint: Footprint, _ reference: VerticalReference) -> Bool {
        VerticalExtent(self, over: footprint, reference).isReversed
    }

    /// Everything that the band may reach over the footprint: metres above the ellipsoid, rounded outward.
    public func ellipsoidInterval(
        over footprint: Footprint, _ reference: VerticalReference
    ) throws(BandRejection) -> ClosedRange<Double> {
        let extent = VerticalExtent(self, over: footprint, reference)
        guard !extent.isReversed else { throw .lowerAboveUpper }
        return extent.reachM
    }
}
