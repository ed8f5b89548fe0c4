import Geodesy
import JointLog
import Kernel
import Records
import Separation

/// An event that has been checked whole, before anything is changed.
enum PreparedEvent {
    case started
    case tick
    case present
    case file(NoticeFields, mode: Mode, audience: [PartyID], officer: String)
    case amend(NoticeID, NoticeFields, officer: String)
    case end(NoticeID, NoticeEnd.Reason, remarks: String?, officer: String)
    case acknowledge(NoticeID, version: UInt64, ReadBack, officer: String)
    case position(ConflictID, ConflictPosition.Stance, [String], remarks: String?, officer: String)
    case suspend(Bool, reason: String?, officer: String)
    case proposeTerms(String, officer: String)
    case acknowledgeAlarm(AlarmID, officer: String)
    case signUnconfirmed(reason: String, officer: String)
    case entries(of: LogID, [VerifiedRecord], note: String)
    case alreadyHeld(LogID)
    case fork(LogID, ForkProof)
    case receipts([Receipt])
    case heads(from: PartyID, [JudgedHead])
    case keys(KeyHistory)
    case epoch(HeldLog)
    case attempts(PushAttempts)
    case call(PreparedCall)
    case watch(PreparedWatch)
    /// A command that waits for a second officer.
    case pend(Command, officer: String)
    case stop(StopMessage, note: String)
    case cover(Cover)
    case check(PreparedPrivateCheck)
    case heartbeat(HeartbeatAnswer, sentAt: MonotonicInstant)
}

extension Mechanism {
    func prepare(_ event: Event, now: Now, isReplay: Bool) throws(Refusal) -> PreparedEvent {
        switch event {
        case .started: return .started
        case .tick: return .tick
        case .command(let command, let officer): return try prepare(command, officer: officer, now: now)
        case .pushed(let push): return try prepare(push, isReplay: isReplay)
        case .receipt(let from, let note, let root): return try prepareReceipt(from: from, note: note, root: root)
        case .heads(let from, let heads): return try prepare(heads, from: from)
        case .statement(let note): return try prepareStatement(note)
        case .attempts(let attempts): return try prepare(attempts)
        case .stop(let note): return try prepareStop(note)
        case .cover(let noise):
            try mayWrite()
            guard let cover = Cover(noise: noise.array) else { throw .bodyTooLong }
            return .cover(cover)
        case .check(let act): return .check(try prepare(act, now: now))
        case .heartbeat(let answer, let sentAt):
            guard links.contains(answer.party) else { throw .unknownPeer(answer.party) }
            if let freshAt = links[answer.party]?.freshAt, sentAt < freshAt { throw .staleChallenge(answer.party) }
            // A challenge of an earlier run, or one that this clock has not reached, proves nothing.
            if let startedAt = clock.startedAt, sentAt < startedAt { throw .staleChallenge(answer.party) }
            guard sentAt <= now.monotonic else { throw .staleChallenge(answer.party) }
            return .heartbeat(answer, sentAt: sentAt)
        }
    }

    /// - Parameter isApproved: a second officer has said yes.
    func prepare(
        _ command: Command, officer: String, now: Now, isApproved: Bool = false
    ) throws(Refusal) -> PreparedEvent {
        let prepared = try prepareOne(command, officer: officer, now: now)
        guard !isApproved, needsSecondOfficer(command) else { return prepared }
        try mustHaveRoomToPend()
        return .pend(command, officer: officer)
    }

