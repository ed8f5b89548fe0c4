import Geodesy

/// A box of space and height in whole steps, rounded outward, so that eight small numbers compare at once. A step is
/// 200 m of space or 4 m of height: what the index may bring up in vain, never what it may miss.
///
/// Held as lower ends and negated upper ends; a query holds the reverse, widened by the minima. They meet when no
/// number of the one exceeds its counterpart. What lies beyond the scale counts as at its end.
struct SpaceBox: Sendable {
    var sides: SIMD8<Int16>

    /// Heights of flight levels compare as pressures, which may differ from true heights by as much as the geoid
    /// does over the earth.
    private static let pressureSlackM = 200.0
    private static var perM: SIMD4<Double> { [1 / 200.0, 1 / 200.0, 1 / 200.0, 1 / 4.0] }

    /// What no query meets, and what joining starts from.
    static let nothing = SpaceBox(sides: SIMD8(repeating: .max))

    private init(sides: SIMD8<Int16>) { self.sides = sides }

    init(stored chain: FootprintChain, _ extent: VerticalExtent) {
        let (low, high) = Self.ends(chain, extent)
        sides = SIMD8(lowHalf: Self.down(low), highHalf: Self.down(-high))
    }

    /// The query's form: meets what comes within the margins.
    ///
    /// - Parameter verticalM: infinite when altitude does not separate.
    init(query ends: (low: SIMD4<Double>, high: SIMD4<Double>), horizontalM: Double, verticalM: Double) {
        let margin = SIMD4(horizontalM, horizontalM, horizontalM, verticalM)
        sides = SIMD8(lowHalf: Self.up(ends.high + margin), highHalf: Self.up(margin - ends.low))
    }

    /// Lower and upper ends of the space and the heights that a volume takes, in metres.
    static func ends(_ chain: FootprintChain, _ extent: VerticalExtent) -> (low: SIMD4<Double>, high: SIMD4<Double>) {
        let (low, high) = chain.spatialBounds(marginM: 0)
        let slack = extent.lowerPressureM != nil || extent.upperPressureM != nil ? pressureSlackM : 0
        let reach = extent.reachM
        return (SIMD4(low, reach.lowerBound - slack), SIMD4(high, reach.upperBound + slack))
    }

    @inline(__always)
    func meets(_ query: SpaceBox) -> Bool { all(sides .<= query.sides) }

    @inline(__always)
    mutating func join(_ other: SpaceBox) {
        sides = sides.replacing(with: other.sides, where: other.sides .< sides)
    }

    /// Where the middle lies on a curve that keeps near places together: Hilbert's, over two axes of the earth's
    /// surface (folded into a square as onto an octahedron) and height, ten metres of place to one of height.
    var place: UInt64 {
        func middle(_ axis: Int) -> Float { (Float(sides[axis]) - Float(sides[axis + 4])) / 2 }
        let (x, y, z) = (middle(0), middle(1), middle(2))
        let size = abs(x) + abs(y) + abs(z)
        guard size > 0 else { return 0 }
        var (u, v) = (x / size, y / size)
        if z < 0 { (u, v) = ((1 - abs(v)) * (u < 0 ? -1 : 1), (1 - abs(u)) * (v < 0 ? -1 : 1)) }
        // The square's side is some 40 000 steps of 200 m; a step of height is 4 m.
        return Self.hilbert([
            UInt32(32_768 + u * 32_000), UInt32(32_768 + v * 32_000), UInt32(32_768 + middle(3) / 5),
        ])
    }

    /// Sixteen bits of each axis to forty-eight (J. Skilling, *Programming the Hilbert curve*, 2004).
    private static func hilbert(_ axes: SIMD3<UInt32>) -> UInt64 {
        var x = axes
        var bit: UInt32 = 1 << 15
        while bit > 1 {
            let below = bit - 1
            for i in 0..<3 {
                if x[i] & bit != 0 {
                    x[0] ^= below
                } else {
                    let swapped = (x[0] ^ x[i]) & below
                    x[0] ^= swapped
                    x[i] ^= swapped
                }
            }
            bit >>= 1
        }
        x[1] ^= x[0]
        x[2] ^= x[1]
        var turned: UInt32 = 0
        bit = 1 << 15
        while bit > 1 {
            if x[2] & bit != 0 { turned ^= bit - 1 }
            bit >>= 1
        }
        x ^= turned
        return spread(x[0]) << 2 | spread(x[1]) << 1 | spread(x[2])
    }

    /// Sixteen bits, each moved to three times its place.
    private static func spread(_ bits: UInt32) -> UInt64 {
        var x = UInt64(bits & 0xFFFF)
        x = (x | x << 32) & 0x001F_0000_0000_FFFF
        x = (x | x << 16) & 0x001F_0000_FF00_00FF
        x = (x | x << 8) & 0x100F_00F0_0F00_F00F
        x = (x | x << 4) & 0x10C3_0C30_C30C_30C3
        x = (x | x << 2) & 0x1249_2492_4924_9249
        return x
    }

    private static func down(_ metres: SIMD4<Double>) -> SIMD4<Int16> {
        let steps = (metres * perM).rounded(.down)
        return SIMD4(onScale(steps.x), onScale(steps.y), onScale(steps.z), onScale(steps.w))
    }

    private static func up(_ metres: SIMD4<Double>) -> SIMD4<Int16> {
        let steps = (metres * perM).rounded(.up)
        return SIMD4(onScale(steps.x), onScale(steps.y), onScale(steps.z), onScale(steps.w))
    }

    /// One below the end of the scale at most, so that `nothing` stays above all.
    @inline(__always)
    private static func onScale(_ steps: Double) -> Int16 { Int16(max(-32_767, min(32_766, steps))) }
}
