import JointLog
import Kernel
import Records

extension Mechanism {
    /// Looks at both clocks before anything else. A step of UTC never extends a `clear`: freshness is measured
    /// on the other clock, and after a step nothing is clear until every principal has answered anew.
    mutating func observe(_ now: Now, isStart: Bool, _ turn: inout Turn) {
        if isStart { rebase(to: now) }
        if let last = clock.last {
            let drift = now.utc.duration(since: last.utc) - now.monotonic.duration(since: last.monotonic)
            if drift.magnitude > terms.timing.skewMax {
                clock.steppedAt = now.monotonic
                raise(
                    .clock, subject: party.name, party: nil, .immediate,
                    "This machine's clock stepped by \(drift.inSeconds) s. Nothing counts as clear until every principal has answered again.",
                    &turn)
                turn.show(.assurance)
            }
        }
        clock.last = now
        if isStart {
            clock.startedAt = now.monotonic
            // Before time is seen to have passed: what falls due at a start is not signed on the word of an earlier run.
            if signing == .confirmed { signing = .unconfirmed }
            expectChecks(now)
            for id in links.keys { links.update(id) { $0.freshAt = nil } }
        }
    }

    /// What happens by time passing alone: windows and review dates end, acknowledgements fall due.
    mutating func advance(_ turn: inout Turn, _ authority: inout some Authority) {
        while let next = schedule.first, next.at < turn.now.utc {
            schedule.remove(next)
            guard notices[next.notice]?.status == .current else { continue }
            expire(next.notice, &turn)
            reconsider(next.notice, &turn, &authority)
            holdToAnswers(next.notice, &turn)
        }
        advanceCalls(&turn)
    }

    mutating func apply(_ answer: HeartbeatAnswer, sentAt: MonotonicInstant, _ turn: inout Turn) -> Reply {
        let now = turn.now
        // The answer was written somewhere between our challenge and now; half way is the best guess.
        let trip = now.monotonic.duration(since: sentAt)
        let atMiddle = now.utc.advanced(by: .zero - trip / 2)
        takeBackReceipts(answer, sentAt: sentAt, &turn)
        compareSize(answer, sentAt: sentAt, &turn)
        links.update(answer.party) { link in
            if link.state == .down, link.unreceiptedSince != nil { link.unreceiptedSince = now.monotonic }
            link.freshAt = sentAt
            link.answer = answer
            link.clockDifference = answer.utc.duration(since: atMiddle)
            link.answeredAt = now
            link.humanActAt = answer.humanActAgeS.map { sentAt.advanced(by: .seconds(-$0)) }
        }
        if let steppedAt = clock.steppedAt,
            counterparts.allSatisfy({ party in
                guard let link = links[party], let freshAt = link.freshAt, let difference = link.clockDifference
                else { return false }
                return freshAt > steppedAt && difference.magnitude <= terms.timing.skewMax
            })
        {
            clock.steppedAt = nil
            clear(.clock, subject: party.name, &turn)
        }
        turn.show(.link(answer.party))
        turn.show(.assurance)
        return .done
    }

    /// A node that was restored from an old copy holds less than it has signed for: what it no longer holds is not
    /// receipted. A receipt that it gave after its answer, and that overtook it, stays.
    private mutating func takeBackReceipts(_ answer: HeartbeatAnswer, sentAt: MonotonicInstant, _ turn: inout Turn) {
        guard let link = links[answer.party], answer.holds < link.receipted, let receiptedAt = link.receiptedAt,
            receiptedAt <= sentAt || link.receiptTime.map({ $0.duration(since: answer.utc) <= .seconds(-1) }) ?? true
        else { return }
        links.update(answer.party) {
            $0.receipted = answer.holds
            $0.unreceiptedSince = turn.now.monotonic
        }
        logs.update(party) { log in
            log.evaluatedBy.update(answer.party) { $0 = min($0, answer.holds) }
        }
        for (_, notice) in ownRecords.elements(in: answer.holds...(link.receipted - 1)) {
            notices.update(notice) {
                $0.facts.update(answer.party) { facts in
                    facts.receiptedAt = nil
                    facts.evaluatedAt = nil
                }
            }
            turn.show(.notice(notice))
        }
        updateCalls(answer.holds...(link.receipted - 1), at: answer.party, &turn) { _, facts in facts.loseReceipt() }
        turn.push()
    }

