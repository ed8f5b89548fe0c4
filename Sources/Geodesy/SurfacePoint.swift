/// A place with its point in space, to be asked often whether others are within a distance.
public struct SurfacePoint: Hashable, Sendable {
    public let position: Position
    private let point: Vector3

    public init(_ position: Position) {
        self.position = position
        point = position.cartesian
    }

    /// Whether another place is certainly within `metres` along the surface; `false` also for the last
    /// millimetres, and of long ways for the last part in 100 000.
    public func isCertainlyWithin(_ metres: Double, of other: SurfacePoint) -> Bool {
        let chordM = Ellipsoid.chordWithinM(surfaceM: metres) - Ellipsoid.roundingM
        return chordM > 0 && (point - other.point).lengthSquared <= chordM * chordM
    }
}
