import Geodesy
import Kernel
import Records
import Separation

/// What each kind of record means, the same for our own and for a peer's.
extension Mechanism {
    mutating func understand(
        _ body: RecordBody, id: RecordID, leaf: Hash32, audience: [PartyID], _ turn: inout Turn,
        _ authority: inout some Authority
    ) {
        let record = DeferredRecord(body: body, id: id, leaf: leaf, audience: audience)
        guard !isEarly(record), !isEarlyAnswer(record) else { return deferRecord(record, &turn) }
        let problem: String?
        switch body.content {
        case .terms(let content): problem = propose(content, by: id, &turn)
        case .termsAcceptance(let content): problem = accept(content, by: id, &turn)
        case .notice(let content):
            problem = understand(content, body, id: id, leaf: leaf, audience: audience, &turn, &authority)
            takeDeferred(&turn, &authority)
        case .noticeEnd(let content): problem = understand(content, body, id: id, &turn, &authority)
        case .evaluated(let content): problem = understand(content, body, by: id, &turn)
        case .acknowledgement(let content): problem = understand(content, body, id: id, &turn)
        case .finding(let content): problem = understand(content, body, id: id, &turn)
        case .conflictPosition(let content): problem = understand(content, body, id: id, &turn)
        case .linkChange, .cover, .commCheck, .handover: problem = nil
        case .message(let content):
            problem = understand(content, body, id: id, audience: audience, &turn)
            takeDeferred(&turn, &authority)
        case .messageAcknowledgement(let content): problem = understand(content, body, id: id, &turn, &authority)
        case .presenceQuery(let content):
            problem = understand(content, body, id: id, audience: audience, &turn)
            takeDeferred(&turn, &authority)
        case .presenceAnswer(let content): problem = understand(content, body, id: id, audience: audience, &turn)
        case .passedOn(let content): problem = understand(content, body, id: id, &turn)
        case .disclosure(let content): problem = understand(content, body, id: id, audience: audience, &turn)
        case .stop(let content), .stopAnswer(let content), .stopEffect(let content):
            problem = understand(content, as: body.content.kind, by: id, &turn)
        case .keyChange(let content): problem = understand(content, by: id)
        case .lodged(let content): problem = understand(content, body, by: id, &turn)
        case .suspension(let content): problem = understand(content, by: id, &turn)
        case .privateCheck(let content): problem = understand(content, body, id: id, audience: audience, &turn)
        case .privateCheckDeposit(let content):
            if id.party == party { noteDeposit(content) }
            problem = understand(content, by: id, &turn)
        case .privateCheckRelease(let content):
            problem = understand(content, body, by: id, audience: audience, &turn)
        }
        if let problem { markUnreadable(id, problem, &turn) }
    }

    private mutating func propose(_ content: TermsProposal, by id: RecordID, _ turn: inout Turn) -> String? {
        proposedTerms[id.party] = content.terms
        if id.party != party {
            raise(.terms, subject: id.description, party: id.party, .routine, "\(id.party) proposes new terms.", &turn)
        }
        return nil
    }

    private mutating func accept(_ content: TermsAcceptance, by id: RecordID, _ turn: inout Turn) -> String? {
        guard id.index == 0 else { return "it accepts terms that were not proposed" }
        let agrees = content.fingerprint == terms.fingerprint && Array(content.terms.utf8) == terms.bytes
        guard let author = terms.party(id.party), content.carriesKey(of: author) else {
            return "it does not carry the ML-DSA-65 key that the terms promise"
        }
        logs.update(id.party) { $0.acceptsOurTerms = agrees }
        turn.show(.assurance)
        return agrees ? nil : "it accepts other terms than ours"
    }

