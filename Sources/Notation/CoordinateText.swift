import Geodesy

/// Positions as people write and say them.
///
/// ```swift
/// let parsed = try CoordinateText.parse("37S DU 37331 24174")
/// CoordinateText.format(parsed.position, as: .degreesMinutes)  // 34°33.444'N 038°19.014'E
/// ```
public enum CoordinateText {
    /// Longer texts are refused unread.
    public static let longestBytes = 64

    /// - Parameter precision: as ``CoordinateNotation`` says, clamped to
    ///   ``CoordinateNotation/precisions``; the usual one when `nil`.
    /// - Returns: a text that ``parse(_:)`` reads back to within the notation's precision. Degrees, minutes and
    ///   seconds are rounded to nearest; MGRS and GARS name the square that holds the position.
    public static func format(
        _ position: Position, as notation: CoordinateNotation, precision: Int? = nil
    ) -> String {
        let range = notation.precisions
        let precision = min(max(precision ?? notation.usualPrecision, range.lowerBound), range.upperBound)
        return switch notation {
        case .decimalDegrees, .degreesMinutes, .degreesMinutesSeconds:
            AngularText.format(position, as: notation, decimals: precision)
        case .mgrs: GridReference.mgrs(of: position, digitPairs: precision)
        case .gars: GridReference.gars(of: position, precision: precision)
        }
    }

    /// Reads a position in any notation, in upper or lower case, with or without spaces.
    ///
    /// Without hemisphere letters latitude stands first, and south and west are negative. With letters the
    /// axes may stand in either order. Whatever could be read in two ways is refused, never guessed:
    /// see ``CoordinateRejection``.
    ///
    /// | notation | such as |
    /// |---|---|
    /// | decimal degrees | `34.5574N 38.3169E`, `34.5574 38.3169`, `34.5574, 38.3169`, `-34.5 -70.25` |
    /// | degrees, minutes, seconds | `N34°33.444' E038°19.014'`, `34°33'26.6"N 38°19'00.8"E`, `34 33 26.6 N 38 19 0.8 E` |
    /// | the same, compact | `343326N0381901E`, `3433N03819E`, `N3433.444 E03819.014` |
    /// | MGRS | `37SDU3733124174`, `37S DU 37331 24174`, `37sdu3724` |
    /// | GARS | `437LK47`, `437LK4`, `437LK` |
    public static func parse(_ text: String) throws(CoordinateRejection) -> ParsedCoordinate {
        let glyphs = try CoordinateGlyph.read(text)
        if let grid = try GridText.parse(glyphs, of: text) { return grid }
        return try AngularText.parse(glyphs, of: text)
    }
}

/// What a text says about a place.
public struct ParsedCoordinate: Hashable, Sendable {
    /// The place itself, or for MGRS and GARS, which name a square or a cell, its centre.
    public let position: Position
    public let notation: CoordinateNotation
    /// Metres, more than 0: no place that the text could mean lies farther from ``position``. Half the
    /// diagonal of the square or cell, or of the box that half a unit of the last digit spans.
    public let uncertaintyM: Double
    /// What was read, unchanged.
    public let originalText: String
}
