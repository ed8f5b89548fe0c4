import Kernel

/// One full tile of a log's tree, as C2SP `tlog-tiles` cuts it: 256 neighbouring hashes of one height.
///
/// At level 0 they are leaf hashes; at level n+1 each is the root over one full tile of level n. Narrower tiles are
/// never stored: they follow from the entries since the last full one.
public struct TileWrite: Hashable, Sendable {
    /// Hashes in a tile.
    public static let width = 256
    /// Bytes of a tile: 256 hashes of 32.
    public static let byteCount = width * 32
    /// 0 ... 7: eight levels of 256 cover every 64-bit size.
    public static let levels = 0..<8

    public let log: LogID
    /// Within ``levels``.
    public let level: Int
    /// From 0, without gaps in each level.
    public let index: UInt64
    /// ``byteCount`` bytes.
    public let hashes: [UInt8]

    public init(log: LogID, level: Int, index: UInt64, hashes: [UInt8]) {
        self.log = log
        self.level = level
        self.index = index
        self.hashes = hashes
    }
}
