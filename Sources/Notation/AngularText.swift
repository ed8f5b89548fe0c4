import Geodesy

/// Degrees, with or without minutes and seconds.
enum AngularText {
    static func parse(
        _ glyphs: [CoordinateGlyph], of text: String
    ) throws(CoordinateRejection) -> ParsedCoordinate {
        let (first, second) = try AngularDivision.divide(try AngularToken.read(glyphs))
        let a = try AngularAxis(first)
        let b = try AngularAxis(second)
        guard a.parts == b.parts, a.isCompact == b.isCompact else { throw .mixedShapes }
        let (latitude, longitude) = first.axis == .latitude ? (a, b) : (b, a)
        guard let position = Position(latitudeDeg: latitude.degrees, longitudeDeg: longitude.degrees) else {
            throw .latitudeOutOfRange
        }
        return ParsedCoordinate(
            position: position,
            notation: [.decimalDegrees, .degreesMinutes, .degreesMinutesSeconds][a.parts - 1],
            uncertaintyM: AngularBox.radiusM(
                around: position, halfLatitudeDeg: latitude.halfUnitDeg, halfLongitudeDeg: longitude.halfUnitDeg),
            originalText: text)
    }

    static func format(_ position: Position, as notation: CoordinateNotation, decimals: Int) -> String {
        let (latitude, longitude) = (position.latitudeDeg, position.longitudeDeg)
        return half(abs(latitude), 2, latitude < 0 ? "S" : "N", notation, decimals) + " "
            + half(abs(longitude), 3, longitude < 0 ? "W" : "E", notation, decimals)
    }

    /// Rounds once, in units of the last digit, so that 59.99′ never becomes 60′.
    private static func half(
        _ degrees: Double, _ width: Int, _ letter: String, _ notation: CoordinateNotation, _ decimals: Int
    ) -> String {
        let power = (0..<decimals).reduce(Int64(1)) { power, _ in power * 10 }
        func fixed(_ units: Int64, width: Int) -> String {
            let whole = String(units / power).padded(to: width)
            return decimals == 0 ? whole : whole + "." + String(units % power).padded(to: decimals)
        }
        func units(perDegree: Int64) -> Int64 { Int64((degrees * Double(perDegree * power)).rounded()) }
        switch notation {
        case .degreesMinutes:
            let total = units(perDegree: 60)
            return String(total / (60 * power)).padded(to: width) + "°" + fixed(total % (60 * power), width: 2) + "'"
                + letter
        case .degreesMinutesSeconds:
            let total = units(perDegree: 3600)
            return String(total / (3600 * power)).padded(to: width) + "°"
                + String(total / (60 * power) % 60).padded(to: 2) + "'" + fixed(total % (60 * power), width: 2) + "\""
                + letter
        case .decimalDegrees, .mgrs, .gars:
            return fixed(units(perDegree: 1), width: 1) + letter
        }
    }
}

extension String {
    /// With zeros in front, for digits.
    func padded(to width: Int) -> String {
        utf8.count >= width ? self : String(repeating: "0", count: width - utf8.count) + self
    }
}
