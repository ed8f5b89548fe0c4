import Kernel
import Records

extension Mechanism {
    /// Rings: a new alarm, or an old one again.
    mutating func raise(
        _ kind: Alarm.Kind, subject: String, party: PartyID?, _ precedence: Precedence, _ sentence: String,
        dueAt: MonotonicInstant? = nil, dueUTC: UTCInstant? = nil, rung: Int = 0, _ turn: inout Turn
    ) {
        let id = Alarm.id(kind, subject)
        if let old = alarms[id]?.dueAt { dueAlarms.remove(DueAlarm(at: old, alarm: id)) }
        if let dueAt { dueAlarms.insert(DueAlarm(at: dueAt, alarm: id)) }
        alarms[id] = Alarm(
            id: id, kind: kind, precedence: precedence, subject: subject, party: party, raisedAt: turn.now.utc,
            rangAt: turn.now.utc, dueAt: dueAt, dueUTC: dueUTC, rung: rung, state: .ringing, acknowledgedBy: nil,
            sentence: sentence)
        turn.show(.alarm(id))
    }

    /// Rings when it has not said the very same before.
    mutating func raiseOnce(
        _ kind: Alarm.Kind, subject: String, party: PartyID?, _ precedence: Precedence, _ sentence: String,
        _ turn: inout Turn
    ) {
        guard alarms[Alarm.id(kind, subject)]?.sentence != sentence else { return }
        raise(kind, subject: subject, party: party, precedence, sentence, &turn)
    }

    /// The cause is gone: the alarm leaves the list and stays in history.
    mutating func clear(_ kind: Alarm.Kind, subject: String, _ turn: inout Turn) {
        let id = Alarm.id(kind, subject)
        guard let alarm = alarms[id], alarm.state != .cleared else { return }
        if let dueAt = alarm.dueAt { dueAlarms.remove(DueAlarm(at: dueAt, alarm: id)) }
        alarms.update(id) {
            $0.state = .cleared
            $0.dueAt = nil
        }
        turn.show(.alarm(id))
    }

    /// Whether an alarm has no cause that outlasts its being heard.
    func isOnlyNews(_ alarm: Alarm) -> Bool {
        switch alarm.kind {
        case .ended, .terms, .unconfirmedSize, .keys, .disclosed, .privateCheckFound: true
        case .conflict: Hash32(hex: alarm.subject).flatMap { conflicts[$0] }?.state == .settled
        case .notice, .overdue, .unconfirmed, .readBackMismatch, .link, .unreadable, .suspension, .frozen,
            .ownCollision, .clock, .acknowledgementOverdue, .behind, .withheld, .message, .unanswered, .presenceQuery,
            .presenceContradicted, .passingOn, .commCheck, .handover, .secondOfficer, .privateCheck:
            false
        }
    }

    /// Rings the desk for a peer's notice, due at the earlier of its precedence's time and the start less a
    /// margin.
    mutating func ring(for notice: Notice, _ turn: inout Turn) {
        let timing = terms.timing
        let byStart = notice.content.span.start.advanced(by: .zero - timing.acknowledgeMargin)
            .duration(since: turn.now.utc)
        let wait = max(.zero, min(timing.acknowledgeWithin(notice.precedence), byStart))
        let what = notice.version == 1 ? "New notice" : "Notice amended to version \(notice.version)"
        let flags = notice.flags.map(\.sentence).joined()
        raise(
            .notice, subject: notice.id.description, party: notice.owner, notice.precedence,
            "\(what): \(notice.fields.kind) by \(notice.owner)\(flags). Read it back.",
            dueAt: turn.now.monotonic.advanced(by: wait + .microseconds(1)), dueUTC: turn.now.utc.advanced(by: wait),
            &turn)
    }
}

extension IrregularFlag {
    /// To follow a comma-free phrase.
    var sentence: String {
        switch self {
        case .shortLead: ", at short notice"
        case .alreadyBegun: ", already begun"
        case .beyondArea: ", reaching beyond the area"
        }
    }
}
