import CGeodesic

extension Geodesic {
    /// Direction of an offset on a plane that touches the earth, degrees clockwise from north, 0 ..< 360.
    public static func bearingDeg(eastM: Double, northM: Double) -> Double {
        let degrees = atan2(eastM, northM) / Ellipsoid.radiansPerDegree
        let turned = degrees < 0 ? degrees + 360 : degrees
        return turned >= 360 ? 0 : turned
    }
}
