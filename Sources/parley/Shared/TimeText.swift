import Foundation
import Kernel
import NodeRuntime
import Notation
import Records

/// Times as officers give them to a command.
enum TimeText {
    /// Reads a date-time group, RFC 3339 in UTC, `now`, or a time from now such as `+90m`, `+2h`, `+3d`.
    static func parse(_ text: String, option: String, now: UTCInstant = SystemClock(continuing: nil).now.utc) throws -> UTCInstant {
        if text == "now" { return now }
        if text.hasPrefix("+") { return try fromNow(text, option: option, now: now) }
        if let instant = UTCInstant(rfc3339: text) { return instant }
        do throws(DateTimeGroupRejection) {
            return try DateTimeGroup.parse(text)
        } catch {
            throw CommandFailure.value(
                option, error, "\(error.explanation) RFC 3339 (2026-11-22T19:17:00Z) and +90m, +2h, +3d are read too.")
        }
    }

    private static func fromNow(_ text: String, option: String, now: UTCInstant) throws -> UTCInstant {
        let units: [Character: Int64] = ["m": 60, "h": 3_600, "d": 86_400]
        guard let letter = text.last, let unit = units[letter], let count = Int64(text.dropFirst().dropLast()),
            (0...100_000).contains(count)
        else {
            throw CommandFailure(.usage, "malformedTime", "write +90m, +2h or +3d", field: option)
        }
        return now.advanced(by: .seconds(count * unit))
    }

    /// A time from the node's JSON, as people read it: the group, to the minute.
    static func shown(_ json: JSONValue?) -> String {
        guard let text = json?.asText else { return "-" }
        return UTCInstant(rfc3339: text).map(DateTimeGroup.format) ?? text
    }
}

extension Duration {
    /// Such as `12.3 ms` or `-5.98 s`.
    var shown: String {
        let seconds = inSeconds
        return Swift.abs(seconds) < 0.9995
            ? String(format: "%.1f ms", seconds * 1_000) : String(format: "%.2f s", seconds)
    }
}
