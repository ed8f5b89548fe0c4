/// The tokens of one axis, and what surrounds them says about it.
struct AngularGroup: Hashable {
    let axis: AngularToken.Axis
    /// From its hemisphere letter; `nil` without letters, when a sign may say it.
    let isNegative: Bool?
    /// Numbers, signs and symbols.
    let tokens: [AngularToken]
}

/// Divides the tokens of a text between the two axes, or says why there is no single way to do so.
enum AngularDivision {
    static func divide(_ tokens: [AngularToken]) throws(CoordinateRejection) -> (AngularGroup, AngularGroup) {
        let letters = tokens.indices.filter { if case .hemisphere = tokens[$0] { true } else { false } }
        let commas = tokens.indices.filter { if case .comma = tokens[$0] { true } else { false } }
        guard commas.count <= 1 else { throw .ambiguousComma }
        switch letters.count {
        case 0: return try withoutLetters(tokens, comma: commas.first)
        case 1: throw oneLetter(tokens, at: letters[0], hasComma: !commas.isEmpty)
        case 2: return try withLetters(tokens, letters[0], letters[1], comma: commas.first)
        default: throw .misplacedHemisphere
        }
    }

    private static func withLetters(
        _ tokens: [AngularToken], _ first: Int, _ second: Int, comma: Int?
    ) throws(CoordinateRejection) -> (AngularGroup, AngularGroup) {
        guard case .hemisphere(let axisA, let negativeA) = tokens[first],
            case .hemisphere(let axisB, let negativeB) = tokens[second]
        else { throw .misplacedHemisphere }
        let isBefore = first == 0
        guard isBefore != (second == tokens.count - 1) else { throw .misplacedHemisphere }
        if let comma {
            guard comma == (isBefore ? second - 1 : first + 1) else { throw .ambiguousComma }
        }
        func numbers(_ range: Range<Int>) -> [AngularToken] { tokens[range].filter { !$0.isComma } }
        let a = isBefore ? numbers(first + 1..<second) : numbers(0..<first)
        let b = isBefore ? numbers(second + 1..<tokens.count) : numbers(first + 1..<second)
        guard a.contains(where: \.isNumber), b.contains(where: \.isNumber) else { throw .missingAxis }
        guard !tokens.contains(where: \.isSign) else { throw .signWithHemisphere }
        guard axisA != axisB else { throw .sameAxisTwice }
        return (
            AngularGroup(axis: axisA, isNegative: negativeA, tokens: a),
            AngularGroup(axis: axisB, isNegative: negativeB, tokens: b)
        )
    }

    private static func oneLetter(_ tokens: [AngularToken], at letter: Int, hasComma: Bool) -> CoordinateRejection {
        if letter > 0, letter < tokens.count - 1 || hasComma { return .missingHemisphere }
        if letter == 0, hasComma { return .missingHemisphere }
        // A fraction ends an axis, so whatever follows it is the other one.
        let numbers = tokens.compactMap(\.number)
        return numbers.dropLast().contains { !$0.fraction.isEmpty } ? .missingHemisphere : .missingAxis
    }

    private static func withoutLetters(
        _ tokens: [AngularToken], comma: Int?
    ) throws(CoordinateRejection) -> (AngularGroup, AngularGroup) {
        func split(before second: Int, skipping: Int = 0) -> (AngularGroup, AngularGroup) {
            (
                AngularGroup(axis: .latitude, isNegative: nil, tokens: Array(tokens[..<second])),
                AngularGroup(axis: .longitude, isNegative: nil, tokens: Array(tokens[(second + skipping)...]))
            )
        }
        if let comma {
            guard tokens[..<comma].contains(where: \.isNumber), tokens[(comma + 1)...].contains(where: \.isNumber),
                !isDecimalComma(tokens, at: comma)
            else { throw .ambiguousComma }
            return split(before: comma, skipping: 1)
        }
        let numbers = tokens.indices.filter { tokens[$0].isNumber }
        let degrees = tokens.indices.filter { if case .symbol(.degree, _) = tokens[$0] { true } else { false } }
        guard let firstNumber = numbers.first else {
            if case .symbol(_, let offset)? = tokens.first { throw .misplacedSymbol(offset: offset) }
            throw .missingAxis
        }
        if degrees.count > 2, case .symbol(_, let offset) = tokens[degrees[2]] {
            throw .misplacedSymbol(offset: offset)
        }
        // The second axis begins with the number, and its sign, that the second degree sign follows.
        if degrees.count == 2 {
            guard let number = numbers.last(where: { $0 < degrees[1] }), number > firstNumber, number == degrees[1] - 1
            else {
                if case .symbol(_, let offset) = tokens[degrees[1]] { throw .misplacedSymbol(offset: offset) }
                throw .missingAxis
            }
            return split(before: tokens[number - 1].isSign ? number - 1 : number)
        }
        switch numbers.count {
        case 1: throw .missingAxis
        case 2 where degrees.isEmpty:
            let second = numbers[1]
            return split(before: tokens[second - 1].isSign ? second - 1 : second)
        // One degree sign, and minutes and seconds of the same axis.
        case ...3 where !degrees.isEmpty: throw .missingAxis
        default: throw .tooManyNumbers
        }
    }

    /// `34,5` may be thirty-four and a half; `34.5,38` cannot.
    private static func isDecimalComma(_ tokens: [AngularToken], at comma: Int) -> Bool {
        guard case .comma(isTight: true) = tokens[comma], let before = tokens[comma - 1].number,
            let after = tokens[comma + 1].number
        else { return false }
        return before.fraction.isEmpty && after.fraction.isEmpty
    }
}

extension AngularToken {
    var number: AngularNumber? { if case .number(let number) = self { number } else { nil } }
    var isNumber: Bool { number != nil }
    var isSign: Bool { if case .sign = self { true } else { false } }
    var isComma: Bool { if case .comma = self { true } else { false } }
}
