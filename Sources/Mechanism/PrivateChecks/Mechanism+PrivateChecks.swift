import JointLog
import Kernel
import PrivateCheck
import Records

/// A step of a private check that has been checked whole.
enum PreparedPrivateCheck {
    case say(PrivateCheckPart, to: PartyID, officer: String?)
    case deposit(HeldCheck, key: Hash32)
    case ended(HeldCheck, PrivateCheckEnding)
    case seal(NoticeFields, officer: String)
    case endPlan(SealedPlanID, officer: String)
}

extension Mechanism {
    func prepare(_ act: PrivateCheckAct, now: Now) throws(Refusal) -> PreparedPrivateCheck {
        try mayWrite()
        switch act {
        case .say(let part, let other, let officer):
            guard counterparts.contains(other) else { throw .unknownAudience(other) }
            if part.message == .propose || part.message == .accept { try mustNotBeSuspended([other]) }
            if part.message == .propose {
                guard terms.privateCheck != nil else { throw .noPrivateChecks }
                guard checks.checks[part.check] == nil else { throw .checkOver(part.check) }
                guard checks.open(with: other) < Limits.privateChecksOpen else { throw .tooManyChecks }
                guard let proposal = try? CheckProposal(part.bytes), budget(with: other, after: proposal, at: now.utc) != nil
                else { throw .tooManyChecks }
            } else {
                guard let check = checks.checks[part.check], check.other(than: party) == other else {
                    throw .noSuchCheck(part.check)
                }
                guard check.ending == nil else { throw .checkOver(part.check) }
            }
            try mustBeReadable(.privateCheck(part), officer: officer ?? "", now: now)
            return .say(part, to: other, officer: officer)
        case .deposit(let id, let key):
            guard let check = checks.checks[id] else { throw .noSuchCheck(id) }
            guard check.ending == nil, !check.isDeposited else { throw .checkOver(id) }
            return .deposit(check, key: key)
        case .ended(let id, let ending):
            guard let check = checks.checks[id] else { throw .noSuchCheck(id) }
            guard check.ending == nil else { throw .checkOver(id) }
            return .ended(check, ending)
        }
    }

    func prepare(_ command: SealedPlanCommand, officer: String, now: Now) throws(Refusal) -> PreparedPrivateCheck {
        guard role == .principal else { throw .mediatorCannotFile }
        switch command {
        case .seal(let fields):
            guard terms.privateCheck != nil else { throw .noPrivateChecks }
            let standing = checks.plans.values.count { $0.endedAt == nil }
            guard standing < Limits.sealedPlans else { throw .tooManyPlans }
            try judge(fields, version: 1, officer: officer, now: now)
            return .seal(fields, officer: officer)
        case .end(let id):
            guard let plan = checks.plans[id], plan.endedAt == nil else { throw .noSuchPlan(id) }
            return .endPlan(id, officer: officer)
        }
    }

    /// What is left to a pair after one more check, whoever proposes it: by our own clock, because a day that a peer names
    /// could be any.
    ///
    /// - Returns: `nil` when the day's budget does not reach.
    private func budget(with other: PartyID, after proposal: CheckProposal, at now: UTCInstant) -> CheckBudget? {
        guard let agreed = terms.privateCheck else { return nil }
        var budget = checks.budgets[other] ?? CheckBudget(perSession: 1 << agreed.sizeClass, perDay: agreed.pointsPerDay)
        do throws(CheckBudget.Refusal) { try budget?.charge(proposal, now: now) } catch { return nil }
        return budget
    }

    mutating func apply(
        _ act: PreparedPrivateCheck, _ turn: inout Turn, _ authority: inout some Authority
    ) -> Reply {
        switch act {
        case .say(let part, let other, let officer):
            return .recorded(
                author(
                    .privateCheck(part), mode: .real, officer: officer, audience: [other], &turn, &authority))
        case .deposit(let check, let key):
            guard let deadline = check.parameters?.deadline else { return .done }
            let deposit = PrivateCheckDeposit(
                check: check.id, with: check.other(than: party), deadline: deadline, key: key)
            let mediators = terms.parties.filter { $0.role == .mediator }.map(\.id)
            author(.privateCheckDeposit(deposit), mode: .real, officer: nil, audience: mediators, &turn, &authority)
        case .ended(let check, let ending): end(check, ending, &turn)
        case .seal(let fields, let officer):
            checks.lastPlan += 1
            let id = checks.lastPlan
            checks.plans[id] = SealedPlan(id: id, fields: fields, officer: officer, sealedAt: turn.now.utc)
            forgetPlans(at: turn.now.utc)
            turn.show(.plans)
            return .sealed(id)
        case .endPlan(let id, _):
            checks.plans.update(id) { $0.endedAt = turn.now.utc }
            turn.show(.plans)
        }
        return .done
    }

