import Geodesy
import Kernel
import Records
import Separation

/// Presence queries: who has forces in an area, in signed words that bind (Khasham).
extension Mechanism {
    func prepareQuery(
        _ query: PresenceQuery, mode: Mode, to: [PartyID]?, officer: String, now: Now
    ) throws(Refusal) -> PreparedCall {
        try mayWrite()
        let audience = try audience(of: to, among: counterparts)
        try mustNotBeSuspended(audience)
        guard isUpright(query.volume.volume) else { throw .altitudeReversed(volume: 0) }
        guard hasRoomForQuery(at: now.utc) else { throw .tooManyCalls }
        return PreparedCall(content: .presenceQuery(query), mode: mode, audience: audience, officer: officer)
    }

    func prepareAnswer(
        _ answer: PresenceAnswer, officer: String, now: Now
    ) throws(Refusal) -> PreparedCall {
        try mayWrite()
        guard let exchange = calls.presence[answer.query] else { throw .noSuchQuery(answer.query) }
        guard exchange.audience.contains(party) else { throw .notYourCall(answer.query) }
        if let problem = problem(withValidityOf: answer, from: now.utc) {
            throw .field(FieldRejection(path: "validUntil", problem: .outOfRange(rule: problem)))
        }
        return PreparedCall(
            content: .presenceAnswer(answer), mode: exchange.mode, audience: [answer.query.party], officer: officer)
    }

    private func problem(withValidityOf answer: PresenceAnswer, from utc: UTCInstant) -> String? {
        guard let until = answer.validUntil else { return nil }
        let validity = until.duration(since: utc)
        return validity > .zero && validity <= Limits.windowLongest ? nil : "after it is given, within 30 days"
    }

    mutating func understand(
        _ content: PresenceQuery, _ body: RecordBody, id: RecordID, audience: [PartyID], _ turn: inout Turn
    ) -> String? {
        guard terms.party(id.party)?.role == .principal else { return "only principals ask for presence" }
        guard !audience.isEmpty, audience.allSatisfy({ terms.party($0)?.role == .principal && $0 != id.party }) else {
            return "a query is addressed to the other principals"
        }
        guard isUpright(content.volume.volume) else { return "its altitude band is upside down" }
        guard makeRoomForQuery(at: turn.now.utc) else { return "there are more presence queries than the limit" }
        var exchange = PresenceExchange(
            id: id, mode: body.mode, audience: audience, createdAt: body.createdAt, officer: body.officer,
            query: content,
            dueAt: due(
                content.precedence, asked: content.due, start: content.volume.volume.window.start,
                createdAt: body.createdAt),
            facts: SortedMap(), answers: SortedMap())
        for member in audience { exchange.facts[member] = CallFacts() }
        if audience.contains(party) { exchange.facts.update(party) { $0.evaluatedAt = turn.now.utc } }
        calls.presence[id] = exchange
        if id.party == party {
            calls.waits[id] = onOurClock(exchange.dueAt, turn.now)
        } else if audience.contains(party) {
            let drill = body.mode == .drill ? "DRILL: " : ""
            raise(
                .presenceQuery, subject: id.description, party: id.party, content.precedence,
                "\(drill)\(id.party) asks whether you, or forces with you, are in an area. Answer none, some or decline.",
                dueAt: onOurClock(exchange.dueAt, turn.now), dueUTC: exchange.dueAt, &turn)
        }
        turn.show(.presence(id))
        return nil
    }

