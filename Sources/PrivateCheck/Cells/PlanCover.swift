import Geodesy
import Kernel
import Separation

/// The elements of a plan: every element of a grid that one of its volumes, grown by its margin, touches.
public enum PlanCover {
    /// Elements of one volume.
    ///
    /// - Parameters:
    ///   - reference: as for the conflict test, the same on both sides.
    ///   - room: elements that there is room for.
    /// - Returns: sorted, each once; none when the volume lies outside the grid's window or region.
    public static func elements(
        of volume: Volume4D, margin: HalfBuffers.Margin, grid: CheckGrid, reference: VerticalReference, room: Int
    ) throws(CoverRejection) -> [CheckElement] {
        guard let slots = slots(of: volume.window, marginMicroseconds: margin.microseconds, grid: grid) else {
            return []
        }
        let bands = bands(of: volume, marginM: margin.verticalM, grid: grid, reference)
        let each = bands.count * slots.count
        let cells = try FootprintCover.cells(
            of: volume.footprint, marginM: margin.horizontalM, grid: grid, room: room / each)
        var elements: [CheckElement] = []
        elements.reserveCapacity(cells.count * each)
        for cell in cells {
            for band in bands {
                for slot in slots { elements.append(CheckElement(cell: cell, band: band, slot: slot)) }
            }
        }
        return elements
    }

    /// Elements of several volumes together.
    ///
    /// - Parameter room: elements that there is room for, of all volumes and of each.
    public static func elements(
        of volumes: [(volume: Volume4D, margin: HalfBuffers.Margin)], grid: CheckGrid, reference: VerticalReference,
        room: Int
    ) throws(CoverRejection) -> [CheckElement] {
        var all: [CheckElement] = []
        for (volume, margin) in volumes {
            all = merged(
                all, try elements(of: volume, margin: margin, grid: grid, reference: reference, room: room))
            guard all.count <= room else { throw .tooManyElements(allowed: room) }
        }
        return all
    }

    /// Slots that the closed window, grown at both ends, touches, both at a boundary; `nil` when the grid has none of
    /// them. In exact integers; saturates at the ends of the scale, beyond any grid.
    static func slots(
        of window: TimeWindow, marginMicroseconds: Int64, grid: CheckGrid
    ) -> ClosedRange<Int64>? {
        let start = window.start.microseconds.subtractingReportingOverflow(marginMicroseconds)
        let end = window.end.microseconds.addingReportingOverflow(marginMicroseconds)
        let first = floored(start.overflow ? .min : start.partialValue, touching: true)
        let last = floored(end.overflow ? .max : end.partialValue, touching: false)
        guard first <= grid.slots.upperBound, last >= grid.slots.lowerBound else { return nil }
        return max(first, grid.slots.lowerBound)...min(last, grid.slots.upperBound)
    }

    /// The slot that an instant is in; at a boundary, the one before it when `touching`.
    private static func floored(_ microseconds: Int64, touching: Bool) -> Int64 {
        let (quotient, rest) = microseconds.quotientAndRemainder(dividingBy: CheckGrid.slotMicroseconds)
        if rest < 0 { return quotient - 1 }
        return rest == 0 && touching ? quotient - 1 : quotient
    }

    /// Bands that the closed interval of heights, grown at both ends, touches, both at a boundary.
    static func bands(
        of volume: Volume4D, marginM: Double, grid: CheckGrid, _ reference: VerticalReference
    ) -> ClosedRange<Int16> {
        guard marginM < .infinity else { return grid.bands }
        let heights = self.heights(of: volume, reference)
        let low = heights.lowerBound - marginM - roundingM
        let high = heights.upperBound + marginM + roundingM
        return band(low, grid)...band(high, grid)
    }

    /// Everything that a volume's band may reach, in metres above the ellipsoid.
    ///
    /// Two flight levels compare as pressures, so two of them may be nearer by pressure than by height. The geoid
    /// differs by at most 225 m between any two places; where the terms' pressure deviation does not already make
    /// up for half of that at each end, the end is moved by the rest.
    static func heights(of volume: Volume4D, _ reference: VerticalReference) -> ClosedRange<Double> {
        let extent = VerticalExtent(volume.band, over: volume.footprint, reference)
        let reach = extent.reachM
        let more = max(0, geoidDifferenceM / 2 - reference.pressureDeviationM)
        let low = extent.lowerPressureM == nil ? reach.lowerBound : reach.lowerBound - more
        let high = extent.upperPressureM == nil ? reach.upperBound : reach.upperBound + more
        return low...max(low, high)
    }

    /// More than what two heights may differ by and yet count as equal, and than all rounding.
    static let roundingM = 1e-3
    /// No geoid grid that is read (``GeoidGrid``) holds two heights that differ by more, their errors included.
    static let geoidDifferenceM = 225.0

    private static func band(_ heightM: Double, _ grid: CheckGrid) -> Int16 {
        let band = (heightM / CheckGrid.bandM).rounded(.down)
        return Int16(min(Double(grid.bands.upperBound), max(Double(grid.bands.lowerBound), band)))
    }

    /// Two sorted lists without repetitions as one.
    private static func merged(_ a: [CheckElement], _ b: [CheckElement]) -> [CheckElement] {
        guard !a.isEmpty else { return b }
        guard !b.isEmpty else { return a }
        var all: [CheckElement] = []
        all.reserveCapacity(a.count + b.count)
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            if j == b.count || (i < a.count && a[i] < b[j]) {
                all.append(a[i])
                i += 1
            } else {
                if i < a.count, a[i] == b[j] { i += 1 }
                all.append(b[j])
                j += 1
            }
        }
        return all
    }
}
