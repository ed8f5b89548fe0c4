import Kernel
import Records

/// Why a bell did not ring. One sentence for a person.
struct BellFailure: Error, Hashable, Sendable {
    let reason: String

    init(_ reason: String) { self.reason = String(reason.prefix(300)) }
}

/// How one bell does.
public struct BellStatus: Hashable, Sendable {
    public let name: String
    /// `command` or `webhook`.
    public let means: String
    /// When it last rang, by UTC; `nil` when it has not since the start.
    public internal(set) var rangAt: UTCInstant?
    /// When a try last failed, or the bell was found unusable at the start.
    public internal(set) var failedAt: UTCInstant?
    /// Why that was.
    public internal(set) var failure: String?
    /// Rings that it has still to give, those under way included.
    public internal(set) var waiting = 0
    /// Rings that were dropped because more urgent ones waited, or given up after the last try.
    public internal(set) var lost = 0

    /// Its last try has failed.
    public var isFailing: Bool {
        guard let failedAt else { return false }
        return rangAt.map { $0 < failedAt } ?? true
    }

    public var json: JSONValue {
        [
            "name": .string(name), "means": .string(means),
            "rangAt": rangAt.map { .string($0.rfc3339) } ?? .null,
            "failedAt": failedAt.map { .string($0.rfc3339) } ?? .null,
            "failure": failure.map(JSONValue.string) ?? .null, "isFailing": .bool(isFailing),
            "waiting": .integer(Int64(waiting)), "lost": .integer(Int64(lost)),
        ]
    }
}
