import Geodesy

/// Why a text is not an altitude.
public enum AltitudeRejection: Error, Hashable, Sendable {
    case empty
    /// More than ``AltitudeText/longestBytes``.
    case tooLong(bytes: Int)
    /// No number, or one that is not complete.
    case malformedNumber
    /// Neither feet nor metres.
    case missingUnit
    /// A number without what it is measured from: never guessed.
    case missingDatum
    /// A word that is neither a unit nor a datum here.
    case unknownWord(String)
    /// A flight level that is not a whole number.
    case malformedFlightLevel
    /// Outside what ``Geodesy/Altitude`` allows: -1 000 … 100 000 m, flight levels 0 … 999.
    case outOfRange

    /// One plain sentence for the one who typed it.
    public var explanation: String {
        switch self {
        case .empty: "No altitude was given."
        case .tooLong(let bytes): "The altitude is \(bytes) bytes long; at most \(AltitudeText.longestBytes) are read."
        case .malformedNumber: "The number is missing or not complete; write 3500, without separators."
        case .missingUnit: "Give the unit: ft or m."
        case .missingDatum: "Say what the altitude is measured from: AMSL, AGL or ellipsoid."
        case .unknownWord(let word): "\"\(word)\" is neither a unit nor a datum here."
        case .malformedFlightLevel: "A flight level is a whole number of up to three digits, such as FL250."
        case .outOfRange: "The altitude lies outside -1000 to 100000 m, or FL000 to FL999."
        }
    }
}

/// Altitudes as people write and say them: `FL250`, `3500 ft AMSL`, `1200 m AGL`, `500m ellipsoid`, `GND`, `SFC`.
public enum AltitudeText {
    public static let longestBytes = 48

    private static let units: [(word: String, unit: AltitudeUnit)] = [
        ("FT", .feet), ("FEET", .feet), ("M", .metres), ("METRES", .metres), ("METERS", .metres),
    ]
    private static let datums: [(word: String, datum: AltitudeDatum)] = [
        ("AMSL", .amsl), ("MSL", .amsl), ("AGL", .agl), ("ELLIPSOID", .ellipsoid), ("HAE", .ellipsoid),
    ]

    /// Reads upper or lower case. Unit and datum are required and in that order; `GND` and `SFC` are 0 m above
    /// ground.
    public static func parse(_ text: String) throws(AltitudeRejection) -> Altitude {
        guard text.utf8.count <= longestBytes else { throw .tooLong(bytes: text.utf8.count) }
        let words = try AltitudeWord.read(text)
        guard let first = words.first else { throw .empty }
        switch first {
        case .letters(let word) where word == "GND" || word == "SFC":
            if words.count > 1 { throw .unknownWord(words[1].text) }
            return try altitude(0, .metres, .agl)
        case .letters(let word) where word == "FL":
            guard words.count == 2, case .number(let digits) = words[1], digits.utf8.count <= 3,
                digits.utf8.allSatisfy({ (48...57).contains($0) })
            else { throw .malformedFlightLevel }
            return try altitude(try number(digits), .flightLevel, .flightLevel)
        case .letters(let word):
            throw isKnown(word) ? .malformedNumber : .unknownWord(word)
        case .number(let digits):
            let value = try number(digits)
            for case .letters(let word) in words where !isKnown(word) { throw .unknownWord(word) }
            guard words.count > 1 else { throw .missingUnit }
            guard case .letters(let unitWord) = words[1] else { throw .malformedNumber }
            guard let unit = units.first(where: { $0.word == unitWord })?.unit else { throw .missingUnit }
            guard words.count > 2 else { throw .missingDatum }
            guard case .letters(let datumWord) = words[2] else { throw .malformedNumber }
            guard let datum = datums.first(where: { $0.word == datumWord })?.datum else { throw .missingDatum }
            if words.count > 3 { throw .unknownWord(words[3].text) }
            return try altitude(value, unit, datum)
        }
    }

    /// A text that ``parse(_:)`` reads back as the same altitude; but what is below 0.0001 becomes 0, and a
    /// flight level with a fraction, which no text can give, keeps it and is not read back.
    public static func format(_ altitude: Altitude) -> String {
        // Smaller values would be described with an exponent.
        let exact = altitude.value.magnitude < 0.0001 ? 0 : altitude.value
        let value = exact == exact.rounded() ? String(Int64(exact)) : "\(exact)"
        let unit = altitude.unit == .feet ? "ft" : "m"
        return switch altitude.datum {
        case .flightLevel: "FL" + value.padded(to: 3)
        case .agl where exact == 0 && altitude.unit == .metres: "GND"
        case .agl: "\(value) \(unit) AGL"
        case .amsl: "\(value) \(unit) AMSL"
        case .ellipsoid: "\(value) \(unit) ellipsoid"
        }
    }

    private static func isKnown(_ word: String) -> Bool {
        units.contains { $0.word == word } || datums.contains { $0.word == word }
    }

    private static func number(_ text: String) throws(AltitudeRejection) -> Double {
        let unsigned = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let parts = unsigned.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count - unsigned.count <= 1, parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (48...57).contains($0) } }), let value = Double(text)
        else { throw .malformedNumber }
        return value
    }

    private static func altitude(
        _ value: Double, _ unit: AltitudeUnit, _ datum: AltitudeDatum
    ) throws(AltitudeRejection) -> Altitude {
        guard let altitude = Altitude(value: value, unit: unit, datum: datum) else { throw .outOfRange }
        return altitude
    }
}

private enum AltitudeWord {
    /// Upper case.
    case letters(String)
    /// Digits, signs, points and commas.
    case number(String)

    var text: String {
        switch self {
        case .letters(let text), .number(let text): text
        }
    }

    static func read(_ text: String) throws(AltitudeRejection) -> [AltitudeWord] {
        var words: [AltitudeWord] = []
        var isJoined = false
        for scalar in text.unicodeScalars {
            let character = String(scalar)
            switch scalar {
            case " ", "\t", "\u{A0}":
                isJoined = false
                continue
            case "A"..."Z", "a"..."z":
                if isJoined, case .letters(let word)? = words.last {
                    words[words.count - 1] = .letters(word + character.uppercased())
                } else {
                    words.append(.letters(character.uppercased()))
                }
            case "0"..."9", ".", ",", "+", "-":
                if isJoined, case .number(let word)? = words.last {
                    words[words.count - 1] = .number(word + character)
                } else {
                    words.append(.number(character))
                }
            default: throw .unknownWord(character)
            }
            isJoined = true
        }
        return words
    }
}
