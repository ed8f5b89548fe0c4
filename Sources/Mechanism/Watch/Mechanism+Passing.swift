import Kernel
import Records

/// Passing on: word that reached headquarters has not reached the crew.
extension Mechanism {
    func preparePassing(
        _ command: WatchCommand, officer: String, now: Now
    ) throws(Refusal) -> PreparedWatch {
        switch command {
        case .registerUnit(let unit):
            guard role == .principal else { throw .mediatorCannotFile }
            guard UnitName.isUsable(unit) else {
                throw .field(FieldRejection(path: "unit", problem: .notAllowed(rule: "a name that shows, on one line")))
            }
            guard !passing.units.contains(unit) else { throw .unitExists(unit) }
            guard passing.units.count < Limits.units else { throw .tooManyUnits }
            return .register(unit)
        case .removeUnit(let unit):
            guard passing.units.contains(unit) else { throw .noSuchUnit(unit) }
            return .remove(unit)
        case .concerns(let subject, let units):
            try mustBeOpen(subject)
            let units = SortedSet(units)
            for unit in units where !passing.units.contains(unit) { throw .noSuchUnit(unit) }
            var own = passing.own[subject] ?? OwnPassing()
            own.concerned = units.elements
            return .state(subject, own, officer: officer)
        case .confirm(let subject, let unit):
            let command = WatchCommand.passOn(subject, units: [unit], disclose: false)
            guard case .state(_, let own, _) = try preparePassing(command, officer: officer, now: now) else {
                throw .noSuchUnit(unit)
            }
            return .confirmed(subject, own)
        case .passOn(let subject, let units, let disclose):
            try mustBeOpen(subject)
            var own = passing.own[subject] ?? OwnPassing()
            for unit in SortedSet(units) {
                guard passing.units.contains(unit) || own.concerned?.contains(unit) == true else {
                    throw .noSuchUnit(unit)
                }
                if own.reached.contains(unit) {
                    if disclose { own.reached.update(unit) { $0.isDisclosed = true } }
                } else {
                    own.reached[unit] = UnitReached(by: officer, at: now.utc, isDisclosed: disclose)
                }
            }
            // The account of a unit's own system names the unit.
            return .state(subject, own, officer: disclose ? officer : nil)
        case .takeWatch, .offerHandover, .acceptItem, .completeHandover, .cancelHandover, .approve, .withdraw:
            preconditionFailure("no command about units")
        }
    }

    /// A notice in its newest version that was addressed to us or is ours, or a STOP that we know.
    private func mustBeOpen(_ subject: PassedOn.Subject) throws(Refusal) {
        try mayWrite()
        switch subject {
        case .notice(let named):
            guard let notice = notices[named.notice] else { throw .noSuchNotice(named.notice) }
            guard notice.owner == party || notice.audience.contains(party) else {
                throw .notAddressedToUs(notice.id)
            }
            guard notice.status != .ended else { throw .alreadyEnded(notice.id) }
            guard notice.version == named.version else {
                throw .staleVersion(notice.id, expected: named.version, current: notice.version)
            }
        case .stop(let id):
            guard stops.stops.contains(id) else { throw .noSuchItem(id.hex) }
        }
    }

    mutating func state(
        _ subject: PassedOn.Subject, _ own: OwnPassing, officer: String?, _ turn: inout Turn,
        _ authority: inout some Authority
    ) -> Reply {
        passing.own[subject] = own
        turn.show(.passing)
        let mode: Mode
        let audience: [PartyID]
        let said: PassedOnFact?
        var leaf: Hash32?
        switch subject {
        case .notice(let named):
            guard let notice = notices[named.notice] else { return .done }
            (mode, audience, said) = (notice.mode, readers(of: notice), notice.passedOn[party])
            leaf = notice.leaf
        case .stop(let id):
            (mode, audience, said) = (.real, counterparts, passing.stops[id]?[party])
        }
        guard let content = own.statement(about: subject, leaf: leaf) else { return .done }
        if let said, said.reached == content.reached, said.of == content.of, said.units == content.units {
            return .done
        }
        return .recorded(
            author(.passedOn(content), mode: mode, officer: officer, audience: audience, &turn, &authority))
    }

    mutating func understand(
        _ content: PassedOn, _ body: RecordBody, id: RecordID, _ turn: inout Turn
    ) -> String? {
        guard terms.party(id.party)?.role == .principal else { return "only principals have units to pass it on to" }
        let fact = PassedOnFact(
            reached: content.reached, of: content.of, units: content.units, officer: body.officer,
            at: body.createdAt, record: id)
        switch content.subject {
        case .notice(let named):
            guard let notice = notices[named.notice] else { return nil }
            guard notice.owner == id.party || notice.audience.contains(id.party) else {
                return "it passes on a notice not addressed to its author"
            }
            guard named.version <= notice.version || isOfFormerLog(notice.id) else {
                return "it passes on a version that does not exist"
            }
            // What crossed with an amendment, or is about another record of the same name, is kept by the log and says
            // nothing of the newest version.
            guard named.version == notice.version, content.leaf == notice.leaf,
                notice.passedOn[id.party].map({ $0.record < id }) ?? true else {
                return nil
            }
            notices.update(notice.id) { $0.passedOn[id.party] = fact }
            if id.party == party { followPassing(notice.id, &turn) }
            turn.show(.notice(notice.id))
            turn.show(.assurance)
        case .stop(let stop):
            passing.stops[stop, default: SortedMap()][id.party] = fact
            forgetStops()
        }
        turn.show(.passing)
        return nil
    }

    /// STOPs that are long closed, or that nobody knows.
    private mutating func forgetStops() {
        while passing.stops.count > PassingBook.stopsMost {
            guard let gone = passing.stops.keys.first(where: { !stops.stops.contains($0) }) else { return }
            passing.stops[gone] = nil
            passing.own[.stop(gone)] = nil
        }
    }

    /// Every principal whose forces a notice names or might meet must have it passed on: those it is addressed to, and
    /// its owner, whose own crews must know the newest version as well.
    func notPassedOn(_ notice: Notice) -> [PartyID] {
        guard terms.kind(notice.fields.kind)?.needsPassingOn ?? true else { return [] }
        return ([notice.owner] + notice.audience).filter { notice.passedOn[$0]?.isComplete != true }
    }

    /// After every change of a notice or of what we have said of it: rings in time for what still has to be passed on
    /// to our own units.
    mutating func followPassing(_ id: NoticeID, _ turn: inout Turn) {
        guard let notice = notices[id], notice.owner != party, notice.status != .ended,
            role == .principal, notPassedOn(notice).contains(party)
        else {
            passing.reschedule(id, at: nil)
            return clear(.passingOn, subject: id.description, &turn)
        }
        let alarm = alarms[Alarm.id(.passingOn, id.description)]
        guard alarm == nil || alarm?.state == .cleared else { return }
        passing.reschedule(id, at: notice.content.span.start.advanced(by: .zero - terms.timing.acknowledgeMargin))
    }

    mutating func ringForPassing(_ turn: inout Turn) {
        while let next = passing.schedule.first, next.at <= turn.now.utc {
            passing.reschedule(next.notice, at: nil)
            guard let notice = notices[next.notice] else { continue }
            raiseClimbing(
                .passingOn, subject: notice.id.description, party: notice.owner, notice.precedence,
                "Notice \(notice.id) of \(notice.owner) is about to begin, and not every unit of ours that it concerns has it.",
                &turn)
        }
    }
}
