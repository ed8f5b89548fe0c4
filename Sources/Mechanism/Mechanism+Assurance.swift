import Kernel
import Records

/// DESIGN's order, exactly: conflict, unknown, conditions, clear; the first that applies.
extension Mechanism {
    /// - Returns: `nil` when there is no such notice here.
    public func assurance(of id: NoticeID, now: Now) -> Assurance? {
        guard let notice = notices[id] else { return nil }
        return assurance(of: notice, Common(of: self, now))
    }

    /// Of the mechanism: every conflict in which we take part, and every doubt that is not about one notice.
    public func assurance(now: Now) -> Assurance { assurance(Common(of: self, now)) }

    /// A whole screen: of each of these that is here, in their order, and of the mechanism last. What all of them rest on is
    /// worked out once.
    public func assurances(of ids: [NoticeID], now: Now) -> [Assurance] {
        let common = Common(of: self, now)
        return ids.compactMap { notices[$0] }.map { assurance(of: $0, common) } + [assurance(common)]
    }

    /// What is the same for every notice at one moment.
    private struct Common {
        let doubts: [AssuranceReason]
        let evidence: [Assurance.Evidence]
        let validUntil: MonotonicInstant?

        init(of mechanism: Mechanism, _ now: Now) {
            doubts = mechanism.doubts(now)
            evidence = mechanism.evidence(now)
            validUntil = mechanism.validUntil(now)
        }
    }

    private func assurance(of notice: Notice, _ common: Common) -> Assurance {
        let involved = notice.conflicts.compactMap { conflicts[$0] }
        return assurance(notice: notice, conflicts: involved, doubts: common.doubts + doubts(about: notice), common)
    }

    private func assurance(_ common: Common) -> Assurance {
        let involved = conflicts.values.filter { $0.involves(party) }
        return assurance(notice: nil, conflicts: involved, doubts: common.doubts + undelivered(), common)
    }

    private func assurance(
        notice: Notice?, conflicts: [Conflict], doubts: [AssuranceReason], _ common: Common
    ) -> Assurance {
        let unsettled = conflicts.filter { $0.state == .open || $0.state == .disputed }
        let settled = conflicts.filter { $0.state == .settled }
        let conditions = settled.flatMap { conflict in
            conflict.positions[conflict.first.party]?.conditions ?? []
        }
        let doubts = doubts + outlived(settled, asking: notice)
        let reasons =
            unsettled.map { conflict -> AssuranceReason in
                let isFirst = notice.map { $0.id == conflict.first } ?? (conflict.first.party == party)
                return .conflict(
                    conflict.id, with: isFirst ? conflict.second : conflict.first, state: conflict.state)
            } + doubts
        let answer: Assurance.Answer =
            !unsettled.isEmpty ? .conflict : !doubts.isEmpty ? .unknown : !settled.isEmpty ? .conditions : .clear
        let holds = answer == .clear || answer == .conditions
        return Assurance(
            notice: notice?.id, answer: answer, reasons: reasons, conditions: conditions, evidence: common.evidence,
            gaps: gaps(notice), validUntil: holds ? common.validUntil : nil)
    }

    /// Conditions were agreed for stated windows; a notice past its own still conflicts, and nobody agreed to that.
    private func outlived(_ settled: [Conflict], asking notice: Notice?) -> [AssuranceReason] {
        let involved = SortedSet(settled.flatMap { [$0.first, $0.second] })
        return involved.compactMap { id in
            guard id != notice?.id, let held = notices[id], held.status == .overdue || held.status == .unconfirmed
            else { return nil }
            return .pastItsTime(id, held.status)
        }
    }

    /// For the mechanism as a whole: the first of our own notices that a principal has not receipted or judged.
    private func undelivered() -> [AssuranceReason] {
        var doubts: [AssuranceReason] = []
        for member in counterparts {
            if let record = firstOwnRecord(from: links[member]?.receipted ?? 0, addressedTo: member) {
                doubts.append(.notReceipted(member, record))
            }
            if let record = firstOwnRecord(from: ownLog.evaluatedBy[member] ?? 0, addressedTo: member) {
                doubts.append(.notEvaluated(member, record))
            }
        }
        return doubts
    }

    private func firstOwnRecord(from index: LogIndex, addressedTo member: PartyID) -> RecordID? {
        ownRecords.elements(in: index...max(index, ownLog.size))
            .first { notices[$0.value]?.audience.contains(member) ?? false }
            .map { RecordID(party: party, index: $0.key) }
    }

    private func evidence(_ now: Now) -> [Assurance.Evidence] {
        counterparts.compactMap { member in
            logs[member].map { log in
                Assurance.Evidence(
                    party: member, size: log.size, root: log.tree.root,
                    age: links[member]?.freshAt.map { now.monotonic.duration(since: $0) })
            }
        }
    }

    private func gaps(_ notice: Notice?) -> [CoverageGap] {
        var gaps: [CoverageGap] = counterparts.compactMap { member in
            guard let withheld = logs[member]?.withheld, withheld > 0 else { return nil }
            return .notAddressedToUs(member, records: withheld)
        }
        if let notice {
            for (member, facts) in notice.facts where facts.acknowledgedAt == nil {
                gaps.append(.notAcknowledged(member, notice.id))
            }
        }
        for id in calls.dangers where calls.messages[id]?.mode == notice?.mode ?? .real {
            gaps.append(.dangerNotAcknowledged(id.party, id))
        }
        return gaps + [.plansNotFiled]
    }