    private mutating func understand(
        _ content: NoticeContent, _ body: RecordBody, id: RecordID, leaf: Hash32, audience: [PartyID], _ turn: inout Turn,
        _ authority: inout some Authority
    ) -> String? {
        guard let kind = terms.kind(content.kind) else { return "the terms know no kind \(content.kind)" }
        guard !kind.standing || content.reviewBy != nil else { return "a standing notice needs a review date" }
        for stated in content.volumes where !isUpright(stated.volume) { return "an altitude band is upside down" }
        let flags = irregularities(of: content.fields, kind: kind, at: body.createdAt)
        let precedence = flags.isEmpty ? kind.precedence : kind.precedence.raised
        var notice: Notice
        if let first = content.notice {
            guard first.party == id.party, notices.contains(first) || isOfFormerLog(first) else {
                return "it amends \(first), which we do not hold"
            }
            if let held = notices[first] {
                // Restated in a new log: which versions the ended one held is not known alike to all.
                let isRestated = isOfFormerLog(held.record)
                guard isRestated || held.version + 1 == content.version else {
                    return "it is version \(content.version) of \(first), and we hold \(held.version)"
                }
                guard isRestated || held.status != .ended else { return "it amends \(first), which has ended" }
                guard held.mode == body.mode, held.audience == audience else {
                    return "it changes mode or audience of \(first)"
                }
                notice = held
                notice.version = content.version
                notice.ended = nil
                notice.readBacks.removeAll { $0.version >= content.version }
            } else {
                if let problem = refusal(ofNewNoticeBy: id.party, to: audience) { return problem }
                notice = Notice(
                    first, content, body, audience: audience, record: id, leaf: leaf, filedAt: turn.now.utc)
            }
        } else {
            if let problem = refusal(ofNewNoticeBy: id.party, to: audience) { return problem }
            notice = Notice(id, content, body, audience: audience, record: id, leaf: leaf, filedAt: turn.now.utc)
        }
        unschedule(notices[notice.id])
        notice.record = id
        notice.leaf = leaf
        notice.officer = body.officer
        notice.createdAt = body.createdAt
        notice.fields = content.fields
        notice.flags = flags
        notice.precedence = precedence
        notice.status = .current
        notice.passedOn = SortedMap()
        notice.facts = SortedMap()
        for member in audience { notice.facts[member] = DeliveryFacts() }
        if id.party != party {
            // We hold it and are judging it now; the durable statement follows as our `evaluated`.
            notice.facts.update(party) { $0.evaluatedAt = turn.now.utc }
        }
        notices[notice.id] = notice
        passing.forget(notice.id)
        clear(.passingOn, subject: notice.id.description, &turn)
        followPassing(notice.id, &turn)
        hold(notice)
        clear(.overdue, subject: notice.id.description, &turn)
        clear(.unconfirmed, subject: notice.id.description, &turn)
        clear(.acknowledgementOverdue, subject: notice.id.description, &turn)
        clear(.readBackMismatch, subject: notice.id.description, &turn)
        expire(notice.id, &turn)
        if id.party != party { ring(for: notice, &turn) }
        turn.show(.notice(notice.id))
        reconsider(notice.id, &turn, &authority)
        holdToAnswers(notice.id, &turn)
        return nil
    }

    private func refusal(ofNewNoticeBy author: PartyID, to audience: [PartyID]) -> String? {
        guard notices.count < Limits.notices else { return "there are more notices than the limit" }
        guard audience.allSatisfy({ terms.party($0)?.role == .principal && $0 != author }) else {
            return "a notice is addressed to the other principals"
        }
        return nil
    }

    /// Short lead time, already begun, beyond the area: judged from the author's own time, so that every node
    /// flags the same.
    public func irregularities(of fields: NoticeFields, kind: TermsKind, at createdAt: UTCInstant) -> [IrregularFlag] {
        let start = NoticeContent(
            notice: nil, version: 1, kind: fields.kind, onBehalfOf: nil, volumes: fields.volumes, contact: "",
            remarks: nil, reviewBy: nil
        ).span.start
        var flags: [IrregularFlag] = []
        let lead = start.duration(since: createdAt)
        if lead < .zero {
            flags.append(.alreadyBegun)
        } else if lead < kind.leadTime {
            flags.append(.shortLead)
        }
        let isWithin = fields.volumes.allSatisfy { $0.volume.footprint.vertices.allSatisfy(terms.area.contains) }
        if !isWithin { flags.append(.beyondArea) }
        return flags
    }

    private mutating func understand(
        _ content: NoticeEnd, _ body: RecordBody, id: RecordID, _ turn: inout Turn, _ authority: inout some Authority
    ) -> String? {
        guard let notice = notices[content.notice], notice.owner == id.party else {
            let isFormer = content.notice.party == id.party && isOfFormerLog(content.notice)
            return isFormer ? nil : "it ends \(content.notice), which we do not hold"
        }
        let isFormer = isOfFormerLog(notice.record)
        guard isFormer || (notice.version == content.version && notice.status != .ended) else {
            return "it ends version \(content.version) of \(content.notice), and we hold \(notice.version)"
        }
        unschedule(notice)
        notices.update(notice.id) {
            $0.status = .ended
            $0.ended = EndFact(reason: content.reason, at: body.createdAt, record: id)
        }
        index.remove(notice.id)
        followPassing(notice.id, &turn)
        for kind in [
            Alarm.Kind.notice, .overdue, .unconfirmed, .acknowledgementOverdue, .ownCollision, .readBackMismatch,
        ] {
            clear(kind, subject: notice.id.description, &turn)
        }
        if id.party != party {
            // An end removes a warning, so the other desk hears of it.
            raise(
                .ended, subject: notice.id.description, party: id.party, .priority,
                "\(id.party) has ended notice \(notice.id) (\(notice.fields.kind), \(content.reason.rawValue)).", &turn)
        }
        turn.show(.notice(notice.id))
        reconsider(notice.id, &turn, &authority)
        return nil
    }

