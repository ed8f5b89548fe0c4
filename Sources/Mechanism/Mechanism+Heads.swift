import JointLog
import Kernel
import Records

/// A shown head, compared with what we hold.
struct JudgedHead {
    enum Verdict {
        /// A prefix of what we hold, or the same.
        case held
        /// Larger than what we hold: to be compared when its records are here.
        case ahead
        case fork(ForkProof)
    }

    let log: LogID
    let note: String
    let size: UInt64
    let verdict: Verdict
    /// Cosignatures that came with it.
    let receipts: [Receipt]
}

/// Comparing heads with other holders, so that nobody shows two histories without being found.
extension Mechanism {
    func prepare(_ heads: [ShownHead], from: PartyID) throws(Refusal) -> PreparedEvent {
        guard links.contains(from) || from == party else { throw .unknownPeer(from) }
        guard heads.count <= Limits.shownHeads else { throw .unknownPeer(from) }
        var judged: [JudgedHead] = []
        var refusal: Refusal?
        for head in heads {
            // Of an epoch that has ended, or not begun here, there is nothing to compare.
            guard let log = logs[head.log.party], log.id == head.log else { continue }
            // A bad head beside a good one takes nothing from it.
            do throws(Refusal) { judged.append(try judge(head, log)) } catch { refusal = refusal ?? error }
        }
        if judged.isEmpty, let refusal { throw refusal }
        return .heads(from: from, judged)
    }

    /// - Throws: ``Refusal/badHead(_:)`` for a head that says nothing of its log.
    func judge(_ head: ShownHead, _ log: HeldLog) throws(Refusal) -> JudgedHead {
        guard let shown = signedHead(head.note, of: log) ?? replacedHead(head.note, of: log) else {
            throw .badHead(log.id)
        }
        let verdict: JudgedHead.Verdict
        if shown.size > log.tree.size {
            verdict = ahead(head, shown, log)
        } else if shown.size == log.tree.size {
            verdict = shown.root == log.tree.root ? .held : .fork(try fork(of: log, head.note, relation: head.relation))
        } else if let relation = head.relation, relation.root != shown.root {
            verdict = .fork(try fork(of: log, head.note, relation: relation))
        } else {
            guard shown.size == 0 ? shown.root == MerkleHash.empty : isConsistent(head.relation, from: shown, log)
            else {
                throw .badHead(log.id)
            }
            verdict = .held
        }
        let holders = terms.parties.map(\.id).filter { $0 != log.party }
        return JudgedHead(
            log: log.id, note: head.note, size: shown.size, verdict: verdict,
            receipts: Receipt.receipts(
                in: head.note, origin: shown.origin, holders: holders.map { ($0, nodeKey(of: $0)) }))
    }

    /// Of our own log, a head beyond ours under a key that was replaced below it: who shows it has records of ours that
    /// the change of keys would disown.
    private func replacedHead(_ note: String, of log: HeldLog) -> Checkpoint? {
        guard log.party == party, disownedAt != log.keys.sequence, let (head, _) = signature(note, of: log),
            head.size > log.tree.size
        else { return nil }
        return head
    }

    private func isConsistent(_ relation: ShownHead.Relation?, from shown: Checkpoint, _ log: HeldLog) -> Bool {
        guard let relation else { return false }
        return MerkleProof.isConsistency(
            from: shown.size, root: shown.root, to: log.tree.size, root: log.tree.root, proof: relation.consistency)
    }

    /// A larger head: consistent with ours as far as anybody has shown, or proven not to be.
    private func ahead(_ head: ShownHead, _ shown: Checkpoint, _ log: HeldLog) -> JudgedHead.Verdict {
        if let announced = log.announced[shown.size], let proof = fork(of: log, announced, head.note) {
            return .fork(proof)
        }
        guard log.tree.size > 0, let relation = head.relation, relation.root != log.tree.root else { return .ahead }
        let proof = try? fork(of: log, head.note, relation: relation)
        return proof.map(JudgedHead.Verdict.fork) ?? .ahead
    }

    /// The newest key with which a party signs.
    public func nodeKey(of party: PartyID) -> Hash32 { keys(of: party).node }

    /// Proof that the author of a log signed `note` and what we hold of it, and that both cannot be true.
    ///
    /// The proof rests on the two signed notes alone, so it holds also when more of the log has come since it was made.
    func fork(of log: HeldLog, _ note: String, relation: ShownHead.Relation?) throws(Refusal) -> ForkProof {
        guard let held = relation?.heldNote ?? log.note, !isRevoked(note, of: log) else { throw .badHead(log.id) }
        // Between equal sizes there is nothing to prove but that the roots differ.
        if let proof = fork(of: log, held, note) { return proof }
        guard let relation,
            let proof = ForkProof(
                held, note, impliedRoot: relation.root, consistency: relation.consistency,
                origin: Checkpoint.origin(mechanism: terms.mechanism, log: log.id),
                publicKeys: log.keys.entries.map(\.keys.node))
        else { throw .badHead(log.id) }
        return proof
    }

    /// Two notes over as many records with different roots.
    private func fork(of log: HeldLog, _ one: String, _ other: String) -> ForkProof? {
        guard !isRevoked(other, of: log) else { return nil }
        return ForkProof(
            one, other, impliedRoot: nil, consistency: [],
            origin: Checkpoint.origin(mechanism: terms.mechanism, log: log.id),
            publicKeys: log.keys.entries.map(\.keys.node))
    }

