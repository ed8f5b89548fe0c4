import JointLog
import Kernel
import Storage

/// Everything that a store holds, to compare one with another.
struct Contents: Equatable, Sendable {
    var lastSequence: UInt64
    var prunedThrough: UInt64
    var journal: [JournalEntry]
    var entries: [[MirrorEntry]]
    var tiles: [[UInt8]?]
    var notes: [[NoteWrite]]
    var heads: [HeadState?]
    var snapshot: Snapshot?

    init(_ store: any NodeStore) throws(StoreError) {
        lastSequence = try store.lastSequence
        prunedThrough = try store.prunedThrough
        journal = try store.journal(after: prunedThrough, limit: .max)
        entries = []
        tiles = []
        notes = []
        heads = []
        for log in try store.logs {
            entries.append(try store.entries(of: log, from: 0, limit: .max))
            for index in 0..<(try store.tileCount(of: log, level: 0)) {
                tiles.append(try store.tile(of: log, level: 0, index: index))
            }
            notes.append(try store.notes(of: log, from: 0, through: .max, limit: .max))
            heads.append(try store.head(of: log))
        }
        snapshot = try store.latestSnapshot()
    }
}

/// One change of a store.
enum Step: Sendable {
    case commit(Commit)
    case snapshot(Snapshot)
    case prune(UInt64)

    func perform(on store: any NodeStore) throws(StoreError) {
        switch self {
        case .commit(let commit): try store.commit(commit)
        case .snapshot(let snapshot): try store.saveSnapshot(snapshot)
        case .prune(let sequence): try store.pruneJournal(through: sequence)
        }
    }
}

/// Makes up the next lawful step for a store, the same for the same seed and state.
struct Workload {
    static let logs = ["alpha", "bravo", "alpha/1"].compactMap { LogID($0) }
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next(for model: any NodeStore) throws(StoreError) -> Step {
        let last = try model.lastSequence
        switch generator.below(12) {
        case 0 where last > 0: return .snapshot(Snapshot(throughSequence: last, bytes: bytes(below: 20_000)))
        case 1:
            let covered = try model.latestSnapshot()?.throughSequence ?? 0
            if covered > (try model.prunedThrough) { return .prune(covered) }
        default: break
        }
        var commit = Commit()
        for offset in 1...(1 + generator.below(4)) {
            commit.journal.append(JournalEntry(sequence: last + offset, bytes: bytes(below: 3_000)))
        }
        for log in Workload.logs where generator.below(2) == 0 { try grow(log, of: model, &commit) }
        return .commit(commit)
    }

    /// Adds a few entries or, once in a while, so many that the log's first tile fills, with the head and its notes.
    private mutating func grow(_ log: LogID, of model: any NodeStore, _ commit: inout Commit) throws(StoreError) {
        var tree = try LogTree(log, store: model)
        let isBurst = tree.size < 200 && generator.below(12) == 0
        for _ in 0..<(isBurst ? 256 - tree.size + generator.below(2) : 1 + generator.below(3)) {
            let signed = bytes(below: 30)
            let envelope = [0, 0, 0, UInt8(signed.count)] + signed + (isBurst ? [] : bytes(below: 6_000))
            let entry = MirrorEntry(log: log, index: tree.size, envelope: envelope)
            commit.entries.append(entry)
            if let leaf = entry.leaf { tree.append(leaf) }
        }
        commit.tiles += tree.pendingTiles
        let checkpoint = Array("parley/00/\(log)\n\(tree.size)\n\(tree.root.bytes.base64)\n".utf8)
        let head = HeadState(log: log, size: tree.size, root: tree.root, checkpoint: checkpoint)
        commit.heads.append(HeadChange(expectedSize: try model.head(of: log)?.size, head: head))
        for signer in ["author", "holder"] where generator.below(4) > 0 {
            let signature = (0..<68).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let line = Array("\n\u{2014} \(signer) \(signature.base64)\n".utf8)
            commit.notes.append(NoteWrite(log: log, size: tree.size, signer: signer, note: checkpoint + line))
        }
    }

    /// Mostly short, sometimes long enough for several pages.
    private mutating func bytes(below bound: UInt64) -> [UInt8] {
        let count = generator.below(generator.below(8) == 0 ? bound : min(bound, 200))
        var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: generator.next()), count: Int(count))
        for index in stride(from: 0, to: bytes.count, by: 97) {
            bytes[index] = UInt8(truncatingIfNeeded: generator.next())
        }
        return bytes
    }
}
