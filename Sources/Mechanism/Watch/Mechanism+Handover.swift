import Kernel
import Records

/// The watch goes from officer to officer with everything that is open, item by item.
extension Mechanism {
    func prepareHandover(
        _ command: WatchCommand, officer: String, now: Now
    ) throws(Refusal) -> PreparedWatch {
        switch command {
        case .takeWatch:
            if let duty = watch.onDuty, duty.officer != officer {
                guard elapsed(since: duty.actedAt, at: now) > terms.timing.unstaffedAfter else {
                    throw .watchTaken(by: duty.officer)
                }
            }
            return .take(officer)
        case .offerHandover(let to, let remarks):
            guard watch.handover == nil else { throw .handoverUnderWay }
            guard let duty = watch.onDuty, duty.officer == officer else { throw .notOnDuty }
            guard to != officer else { throw .sameOfficer }
            let content = Handover(from: officer, to: to, items: 0, remarks: remarks)
            try mustBeReadable(.handover(content), officer: to, now: now)
            return .offer(HandoverUnderWay(from: officer, to: to, remarks: remarks, offeredAt: now.utc))
        case .acceptItem(let id):
            try mustBeIncoming(officer)
            guard let item = handoverItems.first(where: { $0.id == id }) else { throw .noSuchItem(id) }
            return .accept(item)
        case .completeHandover:
            try mustBeIncoming(officer)
            let items = handoverItems
            let left = items.count { !$0.isAccepted }
            guard left == 0 else { throw .itemsLeft(left) }
            return .complete(items: UInt64(watch.handover?.accepted.count ?? 0))
        case .cancelHandover:
            guard let handover = watch.handover else { throw .noHandover }
            guard handover.from == officer || handover.to == officer else { throw .notOnDuty }
            return .cancel
        case .registerUnit, .removeUnit, .concerns, .passOn, .confirm, .approve, .withdraw:
            preconditionFailure("no command about the watch")
        }
    }

    private func mustBeIncoming(_ officer: String) throws(Refusal) {
        guard let handover = watch.handover else { throw .noHandover }
        guard handover.to == officer else { throw .notIncomingOfficer }
    }

    /// Everything that is open at this desk now, in order of id; accepted ones are marked while a handover is under
    /// way. Worked out anew each time: what opens meanwhile joins, what closes leaves.
    public var handoverItems: [HandoverItem] {
        var items = SortedMap<String, HandoverItem>()
        func add(_ id: String, _ since: UTCInstant, _ sentence: String) {
            items[id] = HandoverItem(id: id, since: since, sentence: sentence)
        }
        for id in stops.open {
            add("stop:\(id.hex)", stops.stops[id]?.pressedAt ?? .distantPast, "An open STOP.")
        }
        for conflict in conflicts.values
        where conflict.involves(party) && (conflict.state == .open || conflict.state == .disputed) {
            add(
                Alarm.id(.conflict, conflict.id.hex), conflict.openedAt,
                "Conflict between \(conflict.first) and \(conflict.second).")
        }
        for call in openCalls {
            let kind: Alarm.Kind =
                call.id.party == party ? .unanswered : call.kind == .message ? .message : .presenceQuery
            let what = call.kind == .message ? "Message" : "Presence query"
            let missing = call.missing.map(\.name).joined(separator: ", ")
            add(Alarm.id(kind, call.id.description), call.createdAt, "\(what) \(call.id) waits for \(missing).")
        }
        for (id, act) in watch.pending {
            add(Alarm.id(.secondOfficer, "\(id)"), act.at, act.sentence)
        }
        // Every notice of ours that is overdue or unconfirmed has an alarm that only a new version or an end clears.
        for alarm in alarms.values where alarm.state != .cleared && alarm.kind != .handover {
            add(alarm.id, alarm.raisedAt, alarm.sentence)
        }
        return items.values.map { item in
            var item = item
            item.isAccepted = watch.handover?.accepted[item.id] == item.since
            return item
        }
    }

    /// The officer who has the watch is there.
    mutating func noteAct(of officer: String, at now: Now) {
        if watch.onDuty?.officer == officer { watch.onDuty?.actedAt = now }
    }

    mutating func take(_ officer: String, _ turn: inout Turn) {
        let before = watch.onDuty
        guard before?.officer != officer else { return }
        endHandover(&turn)
        relieve(officer, &turn)
        guard let before else { return }
        let minutes = Int64(elapsed(since: before.actedAt, at: turn.now).inSeconds) / 60
        remember(
            Handover(
                from: before.officer, to: officer, items: 0,
                remarks: "Taken without a handover: the officer on watch had not acted for \(minutes) min."))
    }

    mutating func offer(_ handover: HandoverUnderWay, _ turn: inout Turn) {
        watch.handover = handover
        raiseClimbing(
            .handover, subject: handover.to, party: nil, .routine,
            "\(handover.from) hands the watch over to \(handover.to), who accepts what is open item by item.", &turn)
        turn.show(.watch)
    }

    mutating func complete(items: UInt64, _ turn: inout Turn) {
        guard let handover = watch.handover else { return }
        endHandover(&turn)
        relieve(handover.to, &turn)
        remember(Handover(from: handover.from, to: handover.to, items: items, remarks: handover.remarks))
    }

    mutating func endHandover(_ turn: inout Turn) {
        guard let handover = watch.handover else { return }
        watch.handover = nil
        clear(.handover, subject: handover.to, &turn)
        turn.show(.watch)
    }

    private mutating func relieve(_ officer: String, _ turn: inout Turn) {
        if let before = watch.onDuty { clear(.handover, subject: before.officer, &turn) }
        watch.onDuty = OfficerOnDuty(officer: officer, since: turn.now, actedAt: turn.now)
        turn.show(.watch)
    }

    private mutating func remember(_ handover: Handover) {
        watch.unstated.append(handover)
        if watch.unstated.count > Limits.pendingActs { watch.unstated.removeFirst() }
    }

    /// Tells the other principals who has the watch, as soon as we may sign.
    mutating func stateHandovers(_ turn: inout Turn, _ authority: inout some Authority) {
        guard role == .principal else { return watch.unstated.removeAll() }
        guard maySign, !watch.unstated.isEmpty else { return }
        let waiting = watch.unstated
        watch.unstated = []
        for handover in waiting {
            author(
                .handover(handover), mode: .real, officer: handover.to, audience: counterparts, &turn, &authority)
        }
    }

    mutating func ringForShift(_ turn: inout Turn) {
        guard let duty = watch.onDuty, !duty.isRungFor,
            elapsed(since: duty.since, at: turn.now) > terms.timing.shift
        else { return }
        watch.onDuty?.isRungFor = true
        raiseClimbing(
            .handover, subject: duty.officer, party: nil, .routine,
            "\(duty.officer) has had the watch for a whole shift: hand it over.", &turn)
    }
}
