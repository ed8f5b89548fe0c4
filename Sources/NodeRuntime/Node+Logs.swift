import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// A part of a log that can be handed on: records that end at a head which its author has signed.
struct LogRun: Sendable {
    let log: LogID
    /// Index of the first record.
    let first: LogIndex
    let envelopes: [Envelope]
    let checkpoint: String
    let consistency: [Hash32]
    let statements: [String]

    var end: LogIndex { first + UInt64(envelopes.count) }
}

extension Node {
    /// A receipt over everything of a log that we hold durably, made from what the disk gives back.
    ///
    /// - Returns: `nil` for a log that is frozen or ended, and when the disk gives back anything else than was stored.
    public func receipt(for id: LogID) -> String? {
        guard let log = mechanism.logs[id.party], log.id == id, log.fork == nil, id.party != party,
            let stored = readBack(id), stored == log.tree
        else { return nil }
        let checkpoint = Checkpoint(mechanism: terms.mechanism, log: id, size: stored.size, root: stored.root)
        let note = Receipt.signing(checkpoint, holder: party, at: clock.now.utc, sign: { keys.node.sign($0) })
            .note(publicKey: keys.node.publicKey)
        keepSigned(note, over: checkpoint, of: id)
        return note
    }

    /// What a peer who holds `size` records of a log needs next.
    ///
    /// - Parameter limit: records at most.
    /// - Returns: `nil` when there is nothing to add, or no signed head to end at.
    func run(of party: PartyID, from size: LogIndex, limit: Int) throws -> LogRun? {
        guard let log = mechanism.logs[party], log.fork == nil else { return nil }
        // Whoever holds less than where this epoch begins needs it from its beginning.
        let size = max(size, log.start)
        guard size < log.size else { return nil }
        let leaf = size - log.start
        var envelopes: [Envelope] = []
        var bytes = 0
        for entry in try store.entries(of: log.id, from: leaf, limit: limit) {
            if !envelopes.isEmpty, bytes + entry.envelope.count > PeerMessages.pushBytes { break }
            guard let envelope = Envelope(encoded: entry.envelope) else {
                throw StoreError.corrupt(detail: "entry \(log.id)-\(entry.index) is no envelope")
            }
            envelopes.append(envelope)
            bytes += entry.envelope.count
        }
        guard let (end, note) = try signedHead(of: log, after: leaf, atMost: leaf + UInt64(envelopes.count)),
            let proof = try trees[log.id]?.consistencyProof(from: leaf, to: end)
        else { return nil }
        return LogRun(
            log: log.id, first: size, envelopes: Array(envelopes.prefix(Int(end - leaf))), checkpoint: note,
            consistency: proof, statements: statements(of: party))
    }

    /// The largest head within a range that its author has signed. Of our own log that is the head of a commit, because
    /// a signature costs more than a small push; only when none ended in the range, one is signed for it.
    private func signedHead(of log: HeldLog, after low: UInt64, atMost high: UInt64) throws -> (UInt64, String)? {
        if let head = try store.head(of: log.id), head.size == high {
            return (high, String(decoding: head.checkpoint, as: UTF8.self))
        }
        let origin = Checkpoint.origin(mechanism: terms.mechanism, log: log.id)
        // Any head above `low` will do that the run reaches; a run that reaches none is asked for again, longer.
        guard low < high else { return nil }
        let limit = log.party == party ? 1 : 64
        let notes = try store.notes(
            of: log.id, sizes: (low + 1)...high, by: origin, order: .newestFirst, limit: limit)
        // Heads that were announced, or belong to another history, are kept as well.
        for note in notes {
            let text = String(decoding: note.note, as: UTF8.self)
            if Checkpoint(note: text)?.root == (try trees[log.id]?.root(at: note.size)) { return (note.size, text) }
        }
        guard log.party == party, let root = try trees[log.id]?.root(at: high) else { return nil }
        let checkpoint = Checkpoint(mechanism: terms.mechanism, log: log.id, size: high, root: root)
        return (high, keys.sign(checkpoint, as: mechanism.ownParty).note)
    }

    /// Whether a root-signed statement is not in force here yet.
    public func isNews(_ statement: String) -> Bool {
        guard let party = SignedRootStatement(note: statement)?.statement.party else { return true }
        return !statements(of: party).contains(statement)
    }

    /// Everything that a party's root keys have signed and that is in force here, oldest first.
    func statements(of party: PartyID) -> [String] {
        let former = mechanism.formerLogs.filter { $0.party == party }.map(\.keys)
        let histories = former + (mechanism.logs[party].map { [$0.keys] } ?? [])
        return Array(histories.flatMap { $0.entries.compactMap(\.note) }.suffix(Limits.statementsPerPush))
    }

    /// The heads that we hold, for a peer that says how much it holds.
    public func heads(for peer: PartyID, holding held: [(log: LogID, size: UInt64)]) -> [ShownHead] {
        mechanism.heads(for: peer, holding: held, memory)
    }

    /// What of a peer's shown heads is news here.
    public func news(in heads: [ShownHead]) -> [ShownHead] { mechanism.news(in: heads, memory) }

    /// A peer's receipt over another party's log, as a head that can be handed in.
    func relayed(_ receipt: String, of log: LogID) -> ShownHead? { mechanism.relayed(receipt, of: log, memory) }

