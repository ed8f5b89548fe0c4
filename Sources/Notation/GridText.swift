import Geodesy

/// Recognises MGRS and GARS among coordinate texts. No text is both a grid reference and angles: angles never
/// have two letters side by side.
enum GridText {
    /// - Returns: `nil` when the text does not begin like a grid reference.
    static func parse(
        _ glyphs: [CoordinateGlyph], of text: String
    ) throws(CoordinateRejection) -> ParsedCoordinate? {
        let dense = glyphs.filter { $0.kind != .space }
        let digits = dense.prefix { $0.isDigit }.count
        let letters = dense.dropFirst(digits).prefix { $0.isLetter }.count
        // Without a zone number only the polar letters begin a reference.
        if digits <= 2, letters == 3, digits > 0 || dense.first?.isPolarLetter == true {
            return try mgrs(Cursor(glyphs), of: text)
        }
        // `034N E38` is a slip for angles, `034NE38` a cell.
        if digits == 3, letters >= 2, let first = glyphs.firstIndex(where: \.isLetter), glyphs[first + 1].isLetter {
            return try gars(Cursor(glyphs), of: text)
        }
        return nil
    }

    private static func mgrs(_ start: Cursor, of text: String) throws(CoordinateRejection) -> ParsedCoordinate {
        var cursor = start
        let zone = cursor.digits()
        var letters = ""
        for _ in 0..<3 {
            cursor.skipSpace()
            letters += try cursor.gridLetter()
        }
        cursor.skipSpace()
        var groups = [cursor.digits()]
        while cursor.skipSpace() { groups.append(cursor.digits()) }
        guard cursor.isAtEnd else { throw .malformedGrid }
        let count = groups.reduce(0) { $0 + $1.utf8.count }
        guard count > 0, count <= 10 || count % 2 == 1 else { throw .gridPrecision }
        switch groups.count {
        case 1 where count % 2 == 0: break
        case 2 where groups[0].utf8.count == groups[1].utf8.count: break
        default: throw .unevenGridDigits
        }
        // The zones that Svalbard's wide neighbours swallow (NGA.STND.0037).
        guard !(["32", "34", "36"].contains(zone) && letters.hasPrefix("X")),
            let cell = GridReference.cell(mgrs: zone + letters + groups.joined())
        else { throw .noSuchSquare }
        let sideM = tenTo(5 - cell.precision) / cell.scale
        return ParsedCoordinate(
            position: cell.centre, notation: .mgrs, uncertaintyM: sideM * 0.5.squareRoot() * scaleMargin,
            originalText: text)
    }

    /// Within a square of 10 km the scale stays this near to that at the centre.
    private static let scaleMargin = 1.001

    private static func gars(_ start: Cursor, of text: String) throws(CoordinateRejection) -> ParsedCoordinate {
        var cursor = start
        var reference = cursor.digits()
        cursor.skipSpace()
        reference += try cursor.gridLetter()
        reference += try cursor.gridLetter()
        cursor.skipSpace()
        reference += cursor.digits()
        if cursor.skipSpace() { reference += cursor.digits() }
        guard cursor.isAtEnd, (5...7).contains(reference.utf8.count) else { throw .malformedGrid }
        guard let cell = GridReference.cell(gars: reference) else { throw .noSuchCell }
        let halfSideDeg = [0.25, 0.125, 1.0 / 24][cell.precision]
        return ParsedCoordinate(
            position: cell.centre, notation: .gars,
            uncertaintyM: AngularBox.radiusM(
                around: cell.centre, halfLatitudeDeg: halfSideDeg, halfLongitudeDeg: halfSideDeg),
            originalText: text)
    }

    private static func tenTo(_ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}

/// Walks over the glyphs of a grid reference.
private struct Cursor {
    private var rest: ArraySlice<CoordinateGlyph>

    init(_ glyphs: [CoordinateGlyph]) { rest = glyphs[...] }

    var isAtEnd: Bool { rest.isEmpty }

    @discardableResult
    mutating func skipSpace() -> Bool {
        guard rest.first?.kind == .space else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digits() -> String {
        var text = ""
        while case .digit(let value)? = rest.first?.kind {
            text += String(value)
            rest.removeFirst()
        }
        return text
    }

    /// Grids leave out I and O, which look like digits.
    mutating func gridLetter() throws(CoordinateRejection) -> String {
        guard let glyph = rest.first, case .letter(let letter) = glyph.kind else { throw .malformedGrid }
        guard letter != UInt8(ascii: "I"), letter != UInt8(ascii: "O") else {
            throw .unknownLetter(offset: glyph.offset)
        }
        rest.removeFirst()
        return String(UnicodeScalar(letter))
    }
}

