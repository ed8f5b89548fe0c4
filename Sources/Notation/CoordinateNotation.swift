/// The ways in which a duty officer may give or read a position. All of them are on WGS 84.
public enum CoordinateNotation: String, Hashable, Sendable, Codable, CaseIterable {
    /// `34.55740N 38.31690E`. Precision: decimals of a degree, 0 … 9.
    case decimalDegrees
    /// `34°33.444'N 038°19.014'E`. Precision: decimals of a minute, 0 … 7.
    case degreesMinutes
    /// `34°33'26.6"N 038°19'00.8"E`. Precision: decimals of a second, 0 … 5.
    case degreesMinutesSeconds
    /// `37SDU3733124174` (NGA.STND.0037). Precision: digits of easting, and of northing, 1 … 5, for squares
    /// of 10 km … 1 m.
    case mgrs
    /// `437LK47`. Precision 0: a cell of 30′, 1: a quadrant of 15′, 2: a keypad key of 5′.
    case gars

    /// What ``CoordinateText/format(_:as:precision:)`` accepts as precision, both ends included.
    public var precisions: ClosedRange<Int> {
        switch self {
        case .decimalDegrees: 0...9
        case .degreesMinutes: 0...7
        case .degreesMinutesSeconds: 0...5
        case .mgrs: 1...5
        case .gars: 0...2
        }
    }

    /// About a metre, or the finest that the notation has.
    public var usualPrecision: Int {
        switch self {
        case .decimalDegrees: 5
        case .degreesMinutes: 3
        case .degreesMinutesSeconds: 1
        case .mgrs: 5
        case .gars: 2
        }
    }
}