    /// Heads that were announced before their records, and whose records are here now.
    var comparableHeads: [ShownHead] { mechanism.comparableHeads(memory) }

    private var memory: StoreMemory {
        StoreMemory(store: store, trees: trees, own: mechanism.ownParty, keys: keys, terms: terms)
    }

    /// Our root at a size, to judge a receipt by.
    func ownRoot(at size: UInt64) -> Hash32? { try? trees[mechanism.ownLog.id]?.root(at: size) }

    /// A part of a log's tree as C2SP `tlog-tiles` names it; `nil` when there is none.
    public func tile(_ tile: Tile, of log: LogID) throws -> [UInt8]? {
        guard try store.size(of: log) > 0 else { return nil }
        // Of a former epoch no tree is kept open.
        return try (trees[log] ?? LogTree(log, store: store)).bytes(of: tile)
    }

    /// The newest signed checkpoint of a log with every cosignature held over it, our own included when it is
    /// another's.
    ///
    /// - Returns: `nil` for a log of which we hold nothing that its author has signed.
    public func checkpoint(of id: LogID) throws -> String? {
        guard let head = try store.head(of: id) else { return nil }
        let notes = try store.notes(of: id, from: head.size, through: head.size, limit: SignedNote.mostSignatures)
        let origin = Checkpoint.origin(mechanism: terms.mechanism, log: id)
        guard let note = MirrorPage.merged(notes, over: head.checkpoint, origin: origin) else { return nil }
        // A cosignature is stored with the commit after it: until then it is made again.
        let own = Receipt.key(of: party, publicKey: keys.node.publicKey)
        guard id.party != party, !notes.contains(where: { $0.signer == own.name }), let receipt = receipt(for: id),
            let one = SignedNote(encoded: note), let other = SignedNote(encoded: receipt),
            let merged = SignedNote.merging([one, other])
        else { return note }
        return merged.encoded
    }
}

/// What a peer's sender asks of committed state.
extension Node {
    /// Whether a push ends at a head of the history that we hold, so that nothing of it is new.
    public func holds(_ push: Push) -> Bool {
        guard let log = mechanism.logs[push.log.party], log.id == push.log, log.party != party, log.fork == nil,
            let shown = Checkpoint(note: push.checkpoint), shown.size > 0, shown.size <= log.tree.size,
            log.start + shown.size == push.first + UInt64(push.envelopes.count)
        else { return false }
        return (try? trees[log.id]?.root(at: shown.size)) == shown.root
    }

    /// Whether a log, of this epoch or an earlier one, is one of the mechanism's.
    public func knows(_ id: LogID) -> Bool {
        mechanism.logs[id.party]?.id == id || mechanism.formerLogs.contains { $0.id == id }
    }

    var isMediator: Bool { mechanism.role == .mediator }

    func nodeKey(of party: PartyID) -> Hash32 { mechanism.nodeKey(of: party) }

    func log(of party: PartyID) -> LogID { mechanism.logs[party]?.id ?? LogID(party: party) }

    /// Tree sizes of all logs, to be sent along with a challenge.
    var heldSizes: [(log: LogID, size: UInt64)] { mechanism.logs.values.map { ($0.id, $0.tree.size) } }

    /// How much we hold of the logs that are not ours.
    var relayableSizes: [(PartyID, LogIndex)] {
        mechanism.logs.filter { $0.key != party && $0.value.fork == nil }.map { ($0.key, $0.value.size) }
    }

    /// How much of a party's log a peer holds, by the heads that it showed.
    func size(shownIn heads: [ShownHead], of party: PartyID) -> LogIndex {
        guard let log = mechanism.logs[party] else { return 0 }
        let sizes = heads.filter { $0.log == log.id }.compactMap { Checkpoint(note: $0.note)?.size }
        return log.start + (sizes.max() ?? 0)
    }
}

/// The store and its trees as the core asks them.
private struct StoreMemory: LogMemory {
    let store: any NodeStore
    let trees: LogTrees
    let own: TermsParty
    let keys: NodeKeys
    let terms: Terms

    func note(of log: LogID, size: UInt64) -> String? {
        guard let root = root(of: log, at: size) else { return nil }
        let origin = Checkpoint.origin(mechanism: terms.mechanism, log: log)
        let head = try? store.head(of: log)
        let notes = (try? store.notes(of: log, sizes: size...size, by: origin, order: .newestFirst, limit: 8)) ?? []
        // Heads of another history are kept as well.
        for bytes in (head.map { [$0.checkpoint] } ?? []) + notes.map(\.note) {
            let note = String(decoding: bytes, as: UTF8.self)
            if let shown = Checkpoint(note: note), shown.size == size, shown.root == root { return note }
        }
        // Of our own log any size can be signed again: what stands in it is durable.
        guard log.party == own.id else { return nil }
        return keys.sign(Checkpoint(origin: origin, size: size, root: root), as: own).note
    }

    func root(of log: LogID, at size: UInt64) -> Hash32? { try? trees[log]?.root(at: size) }

    func consistencyProof(of log: LogID, from: UInt64, to: UInt64) -> [Hash32]? {
        try? trees[log]?.consistencyProof(from: from, to: to)
    }

    func cosignature(of log: LogID, by holder: NoteKey, atMost size: UInt64) -> String? {
        guard let note = try? store.lastNote(of: log, atMost: size, by: holder.name) else { return nil }
        return String(decoding: note.note, as: UTF8.self)
    }
}
