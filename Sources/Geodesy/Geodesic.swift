import CGeodesic

/// Geodesics of the WGS 84 ellipsoid: PROJ's `geodesic.h` (C. F. F. Karney, *Algorithms for geodesics*, J. Geodesy
/// 87, 2013), which states an accuracy of 15 nanometres.
public enum Geodesic {
    /// What one solution of the direct or inverse problem is taken to be wrong by at most, in metres: far above
    /// what the library states.
    public static let errorM = 1e-6

    public struct Inverse: Hashable, Sendable {
        public let distanceM: Double
        /// Azimuth of the geodesic at its start, degrees clockwise from north, 0 ..< 360.
        public let startBearingDeg: Double
        /// Azimuth at its end, in the direction of travel.
        public let endBearingDeg: Double
    }

    /// Length of the shortest way between two positions, in metres.
    public static func distanceM(_ a: Position, _ b: Position) -> Double {
        var metres = 0.0
        withUnsafePointer(to: wgs84) { ellipsoid in
            geod_inverse(
                ellipsoid, a.latitudeDeg, a.longitudeDeg, b.latitudeDeg, b.longitudeDeg, &metres, nil, nil)
        }
        return metres
    }

    /// Direction in which the shortest way from `a` to `b` sets out: degrees clockwise from north, 0 ..< 360.
    public static func bearingDeg(from a: Position, to b: Position) -> Double { inverse(a, b).startBearingDeg }

    public static func inverse(_ a: Position, _ b: Position) -> Inverse {
        let (metres, start, end) = azimuths(a, b)
        return Inverse(distanceM: metres, startBearingDeg: turned(start), endBearingDeg: turned(end))
    }

    /// Where one arrives after `distanceM` metres (negative: backwards) on the geodesic that sets out at
    /// `bearingDeg`.
    ///
    /// - Returns: `nil` when a number is not finite.
    public static func destination(from start: Position, bearingDeg: Double, distanceM: Double) -> Position? {
        guard bearingDeg.isFinite, distanceM.isFinite else { return nil }
        var latitude = 0.0
        var longitude = 0.0
        withUnsafePointer(to: wgs84) { ellipsoid in
            geod_direct(
                ellipsoid, start.latitudeDeg, start.longitudeDeg, bearingDeg, distanceM, &latitude, &longitude, nil)
        }
        guard latitude.isFinite, longitude.isFinite else { return nil }
        return Position(computedLatitudeDeg: latitude, longitudeDeg: longitude)
    }

    /// Distance in metres and azimuths in degrees, -180 … 180.
    static func azimuths(_ a: Position, _ b: Position) -> (metres: Double, start: Double, end: Double) {
        var metres = 0.0
        var start = 0.0
        var end = 0.0
        withUnsafePointer(to: wgs84) { ellipsoid in
            geod_inverse(
                ellipsoid, a.latitudeDeg, a.longitudeDeg, b.latitudeDeg, b.longitudeDeg, &metres, &start, &end)
        }
        return (metres, start, end)
    }

    /// Area in square metres of the smaller side of a ring, its sense of rotation not minded, and the ring's
    /// length in metres.
    static func ring(_ vertices: [Position]) -> (areaM2: Double, perimeterM: Double) {
        var polygon = geod_polygon()
        var area = 0.0
        var perimeter = 0.0
        withUnsafePointer(to: wgs84) { ellipsoid in
            geod_polygon_init(&polygon, 0)
            for vertex in vertices {
                geod_polygon_addpoint(ellipsoid, &polygon, vertex.latitudeDeg, vertex.longitudeDeg)
            }
            _ = geod_polygon_compute(ellipsoid, &polygon, 0, 1, &area, &perimeter)
        }
        return (abs(area), perimeter)
    }

    static let wgs84: geod_geodesic = {
        var ellipsoid = geod_geodesic()
        geod_init(&ellipsoid, Ellipsoid.semiMajorM, Ellipsoid.flattening)
        return ellipsoid
    }()

    private static func turned(_ azimuth: Double) -> Double {
        let positive = azimuth < 0 ? azimuth + 360 : azimuth
        return positive >= 360 ? 0 : positive
    }
}

/// One geodesic between two positions, ready to be walked.
struct GeodesicArc {
    let start: Position
    let end: Position
    let lengthM: Double
    private let line: geod_geodesicline

    init(_ start: Position, _ end: Position) {
        var line = geod_geodesicline()
        withUnsafePointer(to: Geodesic.wgs84) { ellipsoid in
            geod_inverseline(
                &line, ellipsoid, start.latitudeDeg, start.longitudeDeg, end.latitudeDeg, end.longitudeDeg, 0)
        }
        self.start = start
        self.end = end
        self.line = line
        lengthM = line.s13
    }

    /// Position and azimuth (degrees, in the direction of travel) `metres` after the start.
    func point(atM metres: Double) -> (position: Position, azimuthDeg: Double) {
        var latitude = 0.0
        var longitude = 0.0
        var azimuth = 0.0
        withUnsafePointer(to: line) { geod_position($0, metres, &latitude, &longitude, &azimuth) }
        return (Position(computedLatitudeDeg: latitude, longitudeDeg: longitude), azimuth)
    }

    var middle: Position { point(atM: lengthM / 2).position }
}
