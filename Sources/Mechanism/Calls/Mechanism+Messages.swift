import Kernel
import Records

/// Messages between desks.
extension Mechanism {
    func prepareMessage(
        _ content: MessageContent, mode: Mode, to: [PartyID]?, officer: String, now: Now
    ) throws(Refusal) -> PreparedCall {
        try mayAuthor()
        let audience = try audience(of: to, among: terms.parties.map(\.id).filter { $0 != party })
        if let template = content.template, !template.senders.include(role) { throw .templateNotForRole(template) }
        if !content.templateClass.passesSuspension { try mustNotBeSuspended(audience) }
        if let about = content.about { try mayBeSpokenOf(about, to: audience) }
        if let answered = content.inReplyTo, answered.index >= logs[answered.party]?.size ?? 0 {
            throw .noSuchRecord(answered)
        }
        guard hasRoomForMessage else { throw .tooManyCalls }
        return PreparedCall(
            content: .message(try withDue(content, now)), mode: mode, audience: audience, officer: officer)
    }

    /// A notice that the other side was not told of cannot be spoken about. A mediator holds none and may name any.
    private func mayBeSpokenOf(_ id: NoticeID, to audience: [PartyID]) throws(Refusal) {
        guard role == .principal else { return }
        guard let notice = notices[id] else { throw .noSuchNotice(id) }
        for member in audience
        where terms.party(member)?.role == .principal && member != notice.owner && !notice.audience.contains(member) {
            throw .unknownAudience(member)
        }
    }

    /// States the due time that follows from the notice it is about, which another node may know in another version.
    private func withDue(_ content: MessageContent, _ now: Now) throws(Refusal) -> MessageContent {
        guard let about = content.about, let start = notices[about]?.content.span.start else { return content }
        let due = due(content.ringsAs, asked: content.due, start: start, createdAt: now.utc)
        guard due < now.utc.advanced(by: terms.timing.acknowledgeWithin(content.ringsAs)) else { return content }
        do throws(FieldRejection) {
            return try MessageContent(
                role: content.role, precedence: content.precedence, body: content.body, about: about,
                inReplyTo: content.inReplyTo, due: due)
        } catch {
            throw .field(error)
        }
    }

    func prepareAcknowledgement(
        _ content: MessageAcknowledgement, officer: String
    ) throws(Refusal) -> PreparedCall {
        try mayAuthor()
        guard let call = calls.messages[content.message] else { throw .noSuchCall(content.message) }
        guard let facts = call.facts[party] else { throw .notYourCall(content.message) }
        guard facts.acknowledgedAt == nil else { throw .alreadyAcknowledged(content.message) }
        guard facts.readBacks < Limits.readBackAttempts else { throw .tooManyReadBacks(content.message) }
        return PreparedCall(
            content: .messageAcknowledgement(content), mode: call.mode, audience: others(of: call), officer: officer)
    }

    /// Everybody else who holds a message.
    private func others(of call: Call) -> [PartyID] { (call.audience + [call.id.party]).filter { $0 != party } }

    mutating func understand(
        _ content: MessageContent, _ body: RecordBody, id: RecordID, audience: [PartyID], _ turn: inout Turn
    ) -> String? {
        guard let author = terms.party(id.party) else { return "its author is no party" }
        if let template = content.template, !template.senders.include(author.role) {
            return "a \(author.role.rawValue) does not send \(template.rawValue)"
        }
        guard !audience.isEmpty, !audience.contains(id.party) else { return "a message is addressed to others" }
        guard makeRoomForMessage() else { return "there are more open calls than the limit" }
        let start = content.about.flatMap { notices[$0] }?.content.span.start
        var call = Call(
            id: id, mode: body.mode, audience: audience, createdAt: body.createdAt, officer: body.officer,
            content: content,
            dueAt: due(content.ringsAs, asked: content.due, start: start, createdAt: body.createdAt),
            facts: SortedMap())
        for member in audience { call.facts[member] = CallFacts() }
        if audience.contains(party) { call.facts.update(party) { $0.evaluatedAt = turn.now.utc } }
        calls.messages[id] = call
        if call.reportsDanger { calls.dangers.insert(id) }
        if id.party == party {
            // What the node says by itself is not watched: it would speak of its own silence.
            if body.officer != nil { calls.waits[id] = onOurClock(call.dueAt, turn.now) }
            if body.officer == nil, let unanswered = content.inReplyTo { markEscalated(unanswered, body.createdAt, &turn) }
        } else if audience.contains(party) {
            ring(for: call, &turn)
        }
        turn.show(.call(id))
        turn.show(.assurance)
        acknowledgeByReply(content, body, id: id, &turn)
        return nil
    }

