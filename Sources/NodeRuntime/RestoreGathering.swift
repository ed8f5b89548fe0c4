import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// Gathers logs from several sources into a store of its own: of each place the record with its body if anybody has
/// that, every signature verified, every root compared with every head that the author has signed.
struct RestoreGathering {
    /// Under the keys that parties' root keys have put in force, with empty logs.
    let rules: Mechanism
    let store: any NodeStore
    private(set) var problems: [RestoreProblem] = []
    private(set) var bodiesMissing = SortedMap<LogID, UInt64>()
    private(set) var givers = SortedSet<PartyID>()
    /// Records of each log up to the newest sound head.
    private(set) var sizes = SortedMap<LogID, UInt64>()

    init(rules: Mechanism, store: any NodeStore) {
        self.rules = rules
        self.store = store
    }

    /// A source with the head that it shows of a log.
    struct Offer {
        let source: any RestoreSource
        var head: SignedCheckpoint
        /// Records read and not yet taken.
        var waiting: ArraySlice<Bytes> = []
        var heads = SortedMap<UInt64, String>()

        var size: UInt64 { head.checkpoint.size }
    }

    /// - Parameter indices: what each source says that it holds.
    mutating func gather(
        _ log: HeldLog, from indices: [(any RestoreSource, MirrorIndex)], progress: (RestoreProgress) -> Void
    ) async throws {
        var offers: [Offer] = []
        for (source, index) in indices {
            guard let note = index.logs.first(where: { $0.id == log.id })?.checkpoint else { continue }
            guard let head = signed(note, log) else {
                problems.append(RestoreProblem(party: source.party, reason: "its head of \(log.id) is not signed by the author"))
                continue
            }
            offers.append(Offer(source: source, head: head))
        }
        // The longest history first: it is the one that is kept where another differs.
        offers.sort { $0.size > $1.size }
        try await gather(log, &offers, progress)
    }

    private mutating func gather(
        _ log: HeldLog, _ offers: inout [Offer], _ progress: (RestoreProgress) -> Void
    ) async throws {
        var tree = MerkleFrontier()
        var tiles = try LogTree(log.id, store: store)
        var others: [Offer] = []
        while let target = offers.first?.size, tree.size < target {
            try await fill(&offers, log, at: tree.size)
            guard offers.contains(where: { !$0.waiting.isEmpty }) else { break }
            let run = offers.filter { $0.size > tree.size }.map(\.waiting.count).min() ?? 0
            var commit = Commit()
            for _ in 0..<run {
                let record = try take(log, &offers, &others, at: tree.size)
                commit.entries.append(MirrorEntry(log: log.id, index: tree.size, envelope: record.envelope.encoded))
                tree.append(record.header.leaf)
                tiles.append(record.header.leaf)
                commit.notes += compare(log, tree, &offers, &others)
            }
            commit.tiles = tiles.pendingTiles
            try store.commit(commit)
            tiles.tilesCommitted()
            progress(.gathering(log.id, done: tree.size, total: target))
        }
        if let other = others.first, let first = offers.first {
            throw RestoreFailure.fork(log.id, try fork(first, other, log))
        }
        let size = offers.first?.size ?? 0
        guard size <= tree.size, !offers.isEmpty || tree.size == 0 else {
            throw RestoreFailure.incomplete(log.id, at: tree.size, problems)
        }
        sizes[log.id] = size
    }

    /// Reads on from every source that has nothing waiting; one that fails is asked no more.
    private mutating func fill(_ offers: inout [Offer], _ log: HeldLog, at index: LogIndex) async throws {
        for i in offers.indices.reversed() where offers[i].waiting.isEmpty && offers[i].size > index {
            let source = offers[i].source
            do {
                let page = try await source.page(of: log.id, from: index)
                guard page.first == index, !page.envelopes.isEmpty else {
                    throw RestoreFailure.incomplete(log.id, at: index, [])
                }
                offers[i].waiting = page.envelopes.prefix(Int(min(offers[i].size - index, UInt64(page.envelopes.count))))
                for note in page.heads {
                    if let size = Checkpoint(note: note)?.size, size > index { offers[i].heads[size] = note }
                }
                givers.insert(source.party)
            } catch {
                setAside(&offers, i, "\(log.id) from \(index): \(error)")
            }
        }
        guard !offers.isEmpty else { throw RestoreFailure.incomplete(log.id, at: index, problems) }
    }

    private mutating func setAside(_ offers: inout [Offer], _ i: Int, _ reason: String) {
        problems.append(RestoreProblem(party: offers[i].source.party, reason: reason))
        offers.remove(at: i)
    }