    /// An author that shows less of its own log than we already held when we asked was restored from an old copy, or
    /// hides what it has said.
    private mutating func compareSize(_ answer: HeartbeatAnswer, sentAt: MonotonicInstant, _ turn: inout Turn) {
        guard let log = logs[answer.party], let link = links[answer.party] else { return }
        let isLess = answer.logSize < log.size && link.tookAt.map { $0 <= sentAt } ?? true
        links.update(answer.party) { $0.showsLess = isLess ? answer.logSize : nil }
        guard isLess else { return clear(.behind, subject: answer.party.name, &turn) }
        raiseOnce(
            .behind, subject: answer.party.name, party: answer.party, .immediate,
            "\(answer.party) shows \(answer.logSize) records of its own log, and \(log.size) that it has signed are held here.",
            &turn)
    }

    /// Records that their author or another holder has shown and nobody delivers: a doubt at once, and an alarm when
    /// it lasts.
    private mutating func watchMissing(_ turn: inout Turn) {
        for (id, log) in logs where id != party {
            let shown = max(log.announced.keys.last.map { log.start + $0 } ?? 0, links[id]?.answer?.logSize ?? 0)
            guard !log.announced.isEmpty || shown > log.size else {
                if log.missingSince != nil { logs.update(id) { $0.missingSince = nil } }
                clear(.withheld, subject: id.name, &turn)
                continue
            }
            guard let since = log.missingSince else {
                logs.update(id) { $0.missingSince = turn.now.monotonic }
                continue
            }
            guard log.fork == nil, turn.now.monotonic.duration(since: since) > terms.timing.staleAfter else { continue }
            let alarm = alarms[Alarm.id(.withheld, id.name)]
            guard alarm == nil || alarm?.state == .cleared else { continue }
            raise(
                .withheld, subject: id.name, party: id, .immediate,
                "Records of \(id) are shown, up to \(shown), and not delivered: \(log.size) are held here.", &turn)
        }
    }

    /// When records that are shown and do not come are rung for.
    var missingDeadlines: [MonotonicInstant] {
        logs.values.compactMap { $0.missingSince?.advanced(by: terms.timing.staleAfter + .microseconds(1)) }
    }

    /// Recomputes every link's state, and records and rings what changed.
    mutating func refreshLinks(_ turn: inout Turn, _ authority: inout some Authority) {
        watchMissing(&turn)
        let size = ownLog.size
        for (id, link) in links {
            if link.receipted >= size {
                if link.unreceiptedSince != nil { links.update(id) { $0.unreceiptedSince = nil } }
            } else if link.unreceiptedSince == nil {
                links.update(id) { $0.unreceiptedSince = turn.now.monotonic }
            }
        }
        for (id, link) in links {
            let state = stateNow(of: link, at: turn.now.monotonic)
            if state != link.state {
                links.update(id) { $0.state = state }
                turn.show(.link(id))
                turn.show(.assurance)
            }
            // `late` comes and goes; the record and the bell keep to what lasts.
            let lasting: LinkState = state == .late ? .up : state
            guard lasting != link.recordedState, !(lasting == .down && isSettling(link, at: turn.now.monotonic)) else {
                continue
            }
            links.update(id) { $0.recordedState = lasting }
            ring(for: link, state: lasting, &turn)
            putOnRecord(lasting, of: id, &turn, &authority)
        }
    }

