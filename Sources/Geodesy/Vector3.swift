import CGeodesic

/// Earth-centred, earth-fixed coordinates in metres: x towards 0 N 0 E, y towards 0 N 90 E, z to the north pole.
typealias Vector3 = SIMD3<Double>

extension SIMD3<Double> {
    @inline(__always) func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }
    @inline(__always) var lengthSquared: Double { dot(self) }
    @inline(__always) var length: Double { lengthSquared.squareRoot() }

    @inline(__always) func cross(_ other: Self) -> Self {
        Self(
            y * other.z - z * other.y,
            z * other.x - x * other.z,
            x * other.y - y * other.x)
    }

    /// A vector of length one across this one, which is not zero.
    var anyPerpendicular: Self {
        let axis: Self = abs(x) <= abs(y) && abs(x) <= abs(z) ? [1, 0, 0] : abs(y) <= abs(z) ? [0, 1, 0] : [0, 0, 1]
        let across = cross(axis)
        return across / across.length
    }
}

extension Position {
    /// On the ellipsoid's surface, right within a few nanometres.
    var cartesian: Vector3 {
        let normal = self.normal
        let n = Ellipsoid.semiMajorM / (1 - Ellipsoid.eccentricitySquared * normal.z * normal.z).squareRoot()
        return [n * normal.x, n * normal.y, n * (1 - Ellipsoid.eccentricitySquared) * normal.z]
    }

    /// Unit vector that stands upright on the ellipsoid (the n-vector).
    var normal: Vector3 {
        let latitude = latitudeDeg * Ellipsoid.radiansPerDegree
        let longitude = longitudeDeg * Ellipsoid.radiansPerDegree
        let cosine = cos(latitude)
        return [cosine * cos(longitude), cosine * sin(longitude), sin(latitude)]
    }

    /// - Parameter normal: an n-vector of any length but zero.
    init(normal: Vector3) {
        let across = (normal.x * normal.x + normal.y * normal.y).squareRoot()
        self.init(
            computedLatitudeDeg: atan2(normal.z, across) / Ellipsoid.radiansPerDegree,
            longitudeDeg: across == 0 ? 0 : atan2(normal.y, normal.x) / Ellipsoid.radiansPerDegree)
    }
}
