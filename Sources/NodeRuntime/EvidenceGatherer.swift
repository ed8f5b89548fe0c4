import Evidence
import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// Gathers from one node's store what proves who said what, when, and who held it.
struct EvidenceGatherer {
    let mechanism: Mechanism
    let store: any NodeStore
    let trees: LogTrees
    let keys: NodeKeys
    let choice: EvidenceChoice
    let now: UTCInstant

    private var terms: Terms { mechanism.terms }
    private var logs: [HeldLog] { mechanism.formerLogs + mechanism.logs.values }

    /// One record of a log, as far as it is needed.
    private struct Chosen {
        let leaf: LogIndex
        let record: VerifiedRecord
        let contentKey: Hash32?
    }

    func contents() throws -> BundleContents {
        var chooser = RecordChooser(choice.records) { id in
            mechanism.conflicts[id].map { [$0.first, $0.second] } ?? []
        }
        var gathered: [BundleContents.Log] = []
        var postQuantumKeys = SortedMap<PartyID, PostQuantumKey>()
        for log in logs {
            guard let newest = try newestHead(of: log) else { continue }
            let chosen = try self.chosen(of: log, below: newest, by: &chooser)
            if let first = chosen.first, first.leaf == 0, let key = postQuantumKey(first, in: log.id) {
                postQuantumKeys[log.party] = key
            }
            guard !chosen.isEmpty, let contents = try contents(of: log, chosen, newest: newest) else { continue }
            gathered.append(contents)
        }
        return BundleContents(
            exporter: mechanism.party, exported: now, terms: terms, statements: statements,
            postQuantumKeys: postQuantumKeys, logs: gathered,
            forks: logs.compactMap { log in log.fork.map { BundleContents.Fork(log: log.id, proof: $0) } })
    }

    private var statements: [BundleContents.Statement] {
        logs.flatMap { log in
            log.keys.entries.compactMap { entry in
                entry.note.map { BundleContents.Statement(party: log.party, sequence: entry.sequence, note: $0) }
            }
        }
    }

    // MARK: Records

    private func chosen(
        of log: HeldLog, below size: UInt64, by chooser: inout RecordChooser
    ) throws -> [Chosen] {
        var chosen: [Chosen] = []
        var contentKeys = ContentKeys(party: mechanism.party, log: log.id, seals: keys.seals)
        var leaf: LogIndex = 0
        while leaf < size {
            let entries = try store.entries(of: log.id, from: leaf, limit: Int(min(256, size - leaf)))
            guard !entries.isEmpty else { break }
            contentKeys.expect(entries)
            for entry in entries {
                let record = try VerifiedRecord(fromOwnJournal: entry.envelope)
                let contentKey = contentKeys.contentKey(of: record)
                // What this node cannot read has its place in the order, when all of it is asked for.
                let isChosen =
                    body(record, contentKey, log.id).map { chooser.takes(record.id, $0) } ?? (choice.records == .all)
                if isChosen { chosen.append(Chosen(leaf: entry.index, record: record, contentKey: contentKey)) }
            }
            leaf += UInt64(entries.count)
        }
        return chosen
    }

    private func body(_ record: VerifiedRecord, _ contentKey: Hash32?, _ log: LogID) -> RecordBody? {
        let opened = contentKey.map { record.opened(contentKey: $0, in: log) } ?? record.body
        guard case .open(let body) = opened else { return nil }
        return body
    }

    private func postQuantumKey(_ chosen: Chosen, in log: LogID) -> PostQuantumKey? {
        guard case .termsAcceptance(let content)? = body(chosen.record, chosen.contentKey, log)?.content
        else { return nil }
        return content.postQuantumKey.flatMap(PostQuantumKey.init)
    }

    private func disclosure(_ chosen: Chosen, _ log: LogID) -> BundleContents.Disclosure {
        switch choice.bodies {
        case .withheld: return .withheld
        case .sealed:
            if let key = chosen.contentKey { return .sealed(chosen.record.envelope.sealed, contentKey: key) }
            fallthrough
        case .open:
            return chosen.record.disclosure(contentKey: chosen.contentKey, in: log)
                .map { .open(body: $0.body, salt: $0.salt) } ?? .withheld
        }
    }

    // MARK: Heads

    /// The size of the newest head of what we hold; `nil` when there is none that its author has signed.
    private func newestHead(of log: HeldLog) throws -> UInt64? {
        guard log.tree.size > 0, log.id != mechanism.ownLog.id else { return log.tree.size > 0 ? log.tree.size : nil }
        guard let head = try store.head(of: log.id), head.size > 0, head.size <= log.tree.size else { return nil }
        return head.size
    }