    private mutating func ring(for call: Call, _ turn: inout Turn) {
        let drill = call.mode == .drill ? "DRILL: " : ""
        let readBack = call.content.readBack.map(\.rawValue).joined(separator: ", ")
        raise(
            .message, subject: call.id.description, party: call.id.party, call.precedence,
            "\(drill)\(call.id.party) calls \(call.content.role.rawValue): \(call.content.template?.rawValue ?? "free text"). \(readBack.isEmpty ? "Acknowledge it." : "Read back: \(readBack).")",
            dueAt: onOurClock(call.dueAt, turn.now), dueUTC: call.dueAt, rung: call.content.role.rung, &turn)
    }

    mutating func understand(
        _ content: MessageAcknowledgement, _ body: RecordBody, id: RecordID, _ turn: inout Turn,
        _ authority: inout some Authority
    ) -> String? {
        // One that was never addressed to us, or was forgotten because it is closed.
        guard let call = calls.messages[content.message] else { return nil }
        guard call.facts.contains(id.party) else { return "it acknowledges a message not addressed to its author" }
        guard let officer = body.officer else { return "it names nobody who has read the message" }
        let mismatches = MessageReadBack.mismatches(content.readBack, with: call.content, terms: terms)
        guard call.facts[id.party]?.acknowledgedAt == nil else { return nil }
        calls.messages.update(call.id) {
            $0.facts.update(id.party) { facts in
                facts.readBacks += 1
                facts.mismatches = mismatches
            }
        }
        turn.show(.call(call.id))
        guard !mismatches.isEmpty else {
            acknowledged(call.id, by: id.party, officer: officer, at: body.createdAt, &turn)
            return nil
        }
        if call.id.party == party {
            let fields = mismatches.map(\.rawValue).joined(separator: ", ")
            raise(
                .readBackMismatch, subject: call.id.description, party: id.party, min(.immediate, call.precedence),
                "\(id.party) read back message \(call.id) wrongly: \(fields).", &turn)
        }
        return nil
    }

    /// Whoever answers a message that takes no read-back has read it.
    private mutating func acknowledgeByReply(
        _ content: MessageContent, _ body: RecordBody, id: RecordID, _ turn: inout Turn
    ) {
        guard let answered = content.inReplyTo, let officer = body.officer, let call = calls.messages[answered],
            call.content.readBack.isEmpty, let facts = call.facts[id.party], facts.acknowledgedAt == nil
        else { return }
        acknowledged(answered, by: id.party, officer: officer, at: body.createdAt, &turn)
    }

    private mutating func acknowledged(
        _ id: RecordID, by reader: PartyID, officer: String, at utc: UTCInstant, _ turn: inout Turn
    ) {
        calls.messages.update(id) {
            $0.facts.update(reader) { facts in
                facts.acknowledgedAt = utc
                facts.acknowledgedBy = officer
            }
        }
        calls.dangers.remove(id)
        turn.show(.call(id))
        turn.show(.assurance)
        guard let call = calls.messages[id] else { return }
        if reader == party { clear(.message, subject: id.description, &turn) }
        if id.party == party {
            answered(id, missing: call.missing, &turn)
            if !call.facts.contains(where: { !$0.value.mismatches.isEmpty }) {
                clear(.readBackMismatch, subject: id.description, &turn)
            }
        }
        if call.content.template == .commCheck { checked(call, by: reader, at: utc, &turn) }
    }

    private var hasRoomForMessage: Bool {
        calls.messages.count < Limits.calls || calls.messages.contains { $0.value.isClosed }
    }

    /// Closed messages go, the oldest first; the record has all.
    ///
    /// - Returns: whether there is room for one more.
    private mutating func makeRoomForMessage() -> Bool {
        guard calls.messages.count >= Limits.calls else { return true }
        let closed = calls.messages.filter { $0.value.isClosed }
        guard let oldest = closed.min(by: { ($0.value.createdAt, $0.key) < ($1.value.createdAt, $1.key) }) else {
            return false
        }
        calls.messages[oldest.key] = nil
        return true
    }
}

extension Call {
    var reportsDanger: Bool {
        switch content.templateClass {
        case .distress, .crossing, .hazard: true
        case .commCheck, .ordinary: false
        }
    }
}

extension DeskRole {
    /// The rung at which an alarm rings this role.
    public var rung: Int {
        switch self {
        case .watch: 0
        case .releasing: 1
        case .command: 2
        }
    }
}