    /// Plans that are over and older than any check goes back.
    private mutating func forgetPlans(at now: UTCInstant) {
        guard checks.plans.count > Limits.sealedPlans else { return }
        let over = checks.plans.values.first { $0.endedAt != nil }
        if let over { checks.plans[over.id] = nil }
    }

    private mutating func end(_ check: HeldCheck, _ ending: PrivateCheckEnding, _ turn: inout Turn) {
        let other = check.other(than: party)
        checks.checks.update(check.id) { $0.ending = ending }
        clear(.privateCheck, subject: check.id.hex, &turn)
        if case .agreed = ending.outcome, let parameters = check.parameters {
            let until = UTCInstant(
                microseconds: (parameters.grid.slots.upperBound + 1) * CheckGrid.slotMicroseconds)
            for plan in ending.plans {
                checks.plans.update(plan) {
                    $0.checked[other] = SealedPlanCheck(
                        check: check.id, at: turn.now.utc, sizeClass: parameters.sizeClass, until: until,
                        isHit: ending.hits.map { $0.contains(plan) })
                }
            }
        }
        if ending.finding?.isHit == true {
            raise(
                .privateCheckFound, subject: check.id.hex, party: other, .immediate,
                "Plans that neither side has filed collide with \(other). Disclose, move or call.", &turn)
        } else if case .unknown(let doubt) = ending.outcome, !ending.isDeclined, check.messages[other] != nil || check.initiator == party {
            raise(
                .privateCheckFound, subject: check.id.hex, party: other, .routine,
                "The private check with \(other) came to nothing: \(doubt.sentence).", &turn)
        }
        turn.show(.check(check.id))
        turn.show(.plans)
    }

    // MARK: Records

    /// A part of a message, ours or the other side's.
    mutating func understand(
        _ part: PrivateCheckPart, _ body: RecordBody, id: RecordID, audience: [PartyID], _ turn: inout Turn
    ) -> String? {
        guard audience.count == 1, let other = audience.first, terms.party(other)?.role == .principal,
            terms.party(id.party)?.role == .principal, other != id.party
        else { return "a private check is between two principals" }
        if part.message == .propose { return take(proposal: part, body, id: id, to: other, &turn) }
        // Of a check that is over, or was forgotten, or was never proposed: nothing waits for it.
        guard let check = checks.checks[part.check], check.ending == nil,
            (check.initiator == id.party && check.responder == other)
                || (check.responder == id.party && check.initiator == other)
        else { return nil }
        var messages = check.messages[id.party] ?? []
        if part.part == 0 {
            // What repeats or skips is for the session to refuse: it sees messages, one after another.
            guard messages.last?.isWhole ?? true, messages.count < PrivateCheckPart.Message.allCases.count else {
                return nil
            }
            messages.append(HeldCheckMessage(message: part.message, parts: part.parts, records: [id]))
        } else {
            guard var last = messages.popLast(), last.message == part.message, last.parts == part.parts,
                last.records.count == part.part
            else { return nil }
            last.records.append(id)
            messages.append(last)
        }
        checks.checks.update(part.check) { $0.messages[id.party] = messages }
        if messages.last?.isWhole == true { turn.show(.check(part.check)) }
        if id.party == party, part.message == .accept { clear(.privateCheck, subject: part.check.hex, &turn) }
        return nil
    }

    private mutating func take(
        proposal part: PrivateCheckPart, _ body: RecordBody, id: RecordID, to other: PartyID, _ turn: inout Turn
    ) -> String? {
        guard part.parts == 1, let proposal = try? CheckProposal(part.bytes), proposal.id == part.check else {
            return "it proposes no private check"
        }
        guard checks.checks[part.check] == nil else { return nil }
        let peer = id.party == party ? other : id.party
        let after = budget(with: peer, after: proposal, at: turn.now.utc)
        let isAgreed =
            terms.agrees(to: proposal.parameters, between: id.party, other, at: body.createdAt)
            && checks.open(with: peer) < Limits.privateChecksOpen && after != nil
        if isAgreed { checks.budgets[peer] = after }
        forgetOne(&turn)
        var check = HeldCheck(
            id: part.check, initiator: id.party, responder: other,
            parameters: isAgreed ? proposal.parameters : nil, proposedAt: body.createdAt, proposedBy: body.officer)
        check.messages[id.party] = [HeldCheckMessage(message: .propose, parts: 1, records: [id])]
        checks.checks[part.check] = check
        if id.party != party, body.officer != nil || !isAgreed {
            raise(
                .privateCheck, subject: part.check.hex, party: id.party, .priority,
                isAgreed
                    ? "\(id.party) asks for a private check until \(proposal.parameters.deadline.rfc3339). Accept or decline it."
                    : "\(id.party) asks for a private check that is not as the terms have it. It cannot be accepted.",
                &turn)
        }
        turn.show(.check(part.check))
        return nil
    }

