/// Why a text is not a position. Offsets count UTF-8 bytes from the start of the text.
public enum CoordinateRejection: Error, Hashable, Sendable {
    /// Nothing but white space.
    case empty
    /// More than ``CoordinateText/longestBytes``.
    case tooLong(bytes: Int)
    /// A character that no notation uses.
    case unknownCharacter(offset: Int)
    /// A letter other than N, S, E, W outside a grid reference, or I or O within one.
    case unknownLetter(offset: Int)
    /// Digits and decimal point do not make a number, as in `34.` or `.5`.
    case malformedNumber(offset: Int)
    /// Beyond 90 degrees.
    case latitudeOutOfRange
    /// Beyond 180 degrees.
    case longitudeOutOfRange
    /// 60 minutes or more.
    case minutesOutOfRange
    /// 60 seconds or more.
    case secondsOutOfRange
    /// A fraction on degrees before minutes, or on minutes before seconds.
    case fractionNotLast
    /// Digits that are neither degrees nor `DDMM`, `DDMMSS`, `DDDMM`, `DDDMMSS`: a zero too few or too many.
    case wrongWidth
    /// A degree, minute or second sign where it does not belong.
    case misplacedSymbol(offset: Int)
    /// Hemisphere letters that do not stand all before or all after their numbers.
    case misplacedHemisphere
    /// A hemisphere letter for one axis only.
    case missingHemisphere
    /// Both letters name the same axis, as in `34N 38S`.
    case sameAxisTwice
    /// A plus or minus beside hemisphere letters.
    case signWithHemisphere
    /// A plus or minus that does not stand directly before the degrees.
    case misplacedSign(offset: Int)
    /// Latitude or longitude only.
    case missingAxis
    /// Numbers that could be divided between the axes in more than one way, or more than three for an axis.
    case tooManyNumbers
    /// One axis in degrees, the other in degrees and minutes, or the like.
    case mixedShapes
    /// A comma that may be a decimal comma, as in `34,5 38,3` and in `34,38`, or that divides nothing.
    case ambiguousComma
    /// Begins like MGRS or GARS and goes on otherwise.
    case malformedGrid
    /// An MGRS easting and northing of different lengths.
    case unevenGridDigits
    /// MGRS with no digits or more than five for easting and northing: the square would be 100 km, or less
    /// than a metre.
    case gridPrecision
    /// No such grid zone, or no such 100 km square in it.
    case noSuchSquare
    /// No such GARS cell, quadrant or key.
    case noSuchCell

    /// One plain sentence for the one who typed it.
    public var explanation: String {
        switch self {
        case .empty: "No position was given."
        case .tooLong(let bytes): "The position is \(bytes) bytes long; at most \(CoordinateText.longestBytes) are read."
        case .unknownCharacter(let offset): "The character at byte \(offset) belongs to no notation."
        case .unknownLetter(let offset): "The letter at byte \(offset) does not belong there."
        case .malformedNumber(let offset): "The number at byte \(offset) is not complete."
        case .latitudeOutOfRange: "The latitude lies beyond 90 degrees."
        case .longitudeOutOfRange: "The longitude lies beyond 180 degrees."
        case .minutesOutOfRange: "Minutes must be less than 60."
        case .secondsOutOfRange: "Seconds must be less than 60."
        case .fractionNotLast: "Only the last number of an axis may have a fraction."
        case .wrongWidth: "Digits are missing or too many: write DDMM or DDMMSS for latitude, DDDMM or DDDMMSS for longitude."
        case .misplacedSymbol(let offset): "The sign at byte \(offset) does not belong there."
        case .misplacedHemisphere: "Write the hemisphere letters both before or both after their numbers."
        case .missingHemisphere: "Give N or S and E or W for both axes, or for neither."
        case .sameAxisTwice: "Both letters name the same axis."
        case .signWithHemisphere: "Give either a sign or a hemisphere letter."
        case .misplacedSign(let offset): "The sign at byte \(offset) does not stand before degrees."
        case .missingAxis: "Give latitude and longitude."
        case .tooManyNumbers: "The numbers can be read in more than one way: add N or S and E or W."
        case .mixedShapes: "Write both axes alike: both in degrees, or both in degrees and minutes."
        case .ambiguousComma: "Use a point for decimals, and at most one comma, followed by a space, between the axes."
        case .malformedGrid: "The grid reference is not complete or goes on too long."
        case .unevenGridDigits: "Easting and northing must have equally many digits."
        case .gridPrecision: "Give one to five digits each for easting and northing."
        case .noSuchSquare: "There is no such grid square."
        case .noSuchCell: "There is no such GARS cell."
        }
    }
}