    private func contents(of log: HeldLog, _ chosen: [Chosen], newest: UInt64) throws -> BundleContents.Log? {
        // Of a former epoch no tree is kept open.
        let tree = try trees[log.id] ?? LogTree(log.id, store: store)
        let sizes = HeadChoice.sizes(
            for: chosen.map(\.leaf), cosigned: try cosigned(log, tree, through: newest), newest: newest)
        let heads = try sizes.map { size in
            BundleContents.Head(
                size: size, notes: try notes(of: log, size: size, tree),
                consistency: try tree.consistencyProof(from: size, to: newest) ?? [])
        }
        let records = try chosen.map { chosen in
            BundleContents.Record(
                index: chosen.record.header.index, header: chosen.record.envelope.signed,
                signature: chosen.record.envelope.signature,
                inclusion: try tree.inclusionProof(index: chosen.leaf, size: newest) ?? [],
                disclosure: disclosure(chosen, log.id))
        }
        return BundleContents.Log(id: log.id, heads: heads, records: records)
    }

    /// Which sizes of a log each holder has cosigned.
    private func cosigned(
        _ log: HeldLog, _ tree: LogTree, through newest: UInt64
    ) throws -> SortedMap<PartyID, [UInt64]> {
        var cosigned = SortedMap<PartyID, [UInt64]>()
        for holder in terms.parties.map(\.id) where holder != log.party {
            let signer = Receipt.key(of: holder, publicKey: mechanism.nodeKey(of: holder)).name
            var sizes: [UInt64] = []
            var from: UInt64 = 1
            while from <= newest {
                let notes = try store.notes(
                    of: log.id, sizes: from...newest, by: signer, order: .oldestFirst, limit: 1_000)
                guard let last = notes.last else { break }
                // Of a forked log a holder may have cosigned the other history too.
                sizes += try notes.filter { try log.fork == nil || isOfOurs($0.note, tree) }.map(\.size)
                from = last.size + 1
            }
            cosigned[holder] = sizes
        }
        return cosigned
    }

    private func isOfOurs(_ note: [UInt8], _ tree: LogTree) throws -> Bool {
        guard let shown = Checkpoint(note: String(decoding: note, as: UTF8.self)) else { return false }
        return try tree.root(at: shown.size) == shown.root
    }

    private func notes(of log: HeldLog, size: UInt64, _ tree: LogTree) throws -> [String] {
        var stored = try store.notes(of: log.id, from: size, through: size, limit: 64).map(\.note)
        if let head = try store.head(of: log.id), head.size == size { stored.append(head.checkpoint) }
        var notes = try stored.filter { try isOfOurs($0, tree) }.map { String(decoding: $0, as: UTF8.self) }
        if log.id == mechanism.ownLog.id, let root = try tree.root(at: size) {
            let checkpoint = Checkpoint(mechanism: terms.mechanism, log: log.id, size: size, root: root)
            notes.append(keys.sign(checkpoint, as: mechanism.ownParty).note)
        }
        if log.party != mechanism.party, size == log.tree.size {
            // What we hold now, and may not have had to say since it came.
            let checkpoint = Checkpoint(mechanism: terms.mechanism, log: log.id, size: size, root: log.tree.root)
            notes.append(
                Receipt.signing(checkpoint, holder: mechanism.party, at: now, sign: { keys.node.sign($0) })
                    .note(publicKey: keys.node.publicKey))
        }
        return notes
    }
}

/// The content keys of one log's records, in order; each encapsulation is opened once.
private struct ContentKeys {
    let party: PartyID
    let log: LogID
    private var opener: SealOpener
    private var epochs = OpenedEpochs()

    init(party: PartyID, log: LogID, seals: [SealPrivateKey]) {
        self.party = party
        self.log = log
        opener = SealOpener(seals: seals)
    }

    /// Before the keys of these entries are asked for: older ones were sealed to keys that were replaced since.
    mutating func expect(_ entries: [MirrorEntry]) {
        opener.expect(entries.lazy.map(\.envelope), in: log, for: party)
    }

    /// - Returns: `nil` for a body that is not sealed, and for one that is not sealed for us.
    mutating func contentKey(of record: VerifiedRecord) -> Hash32? {
        guard let entry = record.sealEntry(for: party) else { return nil }
        let binding = record.sealBinding(in: log)
        let opener = opener
        return epochs.key(for: entry, binding: binding) { opener.decapsulate($0, info: $1) }
            .flatMap { entry.contentKey(under: $0, binding: binding) }
    }
}

extension Node {
    /// A bundle of evidence, signed by this node and checked as a stranger would check it.
    ///
    /// - Throws: `BundleRejection`, `StoreError`.
    public nonisolated func evidence(_ choice: EvidenceChoice) async throws -> [UInt8] {
        // Gathered and checked beside the driver, which goes on meanwhile: entries and notes never change.
        let gatherer = await gatherer(choice)
        return try gatherer.contents()
            .archive(publicKey: keys.node.publicKey, sign: { keys.node.sign($0) })
    }

    private func gatherer(_ choice: EvidenceChoice) -> EvidenceGatherer {
        EvidenceGatherer(
            mechanism: mechanism, store: store, trees: trees, keys: keys, choice: choice, now: clock.now.utc)
    }
}
