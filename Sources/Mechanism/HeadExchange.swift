import JointLog
import Kernel
import Records

/// What the shell knows of logs and the core does not remember.
public protocol LogMemory {
    /// The author's signed checkpoint over exactly the first `size` records of a log.
    func note(of log: LogID, size: UInt64) -> String?
    func root(of log: LogID, at size: UInt64) -> Hash32?
    /// RFC 6962, from the first `from` records to the first `to`.
    func consistencyProof(of log: LogID, from: UInt64, to: UInt64) -> [Hash32]?
    /// The newest cosignature that we hold of a holder over a log, at most over its first `size` records.
    func cosignature(of log: LogID, by holder: NoteKey, atMost size: UInt64) -> String?
}

/// Showing each other heads, so that an author who signs two histories is found as soon as two holders talk.
extension Mechanism {
    /// The heads that we hold, for a peer that says how much it holds: with proof that ours continue its own. Of its
    /// own log also what others have cosigned: a receipt that went another way.
    public func heads(
        for peer: PartyID, holding held: [(log: LogID, size: UInt64)], _ memory: some LogMemory
    ) -> [ShownHead] {
        var shown: [ShownHead] = []
        for (_, log) in logs where log.tree.size > 0 {
            let size = log.tree.size
            let theirs = held.first { $0.log == log.id }?.size ?? 0
            guard log.party != party else {
                // A head of ours goes out only with the records below it: else a loss of this disk would leave our
                // signature over records that nobody can give back.
                if theirs > 0, let note = memory.note(of: log.id, size: min(theirs, size)) {
                    shown.append(ShownHead(log: log.id, note: note, relation: nil))
                }
                continue
            }
            guard let note = ownHead(of: log, memory) else { continue }
            var relation: ShownHead.Relation?
            if theirs > 0, theirs < size, let root = memory.root(of: log.id, at: theirs),
                let proof = memory.consistencyProof(of: log.id, from: theirs, to: size)
            {
                relation = ShownHead.Relation(size: theirs, root: root, consistency: proof)
            }
            shown.append(ShownHead(log: log.id, note: note, relation: relation))
            guard log.party == peer else { continue }
            // What it has signed and nobody has delivered: it may have lost its disk since.
            if let largest = log.announced.last, largest.key > size {
                shown.append(ShownHead(log: log.id, note: largest.value, relation: nil))
            }
            for holder in terms.parties.map(\.id) where holder != peer && holder != party {
                let key = Receipt.key(of: holder, publicKey: nodeKey(of: holder))
                guard let receipt = memory.cosignature(of: log.id, by: key, atMost: size) else { continue }
                if let note = signed(receipt, of: log, memory) {
                    shown.append(ShownHead(log: log.id, note: note, relation: nil))
                }
            }
        }
        return Array(shown.prefix(Limits.shownHeads))
    }

    /// What of a peer's shown heads is news here, each with its relation to what we hold.
    public func news(in heads: [ShownHead], _ memory: some LogMemory) -> [ShownHead] {
        heads.compactMap { head in
            guard let log = logs[head.log.party], log.id == head.log, log.fork == nil,
                let shown = Checkpoint(note: head.note)
            else { return nil }
            if shown.size > log.tree.size {
                let announced = log.announced[shown.size].flatMap { Checkpoint(note: $0) }
                let head = withHeldNote(head, log, memory)
                guard announced?.root != shown.root || isContradicted(by: head, log) else { return nil }
                return head
            }
            let root = shown.size == log.tree.size ? log.tree.root : memory.root(of: log.id, at: shown.size)
            guard
                root != shown.root || log.announced.contains(shown.size)
                    || (log.party == party && bringsReceipt(head.note, size: log.start + shown.size))
            else { return nil }
            return compared(head, size: shown.size, log, memory)
        }
    }

    /// Whether a head that was announced bare is shown again with proof that it does not continue what we hold.
    private func isContradicted(by head: ShownHead, _ log: HeldLog) -> Bool {
        guard let relation = head.relation, let held = relation.heldNote, Checkpoint(note: held)?.root != relation.root,
            let judged = try? judge(head, log)
        else { return false }
        if case .fork = judged.verdict { return true }
        return false
    }

