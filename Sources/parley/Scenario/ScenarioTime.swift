import Kernel

/// Times of a scenario, counted from its start: `T+0:27:00`, `T-4d12:00:00`. A length of time has no `T` and no sign:
/// `0:27:00`.
enum ScenarioTime {
    /// No scenario is longer, either way.
    static let longestDays: Int64 = 3_660

    /// - Returns: `nil` for a text that is not `T+` or `T-` and a length of time.
    static func offset(_ text: String) -> Duration? {
        guard isMeant(text), let length = length(String(text.dropFirst(2))) else { return nil }
        return text.hasPrefix("T-") ? .zero - length : length
    }

    /// Whether a text of a body is meant as a time of the scenario.
    static func isMeant(_ text: String) -> Bool { text.hasPrefix("T+") || text.hasPrefix("T-") }

    /// - Returns: `nil` for a text that is not `h:mm:ss` or `Nd` and `h:mm:ss`.
    static func length(_ text: String) -> Duration? {
        var rest = Substring(text)
        var days: Int64 = 0
        if let end = rest.firstIndex(of: "d") {
            guard let count = number(rest[..<end], digits: 1...4), count <= longestDays else { return nil }
            days = count
            rest = rest[rest.index(after: end)...]
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hours = number(parts[0], digits: 1...2), hours < 24 || days == 0,
            let minutes = number(parts[1], digits: 2...2), minutes < 60,
            let seconds = number(parts[2], digits: 2...2), seconds < 60
        else { return nil }
        return .seconds(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }

    /// As a file has it, to the second.
    static func shown(_ offset: Duration) -> String {
        (offset < .zero ? "T-" : "T+") + shown(length: offset.magnitude)
    }

    static func shown(length: Duration) -> String {
        let all = (length.wholeMicroseconds + 500_000) / 1_000_000
        let (days, rest) = (all / 86_400, all % 86_400)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return (days > 0 ? "\(days)d" : "") + "\(rest / 3_600):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }
}
