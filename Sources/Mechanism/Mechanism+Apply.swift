import Geodesy
import JointLog
import Kernel
import Records
import Separation

extension Mechanism {
    mutating func apply(
        _ event: PreparedEvent, _ turn: inout Turn, _ authority: inout some Authority
    ) -> Reply {
        switch event {
        case .started: return start(&turn)
        case .tick:
            turn.show(.assurance)
            return .done
        case .present: return humanAct(&turn)
        case .file(let fields, let mode, let audience, let officer):
            _ = humanAct(&turn)
            return write(fields, of: nil, mode: mode, audience: audience, officer: officer, &turn, &authority)
        case .amend(let id, let fields, let officer):
            _ = humanAct(&turn)
            guard let notice = notices[id] else { return .done }
            return write(
                fields, of: notice, mode: notice.mode, audience: notice.audience, officer: officer, &turn, &authority)
        case .end(let id, let reason, let remarks, let officer):
            _ = humanAct(&turn)
            guard let notice = notices[id] else { return .done }
            let content = NoticeEnd(notice: id, version: notice.version, reason: reason, remarks: remarks)
            author(
                .noticeEnd(content), mode: notice.mode, officer: officer, audience: notice.audience, &turn, &authority)
            return .done
        case .acknowledge(let id, let version, let readBack, let officer):
            _ = humanAct(&turn)
            guard let notice = notices[id] else { return .done }
            let content = Acknowledgement(notice: id, version: version, leaf: notice.leaf, readBack: readBack)
            author(
                .acknowledgement(content), mode: notice.mode, officer: officer, audience: readers(of: notice), &turn,
                &authority)
            return .acknowledged(ReadBackComparison.mismatches(readBack, with: notice.fields, terms: terms))
        case .position(let id, let stance, let conditions, let remarks, let officer):
            _ = humanAct(&turn)
            guard let conflict = conflicts[id], let (first, second) = versions(of: conflict) else { return .done }
            let content = ConflictPosition(
                conflict: id, first: first, second: second, stance: stance, conditions: conditions, remarks: remarks)
            author(
                .conflictPosition(content), mode: conflict.mode, officer: officer, audience: audience(of: conflict),
                &turn, &authority)
            return .done
        case .suspend(let suspended, let reason, let officer):
            _ = humanAct(&turn)
            author(
                .suspension(Suspension(suspended: suspended, reason: reason)), mode: .real, officer: officer,
                audience: counterparts, &turn, &authority)
            return .done
        case .proposeTerms(let text, let officer):
            _ = humanAct(&turn)
            author(
                .terms(TermsProposal(terms: text)), mode: .real, officer: officer, audience: counterparts, &turn,
                &authority)
            return .done
        case .acknowledgeAlarm(let id, let officer):
            _ = humanAct(&turn)
            let isNews = alarms[id].map(isOnlyNews) ?? false
            alarms.update(id) { alarm in
                alarm.state = isNews ? .cleared : .acknowledged
                alarm.acknowledgedBy = officer
            }
            turn.show(.alarm(id))
            return .done
        case .signUnconfirmed(let reason, let officer):
            _ = humanAct(&turn)
            return signUnconfirmed(reason: reason, officer: officer, &turn, &authority)
        case .entries(let log, let records, let note): return take(records, of: log, note: note, &turn, &authority)
        case .alreadyHeld(let log): return .holding(size: logs[log.party]?.size ?? 0)
        case .fork(let log, let proof): return freeze(log, proof, &turn)
        case .receipts(let receipts):
            for receipt in receipts { apply(receipt, isRelayed: false, &turn) }
            return .done
        case .heads(let from, let heads): return apply(heads, from: from, &turn)
        case .keys(let history): return apply(history, &turn)
        case .epoch(let log): return begin(log, &turn, &authority)
        case .attempts(let attempts): return apply(attempts, &turn, &authority)
        case .call(let call):
            _ = humanAct(&turn)
            return apply(call, &turn, &authority)
        case .watch(let act):
            if case .confirmed = act {} else { _ = humanAct(&turn) }
            return apply(act, &turn, &authority)
        case .pend(let command, let officer):
            _ = humanAct(&turn)
            return pend(command, by: officer, &turn)
        case .cover(let cover):
            author(.cover(cover), mode: .real, officer: nil, audience: counterparts, &turn, &authority)
            return .done
        case .check(let act):
            if case .seal = act { _ = humanAct(&turn) }
            if case .endPlan = act { _ = humanAct(&turn) }
            return apply(act, &turn, &authority)
        case .stop(let message, let note): return apply(stop: message, note: note, &turn, &authority)
        case .heartbeat(let answer, let sentAt): return apply(answer, sentAt: sentAt, &turn)
        }
    }

