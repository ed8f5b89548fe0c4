import Kernel
import Records
import Separation

extension Mechanism {
    /// What `fields` would collide with, own notices included; `except` is the notice that they would replace.
    public func collisions(of fields: NoticeFields, mode: Mode, except: NoticeID?) -> [Collision] {
        index.query(fields.volumes.map(\.volume), kind: fields.kind, mode: mode, excluding: nil, tables: [terms.minima])
            .filter { $0.key != except }
            .map { hit in
                let other = hit.key
                let conflict =
                    other.party == party
                    ? nil
                    : except.map { Conflict.id(mechanism: terms.mechanism, mode: mode, $0, other) }
                return Collision(
                    notice: other, conflict: conflict, proven: hit.proven, volume: hit.queryVolume,
                    otherVolume: hit.volume)
            }
    }

    /// Puts a notice into the index and the schedule, in its present state.
    mutating func hold(_ notice: Notice) {
        index.remove(notice.id)
        guard notice.status != .ended else { return }
        if notice.owner == party { ownRecords[notice.record.index] = notice.id }
        index.insert(
            notice.id, owner: notice.owner, kind: notice.fields.kind, mode: notice.mode, volumes: notice.volumes)
        if notice.status == .current { schedule.insert(ScheduledNotice(at: notice.expiry, notice: notice.id)) }
    }

    mutating func unschedule(_ notice: Notice?) {
        guard let notice else { return }
        schedule.remove(ScheduledNotice(at: notice.expiry, notice: notice.id))
        if notice.owner == party { ownRecords.removeValue(forKey: notice.record.index) }
    }

    /// Makes a notice overdue or unconfirmed when its time has come.
    mutating func expire(_ id: NoticeID, _ turn: inout Turn) {
        guard let notice = notices[id], notice.status == .current, turn.now.utc > notice.expiry else { return }
        unschedule(notice)
        let isReview = notice.isDueForReview
        notices.update(id) { $0.status = isReview ? .unconfirmed : .overdue }
        if let changed = notices[id] { hold(changed) }
        if notice.owner == party {
            raise(
                isReview ? .unconfirmed : .overdue, subject: id.description, party: nil, .immediate,
                isReview
                    ? "Your notice \(id) has passed its review date. Confirm it by a new version, or end it."
                    : "The window of your notice \(id) has passed. Say that it is over, or amend it.", &turn)
        }
        turn.show(.notice(id))
    }

    /// Judges one notice anew against all others, after any change of it.
    mutating func reconsider(_ id: NoticeID, _ turn: inout Turn, _ authority: inout some Authority) {
        guard let notice = notices[id] else { return }
        var proofs = SortedMap<NoticeID, Bool>()
        var ofOurs = SortedSet<NoticeID>()
        if notice.status != .ended {
            let hits = index.query(
                notice.volumes, kind: notice.fields.kind, mode: notice.mode, excluding: nil, tables: [terms.minima])
            for hit in hits where hit.key != id {
                if hit.key.party == notice.owner {
                    if notice.owner == party { ofOurs.insert(hit.key) }
                } else {
                    proofs[hit.key] = (proofs[hit.key] ?? false) || hit.proven
                }
            }
        }
        var touched = notice.conflicts
        for (other, proven) in proofs {
            let conflict = open(mode: notice.mode, id, other, at: turn.now.utc)
            conflicts.update(conflict) { $0.ownProof = proven ? .proven : .undecided }
            touched.insert(conflict)
        }
        for conflictID in touched {
            guard let conflict = conflicts[conflictID] else { continue }
            let other = conflict.first == id ? conflict.second : conflict.first
            if !proofs.contains(other) { conflicts.update(conflictID) { $0.ownProof = nil } }
            settleState(conflictID, isNewVersion: true, &turn)
        }
        if notice.owner == party { warnOfOwnCollisions(id, with: ofOurs, &turn) }
        for conflictID in touched { find(conflictID, &turn, &authority) }
    }

    /// Keeps both directions, so that whichever of the two moves away quiets both.
    private mutating func warnOfOwnCollisions(
        _ id: NoticeID, with others: SortedSet<NoticeID>, _ turn: inout Turn
    ) {
        for other in ownCollisions[id] ?? SortedSet() where !others.contains(other) {
            ownCollisions.update(other) { $0.remove(id) }
            guard ownCollisions[other]?.isEmpty ?? true else { continue }
            ownCollisions[other] = nil
            clear(.ownCollision, subject: other.description, &turn)
        }
        for other in others { ownCollisions[other, default: SortedSet()].insert(id) }
        ownCollisions[id] = others.isEmpty ? nil : others
        guard !others.isEmpty else {
            clear(.ownCollision, subject: id.description, &turn)
            return
        }
        let names = others.map(\.description).joined(separator: ", ")
        raise(
            .ownCollision, subject: id.description, party: nil, .routine,
            "Your notice \(id) collides with your own \(names).", &turn)
    }

