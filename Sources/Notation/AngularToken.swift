/// A number of an angular text, as written.
struct AngularNumber: Hashable {
    /// Digits before and after the point.
    let whole: String
    let fraction: String
    let offset: Int

    /// Exact to the nearest double: both parts hold only digits.
    var value: Double { Double(fraction.isEmpty ? whole : whole + "." + fraction) ?? .infinity }
}

enum AngularToken: Hashable {
    enum Symbol: Int, Hashable {
        case degree, minute, second
    }

    enum Axis: Hashable {
        case latitude, longitude
    }

    case number(AngularNumber)
    case sign(isNegative: Bool, offset: Int)
    case symbol(Symbol, offset: Int)
    case hemisphere(Axis, isNegative: Bool)
    /// `isTight`: digits stand directly on both sides, as in a decimal comma.
    case comma(isTight: Bool)

    static func read(_ glyphs: [CoordinateGlyph]) throws(CoordinateRejection) -> [AngularToken] {
        var tokens: [AngularToken] = []
        var at = 0
        while at < glyphs.count {
            let glyph = glyphs[at]
            let isAfterDigit = at > 0 && glyphs[at - 1].isDigit
            let isBeforeDigit = at + 1 < glyphs.count && glyphs[at + 1].isDigit
            switch glyph.kind {
            case .space: break
            case .digit:
                let whole = digits(glyphs, from: at)
                at += whole.utf8.count
                var fraction = ""
                if at < glyphs.count, glyphs[at].kind == .point {
                    fraction = digits(glyphs, from: at + 1)
                    guard !fraction.isEmpty else { throw .malformedNumber(offset: glyph.offset) }
                    at += 1 + fraction.utf8.count
                }
                tokens.append(.number(AngularNumber(whole: whole, fraction: fraction, offset: glyph.offset)))
                continue
            case .point: throw .malformedNumber(offset: glyph.offset)
            case .letter(let letter):
                switch letter {
                case UInt8(ascii: "N"): tokens.append(.hemisphere(.latitude, isNegative: false))
                case UInt8(ascii: "S"): tokens.append(.hemisphere(.latitude, isNegative: true))
                case UInt8(ascii: "E"): tokens.append(.hemisphere(.longitude, isNegative: false))
                case UInt8(ascii: "W"): tokens.append(.hemisphere(.longitude, isNegative: true))
                default: throw .unknownLetter(offset: glyph.offset)
                }
            case .plus, .minus:
                guard isBeforeDigit, !isAfterDigit else { throw .misplacedSign(offset: glyph.offset) }
                tokens.append(.sign(isNegative: glyph.kind == .minus, offset: glyph.offset))
            case .degree: tokens.append(.symbol(.degree, offset: glyph.offset))
            case .minute: tokens.append(.symbol(.minute, offset: glyph.offset))
            case .second: tokens.append(.symbol(.second, offset: glyph.offset))
            case .comma: tokens.append(.comma(isTight: isAfterDigit && isBeforeDigit))
            }
            at += 1
        }
        return tokens
    }

    private static func digits(_ glyphs: [CoordinateGlyph], from start: Int) -> String {
        var text = ""
        for glyph in glyphs[start...] {
            guard case .digit(let value) = glyph.kind else { break }
            text += String(value)
        }
        return text
    }
}

