import Kernel
import Records

/// A record that an officer's command about calls makes; everything about it has been judged.
struct PreparedCall {
    let content: RecordContent
    let mode: Mode
    let audience: [PartyID]
    let officer: String
}

extension Mechanism {
    func prepare(_ command: CallCommand, officer: String, now: Now) throws(Refusal) -> PreparedEvent {
        let call: PreparedCall
        switch command {
        case .send(let content, let mode, let to):
            call = try prepareMessage(content, mode: mode, to: to, officer: officer, now: now)
        case .acknowledge(let content): call = try prepareAcknowledgement(content, officer: officer)
        case .query(let query, let mode, let to):
            call = try prepareQuery(query, mode: mode, to: to, officer: officer, now: now)
        case .answer(let answer): call = try prepareAnswer(answer, officer: officer, now: now)
        case .disclose(let disclosure, let to): call = try prepareDisclosure(disclosure, to: to, officer: officer)
        }
        try mustBeReadable(call.content, officer: officer, now: now)
        return .call(call)
    }

    mutating func apply(_ call: PreparedCall, _ turn: inout Turn, _ authority: inout some Authority) -> Reply {
        .recorded(
            author(call.content, mode: call.mode, officer: call.officer, audience: call.audience, &turn, &authority))
    }

    /// The parties named, or every other principal, in order.
    func audience(of to: [PartyID]?, among allowed: [PartyID]) throws(Refusal) -> [PartyID] {
        let audience = to.map { SortedSet($0).elements } ?? counterparts
        for member in audience where !allowed.contains(member) { throw .unknownAudience(member) }
        guard !audience.isEmpty else { throw .unknownAudience(party) }
        return audience
    }

    /// Whether a record answers a call that may still be on its way: its author's log and the caller's are not ordered
    /// among each other.
    func isEarlyAnswer(_ record: DeferredRecord) -> Bool {
        let call: RecordID
        switch record.body.content {
        case .messageAcknowledgement(let content): call = content.message
        case .presenceAnswer(let content): call = content.query
        default: return false
        }
        guard call.party != record.id.party, call.party != party || !maySign, let log = logs[call.party] else {
            return false
        }
        return call.index >= log.size
    }

    /// When a call falls due, the same at every node that holds what it is about.
    ///
    /// - Parameter start: of what it is about; what has begun already sets no bound.
    func due(
        _ precedence: Precedence, asked: UTCInstant?, start: UTCInstant?, createdAt: UTCInstant
    ) -> UTCInstant {
        var due = createdAt.advanced(by: terms.timing.acknowledgeWithin(precedence))
        if let asked { due = min(due, asked) }
        if let start, start > createdAt { due = min(due, start.advanced(by: .zero - terms.timing.acknowledgeMargin)) }
        return max(due, createdAt)
    }

    /// A moment of UTC on our own clock, not before now; just past it, so that what is due by then is overdue.
    func onOurClock(_ utc: UTCInstant, _ now: Now) -> MonotonicInstant {
        now.monotonic.advanced(by: max(.zero, utc.duration(since: now.utc)) + .microseconds(1))
    }

    var callDeadlines: [MonotonicInstant] {
        let checks = role == .principal ? calls.checksDue.values : []
        return [calls.waits.values.min(), checks.min()].compactMap { $0 }
    }

    /// Says what the node has to say by itself as soon as it may sign.
    mutating func stateCalls(_ turn: inout Turn, _ authority: inout some Authority) {
        guard !calls.unstated.isEmpty, maySign else { return }
        let waiting = calls.unstated
        calls.unstated = []
        for statement in waiting {
            switch statement {
            case .checked(let check):
                author(.commCheck(check), mode: .real, officer: nil, audience: [check.party], &turn, &authority)
            case .unanswered(let id): escalate(id, &turn, &authority)
            }
        }
    }
}
