import Geodesy
import Kernel
import Records

/// Values as every reader sees them: Western digits, a point before decimals, Zulu, letters for hemispheres.
enum ValueText {
    /// `221917ZNOV26 (2026-11-22T19:17:00Z)`.
    static func time(_ instant: UTCInstant) -> String { "\(DateTimeGroup.format(instant)) (\(iso(instant)))" }

    /// RFC 3339, without a fraction of a second when that is 0.
    static func iso(_ instant: UTCInstant) -> String {
        let text = instant.rfc3339
        return text.hasSuffix(".000000Z") ? String(text.dropLast(8)) + "Z" : text
    }

    /// In each notation: `37SDU3733124174 / 34.55740N 38.31690E`.
    static func position(_ position: Position, _ notations: [CoordinateNotation]) -> String {
        notations.map { CoordinateText.format(position, as: $0) }.joined(separator: " / ")
    }

    /// `5000 m (2.70 NM)`; a tenth of a metre is the finest.
    static func distance(metres: Double) -> String {
        let text = metres == metres.rounded() ? fixed(metres, decimals: 0) : fixed(metres, decimals: 1)
        return "\(text) m (\(fixed(metres / metresPerNauticalMile, decimals: 2)) NM)"
    }

    /// `045°T`.
    static func bearing(degreesTrue: Int64) -> String { String(degreesTrue).padded(to: 3) + "°T" }

    /// `121.500 MHz`: exact, with three to six decimals.
    static func frequency(hertz: Int64) -> String {
        var fraction = String(hertz % 1_000_000).padded(to: 6)
        while fraction.utf8.count > 3, fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(hertz / 1_000_000).\(fraction) MHz"
    }

    /// International nautical mile, exact.
    private static let metresPerNauticalMile = 1852.0

    private static func fixed(_ value: Double, decimals: Int) -> String {
        let power = (0..<decimals).reduce(Int64(1)) { power, _ in power * 10 }
        let units = Int64((value * Double(power)).rounded())
        return decimals == 0
            ? String(units) : "\(units / power)." + String(units % power).padded(to: decimals)
    }
}
