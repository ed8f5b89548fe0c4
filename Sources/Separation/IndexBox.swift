import Geodesy

/// A box of space and height, rounded outward to single precision so that eight numbers compare at once.
///
/// Held as lower bounds and negated upper bounds; a query holds the reverse, widened by the minima. They meet when no
/// number of the one exceeds its counterpart.
struct IndexBox: Sendable {
    let sides: SIMD8<Float>

    /// Heights of flight levels compare as pressures, which may differ from true heights by as much as the geoid
    /// does over the earth.
    private static let pressureSlackM = 200.0

    init(stored footprint: PreparedFootprint, _ extent: VerticalExtent) {
        let (low, high) = footprint.spatialBounds(marginM: 0)
        let reach = Self.heights(extent)
        sides = Self.down(low.x, low.y, low.z, reach.lowerBound, -high.x, -high.y, -high.z, -reach.upperBound)
    }

    /// - Parameter verticalM: `nil` when altitude does not separate.
    init(query footprint: PreparedFootprint, _ extent: VerticalExtent, horizontalM: Double, verticalM: Double?) {
        let (low, high) = footprint.spatialBounds(marginM: horizontalM)
        let reach = Self.heights(extent)
        let margin = verticalM ?? .infinity
        sides = -Self.down(
            -high.x, -high.y, -high.z, -(reach.upperBound + margin), low.x, low.y, low.z, reach.lowerBound - margin)
    }

    @inline(__always)
    func meets(_ query: IndexBox) -> Bool { all(sides .<= query.sides) }

    private static func heights(_ extent: VerticalExtent) -> ClosedRange<Double> {
        let slack = extent.lowerPressureM != nil || extent.upperPressureM != nil ? pressureSlackM : 0
        let reach = extent.reachM
        return (reach.lowerBound - slack)...(reach.upperBound + slack)
    }

    private static func down(
        _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double, _ g: Double, _ h: Double
    ) -> SIMD8<Float> {
        func down(_ x: Double) -> Float { Float(x).nextDown }
        return SIMD8(down(a), down(b), down(c), down(d), down(e), down(f), down(g), down(h))
    }
}
