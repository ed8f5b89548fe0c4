import Kernel
import Storage

/// What the store is filled with follows from where it stands, so that the checker can tell every byte again.
enum Content {
    static let logs = ["alpha", "bravo", "alpha/1"].compactMap { LogID($0) }

    static func journal(_ sequence: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: sequence)
        return bytes(&random, count: random.below(2_000))
    }

    /// Mostly short, now and then of several pages.
    static func envelope(_ log: LogID, _ index: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: index &* 3 &+ log.epoch &+ UInt64(log.party.name.utf8.count))
        let signed = Array("\(log) \(index)".utf8)
        let rest = bytes(&random, count: random.below(random.below(40) == 0 ? 30_000 : 60))
        return [0, 0, 0, UInt8(signed.count)] + signed + rest
    }

    static func checkpoint(_ tree: LogTree) -> [UInt8] {
        Array("parley/00/\(tree.log)\n\(tree.size)\n\(tree.root.bytes.base64)\n".utf8)
    }

    private static func bytes(_ random: inout SeededGenerator, count: UInt64) -> [UInt8] {
        let byte = UInt8(truncatingIfNeeded: random.next())
        return (0..<count).map { byte &+ UInt8(truncatingIfNeeded: $0 &* $0) }
    }
}

/// Commits batches of three logs with their tiles, notes and heads, snapshots now and then, and prunes behind them.
struct Writer {
    let store: any NodeStore
    let seed: UInt64

    func run(commits: UInt64, acknowledge: (Acknowledgement) -> Void) throws(StoreError) {
        var trees: [LogTree] = []
        for log in Content.logs { trees.append(try LogTree(log, store: store)) }
        var sequence = try store.lastSequence
        var done: UInt64 = 0
        while done < commits {
            var random = SeededGenerator(seed: seed &+ sequence)
            sequence += 1
            var commit = Commit(journal: [JournalEntry(sequence: sequence, bytes: Content.journal(sequence))])
            for index in trees.indices where random.below(3) > 0 {
                try grow(&trees[index], by: random.below(8) == 0 ? 60 : 1 + random.below(4), &commit)
            }
            try store.commit(commit)
            for index in trees.indices { trees[index].tilesCommitted() }
            acknowledge(
                Acknowledgement(
                    sequence: sequence,
                    heads: trees.filter { $0.size > 0 }.map { .init(log: $0.log, size: $0.size, root: $0.root) }))
            done += 1
            if random.below(16) == 0 {
                try store.saveSnapshot(Snapshot(throughSequence: sequence, bytes: Content.journal(sequence)))
                try store.pruneJournal(through: sequence - min(sequence, 5))
            }
        }
    }

    private func grow(_ tree: inout LogTree, by count: UInt64, _ commit: inout Commit) throws(StoreError) {
        for _ in 0..<count {
            let entry = MirrorEntry(log: tree.log, index: tree.size, envelope: Content.envelope(tree.log, tree.size))
            commit.entries.append(entry)
            if let leaf = entry.leaf { tree.append(leaf) }
        }
        commit.tiles += tree.pendingTiles
        let checkpoint = Content.checkpoint(tree)
        commit.notes += ["author", "holder"].map {
            NoteWrite(log: tree.log, size: tree.size, signer: $0, note: checkpoint)
        }
        let head = HeadState(log: tree.log, size: tree.size, root: tree.root, checkpoint: checkpoint)
        commit.heads.append(HeadChange(expectedSize: try store.head(of: tree.log)?.size, head: head))
    }
}
