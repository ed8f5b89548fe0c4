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
        let notices = subjectNotices
        var gathered: [BundleContents.Log] = []
        var postQuantumKeys = SortedMap<PartyID, PostQuantumKey>()
        for log in logs where log.tree.size > 0 {
            let chosen = try self.chosen(of: log, notices: notices)
            if let first = chosen.first, first.leaf == 0, let key = postQuantumKey(first, in: log.id) {
                postQuantumKeys[log.party] = key
            }
            guard !chosen.isEmpty, let contents = try contents(of: log, chosen) else { continue }
            gathered.append(contents)
        }
        return BundleContents(
            exporter: mechanism.party, exported: now, terms: terms, statements: statements,
            postQuantumKeys: postQuantumKeys, logs: gathered,
            forks: logs.compactMap { log in log.fork.map { BundleContents.Fork(log: log.id, proof: $0) } })
    }

    private var subjectNotices: SortedSet<NoticeID> {
        switch choice.subject {
        case .all, .time: SortedSet()
        case .notice(let id): SortedSet([id])
        case .conflict(let id): mechanism.conflicts[id].map { SortedSet([$0.first, $0.second]) } ?? SortedSet()
        }
    }

    private var statements: [BundleContents.Statement] {
        logs.flatMap { log in
            log.keys.entries.compactMap { entry in
                entry.note.map { BundleContents.Statement(party: log.party, sequence: entry.sequence, note: $0) }
            }
        }
    }

    // MARK: Records

    private func chosen(of log: HeldLog, notices: SortedSet<NoticeID>) throws -> [Chosen] {
        var chosen: [Chosen] = []
        var opener = ContentKeys(party: mechanism.party, log: log.id, keys: keys)
        var leaf: LogIndex = 0
        while leaf < log.tree.size {
            let entries = try store.entries(of: log.id, from: leaf, limit: 256)
            guard !entries.isEmpty else { break }
            for entry in entries {
                let record = try VerifiedRecord(fromOwnJournal: entry.envelope)
                let contentKey = opener.contentKey(of: record)
                if isChosen(record, contentKey, log, notices) {
                    chosen.append(Chosen(leaf: entry.index, record: record, contentKey: contentKey))
                }
            }
            leaf += UInt64(entries.count)
        }
        return chosen
    }

    private func isChosen(
        _ record: VerifiedRecord, _ contentKey: Hash32?, _ log: HeldLog, _ notices: SortedSet<NoticeID>
    ) -> Bool {
        guard let body = self.body(record, contentKey, log.id) else {
            // What nobody here can read has its place in the order, when all of it is asked for.
            return choice.subject == .all
        }
        if case .evaluated(let content) = body.content {
            return choice.takes(body, record.id, notices: notices)
                || notices.contains { $0.party == content.party && $0.index < content.size }
        }
        return choice.takes(body, record.id, notices: notices)
    }

    private func body(_ record: VerifiedRecord, _ contentKey: Hash32?, _ log: LogID) -> RecordBody? {
        let opened = contentKey.map { record.opened(contentKey: $0, in: log) } ?? record.body
        guard case .open(let body) = opened else { return nil }
        return body
    }

    private func postQuantumKey(_ chosen: Chosen, in log: LogID) -> PostQuantumKey? {
        guard case .termsAcceptance(let content)? = body(chosen.record, chosen.contentKey, log)?.content else { return nil }
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

    private func contents(of log: HeldLog, _ chosen: [Chosen]) throws -> BundleContents.Log? {
        guard let tree = trees[log.id] else { return nil }
        let sizes = try self.sizes(of: log, bracketing: chosen.map(\.leaf))
        guard let newest = sizes.last else { return nil }
        let heads = try sizes.elements.map { size in
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

    /// The newest head; for each record and holder the first cosigned head that covers it; and the last that lacks it.
    private func sizes(of log: HeldLog, bracketing leaves: [LogIndex]) throws -> SortedSet<UInt64> {
        var sizes = SortedSet([log.tree.size])
        for holder in terms.parties.map(\.id) where holder != log.party {
            let signer = Receipt.key(of: holder, publicKey: mechanism.nodeKey(of: holder)).name
            for leaf in leaves {
                if let first = try store.firstNote(of: log.id, atLeast: leaf + 1, by: signer), first.size <= log.tree.size {
                    sizes.insert(first.size)
                }
                if leaf > 0, let last = try store.lastNote(of: log.id, atMost: leaf, by: signer), last.size > 0 {
                    sizes.insert(last.size)
                }
            }
        }
        return sizes
    }

    private func notes(of log: HeldLog, size: UInt64, _ tree: LogTree) throws -> [String] {
        var notes = try store.notes(of: log.id, from: size, through: size, limit: 64).map {
            String(decoding: $0.note, as: UTF8.self)
        }
        if log.party == mechanism.party, log.id == mechanism.ownLog.id, let root = try tree.root(at: size) {
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
    let keys: NodeKeys
    private var epochs: [OpenedEpochs]

    init(party: PartyID, log: LogID, keys: NodeKeys) {
        self.party = party
        self.log = log
        self.keys = keys
        epochs = keys.seals.map { _ in OpenedEpochs() }
    }

    /// - Returns: `nil` for a body that is not sealed, and for one that is not sealed for us.
    mutating func contentKey(of record: VerifiedRecord) -> Hash32? {
        guard let entry = record.sealEntry(for: party) else { return nil }
        let binding = record.sealBinding(in: log)
        // Older records were sealed to keys that were replaced since.
        for i in epochs.indices {
            let key = epochs[i].key(for: entry, binding: binding) { keys.seals[i].decapsulate($0, info: $1) }
            if let contentKey = key.flatMap({ entry.contentKey(under: $0, binding: binding) }) { return contentKey }
        }
        return nil
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
        EvidenceGatherer(mechanism: mechanism, store: store, trees: trees, keys: keys, choice: choice, now: clock.now.utc)
    }
}