    private func prepareOne(_ command: Command, officer: String, now: Now) throws(Refusal) -> PreparedEvent {
        switch command {
        case .call(let command): return try prepare(command, officer: officer, now: now)
        case .watch(let command): return try prepare(command, officer: officer, now: now)
        case .plan(let command): return .check(try prepare(command, officer: officer, now: now))
        case .present: return .present
        case .file(let fields, let mode, let audience):
            try mayWrite()
            guard notices.count < Limits.notices else { throw .tooManyNotices }
            let audience = audience.map { SortedSet($0).elements } ?? counterparts
            for member in audience where !counterparts.contains(member) { throw .unknownAudience(member) }
            guard !audience.isEmpty else { throw .unknownAudience(party) }
            try mustNotBeSuspended(audience)
            try judge(fields, version: 1, officer: officer, now: now)
            return .file(fields, mode: mode, audience: audience, officer: officer)
        case .amend(let id, let expected, let fields):
            let notice = try ownNotice(id)
            guard notice.version == expected else {
                throw .staleVersion(id, expected: expected, current: notice.version)
            }
            try judge(fields, version: expected + 1, officer: officer, now: now)
            return .amend(id, fields, officer: officer)
        case .end(let id, let reason, let remarks):
            let notice = try ownNotice(id)
            let content = NoticeEnd(notice: id, version: notice.version, reason: reason, remarks: remarks)
            try mustBeReadable(.noticeEnd(content), officer: officer, now: now)
            return .end(id, reason, remarks: remarks, officer: officer)
        case .acknowledge(let id, let version, let readBack):
            return try prepareAcknowledgement(id, version: version, readBack, officer: officer, now: now)
        case .position(let id, let stance, let conditions, let remarks):
            try mayWrite()
            guard let conflict = conflicts[id] else { throw .noSuchConflict(id) }
            guard conflict.state != .cleared else { throw .conflictCleared(id) }
            guard conflict.involves(party), let (first, second) = versions(of: conflict) else {
                throw .notYourConflict(id)
            }
            // A notice that the other side was not told of cannot be spoken about.
            let other = first.notice.party == party ? second.notice.party : first.notice.party
            guard audience(of: conflict).contains(other) else { throw .unknownAudience(other) }
            let content = ConflictPosition(
                conflict: id, first: first, second: second, stance: stance, conditions: conditions, remarks: remarks)
            try mustBeReadable(.conflictPosition(content), officer: officer, now: now)
            return .position(id, stance, conditions, remarks: remarks, officer: officer)
        case .suspend(let suspend, let reason):
            try mayWrite()
            if suspend, suspendedBy.contains(party) { throw .alreadySuspended }
            if !suspend, !suspendedBy.contains(party) { throw .notSuspended }
            try mustBeReadable(
                .suspension(Suspension(suspended: suspend, reason: reason)), officer: officer, now: now)
            return .suspend(suspend, reason: reason, officer: officer)
        case .proposeTerms(let text):
            try mayAuthor()
            guard nextVersion(text) != nil else {
                throw .field(FieldRejection(path: "terms", problem: .notAllowed(rule: "a next version of these terms")))
            }
            try mustBeReadable(.terms(TermsProposal(terms: text)), officer: officer, now: now)
            return .proposeTerms(text, officer: officer)
        case .acknowledgeAlarm(let id):
            guard let alarm = alarms[id], alarm.state != .cleared else { throw .noSuchAlarm(id) }
            return .acknowledgeAlarm(id, officer: officer)
        case .signUnconfirmed(let reason):
            guard ownLog.fork == nil else { throw .ownLogFrozen }
            guard signing == .unconfirmed || isBehindReplacedKey else {
                if case .behind(let theirs) = signing { throw .ownLogBehind(held: ownLog.size, theirs: theirs) }
                throw .alreadyConfirmed
            }
            return .signUnconfirmed(reason: reason, officer: officer)
        }
    }

    private func prepareAcknowledgement(
        _ id: NoticeID, version: UInt64, _ readBack: ReadBack, officer: String, now: Now
    ) throws(Refusal) -> PreparedEvent {
        try mayWrite()
        guard let notice = notices[id] else { throw .noSuchNotice(id) }
        guard notice.owner != party else { throw .yourOwnNotice(id) }
        guard notice.audience.contains(party) else { throw .notAddressedToUs(id) }
        guard notice.status != .ended else { throw .alreadyEnded(id) }
        guard notice.version == version else {
            throw .staleVersion(id, expected: version, current: notice.version)
        }
        guard notice.readBacks.count < Limits.readBackAttempts else { throw .tooManyReadBacks(id) }
        let content = Acknowledgement(notice: id, version: version, leaf: notice.leaf, readBack: readBack)
        try mustBeReadable(.acknowledgement(content), officer: officer, now: now)
        return .acknowledge(id, version: version, readBack, officer: officer)
    }