    mutating func apply(_ heads: [JudgedHead], from: PartyID, _ turn: inout Turn) -> Reply {
        for head in heads {
            guard let log = logs[head.log.party] else { continue }
            switch head.verdict {
            case .held:
                logs.update(head.log.party) { $0.announced[head.size] = nil }
                for receipt in head.receipts { apply(receipt, isRelayed: true, &turn) }
            case .ahead where head.log.party == party:
                fallBehind(theirs: log.start + head.size, shownBy: from, &turn)
            case .ahead: announce(head, &turn)
            case .fork(let proof): _ = freeze(head.log, proof, &turn)
            }
        }
        turn.show(.assurance)
        return .done
    }

    /// Remembers a head whose records have not come: until they have, nothing of that log counts as clear.
    private mutating func announce(_ head: JudgedHead, _ turn: inout Turn) {
        logs.update(head.log.party) { log in
            if log.announced.count >= Limits.announcedHeads, !log.announced.contains(head.size),
                let largest = log.announced.keys.last
            {
                guard head.size > largest else { return }
                log.announced[largest] = nil
            }
            log.announced[head.size] = head.note
        }
        turn.show(.link(head.log.party))
    }

    mutating func freeze(_ id: LogID, _ proof: ForkProof, _ turn: inout Turn) -> Reply {
        guard let log = logs[id.party], log.fork == nil else { return .holding(size: logs[id.party]?.size ?? 0) }
        logs.update(id.party) {
            $0.fork = proof
            $0.announced = SortedMap()
        }
        raise(
            .frozen, subject: id.party.name, party: id.party, .flash,
            id.party == party
                ? "This node has signed two histories: its log is frozen and it signs nothing. Its root keys have to begin a new epoch."
                : "\(id.party) has signed two histories. Its log is frozen and nothing of it counts as clear.", &turn)
        turn.show(.assurance)
        return .holding(size: log.size)
    }

    // MARK: Receipts

    func prepareReceipt(from: PartyID, note: String, root: Hash32?) throws(Refusal) -> PreparedEvent {
        guard links.contains(from) else { throw .unknownPeer(from) }
        let log = ownLog
        let origin = Checkpoint.origin(mechanism: terms.mechanism, log: log.id)
        guard let receipt = Receipt(note: note, origin: origin, holder: from, publicKey: nodeKey(of: from)),
            receipt.checkpoint.size <= log.tree.size,
            receipt.checkpoint.root == (receipt.checkpoint.size == log.tree.size ? log.tree.root : root)
        else { throw .badReceipt(from) }
        return .receipts([receipt])
    }

    /// - Parameters:
    ///   - receipt: over a head that we hold.
    ///   - isRelayed: it came by another than its holder, and may be old.
    mutating func apply(_ receipt: Receipt, isRelayed: Bool, _ turn: inout Turn) {
        guard receipt.checkpoint.size > 0,
            let id = terms.parties.map(\.id).first(where: { origin(of: $0) == receipt.checkpoint.origin }),
            let log = logs[id]
        else { return }
        let size = log.start + receipt.checkpoint.size
        guard id == party else {
            logs.update(id) { $0.receiptedBy[receipt.holder] = max($0.receiptedBy[receipt.holder] ?? 0, size) }
            return
        }
        guard let link = links[receipt.holder], size > link.receipted, !isLost(receipt, of: size, link, isRelayed)
        else { return }
        links.update(receipt.holder) { link in
            link.receipted = size
            link.receiptedAt = turn.now.monotonic
            link.receiptTime = receipt.time
            // It is taking what we push, if not yet all of it.
            link.unreceiptedSince = nil
        }
        // Of an epoch that has ended it says nothing.
        for (_, notice) in ownRecords.elements(in: max(link.receipted, log.start)...(size - 1)) {
            notices.update(notice) {
                $0.facts.update(receipt.holder) { facts in
                    facts.receiptedAt = receipt.time
                    facts.lodgedAt = nil
                    facts.lodgedWith = nil
                }
            }
            turn.show(.notice(notice))
        }
        updateCalls(max(link.receipted, log.start)...(size - 1), at: receipt.holder, &turn) { _, facts in
            facts.receipt(at: receipt.time)
        }
        turn.show(.link(receipt.holder))
        turn.show(.assurance)
    }

    /// Whether its holder has said since, by the same clock, that it holds less: then it has lost what it had receipted,
    /// and the receipt was late on its way. Receipts have whole seconds: within that second only the holder's own word
    /// counts.
    ///
    /// - Parameter size: records of our log that the receipt covers.
    private func isLost(_ receipt: Receipt, of size: UInt64, _ link: Link, _ isRelayed: Bool) -> Bool {
        guard let answer = link.answer, answer.holds < size else { return false }
        let since = receipt.time.duration(since: answer.utc)
        return isRelayed ? since <= .zero : since <= .seconds(-1)
    }

    private func origin(of party: PartyID) -> String? {
        logs[party].map { Checkpoint.origin(mechanism: terms.mechanism, log: $0.id) }
    }
}
