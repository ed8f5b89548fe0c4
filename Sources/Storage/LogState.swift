import Kernel

/// What a store knows of one log without reading its rows.
package struct LogState: Hashable, Sendable {
    /// Entries held.
    package var size: UInt64
    /// Full tiles held at level 0. Every higher level is complete over the one below it, so this says all of them.
    package var leafTiles: UInt64
    /// Notes held.
    package var notes: UInt64
    package var head: HeadState?

    package init(size: UInt64 = 0, leafTiles: UInt64 = 0, notes: UInt64 = 0, head: HeadState? = nil) {
        self.size = size
        self.leafTiles = leafTiles
        self.notes = notes
        self.head = head
    }

    /// Full tiles held at a level.
    package func tiles(level: Int) -> UInt64 {
        TileWrite.levels.contains(level) ? leafTiles >> UInt64(8 * level) : 0
    }

    /// Full tiles held at all levels.
    package var allTiles: UInt64 { TileWrite.levels.reduce(0) { $0 + tiles(level: $1) } }

    /// Rows held of the log: entries, tiles and notes.
    package var rows: UInt64 { size + allTiles + notes }
}

/// The tiles that one commit adds to one log, held to the order and the shape that every backend keeps.
struct TileRun {
    private let log: LogID
    /// Full tiles at each level.
    private var counts: [UInt64]

    init(log: LogID, _ state: LogState) {
        self.log = log
        counts = TileWrite.levels.map { state.tiles(level: $0) }
    }

    /// - Parameter size: entries held once the commit is stored.
    mutating func add(_ tile: TileWrite, size: UInt64) throws(StoreError) {
        guard TileWrite.levels.contains(tile.level), tile.hashes.count == TileWrite.byteCount else {
            throw .tileMalformed(log: log, level: tile.level, index: tile.index)
        }
        guard tile.index == counts[tile.level] else {
            throw .tileNotNext(log: log, level: tile.level, expected: counts[tile.level], found: tile.index)
        }
        let below = tile.level == 0 ? size : counts[tile.level - 1]
        guard tile.index < below / UInt64(TileWrite.width) else {
            throw .tileUnfounded(log: log, level: tile.level, index: tile.index)
        }
        counts[tile.level] += 1
    }

    /// Full tiles at level 0, once no higher tile is missing.
    func leafTiles() throws(StoreError) -> UInt64 {
        for level in TileWrite.levels.dropFirst() {
            guard counts[level] == counts[level - 1] / UInt64(TileWrite.width) else {
                throw .tileMissing(log: log, level: level, index: counts[level])
            }
        }
        return counts[0]
    }
}