    /// A file that follows the terms in force; `nil` for anything else.
    public func nextVersion(_ text: String) -> Terms? {
        guard let next = try? Terms.read(Array(text.utf8), mechanism: terms.mechanism), next.version == terms.version + 1,
            next.previous == terms.fingerprint
        else { return nil }
        return next
    }

    func mayWrite() throws(Refusal) {
        guard ownLog.fork == nil else { throw .ownLogFrozen }
        guard role == .principal else { throw .mediatorCannotFile }
        try mayAuthor()
    }

    /// What a mediator may do as well: speak.
    func mayAuthor() throws(Refusal) {
        guard ownLog.fork == nil else { throw .ownLogFrozen }
        switch signing {
        case .confirmed where maySign: return
        case .confirmed, .unconfirmed: throw .sizeNotConfirmed
        case .behind(let theirs): throw .ownLogBehind(held: ownLog.size, theirs: theirs)
        }
    }

    private func ownNotice(_ id: NoticeID) throws(Refusal) -> Notice {
        try mayWrite()
        guard let notice = notices[id] else { throw .noSuchNotice(id) }
        guard notice.owner == party else { throw .notYourNotice(id) }
        guard notice.status != .ended else { throw .alreadyEnded(id) }
        return notice
    }

    /// Everything about a notice that the terms and the geometry say no to. What is merely irregular passes.
    func judge(_ fields: NoticeFields, version: UInt64, officer: String, now: Now) throws(Refusal) {
        guard let kind = terms.kind(fields.kind) else { throw .unknownKind(fields.kind.name) }
        if kind.standing {
            guard let reviewBy = fields.reviewBy else { throw .reviewMissing }
            guard reviewBy.duration(since: now.utc) <= Limits.reviewWithin else { throw .reviewTooFar }
        }
        for (i, stated) in fields.volumes.enumerated() where !isUpright(stated.volume) {
            throw .altitudeReversed(volume: i)
        }
        let content = NoticeContent(
            notice: version == 1 ? nil : RecordID(party: party, index: Limits.largestInteger),
            version: version, kind: fields.kind, onBehalfOf: fields.onBehalfOf, volumes: fields.volumes,
            contact: fields.contact, remarks: fields.remarks, reviewBy: fields.reviewBy)
        try mustBeReadable(.notice(content), officer: officer, now: now)
    }

    /// Holds what we are about to sign to the strict reader of every other node: a record that they cannot read
    /// would make them `unknown` for good.
    func mustBeReadable(_ content: RecordContent, officer: String, now: Now) throws(Refusal) {
        let bytes = RecordBody(mode: .real, createdAt: now.utc, officer: officer, content: content).json.bytes
        // A second officer's name may come to stand beside the first one's.
        let kept = terms.twoOfficers.asksForAny ? Mechanism.secondOfficerBytes : 0
        guard bytes.count <= Limits.recordBytes - SealedBody.reserve - kept else { throw .bodyTooLong }
        do throws(BodyRejection) {
            _ = try RecordBody.read(bytes)
        } catch {
            switch error {
            case .field(let rejection):
                let path = rejection.path.hasPrefix("content.") ? String(rejection.path.dropFirst(8)) : rejection.path
                throw .field(FieldRejection(path: path, problem: rejection.problem))
            case .notJSON:
                throw .field(FieldRejection(path: "", problem: .notAllowed(rule: "a text that every node can read")))
            }
        }
    }

    func isUpright(_ volume: Volume4D) -> Bool {
        !volume.band.isReversed(over: volume.footprint, reference)
    }
}
