import JointLog
import Kernel
import Mechanism

/// One log as a simulated node's disk holds it: its tree, and every checkpoint and cosignature over it.
struct LogBook: TileSource, Sendable {
    private(set) var tree = TileTree()
    /// In the order of the tree.
    private(set) var envelopes: [[UInt8]] = []
    /// In which commit each came.
    private(set) var frames: [Int] = []
    private var tiles = SortedMap<UInt64, [Hash32]>()
    /// The author's signed checkpoints by size.
    var notes = SortedMap<UInt64, String>()
    /// The newest cosignature of each holder, by key name.
    var cosignatures = SortedMap<String, String>()

    mutating func append(_ envelope: [UInt8], leaf: Hash32, frame: Int = 0) {
        envelopes.append(envelope)
        frames.append(frame)
        for tile in tree.append(leaf) { tiles[LogBook.name(tile.level, tile.index)] = tile.hashes }
    }

    func tile(level: Int, index: UInt64) throws -> [Hash32] { tiles[LogBook.name(level, index)] ?? [] }

    private static func name(_ level: Int, _ index: UInt64) -> UInt64 { UInt64(level) << 56 | index }

    /// The largest size in a range over which there is a note of its author.
    func notedSize(after low: UInt64, atMost high: UInt64) -> UInt64? {
        guard low < high else { return nil }
        return notes.elements(in: (low + 1)...high).last?.key
    }

    func root(at size: UInt64) -> Hash32? { try? tree.root(at: size, source: self) }

    func consistencyProof(from: UInt64, to: UInt64) -> [Hash32]? {
        try? tree.consistencyProof(from: from, to: to, source: self)
    }
}
