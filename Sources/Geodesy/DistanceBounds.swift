/// Closed interval that holds the true distance between two footprints, in metres along the surface of the
/// WGS 84 ellipsoid. `docs/geometry.md` proves it.
public struct DistanceBounds: Hashable, Sendable {
    /// Not negative.
    public let lowerM: Double
    public let upperM: Double

    /// The interval is never wider than this between footprints whose cores are at most ``farthestPreciseM``
    /// apart: the ε of the conflict test, whatever the size of the footprints. Unless more of both boundaries than
    /// can be measured in about a second runs nearly as close: the interval then holds the distance but may be wide.
    public static let errorM = 0.05
    /// Beyond this, 9 000 km between cores, the interval still holds the distance but may be wide.
    public static let farthestPreciseM = 9_000_000.0

    public func contains(_ metres: Double) -> Bool { lowerM <= metres && metres <= upperM }
    public var widthM: Double { upperM - lowerM }
}

/// How two footprints lie to a stated distance.
public enum Closeness: Hashable, Sendable {
    /// Proven: not farther apart than the distance. Exactly at it is `closer`.
    case closer
    /// Proven: farther apart.
    case farther
    /// Within ``DistanceBounds/errorM`` of the distance, on either side, or more of both boundaries runs near the
    /// distance than can be measured in about a second. A conflict test takes it as closer.
    case undecided
}
