import Kernel
import Records

/// Calls climb until somebody answers. At the receiving desk the alarm rings the role that was called, when the answer
/// is due the next one, and so on; at the calling desk the alarm "no one there" begins when it is due, one rung up, so
/// that both reach the top together. At the top both ring again after each ``TermsTiming/climb``, and the mediators
/// hear that nobody answers: from whom, since when, and not what.
extension Mechanism {
    /// What falls due by time passing alone.
    mutating func advanceCalls(_ turn: inout Turn) {
        while let next = dueAlarms.first, next.at <= turn.now.monotonic {
            dueAlarms.remove(next)
            guard let alarm = alarms[next.alarm] else { continue }
            if alarm.kind == .notice { ringOverdue(alarm, &turn) } else { climb(alarm, &turn) }
        }
        for (id, at) in calls.waits where at <= turn.now.monotonic {
            calls.waits[id] = nil
            ringUnanswered(id, &turn)
        }
        ringForChecks(&turn)
    }

    /// A notice that nobody has read back in time is one alarm more, and that one climbs.
    private mutating func ringOverdue(_ alarm: Alarm, _ turn: inout Turn) {
        alarms.update(alarm.id) { $0.dueAt = nil }
        raise(
            .acknowledgementOverdue, subject: alarm.subject, party: alarm.party, alarm.precedence.raised,
            "Notice \(alarm.subject) of \(alarm.party?.name ?? "") has not been read back in time.",
            dueAt: turn.now.monotonic.advanced(by: terms.timing.climb), dueUTC: alarm.dueUTC, rung: 1, &turn)
    }

    /// One rung for each time that has passed, also while the node was away; at the top it rings again.
    private mutating func climb(_ alarm: Alarm, _ turn: inout Turn) {
        guard let was = alarm.dueAt, alarm.state != .cleared else { return }
        let now = turn.now.monotonic
        var due = was
        var rung = alarm.rung
        repeat {
            rung = min(rung + 1, DeskRole.command.rung)
            due = due.advanced(by: terms.timing.climb)
        } while due <= now && rung < DeskRole.command.rung
        if due <= now { due = now.advanced(by: terms.timing.climb) }
        dueAlarms.insert(DueAlarm(at: due, alarm: alarm.id))
        alarms.update(alarm.id) {
            $0.rung = rung
            $0.rangAt = turn.now.utc
            $0.state = .ringing
            $0.acknowledgedBy = nil
            $0.dueAt = due
        }
        turn.show(.alarm(alarm.id))
        if alarm.kind == .unanswered, rung == DeskRole.command.rung, let id = RecordID(alarm.subject) {
            tellMediators(of: id)
        }
    }

    /// "No one there": a call of ours that is due and not answered.
    private mutating func ringUnanswered(_ id: RecordID, _ turn: inout Turn) {
        guard let silent = silent(on: id) else { return }
        raise(
            .unanswered, subject: id.description, party: silent.parties.count == 1 ? silent.parties[0] : nil,
            silent.precedence.raised, sentence(of: silent, id),
            dueAt: turn.now.monotonic.advanced(by: terms.timing.climb), dueUTC: silent.dueAt, rung: 1, &turn)
        if let call = calls.messages[id], call.content.template == .commCheck {
            for member in call.missing {
                calls.unstated.append(.checked(CommCheck(party: member, message: id, answeredAfterMs: nil)))
            }
        }
        turn.show(calls.presence.contains(id) ? .presence(id) : .call(id))
    }

    /// A call of ours and who has not answered it.
    private struct Silence {
        let parties: [PartyID]
        let precedence: Precedence
        let dueAt: UTCInstant
        let createdAt: UTCInstant
        let mode: Mode
        let facts: SortedMap<PartyID, CallFacts>
    }

    private func silent(on id: RecordID) -> Silence? {
        if let call = calls.messages[id], !call.missing.isEmpty {
            return Silence(
                parties: call.missing, precedence: call.precedence, dueAt: call.dueAt, createdAt: call.createdAt,
                mode: call.mode, facts: call.facts)
        }
        guard let exchange = calls.presence[id], !exchange.missing.isEmpty else { return nil }
        return Silence(
            parties: exchange.missing, precedence: exchange.query.precedence, dueAt: exchange.dueAt,
            createdAt: exchange.createdAt, mode: exchange.mode, facts: exchange.facts)
    }

    private func sentence(of silent: Silence, _ id: RecordID) -> String {
        let states = silent.parties.map { member in
            let isThere = silent.facts[member]?.receiptedAt != nil
            return isThere ? "\(member)'s node has it and no officer has answered" : "\(member)'s node has not receipted it"
        }
        return "No one there: \(id), due \(silent.dueAt.rfc3339). \(states.joined(separator: "; "))."
    }

    /// Somebody has answered a call of ours: the alarm goes when nobody is missing any more.
    mutating func answered(_ id: RecordID, missing: [PartyID], _ turn: inout Turn) {
        guard missing.isEmpty else {
            let alarm = Alarm.id(.unanswered, id.description)
            if let silent = silent(on: id), let standing = alarms[alarm], standing.state != .cleared {
                let sentence = sentence(of: silent, id)
                alarms.update(alarm) { $0.sentence = sentence }
                turn.show(.alarm(alarm))
            }
            return
        }
        calls.waits[id] = nil
        calls.unstated.removeAll { $0 == .unanswered(id) }
        clear(.unanswered, subject: id.description, &turn)
    }

    // MARK: The mediators

    private mutating func tellMediators(of id: RecordID) {
        guard role == .principal, !mediators.isEmpty, !isEscalated(id), !calls.unstated.contains(.unanswered(id)) else {
            return
        }
        calls.unstated.append(.unanswered(id))
    }

    private var mediators: [PartyID] { terms.parties.filter { $0.role == .mediator }.map(\.id) }

    private func isEscalated(_ id: RecordID) -> Bool {
        (calls.messages[id]?.escalatedAt ?? calls.presence[id]?.escalatedAt) != nil
    }

    mutating func markEscalated(_ id: RecordID, _ utc: UTCInstant, _ turn: inout Turn) {
        calls.messages.update(id) { $0.escalatedAt = utc }
        calls.presence.update(id) { $0.escalatedAt = utc }
        turn.show(calls.presence.contains(id) ? .presence(id) : .call(id))
    }

    /// Tells the mediators that nobody answers a call of ours, and nothing of what it says.
    mutating func escalate(_ id: RecordID, _ turn: inout Turn, _ authority: inout some Authority) {
        // Who is addressed already knows.
        guard let silent = silent(on: id), !isEscalated(id) else { return }
        let audience = mediators.filter { !silent.facts.contains($0) }
        guard !audience.isEmpty else { return }
        let parties = silent.parties.map(\.name).joined(separator: ", ")
        let text = "No answer from \(parties) to \(id) since \(silent.createdAt.rfc3339)."
        let content = try? MessageContent(
            role: .watch, precedence: silent.precedence, body: .text(text, language: .english), inReplyTo: id)
        // Ids of parties are short, and there are at most ``Limits/peers``.
        guard let content else { return }
        author(.message(content), mode: silent.mode, officer: nil, audience: audience, &turn, &authority)
    }
}
