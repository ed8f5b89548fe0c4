import Kernel

/// Distances, heights and times between two volumes, rounded so that they never look better than they are.
enum QuantityText {
    enum Rounding {
        /// What there is: never more than there is.
        case down
        /// What is lacking: never less than is lacking.
        case up
        /// What the terms state.
        case nearest
    }

    /// `4.21 km`; below a kilometre `850 m`.
    static func distance(_ metres: Double, _ rounding: Rounding = .nearest) -> String {
        let whole = rounded(metres, rounding)
        guard whole >= 1_000 else { return "\(Int64(whole)) m" }
        let digits = metres < 100_000 ? 2 : 1
        let unit = digits == 2 ? 10.0 : 100.0
        return fixed(rounded(metres / unit, rounding) * unit / 1_000, digits) + " km"
    }

    /// `120 m / 393 ft`.
    static func height(_ metres: Double, _ rounding: Rounding = .nearest) -> String {
        "\(Int64(rounded(metres, rounding))) m / \(Int64(rounded(metres / 0.3048, rounding))) ft"
    }

    /// `45 s`, `12 min`, `1 h 20 min`, `3 d 4 h`; at most two units.
    static func span(_ duration: Duration, _ rounding: Rounding = .nearest) -> String {
        let seconds = Int64(rounded(Double(duration.wholeMicroseconds) / 1e6, rounding))
        func parts(_ large: Int64, _ largeName: String, _ small: Int64, _ smallName: String) -> String {
            var units = seconds / small
            if rounding == .up, seconds % small != 0 { units += 1 }
            let (whole, rest) = units.quotientAndRemainder(dividingBy: large / small)
            return rest == 0 ? "\(whole) \(largeName)" : "\(whole) \(largeName) \(rest) \(smallName)"
        }
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: parts(60, "min", 1, "s")
        case ..<86_400: parts(3_600, "h", 60, "min")
        default: parts(86_400, "d", 3_600, "h")
        }
    }

    /// With so many decimals, at least one digit before the point.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite, value.magnitude < 1e12 else { return "0" }
        let power = (0..<decimals).reduce(Int64(1)) { power, _ in power * 10 }
        let units = Int64((value.magnitude * Double(power)).rounded())
        let sign = value < 0 && units > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(units) }
        let fraction = String(units % power)
        return sign + "\(units / power)." + String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
    }

    private static func rounded(_ value: Double, _ rounding: Rounding) -> Double {
        switch rounding {
        // A computed value may lie a hair beside the round one that it stands for.
        case .down: (value + 1e-6).rounded(.down)
        case .up: (value - 1e-6).rounded(.up)
        case .nearest: value.rounded()
        }
    }
}