    /// The record at the place that all offers have come to, with its body if any of them gives that.
    private mutating func take(
        _ log: HeldLog, _ offers: inout [Offer], _ others: inout [Offer], at leaf: LogIndex
    ) throws -> VerifiedRecord {
        var best: VerifiedRecord?
        var i = 0
        while i < offers.count {
            guard let bytes = offers[i].waiting.popFirst() else {
                i += 1
                continue
            }
            // The same bytes as those that are verified already.
            if let best, bytes.array == best.envelope.encoded || bytes.array == best.envelope.withheld.encoded {
                i += 1
                continue
            }
            let record: VerifiedRecord
            do throws(RecordRejection) {
                record = try UnverifiedRecord(bytes.array).verified(by: rules.terms, nodeKey: log.keys.key(at: leaf))
            } catch {
                setAside(&offers, i, "record \(leaf) of \(log.id): \(error.name)")
                continue
            }
            guard record.header.author == log.party, record.header.index == log.start + leaf else {
                setAside(&offers, i, "record \(leaf) of \(log.id) is another one")
                continue
            }
            if let known = best {
                guard record.envelope.signed == known.envelope.signed else {
                    others.append(offers.remove(at: i))
                    continue
                }
                if known.envelope.sealed.isEmpty { best = record }
            } else {
                best = record
            }
            i += 1
        }
        guard let best else { throw RestoreFailure.incomplete(log.id, at: leaf, problems) }
        if best.envelope.sealed.isEmpty, shouldHold(best.header) { bodiesMissing[log.id] = (bodiesMissing[log.id] ?? 0) + 1 }
        return best
    }

    private func shouldHold(_ header: RecordHeader) -> Bool {
        guard header.author != rules.party else { return true }
        return header.audience.contains(rules.party) && (rules.role == .principal || rules.terms.sealing == .xWing)
    }

    /// Compares what every source has shown of this size with the tree of what was taken.
    ///
    /// - Returns: what is signed over this very head, as evidence.
    private mutating func compare(
        _ log: HeldLog, _ tree: MerkleFrontier, _ offers: inout [Offer], _ others: inout [Offer]
    ) -> [NoteWrite] {
        var notes: [NoteWrite] = []
        var i = 0
        while i < offers.count {
            var shown = offers[i].heads[tree.size].flatMap { signed($0, log) }
            offers[i].heads[tree.size] = nil
            if shown == nil, offers[i].size == tree.size { shown = offers[i].head }
            guard let shown else {
                i += 1
                continue
            }
            guard shown.checkpoint.root == tree.root else {
                if i == 0 {
                    // Its own records do not lead to the head that it shows.
                    setAside(&offers, i, "its records of \(log.id) are not those of its head at \(tree.size)")
                } else {
                    var other = offers.remove(at: i)
                    other.head = shown
                    others.append(other)
                }
                continue
            }
            notes += signatures(of: shown, log)
            i += 1
        }
        return notes
    }

    private func signed(_ note: String, _ log: HeldLog) -> SignedCheckpoint? {
        SignedCheckpoint(
            note: note, origin: Checkpoint.origin(mechanism: rules.terms.mechanism, log: log.id),
            publicKeys: log.keys.entries.map(\.keys.node))
    }

    /// The author's lines as one note, and each valid cosignature as another.
    private func signatures(of head: SignedCheckpoint, _ log: HeldLog) -> [NoteWrite] {
        guard let note = SignedNote(encoded: head.note) else { return [] }
        let (origin, size) = (head.checkpoint.origin, head.checkpoint.size)
        let authors = SignedNote(text: note.text, signatures: note.signatures.filter { $0.keyName == origin })
        var writes = [NoteWrite(log: log.id, size: size, signer: origin, note: Array(authors.encoded.utf8))]
        let holders = rules.logs.values.flatMap { held in held.keys.entries.map { (held.party, $0.keys.node) } }
        for (holder, key) in holders where holder != log.party {
            for receipt in Receipt.receipts(in: head.note, origin: origin, holders: [(holder, key)]) {
                let name = Receipt.key(of: holder, publicKey: key).name
                writes.append(NoteWrite(log: log.id, size: size, signer: name, note: Array(receipt.note(publicKey: key).utf8)))
            }
        }
        return writes
    }

    private func fork(_ first: Offer, _ second: Offer, _ log: HeldLog) throws -> RestoreFork {
        let (smaller, larger) = (second.size < first.size ? second : first, second.size < first.size ? first : second)
        var proof: ForkProof?
        let tree = try LogTree(log.id, store: store)
        if smaller.size == larger.size {
            proof = forkProof(smaller, larger, nil, [], log)
        } else if let root = try tree.root(at: smaller.size),
            let consistency = try tree.consistencyProof(from: smaller.size, to: larger.size)
        {
            proof = forkProof(smaller, larger, root, consistency, log)
        }
        return RestoreFork(
            first: first.source.party, second: second.source.party,
            evidence: proof?.encoded ?? "\(smaller.head.note)\n\(larger.head.note)")
    }

    private func forkProof(
        _ one: Offer, _ other: Offer, _ root: Hash32?, _ consistency: [Hash32], _ log: HeldLog
    ) -> ForkProof? {
        ForkProof(
            one.head.note, other.head.note, impliedRoot: root, consistency: consistency,
            origin: one.head.checkpoint.origin, publicKeys: log.keys.entries.map(\.keys.node))
    }
}
