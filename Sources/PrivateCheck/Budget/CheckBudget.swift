import Kernel

/// What a pair may still ask of each other on a UTC day, in points: each side keeps one for the other, charges it when
/// a session begins, and stores it before anything of the session leaves.
///
/// Charged is the padded class, not what a side says it has put in: a dummy can be a live probe. Sessions add up,
/// although two may have asked the same: each has keys of its own, under which nobody can see whether two points of two
/// sessions hide one element, so no smaller number bounds the union.
public struct CheckBudget: Equatable, Sendable, Codable {
    /// Points that one session may have on a side.
    public let perSession: Int
    /// Points of all sessions of a UTC day on a side.
    public let perDay: Int
    /// UTC days from 1970-01-01: the latest that anything was charged to. A clock that steps back frees nothing.
    public private(set) var day: Int64
    /// Points charged to ``day``.
    public private(set) var spent: Int
    private var sessions: SortedSet<Hash32>

    public enum Refusal: Error, Hashable, Sendable {
        /// Never, under these terms.
        case sessionTooLarge(asked: Int, allowed: Int)
        /// Not before `freeAt`, when the next UTC day begins.
        case spent(asked: Int, left: Int, freeAt: UTCInstant)
    }

    /// - Parameters:
    ///   - perSession: 1,024 … 2²⁰.
    ///   - perDay: `perSession` … ``Limits/privateCheckPointsPerDay``.
    /// - Returns: `nil` when one is out of range.
    public init?(perSession: Int, perDay: Int) {
        guard
            (1 << Limits.privateCheckClasses.lowerBound...1 << Limits.privateCheckClasses.upperBound)
                .contains(perSession), perDay >= perSession, perDay <= Limits.privateCheckPointsPerDay
        else { return nil }
        self.perSession = perSession
        self.perDay = perDay
        day = .min
        spent = 0
        sessions = SortedSet()
    }

    /// Charges a session, once however often it is asked for on a day.
    ///
    /// - Throws: then nothing is charged, and the session is not begun.
    public mutating func charge(_ proposal: CheckProposal, now: UTCInstant) throws(Refusal) {
        let points = proposal.parameters.pointCount
        guard points <= perSession else { throw .sessionTooLarge(asked: points, allowed: perSession) }
        let today = Swift.max(day, Self.day(now))
        let before = today == day ? spent : 0
        if today == day, sessions.contains(proposal.hash) { return }
        guard points <= perDay - before else {
            throw .spent(asked: points, left: perDay - before, freeAt: Self.start(today + 1))
        }
        if today != day { sessions = SortedSet() }
        day = today
        spent = before + points
        sessions.insert(proposal.hash)
    }

    /// Points that are left of the day.
    public func left(now: UTCInstant) -> Int { Self.day(now) > day ? perDay : perDay - spent }

    private static let dayMicroseconds: Int64 = 86_400_000_000

    private static func day(_ instant: UTCInstant) -> Int64 {
        instant.microseconds.flooredQuotient(by: dayMicroseconds)
    }

    private static func start(_ day: Int64) -> UTCInstant {
        let (microseconds, overflow) = day.multipliedReportingOverflow(by: dayMicroseconds)
        return overflow ? .distantFuture : UTCInstant(microseconds: microseconds)
    }

    private enum CodingKeys: String, CodingKey { case perSession, perDay, day, spent, sessions }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let stored = CheckBudget(
            perSession: try container.decode(Int.self, forKey: .perSession),
            perDay: try container.decode(Int.self, forKey: .perDay))
        let spent = try container.decode(Int.self, forKey: .spent)
        guard var budget = stored, (0...budget.perDay).contains(spent) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "check budget"))
        }
        budget.day = try container.decode(Int64.self, forKey: .day)
        budget.spent = spent
        budget.sessions = try container.decode(SortedSet<Hash32>.self, forKey: .sessions)
        self = budget
    }
}