    mutating func open(mode: Mode, _ a: NoticeID, _ b: NoticeID, at now: UTCInstant) -> ConflictID {
        let id = Conflict.id(mechanism: terms.mechanism, mode: mode, a, b)
        if !conflicts.contains(id) {
            conflicts[id] = Conflict(
                id: id, mode: mode, first: min(a, b), second: max(a, b), ownProof: nil, findings: SortedMap(),
                positions: SortedMap(), state: .cleared, openedAt: now, clearedAt: now)
            for notice in [a, b] { notices.update(notice) { $0.conflicts.insert(id) } }
        }
        return id
    }

    /// Signs a finding for a conflict that our geometry sees and in which we take part, once per pair of versions.
    mutating func find(_ id: ConflictID, _ turn: inout Turn, _ authority: inout some Authority) {
        guard maySign, role == .principal, let conflict = conflicts[id], let proof = conflict.ownProof,
            conflict.involves(party), let (first, second) = versions(of: conflict)
        else { return }
        if let mine = conflict.findings[party], mine.firstVersion == first.version,
            mine.secondVersion == second.version
        {
            return
        }
        // Whoever was not told of both notices learns nothing of them from the collision; our own desk is warned.
        let audience = audience(of: conflict)
        guard !audience.isEmpty else { return }
        author(
            .finding(Finding(conflict: id, first: first, second: second, proven: proof == .proven)),
            mode: conflict.mode, officer: nil, audience: audience, &turn, &authority)
    }

    /// The other principals who were told of a notice, its owner included.
    func readers(of notice: Notice) -> [PartyID] {
        counterparts.filter { $0 == notice.owner || notice.audience.contains($0) }
    }

    /// The other principals who were told of both notices.
    func audience(of conflict: Conflict) -> [PartyID] {
        guard let first = notices[conflict.first], let second = notices[conflict.second] else { return [] }
        let readers = readers(of: first)
        return self.readers(of: second).filter(readers.contains)
    }

    func versions(of conflict: Conflict) -> (NoticeVersion, NoticeVersion)? {
        guard let first = notices[conflict.first], let second = notices[conflict.second] else { return nil }
        return (
            NoticeVersion(notice: first.id, version: first.version),
            NoticeVersion(notice: second.id, version: second.version)
        )
    }

    mutating func understand(
        _ content: Finding, _ body: RecordBody, id: RecordID, _ turn: inout Turn
    ) -> String? {
        guard terms.party(id.party)?.role == .principal else { return "only principals find conflicts" }
        guard
            content.conflict
                == Conflict.id(
                    mechanism: terms.mechanism, mode: body.mode, content.first.notice, content.second.notice)
        else { return "the conflict's id is not that of its notices" }
        guard let first = notices[content.first.notice], let second = notices[content.second.notice] else {
            // A notice that was never addressed to us cannot be ours to judge.
            let involvesUs = content.first.notice.party == party || content.second.notice.party == party
            let isFormer = isOfFormerLog(content.first.notice) || isOfFormerLog(content.second.notice)
            return involvesUs && !isFormer ? "it finds a conflict with a notice that we do not hold" : nil
        }
        guard first.owner != second.owner, first.mode == body.mode, second.mode == body.mode else {
            return "its notices cannot collide"
        }
        guard content.first.version <= first.version, content.second.version <= second.version else {
            let isFormer = isOfFormerLog(first.id) || isOfFormerLog(second.id)
            return isFormer ? nil : "it names a version that does not exist"
        }
        let conflict = open(mode: body.mode, first.id, second.id, at: turn.now.utc)
        conflicts.update(conflict) {
            $0.findings[id.party] = FindingFact(
                firstVersion: content.first.version, secondVersion: content.second.version, proven: content.proven,
                record: id)
        }
        settleState(conflict, isNewVersion: false, &turn)
        return nil
    }

