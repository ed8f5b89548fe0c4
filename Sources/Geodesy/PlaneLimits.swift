/// What a stated distance over the surface means for distances on a ``LocalProbe``'s plane. `docs/geometry.md` proves
/// it.
struct PlaneLimits {
    /// More than this apart on the plane is farther.
    let farther: Float
    let fartherSquare: Float
    /// At most this apart is closer; negative when even overlapping on the plane proves nothing.
    let closerSquare: Float
    /// What rounding moves a place by at most, in metres.
    let rounding: Float
    var crossingIsCloser: Bool { closerSquare >= 0 }
    /// A place in a core, farther from its boundary on the plane than this, is certainly in it.
    let clearSquare: Float

    /// - Parameters:
    ///   - cutM: distance of the cores that is asked about, up to ``LocalProbe/farthestM``.
    ///   - reachM: no place of either core is farther from where the plane touches, in a straight line.
    ///   - bowM: what the longest pieces of both stray from their chords, together.
    /// - Returns: `nil` when they reach too far for the plane.
    init?(cutM: Double, reachM: Double, bowM: Double) {
        guard reachM <= LocalProbe.farthestM else { return nil }
        let radius = Ellipsoid.curvatureRadiusSmallestM
        let tilt = 1.002 * reachM / radius
        let rounding = Self.roundings * reachM + 1e-3
        let slack = bowM * tilt + rounding
        let flat = 1 - tilt * tilt - cutM * cutM / (12 * radius * radius)
        let closer = cutM * max(0, flat).squareRoot() - slack
        farther = Float(cutM + slack).nextUp
        fartherSquare = (farther * farther).nextUp
        let near = Float(closer).nextDown
        closerSquare = near >= 0 ? (near * near).nextDown : -1
        self.rounding = Float(rounding).nextUp
        let clear = Float(2 * slack).nextUp
        clearSquare = (clear * clear).nextUp
    }

    /// Sixty-four halves of a unit in the last place of single precision.
    private static let roundings = 64 * 0x1p-24
}
