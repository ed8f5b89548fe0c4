/// One cell of the quadtree over the earth: a square of one of six faces of a cube, halved `level` times each way.
///
/// The scheme is S2's (faces, quadratic transform) with Morton order instead of Hilbert's, which nothing here needs.
/// A cell is the set of all directions from the earth's centre whose face coordinates lie within closed integer
/// bounds, so a cell is exactly the union of its four children, and cells of one level share no more than edges.
public struct Cell: Hashable, Comparable, Sendable, Codable {
    /// Three bits of face, two bits a level (first of `i`, then of `j`), a one, zeros. The order of ids is that of the
    /// places in the tree.
    public let id: UInt64

    public static let deepestLevel = 24
    public static let faces: [Cell] = (0..<6).map { Cell(unchecked: UInt64($0) << 61 | 1 << 60) }

    /// - Returns: `nil` for a number that is no cell's, or of a cell below ``deepestLevel``.
    public init?(id: UInt64) {
        guard id >> 61 < 6, id & Self.levelBits != 0, id.trailingZeroBitCount % 2 == 0,
            id.trailingZeroBitCount >= 60 - 2 * Self.deepestLevel
        else { return nil }
        self.id = id
    }

    /// - Parameters:
    ///   - face: 0 ..< 6: axis *x*, *y*, *z* towards positive, then towards negative.
    ///   - i: 0 ..< 2 to the `level`, along the axis after the face's.
    ///   - j: the same, along the next axis.
    /// - Returns: `nil` when one is out of range.
    public init?(face: Int, level: Int, i: UInt32, j: UInt32) {
        guard (0..<6).contains(face), (0...Self.deepestLevel).contains(level), UInt64(i) < 1 << level,
            UInt64(j) < 1 << level
        else { return nil }
        var id = UInt64(face)
        for bit in (0..<level).reversed() { id = id << 2 | UInt64(i >> bit & 1) << 1 | UInt64(j >> bit & 1) }
        self.id = (id << 1 | 1) << (60 - 2 * level)
    }

    private init(unchecked id: UInt64) { self.id = id }

    public init(from decoder: any Decoder) throws {
        guard let cell = Cell(id: try decoder.singleValueContainer().decode(UInt64.self)) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "cell"))
        }
        self = cell
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(id)
    }

    private static let levelBits: UInt64 = (1 << 61) - 1

    public static func < (a: Self, b: Self) -> Bool { a.id < b.id }

    /// 0 ..< 6.
    public var face: Int { Int(id >> 61) }
    /// 0, a whole face, … ``deepestLevel``.
    public var level: Int { (60 - id.trailingZeroBitCount) / 2 }

    /// Column and row on the face, each 0 ..< 2 to the ``level``.
    public var place: (i: UInt32, j: UInt32) {
        var (i, j): (UInt32, UInt32) = (0, 0)
        var bits = (id & Self.levelBits) >> (id.trailingZeroBitCount + 1)
        for bit in 0..<level {
            j |= UInt32(bits & 1) << bit
            i |= UInt32(bits >> 1 & 1) << bit
            bits >>= 2
        }
        return (i, j)
    }

    /// The four quarters in order; none at the deepest level.
    public var children: [Cell] {
        guard level < Self.deepestLevel else { return [] }
        let low = id & (~id &+ 1)
        let quarter = low >> 2
        return (0..<4).map { Cell(unchecked: id - low + quarter * (2 * UInt64($0) + 1)) }
    }

    /// The cell of a level at or above this one's that holds it; `nil` when `level` lies outside 0 … ``level``.
    public func ancestor(atLevel level: Int) -> Cell? {
        guard (0...self.level).contains(level) else { return nil }
        let low: UInt64 = 1 << (60 - 2 * level)
        return Cell(unchecked: id & ~(2 * low - 1) | low)
    }

    /// Whether every place of the other cell is one of this cell; so it is of a cell and itself.
    public func contains(_ other: Cell) -> Bool { other.ancestor(atLevel: level) == self }
}
