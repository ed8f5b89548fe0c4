import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// What a node gives of the logs that it holds. Reads committed state only, and signs nothing but heads of its own log.
extension Node {
    /// All logs, for a peer that has lost its store.
    public func mirrorIndex() throws -> MirrorIndex {
        let logs = try store.logs.map { MirrorIndex.Log(id: $0, checkpoint: try checkpoint(of: $0)) }
        let histories = mechanism.formerLogs.map(\.keys) + mechanism.logs.values.map(\.keys)
        return MirrorIndex(
            mechanism: terms.mechanism, party: party, logs: logs,
            statements: histories.sorted { $0.log < $1.log }.flatMap { $0.entries.compactMap(\.note) })
    }

    /// Records of a log as `peer` may hold them.
    ///
    /// - Parameters:
    ///   - leaf: place of the first in the log's tree.
    ///   - limit: records at most, up to ``MirrorPage/mostRecords``; a page also ends at a size in bytes.
    public func mirrorPage(of log: LogID, from leaf: LogIndex, limit: Int, for peer: PartyID) throws -> MirrorPage {
        guard let named = terms.party(peer) else { return MirrorPage(first: leaf, envelopes: [], heads: []) }
        return try MirrorPage(
            of: log, from: leaf, limit: limit, store: store, origin: Checkpoint.origin(mechanism: terms.mechanism, log: log),
            given: MirrorReader(named, sealing: terms.sealing).given)
    }

    /// A checkpoint that its author has signed over exactly `size` records; of our own log for any size that is durable.
    public func signedHead(of log: LogID, size: UInt64) throws -> String? {
        let origin = Checkpoint.origin(mechanism: terms.mechanism, log: log)
        if let held = try store.lastNote(of: log, atMost: size, by: origin), held.size == size {
            return String(decoding: held.note, as: UTF8.self)
        }
        guard log == mechanism.ownLog.id, size > 0, let root = try trees[log]?.root(at: size) else { return nil }
        return keys.sign(Checkpoint(origin: origin, size: size, root: root), as: mechanism.ownParty).note
    }

    /// Signed headers, which are the tree's leaves, as C2SP `tlog-tiles` bundles them; `nil` when there are not so many.
    public func entryBundle(_ bundle: EntryBundle, of log: LogID) throws -> [UInt8]? {
        let (first, isBeyond) = bundle.index.multipliedReportingOverflow(by: UInt64(Tile.fullWidth))
        guard !isBeyond else { return nil }
        let entries = try store.entries(of: log, from: first, limit: bundle.width)
        guard entries.count == bundle.width else { return nil }
        return EntryBundle.encode(
            try entries.map { entry in
                guard let envelope = Envelope(encoded: entry.envelope) else {
                    throw StoreError.corrupt(detail: "entry \(log)-\(entry.index) is no envelope")
                }
                return envelope.signed
            })
    }
}

extension MirrorPage {
    /// - Parameter given: what of an envelope the reader may have.
    init(
        of log: LogID, from leaf: LogIndex, limit: Int, store: any NodeStore, origin: String,
        given: (Envelope) throws -> Envelope
    ) throws {
        let entries = try store.entries(of: log, from: leaf, limit: min(max(limit, 0), MirrorPage.mostRecords))
        let notes = try store.notes(
            of: log, from: leaf + 1, through: leaf + UInt64(entries.count), limit: 64 * MirrorPage.mostRecords)
        var bySize = SortedMap<UInt64, [NoteWrite]>()
        for note in notes { bySize[note.size] = (bySize[note.size] ?? []) + [note] }
        var envelopes: [Bytes] = []
        var heads: [String] = []
        var bytes = 0
        for entry in entries {
            guard let envelope = Envelope(encoded: entry.envelope) else {
                throw StoreError.corrupt(detail: "entry \(log)-\(entry.index) is no envelope")
            }
            let sent = try given(envelope).encoded
            let head = bySize[entry.index + 1].flatMap { MirrorPage.merged($0, over: nil, origin: origin) }
            bytes += sent.count + (head?.utf8.count ?? 0)
            if !envelopes.isEmpty, bytes > PeerMessages.pushBytes { break }
            envelopes.append(Bytes(sent))
            if let head { heads.append(head) }
        }
        self.init(first: leaf, envelopes: envelopes, heads: heads)
    }

    /// Everything signed over one head as one note, the author's lines first and of everybody else the first that came.
    ///
    /// - Parameter head: a note that is to begin it.
    /// - Returns: `nil` without a line of the author.
    static func merged(_ notes: [NoteWrite], over head: [UInt8]?, origin: String) -> String? {
        let texts = (head.map { [$0] } ?? []) + notes.filter { $0.signer == origin }.map(\.note)
        let authors = texts.compactMap { SignedNote(encoded: String(decoding: $0, as: UTF8.self)) }
            .filter { note in note.signatures.contains { $0.keyName == origin } }
        guard let first = authors.first else { return nil }
        var lines = first.signatures
        for note in notes where note.signer != origin {
            guard let signed = SignedNote(encoded: String(decoding: note.note, as: UTF8.self)), signed.text == first.text
            else { continue }
            lines += signed.signatures.filter { line in
                !lines.contains { $0.keyName == line.keyName && $0.keyID == line.keyID }
            }
        }
        return SignedNote(text: first.text, signatures: Array(lines.prefix(SignedNote.mostSignatures))).encoded
    }
}
