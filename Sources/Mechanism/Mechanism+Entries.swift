import JointLog
import Kernel
import Records

/// Taking another party's records, and our own again after a loss.
extension Mechanism {
    func prepare(_ push: Push, isReplay: Bool) throws(Refusal) -> PreparedEvent {
        guard links.contains(push.from) else { throw .unknownPeer(push.from) }
        guard let log = logs[push.log.party] else { throw .unknownPeer(push.log.party) }
        guard log.id == push.log else { throw .wrongEpoch(push.log) }
        // While we are the only writer of our log nobody tells us what stands in it.
        guard log.party != party || !maySign else { throw .ownLogOffered }
        guard log.fork == nil else { throw .logFrozen(log.party) }
        guard push.first >= log.start, push.first <= Limits.largestInteger,
            push.envelopes.count <= Limits.pushEntries, let head = signedHead(push.checkpoint, of: log),
            head.size == push.first - log.start + UInt64(push.envelopes.count)
        else { throw .badCheckpoint(log.party) }
        guard push.first <= log.size else { throw .notNext(expected: log.size, found: push.first) }
        if head.size < log.tree.size { return .alreadyHeld(log.id) }
        if head.size == log.tree.size {
            guard head.root != log.tree.root else { return .alreadyHeld(log.id) }
            return .fork(log.id, try fork(of: log, push.checkpoint, relation: nil))
        }
        if push.first == log.size, log.tree.size > 0, !push.consistency.isEmpty,
            !MerkleProof.isConsistency(
                from: log.tree.size, root: log.tree.root, to: head.size, root: head.root, proof: push.consistency)
        {
            // The deliverer's own proof may show that its history had another head where we hold ours.
            let implied = MerkleProof.consistencyRoots(
                from: log.tree.size, to: head.size, oldRootIfPowerOfTwo: nil, proof: push.consistency)
            guard let implied, implied.new == head.root else { throw .checkpointMismatch(log.party, size: head.size) }
            let relation = ShownHead.Relation(
                size: log.tree.size, root: implied.old, consistency: push.consistency)
            return .fork(log.id, try fork(of: log, push.checkpoint, relation: relation))
        }
        return .entries(
            of: log.id, try records(of: push, for: log, root: head.root, isReplay: isReplay), note: push.checkpoint)
    }

    /// Verifies what is new in a push, one by one and against the signed root.
    private func records(
        of push: Push, for log: HeldLog, root: Hash32, isReplay: Bool
    ) throws(Refusal) -> [VerifiedRecord] {
        var tree = log.tree
        var records: [VerifiedRecord] = []
        for (offset, bytes) in push.envelopes.enumerated() {
            let index = push.first + UInt64(offset)
            if index < log.size { continue }
            let record: VerifiedRecord
            do throws(RecordRejection) {
                record =
                    isReplay
                    ? try VerifiedRecord(fromOwnJournal: bytes.array)
                    : try UnverifiedRecord(bytes.array).verified(
                        by: terms, nodeKey: log.keys.key(at: index - log.start))
            } catch {
                throw .record(index: index, error)
            }
            guard record.header.author == log.party, record.header.index == index else {
                throw .notNext(expected: index, found: record.header.index)
            }
            // Only an author may withhold a body from whom it addresses, and answers for it. Whoever stands between
            // delivers the whole record or none: else it could make us hold a header in its place for good.
            let isForUs = log.party != party && record.header.audience.contains(party)
            guard push.from == log.party || !isForUs || !record.envelope.sealed.isEmpty || role == .mediator else {
                throw .record(index: index, .wrongSealedBody(record.id))
            }
            tree.append(record.leaf)
            records.append(record)
        }
        guard tree.root == root else { throw .checkpointMismatch(log.party, size: tree.size) }
        return records
    }

