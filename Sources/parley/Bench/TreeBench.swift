import Foundation
import JointLog
import Kernel
import Records

/// One log's tree over tiles on disk, grown to its full size: how fast it takes leaves, how fast it proves, and how much
/// memory it takes on the way.
struct TreeBench: Sendable {
    /// Leaves at the end.
    let leaves: UInt64
    let folder: URL

    struct Stage: Sendable {
        let leaves: UInt64
        /// Since the stage before: hashing a leaf of 8 bytes and storing every tile that it fills.
        let appendsPerSecond: Double
        let inclusionsPerSecond: Double
        let consistenciesPerSecond: Double
        /// In the longest proof.
        let longestProof: Int
        let heldHashes: Int
        let residentBytes: Int64?
    }

    /// Proofs of each kind at each stage, each verified outside the measured time.
    private static let proofs = 2_000

    func measure() throws -> [Stage] {
        let files = TileFiles(in: folder)
        var tree = TileTree()
        var random = SeededGenerator(seed: 7)
        var stages: [Stage] = []
        for end in stops {
            let begin = ContinuousClock.now
            let before = tree.size
            while tree.size < end {
                for tile in tree.append(TreeBench.leaf(tree.size)) { try files.keep(tile) }
                if tree.size % 65_536 == 0 { try Task.checkCancellation() }
            }
            try files.sync()
            let appended = begin.duration(to: .now)
            let proved = try prove(tree, files, &random)
            stages.append(
                Stage(
                    leaves: end, appendsPerSecond: Double(end - before) / appended.inSeconds,
                    inclusionsPerSecond: Double(TreeBench.proofs) / proved.inclusion.inSeconds,
                    consistenciesPerSecond: Double(TreeBench.proofs) / proved.consistency.inSeconds,
                    longestProof: proved.longest, heldHashes: tree.heldHashes,
                    residentBytes: Measurement.residentBytes))
        }
        return stages
    }

    private var stops: [UInt64] {
        [100_000, 1_000_000].filter { $0 < leaves } + [leaves]
    }

    /// Of indices and sizes anywhere in the tree.
    private func prove(
        _ tree: TileTree, _ files: TileFiles, _ random: inout SeededGenerator
    ) throws -> (inclusion: Duration, consistency: Duration, longest: Int) {
        let root = tree.root
        let indices = (0..<TreeBench.proofs).map { _ in random.below(tree.size) }
        var begin = ContinuousClock.now
        let inclusions = try indices.map { try tree.inclusionProof(index: $0, size: tree.size, source: files) }
        let inclusion = begin.duration(to: .now)
        begin = .now
        let consistencies = try indices.map { try tree.consistencyProof(from: $0 + 1, to: tree.size, source: files) }
        let consistency = begin.duration(to: .now)
        for ((index, inclusion), consistency) in zip(zip(indices, inclusions), consistencies) {
            let isIncluded = MerkleProof.isInclusion(
                leaf: TreeBench.leaf(index), index: index, size: tree.size, root: root, proof: inclusion)
            let old = try tree.root(at: index + 1, source: files)
            let isConsistent = MerkleProof.isConsistency(
                from: index + 1, root: old, to: tree.size, root: root, proof: consistency)
            guard isIncluded, isConsistent else { throw DemoFailure("a proof of leaf \(index) of \(tree.size) is wrong") }
        }
        return (inclusion, consistency, (inclusions + consistencies).map(\.count).max() ?? 0)
    }

    private static func leaf(_ index: UInt64) -> Hash32 {
        MerkleHash.leaf((0..<8).map { UInt8(truncatingIfNeeded: index >> UInt64(56 - 8 * $0)) })
    }

    static func json(_ stages: [Stage]) -> JSONValue {
        .array(
            stages.map { stage in
                [
                    "leaves": .integer(Int64(stage.leaves)),
                    "appendsPerSecond": .number(Measurement.rounded(stage.appendsPerSecond)),
                    "inclusionProofsPerSecond": .number(Measurement.rounded(stage.inclusionsPerSecond)),
                    "consistencyProofsPerSecond": .number(Measurement.rounded(stage.consistenciesPerSecond)),
                    "longestProof": .integer(Int64(stage.longestProof)),
                    "heldHashes": .integer(Int64(stage.heldHashes)),
                    "residentMiB": stage.residentBytes.map { .number(Measurement.rounded(Double($0) / 1_048_576)) } ?? .null,
                ]
            })
    }
}
