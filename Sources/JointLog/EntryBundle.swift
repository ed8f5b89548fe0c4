import Kernel

/// Up to 256 consecutive entries of a log, which hash to the tile of level 0 with the same index. C2SP `tlog-tiles`.
public struct EntryBundle: Hashable, Sendable {
    /// Longest entry, in bytes.
    public static let longestEntry = 65_535

    /// Counts from 0; the first entry has this index times 256.
    public let index: UInt64
    /// Entries in the bundle, 1 ... 256; below 256 it is partial.
    public let width: Int

    /// - Returns: `nil` for a width outside 1 ... 256.
    public init?(index: UInt64, width: Int = Tile.fullWidth) {
        guard (1...Tile.fullWidth).contains(width) else { return nil }
        self.index = index
        self.width = width
    }

    /// `tile/entries/<index>`, with `.p/<width>` when it is partial.
    public var path: String { "tile/entries/\(TilePath.text(index: index, width: width))" }

    /// Reads exactly what ``path`` writes.
    public init?(path: String) {
        let parts = path.byteSplit(0x2F)
        guard parts.count > 2, parts[0].hasSameBytes(as: "tile"), parts[1].hasSameBytes(as: "entries"),
            let place = TilePath.parse(parts[2...])
        else { return nil }
        self.init(index: place.index, width: place.width)
    }

    /// Each entry after its length, two bytes big-endian.
    ///
    /// - Returns: `nil` unless there are 1 ... 256 entries, none longer than ``longestEntry``.
    public static func encode(_ entries: [[UInt8]]) -> [UInt8]? {
        guard (1...Tile.fullWidth).contains(entries.count) else { return nil }
        var bytes: [UInt8] = []
        for entry in entries {
            guard entry.count <= longestEntry else { return nil }
            bytes.append(UInt8(entry.count >> 8))
            bytes.append(UInt8(entry.count & 0xFF))
            bytes.append(contentsOf: entry)
        }
        return bytes
    }

    /// - Returns: `nil` unless the bytes are 1 ... 256 entries and nothing more.
    public static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard entries.count < Tile.fullWidth, let high = rest.popFirst(), let low = rest.popFirst() else {
                return nil
            }
            let length = Int(high) << 8 | Int(low)
            guard rest.count >= length else { return nil }
            entries.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return entries.isEmpty ? nil : entries
    }
}