    private mutating func understand(
        _ content: Evaluated, _ body: RecordBody, by id: RecordID, _ turn: inout Turn
    ) -> String? {
        guard let log = logs[content.party], content.party != id.party else {
            return "it judges \(content.party)'s log"
        }
        let before = log.evaluatedBy[id.party] ?? 0
        guard content.size >= before else { return "it takes back a judgement" }
        guard content.party != party || content.size <= ownLog.size else {
            return "it judges records that we have not written"
        }
        logs.update(content.party) { log in
            log.evaluatedBy[id.party] = content.size
            if !content.unreadable.isEmpty {
                log.unreadableBy[id.party] = SortedSet(content.unreadable)
            }
        }
        if content.party == party, content.size > 0 {
            let last = min(content.size, ownLog.size)
            guard before < last else { return nil }
            for (index, notice) in ownRecords.elements(in: before...(last - 1))
            where !content.unreadable.contains(index) {
                notices.update(notice) { $0.facts.update(id.party) { $0.evaluatedAt = body.createdAt } }
                turn.show(.notice(notice))
            }
            updateCalls(before...(last - 1), at: id.party, &turn) { index, facts in
                if !content.unreadable.contains(index) { facts.evaluatedAt = body.createdAt }
            }
            turn.show(.assurance)
        }
        return nil
    }

    private mutating func understand(
        _ content: Acknowledgement, _ body: RecordBody, id: RecordID, _ turn: inout Turn
    ) -> String? {
        guard let notice = notices[content.notice] else { return nil }
        guard notice.audience.contains(id.party) else { return "it acknowledges a notice not addressed to its author" }
        guard content.version <= notice.version || isOfFormerLog(notice.id) else {
            return "it acknowledges a version that does not exist"
        }
        // A read-back that crossed with an amendment is kept by the log and acknowledges nothing; nor does one of
        // another record that the notice's author has shown its reader under the same name.
        guard content.version == notice.version, content.leaf == notice.leaf else { return nil }
        let mismatches = ReadBackComparison.mismatches(content.readBack, with: notice.fields, terms: terms)
        notices.update(notice.id) { notice in
            if notice.readBacks.count >= Limits.readBackAttempts { notice.readBacks.removeFirst() }
            notice.readBacks.append(
                ReadBackFact(
                    party: id.party, officer: body.officer, at: body.createdAt, version: content.version,
                    mismatches: mismatches))
            guard mismatches.isEmpty else { return }
            notice.facts.update(id.party) { facts in
                if facts.acknowledgedAt == nil {
                    facts.acknowledgedAt = body.createdAt
                    facts.acknowledgedBy = body.officer
                }
            }
        }
        if mismatches.isEmpty {
            if id.party == party {
                clear(.notice, subject: notice.id.description, &turn)
                clear(.acknowledgementOverdue, subject: notice.id.description, &turn)
            }
            if !hasOpenMismatch(notice.id) { clear(.readBackMismatch, subject: notice.id.description, &turn) }
        } else if notice.owner == party {
            let fields = mismatches.map(\.rawValue).joined(separator: ", ")
            raise(
                .readBackMismatch, subject: notice.id.description, party: id.party, .immediate,
                "\(id.party) read back notice \(notice.id) wrongly: \(fields).", &turn)
        }
        turn.show(.notice(notice.id))
        turn.show(.assurance)
        return nil
    }

    /// Whether some principal has read the newest version back wrongly and not yet rightly.
    private func hasOpenMismatch(_ id: NoticeID) -> Bool {
        guard let notice = notices[id] else { return false }
        return notice.readBacks.contains {
            $0.version == notice.version && !$0.mismatches.isEmpty && notice.facts[$0.party]?.acknowledgedAt == nil
        }
    }

    private mutating func understand(_ content: Suspension, by id: RecordID, _ turn: inout Turn) -> String? {
        if content.suspended {
            suspendedBy.insert(id.party)
            if id.party != party {
                raise(
                    .suspension, subject: id.party.name, party: id.party, .immediate,
                    "\(id.party) has suspended the mechanism. Notices still stand; nothing counts as clear.", &turn)
            }
        } else {
            suspendedBy.remove(id.party)
            links.update(id.party) { $0.resumedAtSize = max($0.resumedAtSize, id.index + 1) }
            clear(.suspension, subject: id.party.name, &turn)
        }
        turn.show(.link(id.party))
        turn.show(.assurance)
        return nil
    }
}
