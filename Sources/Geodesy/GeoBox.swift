import CGeodesic

/// A rectangle of latitude and longitude, closed, that does not cross the antimeridian.
public struct GeoBox: Hashable, Sendable {
    public let southDeg: Double
    public let northDeg: Double
    public let westDeg: Double
    /// Not less than `westDeg`.
    public let eastDeg: Double

    public func contains(_ position: Position) -> Bool {
        position.latitudeDeg >= southDeg && position.latitudeDeg <= northDeg
            && ((position.longitudeDeg >= westDeg && position.longitudeDeg <= eastDeg)
                || (abs(position.longitudeDeg) == 180 && (eastDeg == 180 || westDeg == -180)))
    }
}

extension Footprint {
    /// One box or, across the antimeridian, two that together hold the footprint, rounded outward. Around a pole
    /// the box spans all longitudes.
    public var boxes: [GeoBox] {
        let prepared = PreparedFootprint(self)
        var extent = Extent(first: prepared.positions[0])
        for piece in 0..<prepared.pieceCount {
            extent.add(prepared.positions[piece], prepared.positions[prepared.end(of: piece)], radiusM)
        }
        for (pole, latitude) in [(Vector3(0, 0, Ellipsoid.semiMinorM), 90.0), ([0, 0, -Ellipsoid.semiMinorM], -90)]
        where prepared.side(of: pole) != .outside { extent.addPole(latitude) }
        return extent.boxes
    }
}

/// Latitudes, and longitudes unwound along a chain of positions.
private struct Extent {
    private var south: Double
    private var north: Double
    private var west: Double
    private var east: Double
    private var last: Double
    private var isAround = false

    init(first: Position) {
        south = first.latitudeDeg
        north = first.latitudeDeg
        west = first.longitudeDeg
        east = first.longitudeDeg
        last = first.longitudeDeg
    }

    /// Takes in a geodesic piece and everything within `radiusM` of it. Every point of it lies within half its
    /// length of one of its ends.
    mutating func add(_ a: Position, _ b: Position, _ radiusM: Double) {
        let start = last
        let end = start + (b.longitudeDeg - a.longitudeDeg).remainder(dividingBy: 360)
        last = end
        let half = Geodesic.distanceM(a, b) / 2
        let latitude = max(abs(a.latitudeDeg), abs(b.latitudeDeg))
        guard half > 0, latitude < 80 else {
            addDisc(a.latitudeDeg, start, radiusM + half)
            addDisc(b.latitudeDeg, end, radiusM + half)
            return
        }
        // Away from the poles the second derivative of latitude and longitude along a geodesic bounds how far a
        // piece leaves the box of its ends.
        let slope = tan((latitude + 1) * Ellipsoid.radiansPerDegree)
        let bend = half * half / (2 * Ellipsoid.curvatureRadiusSmallestM * Ellipsoid.curvatureRadiusSmallestM)
            / Ellipsoid.radiansPerDegree
        let latitudeBow = bend * (1.1 * slope + 0.1)
        let longitudeBow = bend * 1.1 * slope * (1 + slope * slope).squareRoot() + 1e-9
        let low = max(-90, min(a.latitudeDeg, b.latitudeDeg) - latitudeBow)
        let high = min(90, max(a.latitudeDeg, b.latitudeDeg) + latitudeBow)
        for longitude in [min(start, end) - longitudeBow, max(start, end) + longitudeBow] {
            addDisc(low, longitude, radiusM)
            addDisc(high, longitude, radiusM)
        }
    }

    /// By the auxiliary sphere: a geodesic of length *s* turns its arc by at most *s* / *b* there, and longitude on
    /// the ellipsoid changes by no more than on it.
    private mutating func addDisc(_ latitudeDeg: Double, _ longitudeDeg: Double, _ radiusM: Double) {
        let flatness = 1 - Ellipsoid.flattening
        let latitude = latitudeDeg * Ellipsoid.radiansPerDegree
        let reduced = atan2(flatness * sin(latitude), cos(latitude))
        let arc = (radiusM + 0.01) / Ellipsoid.semiMinorM
        func geodetic(_ reduced: Double) -> Double {
            let limited = min(Double.pi / 2, max(-Double.pi / 2, reduced))
            return atan2(sin(limited), flatness * cos(limited)) / Ellipsoid.radiansPerDegree
        }
        south = min(south, max(-90, geodetic(reduced - arc)))
        north = max(north, min(90, geodetic(reduced + arc)))
        if arc + abs(reduced) >= Double.pi / 2 - 1e-9 {
            isAround = true
            return
        }
        let turn = asin(min(1, sin(arc) / cos(reduced))) / Ellipsoid.radiansPerDegree
        west = min(west, longitudeDeg - turn)
        east = max(east, longitudeDeg + turn)
    }

    mutating func addPole(_ latitudeDeg: Double) {
        south = min(south, latitudeDeg)
        north = max(north, latitudeDeg)
        isAround = true
    }

    var boxes: [GeoBox] {
        guard !isAround, east - west < 360 else {
            return [GeoBox(southDeg: south, northDeg: north, westDeg: -180, eastDeg: 180)]
        }
        // Turned so that the western edge lies within -180 ..< 180.
        let turns = ((west + 180) / 360).rounded(.down) * 360
        let low = west - turns
        let high = east - turns
        guard high > 180 else { return [GeoBox(southDeg: south, northDeg: north, westDeg: low, eastDeg: high)] }
        return [
            GeoBox(southDeg: south, northDeg: north, westDeg: low, eastDeg: 180),
            GeoBox(southDeg: south, northDeg: north, westDeg: -180, eastDeg: high - 360),
        ]
    }
}
