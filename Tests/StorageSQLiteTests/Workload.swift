import Kernel
import Storage

/// Everything that a store holds, to compare one with another.
struct Contents: Equatable, Sendable {
    var lastSequence: UInt64
    var prunedThrough: UInt64
    var journal: [JournalEntry]
    var entries: [[MirrorEntry]]
    var heads: [HeadState?]
    var snapshot: Snapshot?

    init(_ store: any NodeStore) throws(StoreError) {
        lastSequence = try store.lastSequence
        prunedThrough = try store.prunedThrough
        journal = try store.journal(after: prunedThrough, limit: .max)
        entries = []
        heads = []
        for party in try store.parties {
            entries.append(try store.entries(of: party, from: 0, limit: .max))
            heads.append(try store.head(of: party))
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
    static let parties = ["alpha", "bravo"].compactMap { PartyID($0) }
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
        for party in Workload.parties where generator.below(2) == 0 {
            let size = try model.size(of: party)
            let added = 1 + generator.below(3)
            for index in size..<(size + added) {
                commit.entries.append(MirrorEntry(party: party, index: index, envelope: bytes(below: 6_000)))
            }
            if let root = Hash32((0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }) {
                let head = HeadState(party: party, size: size + added, root: root, checkpoint: bytes(below: 300))
                commit.heads.append(HeadChange(expectedSize: try model.head(of: party)?.size, head: head))
            }
        }
        return .commit(commit)
    }

    /// Mostly short, sometimes long enough for several pages.
    private mutating func bytes(below bound: UInt64) -> [UInt8] {
        let count = generator.below(generator.below(8) == 0 ? bound : 200)
        var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: generator.next()), count: Int(count))
        for index in stride(from: 0, to: bytes.count, by: 97) {
            bytes[index] = UInt8(truncatingIfNeeded: generator.next())
        }
        return bytes
    }
}
