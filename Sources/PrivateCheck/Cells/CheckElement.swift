/// What is compared: one cell, one band, one slot. Two plans meet where their covers have an element in common.
public struct CheckElement: Hashable, Comparable, Sendable, Codable {
    public let cell: Cell
    /// As ``CheckGrid/bands``.
    public let band: Int16
    /// As ``CheckGrid/slots``.
    public let slot: Int64

    public init(cell: Cell, band: Int16, slot: Int64) {
        self.cell = cell
        self.band = band
        self.slot = slot
    }

    public static func < (a: Self, b: Self) -> Bool {
        (a.cell.id, a.band, a.slot) < (b.cell.id, b.band, b.slot)
    }

    /// Cell, band and slot, each big-endian: 18 bytes, one form for one element.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: cell.id >> shift)) }
        for shift in stride(from: 8, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: band >> shift)) }
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: slot >> shift)) }
        return bytes
    }

    public static let byteCount = 18

    /// The element of a coarser cell, same band and slot: what is shown where the terms want less than the cell.
    /// `nil` when `level` is finer than the element's.
    public func coarsened(toLevel level: Int) -> CheckElement? {
        cell.ancestor(atLevel: level).map { CheckElement(cell: $0, band: band, slot: slot) }
    }
}
