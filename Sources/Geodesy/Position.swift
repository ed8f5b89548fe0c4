/// A point on the WGS 84 ellipsoid, in degrees.
public struct Position: Hashable, Sendable, Codable {
    /// Geodetic latitude, -90 … 90, north positive.
    public let latitudeDeg: Double
    /// Longitude, -180 … 180, east positive; -180 and 180 name the same meridian.
    public let longitudeDeg: Double

    /// - Returns: `nil` unless both are finite and within range.
    public init?(latitudeDeg: Double, longitudeDeg: Double) {
        guard latitudeDeg.isFinite, longitudeDeg.isFinite,
            (-90...90).contains(latitudeDeg), (-180...180).contains(longitudeDeg)
        else { return nil }
        self.latitudeDeg = latitudeDeg
        self.longitudeDeg = longitudeDeg
    }

    /// As ``init(latitudeDeg:longitudeDeg:)``, but says what is wrong.
    ///
    /// - Parameter vertex: the index that the error is to name.
    /// - Throws: `notANumber` or `outOfRange`.
    public init(vertex: Int, latitudeDeg: Double, longitudeDeg: Double) throws(GeometryRejection) {
        guard latitudeDeg.isFinite, longitudeDeg.isFinite else { throw .notANumber(vertex: vertex) }
        guard let position = Position(latitudeDeg: latitudeDeg, longitudeDeg: longitudeDeg) else {
            throw .outOfRange(vertex: vertex)
        }
        self = position
    }

    private enum CodingKeys: String, CodingKey { case latitudeDeg, longitudeDeg }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let latitudeDeg = try container.decode(Double.self, forKey: .latitudeDeg)
        let longitudeDeg = try container.decode(Double.self, forKey: .longitudeDeg)
        guard let position = Position(latitudeDeg: latitudeDeg, longitudeDeg: longitudeDeg) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "position"))
        }
        self = position
    }

    /// What a computation gave: put back within range where rounding has left it, the pole's longitude kept.
    /// Both values are numbers.
    init(computedLatitudeDeg latitudeDeg: Double, longitudeDeg: Double) {
        self.latitudeDeg = min(90, max(-90, latitudeDeg))
        let turned = longitudeDeg.remainder(dividingBy: 360)
        self.longitudeDeg = min(180, max(-180, turned))
    }
}
