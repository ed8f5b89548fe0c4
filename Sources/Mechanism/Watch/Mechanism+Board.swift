import Kernel
import Records

/// One line of the board: a notice that begins soon or is under way, with all that a duty officer asks about it.
public struct BoardEntry: Sendable {
    public let notice: Notice
    public let start: UTCInstant
    public let end: UTCInstant
    public let isUnderWay: Bool
    public let assurance: Assurance
    /// Conflicts that are not cleared, in order of id.
    public let conflicts: [ConflictID]
    /// Principals that have not acknowledged the newest version.
    public let notAcknowledged: [PartyID]
    /// Principals that have not said that all their units concerned have it; empty where the kind does not ask for it.
    public let notPassedOn: [PartyID]
}

extension Mechanism {
    /// What begins within `horizon` of now or is under way, of both sides, in order of start; what is past its time
    /// without its owner's word is under way.
    public func board(now: Now, within horizon: Duration = .hours(2)) -> [BoardEntry] {
        let latest = now.utc.advanced(by: horizon)
        var entries: [BoardEntry] = []
        for notice in notices.values where notice.status != .ended {
            let span = notice.content.span
            guard span.start <= latest, span.end >= now.utc || notice.status != .current else { continue }
            guard let assurance = assurance(of: notice.id, now: now) else { continue }
            entries.append(
                BoardEntry(
                    notice: notice, start: span.start, end: span.end, isUnderWay: span.start <= now.utc,
                    assurance: assurance,
                    conflicts: notice.conflicts.filter { conflicts[$0].map { $0.state != .cleared } ?? false },
                    notAcknowledged: notice.facts.filter { $0.value.acknowledgedAt == nil }.map(\.key),
                    notPassedOn: notPassedOn(notice)))
        }
        return entries.sorted { ($0.start, $0.notice.id) < ($1.start, $1.notice.id) }
    }
}
