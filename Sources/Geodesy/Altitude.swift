/// Height above the WGS 84 ellipsoid, in metres.
public struct EllipsoidHeight: Hashable, Comparable, Sendable, Codable {
    public let metres: Double

    /// - Parameter metres: finite, within -1 000 … 100 000; `nil` otherwise.
    public init?(metres: Double) {
        guard metres.isFinite, (-1_000...100_000).contains(metres) else { return nil }
        self.metres = metres
    }

    public static func < (a: Self, b: Self) -> Bool { a.metres < b.metres }
}

/// What an altitude is measured from.
public enum AltitudeDatum: String, Hashable, Sendable, Codable, CaseIterable {
    /// Above the WGS 84 ellipsoid.
    case ellipsoid
    /// Above mean sea level, EGM96 geoid.
    case amsl
    /// Above ground level.
    case agl
    /// Flight level: pressure altitude in hundreds of feet, unit always `flightLevel`.
    case flightLevel
}

public enum AltitudeUnit: String, Hashable, Sendable, Codable, CaseIterable {
    case metres, feet, flightLevel
}

/// One stated altitude: a value, its unit and its datum, as the officer gave them.
public struct Altitude: Hashable, Sendable, Codable {
    public let value: Double
    public let unit: AltitudeUnit
    public let datum: AltitudeDatum

    /// - Returns: `nil` when the value is not finite, lies outside -1 000 … 100 000 m, or unit and datum do
    ///   not belong together (flight levels, 0 … 999, go with each other only).
    public init?(value: Double, unit: AltitudeUnit, datum: AltitudeDatum) {
        guard value.isFinite, (unit == .flightLevel) == (datum == .flightLevel) else { return nil }
        if unit == .flightLevel {
            guard (0...999).contains(value) else { return nil }
        } else {
            guard (-1_000...100_000).contains(value * (unit == .feet ? Altitude.metresPerFoot : 1)) else { return nil }
        }
        self.value = value
        self.unit = unit
        self.datum = datum
    }

    private enum CodingKeys: String, CodingKey { case value, unit, datum }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let altitude = Altitude(
            value: try container.decode(Double.self, forKey: .value),
            unit: try container.decode(AltitudeUnit.self, forKey: .unit),
            datum: try container.decode(AltitudeDatum.self, forKey: .datum))
        guard let altitude else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "altitude"))
        }
        self = altitude
    }

    /// International foot, exact.
    public static let metresPerFoot = 0.3048

    /// The value in metres; flight levels as hundreds of feet of pressure altitude.
    public var metres: Double {
        switch unit {
        case .metres: value
        case .feet: value * Altitude.metresPerFoot
        case .flightLevel: value * 100 * Altitude.metresPerFoot
        }
    }
}

/// A stated band, lower and upper end each with its own datum. Whether the lower end really lies below the
/// upper one depends on where: ``Separation`` judges it on conservative ellipsoid heights.
public struct AltitudeBand: Hashable, Sendable, Codable {
    public let lower: Altitude
    public let upper: Altitude

    public init(lower: Altitude, upper: Altitude) {
        self.lower = lower
        self.upper = upper
    }
}
