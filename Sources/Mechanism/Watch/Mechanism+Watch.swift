import Kernel
import Records

/// An act at the watch desk that has been checked whole.
indirect enum PreparedWatch {
    case register(String)
    case remove(String)
    case state(PassedOn.Subject, OwnPassing, officer: String?)
    /// By a unit's own system.
    case confirmed(PassedOn.Subject, OwnPassing)
    case take(String)
    case offer(HandoverUnderWay)
    case accept(HandoverItem)
    case complete(items: UInt64)
    case cancel
    case release(PendingID, PreparedEvent, by: String)
    /// What was asked for cannot be done any more.
    case lapse(PendingID, Refusal)
    case withdraw(PendingID)
}

extension Mechanism {
    func prepare(_ command: WatchCommand, officer: String, now: Now) throws(Refusal) -> PreparedEvent {
        try mustBeName(officer)
        switch command {
        case .registerUnit, .removeUnit, .concerns, .passOn, .confirm:
            return .watch(try preparePassing(command, officer: officer, now: now))
        case .takeWatch, .offerHandover, .acceptItem, .completeHandover, .cancelHandover:
            return .watch(try prepareHandover(command, officer: officer, now: now))
        case .approve(let id): return .watch(try prepareApproval(id, officer: officer, now: now))
        case .withdraw(let id):
            guard let act = watch.pending[id] else { throw .noSuchPendingAct(id) }
            guard act.by == officer else { throw .notYourPendingAct(id) }
            return .watch(.withdraw(id))
        }
    }

    private func mustBeName(_ officer: String) throws(Refusal) {
        guard officer.utf8.count <= Limits.officerNameBytes else {
            throw .field(FieldRejection(path: "officer", problem: .tooLong(limit: Limits.officerNameBytes)))
        }
    }

    mutating func apply(_ act: PreparedWatch, _ turn: inout Turn, _ authority: inout some Authority) -> Reply {
        switch act {
        case .register(let unit):
            passing.units.insert(unit)
            turn.show(.passing)
        case .remove(let unit):
            passing.units.remove(unit)
            turn.show(.passing)
        case .state(let subject, let own, let officer):
            return state(subject, own, officer: officer, &turn, &authority)
        case .confirmed(let subject, let own): return state(subject, own, officer: nil, &turn, &authority)
        case .take(let officer): take(officer, &turn)
        case .offer(let handover): offer(handover, &turn)
        case .accept(let item):
            watch.handover?.accepted[item.id] = item.since
            turn.show(.watch)
        case .complete(let items): complete(items: items, &turn)
        case .cancel: endHandover(&turn)
        case .release(let id, let prepared, let second):
            remove(id, &turn)
            turn.secondOfficer = second
            defer { turn.secondOfficer = nil }
            return apply(prepared, &turn, &authority)
        case .lapse(let id, let refusal):
            remove(id, &turn)
            return .lapsed(id, refusal)
        case .withdraw(let id): remove(id, &turn)
        }
        return .done
    }

    /// What follows from time passing and from what else has happened: bells, and records that could not be signed
    /// before.
    mutating func reviewWatch(_ turn: inout Turn, _ authority: inout some Authority) {
        ringForPassing(&turn)
        ringForShift(&turn)
        stateHandovers(&turn, &authority)
    }

    /// The moments at which ``reviewWatch(_:_:)`` rings by itself.
    var watchDeadlines: [MonotonicInstant] {
        var moments: [MonotonicInstant] = []
        guard let last = clock.last else { return moments }
        if let next = passing.schedule.first {
            moments.append(last.monotonic.advanced(by: max(.zero, next.at.duration(since: last.utc)) + .microseconds(1)))
        }
        if let duty = watch.onDuty, !duty.isRungFor {
            let left = max(.zero, terms.timing.shift - elapsed(since: duty.since, at: last))
            moments.append(last.monotonic.advanced(by: left + .microseconds(1)))
        }
        return moments
    }

    /// Rings the watch at once, and climbs until its cause is gone: heard is not done.
    mutating func raiseClimbing(
        _ kind: Alarm.Kind, subject: String, party: PartyID?, _ precedence: Precedence, _ sentence: String,
        _ turn: inout Turn
    ) {
        raise(
            kind, subject: subject, party: party, precedence, sentence,
            dueAt: turn.now.monotonic.advanced(by: terms.timing.climb), &turn)
    }

    /// Since an earlier moment: by whichever clock shows more, because the machine's own begins anew when it is
    /// switched off, and a bell that comes early does no harm.
    func elapsed(since earlier: Now, at now: Now) -> Duration {
        max(now.monotonic.duration(since: earlier.monotonic), now.utc.duration(since: earlier.utc), .zero)
    }
}