    /// Makes room for one more check; the alarms of one that goes have nothing to be about.
    private mutating func forgetOne(_ turn: inout Turn) {
        guard let oldest = checks.nextToForget else { return }
        checks.checks[oldest] = nil
        for kind in [Alarm.Kind.privateCheck, .privateCheckFound] {
            clear(kind, subject: oldest.hex, &turn)
            alarms[Alarm.id(kind, oldest.hex)] = nil
        }
    }

    /// At a mediator: one side's key.
    mutating func understand(_ deposit: PrivateCheckDeposit, by id: RecordID, _ turn: inout Turn) -> String? {
        guard role == .mediator else { return nil }
        guard terms.party(id.party)?.role == .principal, terms.party(deposit.with)?.role == .principal,
            deposit.with != id.party
        else { return "a private check is between two principals" }
        var held = checks.deposits[deposit.check] ?? []
        // The first one stands: nobody exchanges its key after it has seen what the other did.
        guard !held.contains(where: { $0.party == id.party }) else { return nil }
        held.append(
            DepositedKey(party: id.party, with: deposit.with, deadline: deposit.deadline, key: deposit.key))
        if checks.deposits[deposit.check] == nil, checks.deposits.count >= Limits.privateChecks {
            let oldest = checks.deposits.min {
                ($0.value.map(\.deadline).min() ?? .distantPast) < ($1.value.map(\.deadline).min() ?? .distantPast)
            }
            if let oldest { checks.deposits[oldest.key] = nil }
        }
        checks.deposits[deposit.check] = held
        return nil
    }

    /// As a mediator: gives out what both sides have left, to both in one record, and what is too late to nobody.
    mutating func releaseKeys(_ turn: inout Turn, _ authority: inout some Authority) {
        guard role == .mediator, maySign, !checks.deposits.isEmpty else { return }
        for (check, keys) in checks.deposits {
            let deadline = keys.map(\.deadline).min() ?? .distantPast
            guard turn.now.utc <= deadline else {
                checks.deposits[check] = nil
                continue
            }
            let pairs = keys.flatMap { one in
                keys.filter { $0.party == one.with && $0.with == one.party && one.party < $0.party }.map { (one, $0) }
            }
            guard let (one, other) = pairs.first else { continue }
            checks.deposits[check] = nil
            let release = PrivateCheckRelease(
                check: check, .init(party: one.party, key: one.key), .init(party: other.party, key: other.key))
            author(
                .privateCheckRelease(release), mode: .real, officer: nil, audience: [one.party, other.party], &turn,
                &authority)
        }
    }

    /// Both keys, from a mediator.
    mutating func understand(
        _ release: PrivateCheckRelease, _ body: RecordBody, by id: RecordID, audience: [PartyID], _ turn: inout Turn
    ) -> String? {
        guard terms.party(id.party)?.role == .mediator else { return "only a mediator gives out keys" }
        guard audience.sorted() == [release.first.party, release.second.party] else {
            return "it gives the keys of a private check to others than its two sides"
        }
        guard let check = checks.checks[release.check], check.release == nil, check.ending == nil,
            [check.initiator, check.responder].sorted() == [release.first.party, release.second.party]
        else { return nil }
        checks.checks.update(release.check) {
            $0.release = release
            $0.releasedAt = body.createdAt
        }
        turn.show(.check(release.check))
        return nil
    }

    /// Our own deposit is on record.
    mutating func noteDeposit(_ deposit: PrivateCheckDeposit) {
        checks.checks.update(deposit.check) { $0.isDeposited = true }
    }
}

extension CheckOutcome.Doubt {
    /// To follow a colon.
    public var sentence: String {
        switch self {
        case .deadlinePassed: "its time ran out"
        case .refused(let refusal): "what the other side sent was refused (\(refusal))"
        case .endedByPeer(let reason): "the other side ended it (reason \(reason))"
        }
    }
}
