/// One meaningful character of a coordinate text, whatever the keyboard that wrote it.
struct CoordinateGlyph: Hashable {
    enum Kind: Hashable {
        case digit(UInt8)
        /// `A` … `Z`, raised to upper case.
        case letter(UInt8)
        case point, comma, plus, minus
        case degree, minute, second
        case space
    }

    let kind: Kind
    /// UTF-8 bytes from the start of the text.
    let offset: Int

    /// Reads all of the text; leading and trailing white space is left out, two minute signs are one second
    /// sign.
    static func read(_ text: String) throws(CoordinateRejection) -> [CoordinateGlyph] {
        let bytes = text.utf8.count
        guard bytes <= CoordinateText.longestBytes else { throw .tooLong(bytes: bytes) }
        var glyphs: [CoordinateGlyph] = []
        var offset = 0
        for scalar in text.unicodeScalars {
            guard let kind = kind(of: scalar) else { throw .unknownCharacter(offset: offset) }
            if kind == .minute, let last = glyphs.last, last.kind == .minute, last.offset + scalar.utf8.count == offset {
                glyphs[glyphs.count - 1] = CoordinateGlyph(kind: .second, offset: last.offset)
            } else if !(kind == .space && (glyphs.isEmpty || glyphs.last?.kind == .space)) {
                glyphs.append(CoordinateGlyph(kind: kind, offset: offset))
            }
            offset += scalar.utf8.count
        }
        if glyphs.last?.kind == .space { glyphs.removeLast() }
        guard !glyphs.isEmpty else { throw .empty }
        return glyphs
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind? {
        switch scalar {
        case "0"..."9": .digit(UInt8(scalar.value - 48))
        case "A"..."Z": .letter(UInt8(scalar.value))
        case "a"..."z": .letter(UInt8(scalar.value - 32))
        case ".": .point
        case ",": .comma
        case "+": .plus
        // Hyphen-minus and the minus sign.
        case "-", "\u{2212}": .minus
        // The degree sign, and the ordinal and ring that keyboards offer in its place.
        case "\u{B0}", "\u{BA}", "\u{2DA}": .degree
        // Apostrophe, closing quote, prime; then their doubles.
        case "'", "\u{2019}", "\u{2032}": .minute
        case "\"", "\u{201D}", "\u{2033}": .second
        // No-break spaces come with pasted text.
        case " ", "\t", "\u{A0}", "\u{2009}", "\u{202F}": .space
        default: nil
        }
    }
}

extension Unicode.Scalar {
    fileprivate var utf8: String.UTF8View { String(self).utf8 }
}

extension CoordinateGlyph {
    var isDigit: Bool { if case .digit = kind { true } else { false } }
    var isLetter: Bool { if case .letter = kind { true } else { false } }
    /// A, B, Y or Z.
    var isPolarLetter: Bool { if case .letter(let letter) = kind { "ABYZ".utf8.contains(letter) } else { false } }
}
