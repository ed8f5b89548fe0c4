/// One axis read: degrees, and minutes, and seconds.
struct AngularAxis {
    /// Signed, within the axis's range.
    let degrees: Double
    /// 1: degrees, 2: and minutes, 3: and seconds.
    let parts: Int
    /// Written without gaps, as `DDMMSS`.
    let isCompact: Bool
    /// Half a unit of the last digit written.
    let halfUnitDeg: Double

    init(_ group: AngularGroup) throws(CoordinateRejection) {
        var numbers: [AngularNumber] = []
        var lastSymbol: AngularToken.Symbol?
        var sign: Bool?
        for (i, token) in group.tokens.enumerated() {
            switch token {
            case .sign(let isNegative, let offset):
                guard i == 0 else { throw .misplacedSign(offset: offset) }
                sign = isNegative
            case .number(let number):
                numbers.append(number)
            case .symbol(let symbol, let offset):
                guard symbol.rawValue == numbers.count - 1, lastSymbol != symbol else {
                    throw .misplacedSymbol(offset: offset)
                }
                lastSymbol = symbol
            case .hemisphere: throw .misplacedHemisphere
            case .comma: throw .ambiguousComma
            }
        }
        guard let first = numbers.first else { throw .missingAxis }
        guard numbers.count <= 3 else { throw .tooManyNumbers }
        let degreeWidth = group.axis == .latitude ? 2 : 3
        isCompact = numbers.count == 1 && group.isNegative != nil && lastSymbol == nil
            && AngularAxis.isCompact(first, degreeWidth: degreeWidth)
        if isCompact { numbers = AngularAxis.spread(first, degreeWidth: degreeWidth) }
        parts = numbers.count

        let limit = group.axis == .latitude ? 90.0 : 180.0
        let outOfRange = group.axis == .latitude
            ? CoordinateRejection.latitudeOutOfRange : CoordinateRejection.longitudeOutOfRange
        guard numbers.dropLast().allSatisfy(\.fraction.isEmpty) else { throw .fractionNotLast }
        if numbers[0].whole.utf8.count > degreeWidth {
            // Compact digits with one lost or doubled, rather than a huge angle.
            let isWidth = group.isNegative != nil && numbers.count == 1 && numbers[0].whole.utf8.count > 3
            throw isWidth || numbers[0].value <= limit ? .wrongWidth : outOfRange
        }
        var seconds = numbers[0].value * 3600
        if parts > 1 {
            guard numbers[1].value < 60 else { throw .minutesOutOfRange }
            seconds += numbers[1].value * 60
        }
        if parts > 2 {
            guard numbers[2].value < 60 else { throw .secondsOutOfRange }
            seconds += numbers[2].value
        }
        guard numbers.dropFirst().allSatisfy({ $0.whole.utf8.count <= 2 }) else { throw .wrongWidth }
        // Degrees alone are taken as written, not through seconds and back.
        let magnitude = parts == 1 ? numbers[0].value : seconds / 3600
        guard magnitude <= limit else { throw outOfRange }
        degrees = (group.isNegative ?? sign ?? false) && magnitude > 0 ? -magnitude : magnitude
        let unit = [1, 1 / 60.0, 1 / 3600.0][parts - 1]
        halfUnitDeg = numbers[parts - 1].fraction.utf8.reduce(unit / 2) { half, _ in half / 10 }
    }

    private static func isCompact(_ number: AngularNumber, degreeWidth: Int) -> Bool {
        number.whole.utf8.count == degreeWidth + 2 || number.whole.utf8.count == degreeWidth + 4
    }

    /// `343326.5` as 34, 33 and 26.5.
    private static func spread(_ number: AngularNumber, degreeWidth: Int) -> [AngularNumber] {
        var rest = number.whole[...]
        var numbers: [AngularNumber] = []
        for width in [degreeWidth, 2, 2] where !rest.isEmpty {
            let whole = String(rest.prefix(width))
            rest = rest.dropFirst(width)
            numbers.append(
                AngularNumber(whole: whole, fraction: rest.isEmpty ? number.fraction : "", offset: number.offset))
        }
        return numbers
    }
}
