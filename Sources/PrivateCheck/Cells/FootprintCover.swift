import Geodesy
import Kernel

/// The cells of a footprint: every cell of a level that the footprint, grown by a margin, touches.
///
/// A cell is taken when its middle is not proven farther from the footprint than margin and reach together. Every cell
/// that holds a place within the margin is: that place is within the cell's reach of its middle. A cell above it in the
/// tree holds the same place, so the descent never leaves it out.
enum FootprintCover {
    /// What the conflict test may take as within a minimum although it is farther, in metres, for each side: all of
    /// ``DistanceBounds/errorM``, twice what is needed.
    static let slackM = DistanceBounds.errorM

    /// - Parameters:
    ///   - marginM: 0 … 1 000 000 metres along the surface.
    ///   - room: cells that there is room for.
    /// - Returns: cells of the grid's level, sorted.
    static func cells(
        of footprint: Footprint, marginM: Double, grid: CheckGrid, room: Int
    ) throws(CoverRejection) -> [Cell] {
        guard marginM >= 0, marginM <= 1_000_000 else { throw .margin }
        let prepared = PreparedFootprint(footprint)
        var found: [Cell] = []
        var visited = 0
        var waiting: [(cell: Cell, isWithin: Bool)] = grid.region.reversed().map { ($0, false) }
        while let (cell, isKnown) = waiting.popLast() {
            visited += 1
            guard visited <= Limits.privateCheckCellsVisited else { throw .tooManyElements(allowed: room) }
            var isWithin = isKnown
            if !isKnown {
                switch place(cell, prepared, marginM + slackM) {
                case .beyond: continue
                case .within: isWithin = true
                case .touching: break
                }
            }
            guard cell.level < grid.level else {
                found.append(cell)
                guard found.count <= room else { throw .tooManyElements(allowed: room) }
                continue
            }
            for child in cell.children.reversed() { waiting.append((child, isWithin)) }
        }
        return found
    }

    private enum Place {
        case beyond, touching
        /// Proven: every place of the cell lies within the margin.
        case within
    }

    private static func place(_ cell: Cell, _ footprint: PreparedFootprint, _ marginM: Double) -> Place {
        let shape = CellShape(cell)
        guard let point = Footprint(validatedBefore: .point(shape.centre), radiusM: 0) else { return .touching }
        let middle = PreparedFootprint(point)
        if footprint.closeness(to: middle, thresholdM: marginM + shape.reachM) == .farther { return .beyond }
        guard marginM >= shape.reachM else { return .touching }
        return footprint.closeness(to: middle, thresholdM: marginM - shape.reachM) == .closer ? .within : .touching
    }
}
