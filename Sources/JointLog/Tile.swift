import Kernel

/// One tile of a log's tree: up to 256 consecutive hashes of one level. C2SP `tlog-tiles`.
///
/// Level 0 holds the hashes of leaves; each hash of a level above is the root over one full tile of the level below.
public struct Tile: Hashable, Sendable {
    /// Hashes in a full tile, which are eight levels of the tree.
    public static let fullWidth = 256
    /// Highest level that a path may name.
    public static let highestLevel = 63

    public let level: Int
    /// Counts from 0 within the level.
    public let index: UInt64
    /// Hashes in the tile, 1 ... 256; below 256 it is partial.
    public let width: Int

    /// - Returns: `nil` for a level outside 0 ... 63 or a width outside 1 ... 256.
    public init?(level: Int, index: UInt64, width: Int = Tile.fullWidth) {
        guard (0...Tile.highestLevel).contains(level), (1...Tile.fullWidth).contains(width) else { return nil }
        self.level = level
        self.index = index
        self.width = width
    }

    /// `tile/<level>/<index>`, with `.p/<width>` when it is partial.
    public var path: String { "tile/\(level)/\(TilePath.text(index: index, width: width))" }

    /// Reads exactly what ``path`` writes.
    public init?(path: String) {
        let parts = path.byteSplit(0x2F)
        guard parts.count > 2, parts[0].hasSameBytes(as: "tile"), let level = parts[1].canonicalDecimal,
            level <= UInt64(Tile.highestLevel), let place = TilePath.parse(parts[2...])
        else { return nil }
        self.init(level: Int(level), index: place.index, width: place.width)
    }

    /// The tile's content: its hashes one after the other, 32 bytes each.
    public static func encode(_ hashes: [Hash32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hashes.count * 32)
        for hash in hashes { bytes.append(contentsOf: hash.bytes) }
        return bytes
    }

    /// - Returns: `nil` unless the bytes are 1 ... 256 hashes.
    public static func decode(_ bytes: [UInt8]) -> [Hash32]? {
        guard bytes.count % 32 == 0, (1...fullWidth).contains(bytes.count / 32) else { return nil }
        return stride(from: 0, to: bytes.count, by: 32).compactMap { Hash32(bytes[$0..<($0 + 32)]) }
    }
}

/// The part of a path that names an index and a width: `x001/x234/067.p/5`.
enum TilePath {
    static func text(index: UInt64, width: Int) -> String {
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1_000)
            let padded = String(repeating: "0", count: 3 - digits.utf8.count) + digits
            groups.append(groups.isEmpty ? padded : "x" + padded)
            rest /= 1_000
        } while rest > 0
        return groups.reversed().joined(separator: "/") + (width == Tile.fullWidth ? "" : ".p/\(width)")
    }

    /// Reads exactly what ``text(index:width:)`` writes, split at its slashes.
    static func parse(_ parts: ArraySlice<String>) -> (index: UInt64, width: Int)? {
        var groups = parts
        var width = Tile.fullWidth
        let text = parts.joined(separator: "/")
        if groups.count > 1, groups[groups.endIndex - 2].utf8.suffix(2).elementsEqual(".p".utf8) {
            guard let last = groups.popLast()?.canonicalDecimal, (1..<UInt64(Tile.fullWidth)).contains(last),
                let group = groups.popLast()
            else { return nil }
            width = Int(last)
            groups.append(String(decoding: group.utf8.dropLast(2), as: UTF8.self))
        }
        var index: UInt64 = 0
        for group in groups {
            let digits = group.utf8.suffix(3)
            guard digits.count == 3 else { return nil }
            for digit in digits {
                guard (0x30...0x39).contains(digit) else { return nil }
                let (product, isBeyond) = index.multipliedReportingOverflow(by: 10)
                let (sum, isBeyondStill) = product.addingReportingOverflow(UInt64(digit - 0x30))
                guard !isBeyond, !isBeyondStill else { return nil }
                index = sum
            }
        }
        guard TilePath.text(index: index, width: width).hasSameBytes(as: text) else { return nil }
        return (index, width)
    }
}