    mutating func understand(
        _ content: ConflictPosition, _ body: RecordBody, id: RecordID, _ turn: inout Turn
    ) -> String? {
        guard let first = notices[content.first.notice], let second = notices[content.second.notice] else { return nil }
        guard
            content.conflict
                == Conflict.id(mechanism: terms.mechanism, mode: body.mode, first.id, second.id),
            first.id < second.id, first.owner != second.owner
        else { return "the conflict's id is not that of its notices" }
        guard first.owner == id.party || second.owner == id.party else { return "it speaks of a conflict of others" }
        // Between two others, whoever found it may still be on its way to us.
        guard conflicts.contains(content.conflict) || (first.owner != party && second.owner != party) else {
            return "it speaks of a conflict that nobody found"
        }
        _ = open(mode: body.mode, first.id, second.id, at: turn.now.utc)
        conflicts.update(content.conflict) {
            $0.positions[id.party] = PositionFact(
                firstVersion: content.first.version, secondVersion: content.second.version, stance: content.stance,
                conditions: content.conditions, remarks: content.remarks, officer: body.officer, at: body.createdAt,
                record: id)
        }
        settleState(content.conflict, isNewVersion: false, &turn)
        if id.party != party, let conflict = conflicts[content.conflict], conflict.involves(party) {
            ring(for: conflict, content.stance, by: id.party, &turn)
        }
        return nil
    }

    /// What the other side says to a conflict is news for this desk: an offer that nobody sees settles nothing, and
    /// a settlement removes a warning.
    private mutating func ring(
        for conflict: Conflict, _ stance: ConflictPosition.Stance, by other: PartyID, _ turn: inout Turn
    ) {
        let between = "the conflict between \(conflict.first) and \(conflict.second)"
        switch (conflict.state, stance) {
        case (.settled, _):
            raise(
                .conflict, subject: conflict.id.hex, party: other, .priority,
                "\(other) settles \(between) under the same conditions as you.", &turn)
        case (.open, .settle):
            raise(
                .conflict, subject: conflict.id.hex, party: other, .immediate,
                "\(other) offers conditions for \(between).", &turn)
        case (.open, .withdraw):
            raise(
                .conflict, subject: conflict.id.hex, party: other, .immediate,
                "\(other) takes back its position on \(between).", &turn)
        case (.open, .dispute), (.disputed, _), (.cleared, _): break
        }
    }

    /// Recomputes a conflict's state from the facts, and rings or clears. See the table on ``Conflict``.
    mutating func settleState(_ id: ConflictID, isNewVersion: Bool, _ turn: inout Turn) {
        guard let conflict = conflicts[id] else { return }
        let state = stateNow(of: conflict)
        conflicts.update(id) {
            $0.state = state
            $0.clearedAt =
                state == .cleared ? ($0.state == .cleared ? $0.clearedAt ?? turn.now.utc : turn.now.utc) : nil
        }
        turn.show(.conflict(id))
        turn.show(.notice(conflict.first))
        turn.show(.notice(conflict.second))
        turn.show(.assurance)
        guard conflict.involves(party) else { return }
        switch state {
        case .cleared, .settled: clear(.conflict, subject: id.hex, &turn)
        case .open, .disputed:
            let isNews = conflict.state != state || isNewVersion
            let precedence = [conflict.first, conflict.second].compactMap { notices[$0]?.precedence }.min() ?? .flash
            let sentence =
                "Conflict between \(conflict.first) and \(conflict.second)\(state == .disputed ? ", disputed" : "")."
            if isNews || alarms[Alarm.id(.conflict, id.hex)] == nil {
                raise(.conflict, subject: id.hex, party: nil, precedence.raised, sentence, &turn)
            }
        }
    }

    private func stateNow(of conflict: Conflict) -> ConflictState {
        guard let first = notices[conflict.first], let second = notices[conflict.second],
            first.status != .ended, second.status != .ended
        else { return .cleared }
        let isFound = conflict.findings.contains {
            $0.value.firstVersion == first.version && $0.value.secondVersion == second.version
        }
        guard conflict.ownProof != nil || isFound else { return .cleared }
        let current = [first.owner, second.owner].map { owner in
            conflict.positions[owner].flatMap {
                $0.firstVersion == first.version && $0.secondVersion == second.version ? $0 : nil
            }
        }
        if current.contains(where: { $0?.stance == .dispute }) { return .disputed }
        if let a = current[0], let b = current[1], a.stance == .settle, b.stance == .settle,
            a.conditions == b.conditions
        {
            return .settled
        }
        return .open
    }
}