    private mutating func start(_ turn: inout Turn) -> Reply {
        // What somebody has shown under our signature stays true when the process begins anew.
        if signing == .confirmed { signing = .unconfirmed }
        signingKey = nil
        lackedKey = nil
        sealing.restart(log: ownLog.id)
        turn.push()
        turn.show(.assurance)
        return .done
    }

    mutating func humanAct(_ turn: inout Turn) -> Reply {
        let wasUnstaffed = isOwnDeskUnstaffed(at: turn.now.monotonic)
        humanActAt = turn.now.monotonic
        if wasUnstaffed { turn.show(.assurance) }
        return .done
    }

    /// Writes a first or later version of one of our notices.
    private mutating func write(
        _ fields: NoticeFields, of notice: Notice?, mode: Mode, audience: [PartyID], officer: String,
        _ turn: inout Turn, _ authority: inout some Authority
    ) -> Reply {
        let version = (notice?.version ?? 0) + 1
        let content = NoticeContent(
            notice: notice?.id, version: version, kind: fields.kind, onBehalfOf: fields.onBehalfOf,
            volumes: fields.volumes, contact: fields.contact, remarks: fields.remarks, reviewBy: fields.reviewBy)
        let record = author(
            .notice(content), mode: mode, officer: officer, audience: audience, &turn, &authority)
        let id = notice?.id ?? record
        return .filed(id, version: version, collisions: collisions(of: fields, mode: mode, except: id))
    }

    /// Appends a record of ours: makes its bytes, grows our tree, and applies it as if it had come from a peer.
    @discardableResult
    mutating func author(
        _ content: RecordContent, mode: Mode, officer: String?, audience: [PartyID], _ turn: inout Turn,
        _ authority: inout some Authority
    ) -> RecordID {
        let log = ownLog
        let id = RecordID(party: party, index: log.size)
        let body = RecordBody(
            mode: mode, createdAt: turn.now.utc, officer: officer,
            secondOfficer: officer == nil ? nil : turn.secondOfficer, content: content)
        let seen = logs.compactMap { author, log in
            author == party || log.tree.size == 0
                ? nil : RecordHeader.SeenHead(party: author, size: log.tree.size, root: log.tree.root)
        }
        let audience = audience.sorted()
        let salt = authority.salt()
        let plan = sealPlan(id.index, to: audience, &authority)
        let envelope = RecordWriter(mechanism: terms.mechanism, author: party).record(
            index: id.index, body: body, audience: audience, termsVersion: terms.version, seen: seen,
            relay: .ordinary, salt: salt, plan: plan, sign: { authority.sign($0) })
        guard let envelope else {
            // Commands were judged for their length and what the node writes by itself is bounded.
            preconditionFailure("a record of ours is too long")
        }
        rememberOwnSeal(envelope, plan)
        let leaf = MerkleHash.leaf(envelope.signed)
        logs.update(party) { $0.tree.append(leaf) }
        turn.writes.append(LogWrite(log: log.id, leaf: log.tree.size, record: id, envelope: envelope.encoded))
        turn.push()
        understand(body, id: id, leaf: leaf, audience: audience, &turn, &authority)
        return id
    }

    mutating func markUnreadable(_ record: RecordID, _ reason: String, _ turn: inout Turn) {
        let isBeyond = (logs[record.party]?.unreadable.count ?? 0) >= Limits.unreadableRecords
        logs.update(record.party) { log in
            log.unreadable[record.index] = reason
            // The newest are named, and as long as any is, nothing of that log counts as clear.
            if isBeyond, let oldest = log.unreadable.first { log.unreadable[oldest.key] = nil }
        }
        if isBeyond {
            raiseOnce(
                .unreadable, subject: record.party.name, party: record.party, .immediate,
                "More than \(Limits.unreadableRecords) records of \(record.party) cannot be understood.", &turn)
        } else {
            raise(
                .unreadable, subject: record.description, party: record.party, .immediate,
                "Record \(record) of \(record.party) cannot be understood: \(reason).", &turn)
        }
        turn.show(.assurance)
    }
}

extension RecordKind {
    /// Whether a peer states that it has judged such a record. Statements about statements are not judged, or
    /// two nodes would answer each other for ever.
    var isJudged: Bool {
        switch self {
        case .evaluated, .linkChange, .lodged, .cover, .commCheck, .disclosure, .privateCheck, .privateCheckDeposit,
            .privateCheckRelease:
            false
        case .terms, .termsAcceptance, .notice, .noticeEnd, .acknowledgement, .finding, .conflictPosition, .suspension,
            .keyChange, .message, .presenceQuery, .presenceAnswer, .passedOn, .handover, .stop, .stopAnswer, .stopEffect:
            true
        }
    }
}