    mutating func understand(
        _ content: PresenceAnswer, _ body: RecordBody, id: RecordID, audience: [PartyID], _ turn: inout Turn
    ) -> String? {
        guard let exchange = calls.presence[content.query] else { return nil }
        guard exchange.audience.contains(id.party) else { return "it answers a query that was not put to its author" }
        if let problem = problem(withValidityOf: content, from: body.createdAt) {
            return "its validity is not \(problem)"
        }
        if let old = exchange.answers[id.party] {
            clear(.presenceContradicted, subject: old.record.description, &turn)
        }
        calls.presence.update(exchange.id) {
            $0.answers[id.party] = PresenceFact(
                record: id, answer: content, officer: body.officer, createdAt: body.createdAt, contradictedBy: [])
            $0.facts.update(id.party) { facts in
                if facts.acknowledgedAt == nil {
                    facts.acknowledgedAt = body.createdAt
                    facts.acknowledgedBy = body.officer
                }
            }
        }
        if id.party == party { clear(.presenceQuery, subject: exchange.id.description, &turn) }
        if exchange.id.party == party {
            answered(exchange.id, missing: calls.presence[exchange.id]?.missing ?? [], &turn)
        }
        turn.show(.presence(exchange.id))
        if content.answer == .none {
            for (notice, held) in notices where held.owner == id.party {
                contradict(exchange.id, by: notice, &turn)
            }
        }
        return nil
    }

    // MARK: Contradictions

    /// After any change of a notice: its owner may have said that there is nobody.
    mutating func holdToAnswers(_ notice: NoticeID, _ turn: inout Turn) {
        for (id, exchange) in calls.presence where exchange.answers[notice.party]?.answer.answer == PresenceAnswer.Answer.none {
            contradict(id, by: notice, &turn)
        }
    }

    /// Rings both desks when a notice of the answering party, for itself or for others, meets a volume that it said was
    /// empty. Both nodes hold the answer and the notice in the order of one log, so both find the same.
    private mutating func contradict(_ query: RecordID, by id: NoticeID, _ turn: inout Turn) {
        guard let exchange = calls.presence[query], let notice = notices[id], notice.status != .ended,
            notice.mode == exchange.mode, let fact = exchange.answers[notice.owner], !fact.contradictedBy.contains(id),
            // By the owner's own clock; what stands longer than its word is over by the day on which we look.
            fact.denies(at: max(notice.createdAt, notice.status == .current ? notice.createdAt : notice.expiry)),
            meets(notice, exchange.query.volume.volume)
        else { return }
        calls.presence.update(query) { exchange in
            exchange.answers.update(notice.owner) { $0.contradictedBy = ($0.contradictedBy + [id]).sorted() }
        }
        turn.show(.presence(query))
        let isOurs = notice.owner == party
        guard isOurs || query.party == party else { return }
        raise(
            .presenceContradicted, subject: fact.record.description, party: isOurs ? query.party : notice.owner, .flash,
            isOurs
                ? "Your notice \(id) lies where you told \(query.party) that there is nobody (\(fact.record)). Answer \(query) again."
                : "\(notice.owner) said that nobody is there (\(fact.record), query \(query)), and its notice \(id) is.",
            &turn)
    }

    /// Touching counts, and doubt counts.
    private func meets(_ notice: Notice, _ volume: Volume4D) -> Bool {
        guard let none = Minima(horizontalM: 0, vertical: .metres(0), time: .zero) else { return true }
        return notice.volumes.contains {
            ConflictTest.conflict($0, volume, minima: none, reference: reference).isConflict
        }
    }

    // MARK: Room

    private func isOver(_ exchange: PresenceExchange, at utc: UTCInstant) -> Bool {
        exchange.missing.isEmpty || exchange.query.volume.volume.window.end < utc
    }

    private func hasRoomForQuery(at utc: UTCInstant) -> Bool {
        calls.presence.count < Limits.presenceExchanges || calls.presence.contains { isOver($0.value, at: utc) }
    }

    private mutating func makeRoomForQuery(at utc: UTCInstant) -> Bool {
        guard calls.presence.count >= Limits.presenceExchanges else { return true }
        let over = calls.presence.filter { isOver($0.value, at: utc) }
        guard let oldest = over.min(by: { ($0.value.createdAt, $0.key) < ($1.value.createdAt, $1.key) }) else {
            return false
        }
        calls.presence[oldest.key] = nil
        calls.waits[oldest.key] = nil
        return true
    }
}