    /// Its author's signature over what we hold of a log. The store keeps every note as evidence, those of another
    /// history too, so the core's own comes first.
    private func ownHead(of log: HeldLog, _ memory: some LogMemory) -> String? {
        log.note ?? memory.note(of: log.id, size: log.tree.size)
    }

    private func bringsReceipt(_ note: String, size: UInt64) -> Bool {
        guard let signatures = SignedNote(encoded: note)?.signatures else { return false }
        return links.contains { holder, link in
            guard link.receipted < size else { return false }
            let key = Receipt.key(of: holder, publicKey: nodeKey(of: holder))
            return signatures.contains { $0.keyID == key.keyID && $0.keyName == key.name }
        }
    }

    /// A head of at most our size with our own proof from it to ours.
    private func compared(
        _ head: ShownHead, size: UInt64, _ log: HeldLog, _ memory: some LogMemory
    ) -> ShownHead? {
        guard let root = memory.root(of: log.id, at: size),
            let proof = memory.consistencyProof(of: log.id, from: size, to: log.tree.size)
        else { return nil }
        let relation = ShownHead.Relation(
            size: size, root: root, consistency: proof, heldNote: ownHead(of: log, memory))
        return ShownHead(log: head.log, note: head.note, relation: relation)
    }

    /// A larger head with what we hold that it may contradict: its author's signature over the records that the peer's
    /// proof starts from. We may have taken more since we asked.
    private func withHeldNote(_ head: ShownHead, _ log: HeldLog, _ memory: some LogMemory) -> ShownHead {
        guard let relation = head.relation, relation.size <= log.tree.size,
            let note = relation.size == log.tree.size ? ownHead(of: log, memory) : formerHead(of: log, relation.size, memory)
        else { return head }
        let against = ShownHead.Relation(
            size: relation.size, root: relation.root, consistency: relation.consistency, heldNote: note)
        return ShownHead(log: head.log, note: head.note, relation: against)
    }

    /// Its author's signature over the first `size` of the records that we hold. The store keeps notes of other
    /// histories as well.
    private func formerHead(of log: HeldLog, _ size: UInt64, _ memory: some LogMemory) -> String? {
        guard let note = memory.note(of: log.id, size: size), let root = memory.root(of: log.id, at: size),
            Checkpoint(note: note)?.root == root
        else { return nil }
        return note
    }

    /// Heads that were announced before their records, and whose records are here now: to be handed in again. Only
    /// such as change something then, so that nobody hands them in for ever.
    public func comparableHeads(_ memory: some LogMemory) -> [ShownHead] {
        logs.values.filter { $0.fork == nil }.flatMap { log in
            log.announced.filter { $0.key <= log.tree.size }.compactMap { size, note in
                compared(ShownHead(log: log.id, note: note, relation: nil), size: size, log, memory)
            }.filter { (try? judge($0, log)) != nil }
        }
    }

    /// A peer's receipt over another party's log, as a head that can be handed in.
    public func relayed(_ receipt: String, of id: LogID, _ memory: some LogMemory) -> ShownHead? {
        guard let log = logs[id.party], log.id == id, let note = signed(receipt, of: log, memory),
            let size = Checkpoint(note: note)?.size, size <= log.tree.size
        else { return nil }
        return compared(ShownHead(log: id, note: note, relation: nil), size: size, log, memory)
    }

    /// A receipt with its author's own signature over the same head.
    private func signed(_ receipt: String, of log: HeldLog, _ memory: some LogMemory) -> String? {
        guard let receipt = SignedNote(encoded: receipt), let size = Checkpoint(text: receipt.text)?.size,
            let note = memory.note(of: log.id, size: size), let authors = SignedNote(encoded: note)
        else { return nil }
        return SignedNote.merging([authors, receipt])?.encoded
    }
}

extension Checkpoint {
    /// What a note states, whoever signed it.
    public init?(note: String) {
        guard let parsed = SignedNote(encoded: note) else { return nil }
        self.init(text: parsed.text)
    }
}