    /// Puts a link's state on record; later, when we may not sign yet.
    mutating func putOnRecord(
        _ state: LinkState, of peer: PartyID, _ turn: inout Turn, _ authority: inout some Authority
    ) {
        guard role == .principal else { return }
        guard maySign else {
            unstatedLinks.insert(peer)
            return
        }
        author(
            .linkChange(LinkChange(party: peer, state: state)), mode: .real, officer: nil, audience: counterparts,
            &turn, &authority)
    }

    /// Just after a start nobody can have answered yet: a desk is not rung for that.
    private func isSettling(_ link: Link, at now: MonotonicInstant) -> Bool {
        guard link.freshAt == nil, let startedAt = clock.startedAt else { return false }
        return now.duration(since: startedAt) <= terms.timing.staleAfter
    }

    private mutating func ring(for link: Link, state: LinkState, _ turn: inout Turn) {
        switch state {
        case .up, .late, .suspended: clear(.link, subject: link.party.name, &turn)
        case .down:
            raise(
                .link, subject: link.party.name, party: link.party, .immediate, "No answer from \(link.party).", &turn)
        case .unstaffed:
            raise(
                .link, subject: link.party.name, party: link.party, .priority,
                "\(link.party)'s node answers, and nobody has acted at its desk.", &turn)
        case .notReceipting:
            raise(
                .link, subject: link.party.name, party: link.party, .immediate,
                "\(link.party)'s node answers, and does not take our records.", &turn)
        }
    }

    func stateNow(of link: Link, at now: MonotonicInstant) -> LinkState {
        let timing = terms.timing
        guard let freshAt = link.freshAt else { return .down }
        let age = now.duration(since: freshAt)
        if age > timing.staleAfter { return .down }
        if isSuspended(by: link.party) { return .suspended }
        if let since = link.unreceiptedSince, now.duration(since: since) > timing.staleAfter { return .notReceipting }
        if terms.party(link.party)?.role == .principal, isUnstaffed(link, at: now) { return .unstaffed }
        if age > timing.heartbeat * 3 / 2 { return .late }
        return .up
    }

    func isUnstaffed(_ link: Link, at now: MonotonicInstant) -> Bool {
        guard let actAt = link.humanActAt else { return true }
        return now.duration(since: actAt) > terms.timing.unstaffedAfter
    }

    public func isOwnDeskUnstaffed(at now: MonotonicInstant) -> Bool {
        guard let humanActAt else { return true }
        return now.duration(since: humanActAt) > terms.timing.unstaffedAfter
    }

    /// The moments at which ``stateNow(of:at:)`` may change by itself, each just past its threshold.
    func deadlines(of link: Link) -> [MonotonicInstant] {
        let timing = terms.timing
        var moments: [MonotonicInstant] = []
        if let freshAt = link.freshAt {
            moments.append(freshAt.advanced(by: timing.heartbeat * 3 / 2))
            moments.append(freshAt.advanced(by: timing.staleAfter))
            if let since = link.unreceiptedSince { moments.append(since.advanced(by: timing.staleAfter)) }
            if let actAt = link.humanActAt { moments.append(actAt.advanced(by: timing.unstaffedAfter)) }
        } else if let startedAt = clock.startedAt {
            moments.append(startedAt.advanced(by: timing.staleAfter))
        }
        return moments.map { $0.advanced(by: .microseconds(1)) }
    }

    /// What we answer to a peer's challenge, from committed state.
    public func heartbeatAnswer(to peer: PartyID, challenge: Hash32, now: Now) -> HeartbeatAnswer {
        HeartbeatAnswer(
            party: party, challenge: challenge, utc: now.utc, logSize: ownLog.size, holds: logs[peer]?.size ?? 0,
            // Rounded up: a desk never looks better staffed than it is.
            humanActAgeS: humanActAt.map {
                max(0, (now.monotonic.duration(since: $0).wholeNanoseconds + 999_999_999) / 1_000_000_000)
            },
            suspended: suspendedBy.contains(party), termsFingerprint: terms.fingerprint)
    }
}