    /// The head that a note states, if a key signed it that may sign one of this size.
    func signedHead(_ note: String, of log: HeldLog) -> Checkpoint? {
        guard let (head, place) = signature(note, of: log) else { return nil }
        let entries = log.keys.entries
        // A key that was replaced signs nothing beyond the index at which its successor began.
        guard place + 1 == entries.count || head.size <= entries[place + 1].from else { return nil }
        return head
    }

    /// Whether a note is signed only by a key that its party has revoked since. Such a note says nothing new: whoever
    /// stole the key could have written it.
    func isRevoked(_ note: String, of log: HeldLog) -> Bool {
        guard let (_, place) = signature(note, of: log) else { return false }
        return log.keys.entries[(place + 1)...].contains { entry in
            guard case .keyChange(let change)? = entry.note.flatMap(SignedRootStatement.init(note:))?.statement else {
                return false
            }
            return change.reason == .revocation
        }
    }

    /// What a note states, and the place of the newest key of its author that signed it.
    func signature(_ note: String, of log: HeldLog) -> (Checkpoint, Int)? {
        let origin = Checkpoint.origin(mechanism: terms.mechanism, log: log.id)
        for (place, entry) in log.keys.entries.enumerated().reversed() {
            if let signed = SignedCheckpoint(note: note, origin: origin, publicKey: entry.keys.node) {
                return (signed.checkpoint, place)
            }
        }
        return nil
    }

    /// Takes verified records, in order.
    mutating func take(
        _ records: [VerifiedRecord], of id: LogID, note: String, _ turn: inout Turn, _ authority: inout some Authority
    ) -> Reply {
        let author = id.party
        var needsEvaluation = false
        for record in records {
            var leaf: LogIndex = 0
            logs.update(author) {
                leaf = $0.tree.size
                $0.tree.append(record.leaf)
            }
            turn.writes.append(LogWrite(log: id, leaf: leaf, record: record.id, envelope: record.envelope.encoded))
            let isForUs = author == party || record.header.audience.contains(party)
            switch open(record, &authority) {
            case .withheld where !isForUs || (role == .mediator && author != party && terms.sealing == .none):
                logs.update(author) { $0.withheld += 1 }
            case .withheld:
                let reason =
                    author == party
                    ? "no peer holds its body any more" : "it is addressed to us and its body did not come"
                markUnreadable(record.id, reason, &turn)
                needsEvaluation = true
            case .unreadable(let reason):
                guard isForUs else {
                    logs.update(author) { $0.withheld += 1 }
                    continue
                }
                markUnreadable(record.id, reason, &turn)
                needsEvaluation = true
            case .open(let body):
                needsEvaluation = needsEvaluation || body.content.kind.isJudged
                understand(
                    body, id: record.id, leaf: record.leaf, audience: record.header.audience, &turn, &authority)
            }
        }
        if author == party {
            takeDeferred(&turn, &authority)
        } else {
            logs.update(author) { $0.note = note }
            links.update(author) { $0.tookAt = turn.now.monotonic }
            if needsEvaluation || unstatedEvaluations.contains(author) { evaluate(author, &turn, &authority) }
        }
        turn.show(author == party ? .assurance : .link(author))
        turn.show(.assurance)
        return .holding(size: logs[author]?.size ?? 0)
    }

    /// States how far we have judged a party's log; later, when we may not sign yet.
    mutating func evaluate(_ author: PartyID, _ turn: inout Turn, _ authority: inout some Authority) {
        guard role == .principal, let log = logs[author] else { return }
        // A node that lost a part of this log has said more before; it says nothing less.
        guard maySign, log.size >= log.evaluatedBy[party] ?? 0 else {
            unstatedEvaluations.insert(author)
            return
        }
        unstatedEvaluations.remove(author)
        let content = Evaluated(party: author, size: log.size, unreadable: Array(log.unreadable.keys.suffix(Limits.unreadableRecords)))
        self.author(.evaluated(content), mode: .real, officer: nil, audience: counterparts, &turn, &authority)
    }
}
