import Kernel

/// What one private check divides into elements: where, at which heights and when, and how finely. Agreed by both
/// before anything else, and the same for both.
///
/// The check says nothing about what lies outside its region and window. Heights have no outside: whatever is above
/// the highest band counts as in it, and the same below.
public struct CheckGrid: Hashable, Sendable, Codable {
    /// Of every cell, ``Limits/privateCheckLevels``.
    public let level: Int
    /// Sorted, none within another, 1 … ``Limits/privateCheckRegionCells``, none finer than ``level``.
    public let region: [Cell]
    /// Band *n* reaches from *n* to *n* + 1 thousand feet above the ellipsoid, both included.
    public let bands: ClosedRange<Int16>
    /// Slot *n* reaches from *n* to *n* + 1 times five minutes after 1970-01-01T00:00:00Z, both included.
    public let slots: ClosedRange<Int64>

    /// Metres: 1 000 feet.
    public static let bandM = 304.8
    /// Five minutes.
    public static let slotMicroseconds: Int64 = 300_000_000

    public enum Rejection: Error, Hashable, Sendable {
        case level(Int)
        /// No cell, too many, not sorted, or one within another.
        case region
        /// A cell of the region is finer than the level.
        case regionFinerThanLevel(Cell)
        /// Outside -4 … 329, what ``Altitude`` can state.
        case bands
        /// Longer than ``Limits/privateCheckWindow``, or outside the years 1970 … 9999.
        case slots
    }

    public init(
        level: Int, region: [Cell] = Cell.faces, bands: ClosedRange<Int16>, slots: ClosedRange<Int64>
    ) throws(Rejection) {
        guard Limits.privateCheckLevels.contains(level) else { throw .level(level) }
        guard (1...Limits.privateCheckRegionCells).contains(region.count),
            zip(region, region.dropFirst()).allSatisfy({ $0 < $1 && !$0.contains($1) && !$1.contains($0) })
        else { throw .region }
        if let finer = region.first(where: { $0.level > level }) { throw .regionFinerThanLevel(finer) }
        guard Self.bandsStated.contains(bands.lowerBound), Self.bandsStated.contains(bands.upperBound) else {
            throw .bands
        }
        let longest = Limits.privateCheckWindow.wholeMicroseconds / Self.slotMicroseconds
        guard slots.lowerBound >= 0, slots.upperBound <= Self.lastSlot,
            slots.upperBound - slots.lowerBound < longest
        else { throw .slots }
        self.level = level
        self.region = region
        self.bands = bands
        self.slots = slots
    }

    private static let bandsStated: ClosedRange<Int16> = -4...329
    private static let lastSlot: Int64 = 253_402_300_800 / 300

    private enum CodingKeys: String, CodingKey { case level, region, bands, slots }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        do {
            self = try CheckGrid(
                level: try container.decode(Int.self, forKey: .level),
                region: try container.decode([Cell].self, forKey: .region),
                bands: try container.decode(ClosedRange<Int16>.self, forKey: .bands),
                slots: try container.decode(ClosedRange<Int64>.self, forKey: .slots))
        } catch is Rejection {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "check grid"))
        }
    }

    /// No cell of the level is wider than this: twice the reach of the largest, in metres. By how much more than their
    /// half-buffers two footprints may be apart and yet share a cell. S2's largest diagonal of the quadratic transform,
    /// 2.438 654 594 434 021 radians over 2 to the level, is reached at a corner of a face; 1 % more for cells of
    /// finite size, whose middle is not quite half-way.
    public static func cellWidestM(level: Int) -> Double {
        2.4631 * CellShape.metresPerRadian / Double(UInt64(1) << level) + 2 * CellShape.roundingM
    }
}