    /// The earliest moment at which some evidence goes stale or a desk goes unstaffed.
    private func validUntil(_ now: Now) -> MonotonicInstant? {
        let timing = terms.timing
        var moments: [MonotonicInstant] = []
        for member in counterparts {
            guard let link = links[member] else { continue }
            if let freshAt = link.freshAt { moments.append(freshAt.advanced(by: timing.staleAfter)) }
            if let actAt = link.humanActAt { moments.append(actAt.advanced(by: timing.unstaffedAfter)) }
        }
        if let humanActAt { moments.append(humanActAt.advanced(by: timing.unstaffedAfter)) }
        if let next = schedule.first {
            moments.append(now.monotonic.advanced(by: next.at.duration(since: now.utc)))
        }
        return moments.min().map { max($0, now.monotonic) }
    }

    /// Every doubt that concerns the mechanism as a whole.
    private func doubts(_ now: Now) -> [AssuranceReason] {
        var doubts: [AssuranceReason] = []
        if storageDegraded { doubts.append(.storageDegraded) }
        doubts += stops.stops.flatMap { id, fact in
            fact.claims.filter { $0.value.isOpen && $0.value.mode == .real }.map { .stopOpen($0.key, id) }
        }
        if !maySign { doubts.append(.notSigning(party)) }
        doubts += deferred.map { .waiting($0.id) }
        if role == .mediator { doubts.append(.judgesNothing(party)) }
        if clock.steppedAt != nil || hasSteppedSinceLastEvent(now) || hasCrept(now) { doubts.append(.clockStepped) }
        // Its time has come, and the tick that makes it open-ended has not: what it collides with is not known.
        if let next = schedule.first, next.at < now.utc, let notice = notices[next.notice] {
            doubts.append(.pastItsTime(notice.id, notice.isDueForReview ? .unconfirmed : .overdue))
        }
        for member in terms.principals.map(\.id) {
            if isSuspended(by: member) { doubts.append(.suspended(member)) }
            guard let log = logs[member] else { continue }
            if log.fork != nil { doubts.append(.logFrozen(member)) }
            if let size = log.announced.keys.last { doubts.append(.headNotCompared(member, size: log.start + size)) }
            for index in log.unreadable.keys { doubts.append(.unreadableHere(RecordID(party: member, index: index))) }
            for (reader, indices) in log.unreadableBy where reader != party {
                doubts += indices.map { .unreadableThere(reader, RecordID(party: member, index: $0)) }
            }
            guard member != party else {
                if isOwnDeskUnstaffed(at: now.monotonic) { doubts.append(.unstaffed(member)) }
                continue
            }
            doubts += linkDoubts(member, log: log, now)
        }
        return doubts
    }

    private func linkDoubts(_ member: PartyID, log: HeldLog, _ now: Now) -> [AssuranceReason] {
        guard let link = links[member], let freshAt = link.freshAt, let answer = link.answer else {
            return [.neverHeard(member)]
        }
        var doubts: [AssuranceReason] = []
        let age = now.monotonic.duration(since: freshAt)
        if age > terms.timing.staleAfter || storesSince.map({ freshAt <= $0 }) == true {
            doubts.append(.evidenceStale(member, age: age))
        }
        if answer.logSize > log.size { doubts.append(.headLarger(member, theirs: answer.logSize, ours: log.size)) }
        if let less = link.showsLess { doubts.append(.headSmaller(member, theirs: less, ours: log.size)) }
        // It holds more of our records than we do: this node was restored from an old copy.
        if answer.holds > ownLog.size { doubts.append(.headLarger(party, theirs: answer.holds, ours: ownLog.size)) }
        if answer.termsFingerprint != terms.fingerprint || !log.acceptsOurTerms { doubts.append(.termsDiffer(member)) }
        if isUnstaffed(link, at: now.monotonic) { doubts.append(.unstaffed(member)) }
        if let difference = link.clockDifference, difference.magnitude > terms.timing.skewMax {
            doubts.append(.clockDiffers(member, by: difference))
        }
        return doubts
    }

    /// A step that no event has told us of yet: the reader's own look at both clocks.
    private func hasSteppedSinceLastEvent(_ now: Now) -> Bool {
        guard let last = clock.last else { return false }
        return creep(since: last, now) > terms.timing.skewMax
    }

    /// In steps too small to be seen one by one, or by running fast: what was compared with the others' is not what runs now.
    private func hasCrept(_ now: Now) -> Bool {
        counterparts.contains { member in
            guard let link = links[member], link.freshAt != nil, let answeredAt = link.answeredAt else { return false }
            return creep(since: answeredAt, now) > terms.timing.skewMax
        }
    }

    /// By how much our UTC has run otherwise than our monotonic clock.
    private func creep(since then: Now, _ now: Now) -> Duration {
        (now.utc.duration(since: then.utc) - now.monotonic.duration(since: then.monotonic)).magnitude
    }

    /// Every doubt that concerns one notice.
    private func doubts(about notice: Notice) -> [AssuranceReason] {
        switch notice.status {
        case .ended: return [.ended(notice.id)]
        case .overdue, .unconfirmed, .current: break
        }
        var doubts: [AssuranceReason] = []
        if notice.status != .current { doubts.append(.pastItsTime(notice.id, notice.status)) }
        let needsAcknowledgement = terms.kind(notice.fields.kind)?.needsAcknowledgement ?? true
        for member in notice.audience {
            let facts = notice.facts[member]
            if member != party {
                if notice.owner == party, facts?.receiptedAt == nil {
                    doubts.append(.notReceipted(member, notice.record))
                }
                let judged = logs[notice.owner]?.evaluatedBy[member] ?? 0
                if judged <= notice.record.index { doubts.append(.notEvaluated(member, notice.record)) }
            }
            if needsAcknowledgement, facts?.acknowledgedAt == nil {
                doubts.append(.needsAcknowledgement(member, notice.id))
            }
        }
        return doubts + notPassedOn(notice).map { .needsPassingOn($0, notice.id) }
    }
}
