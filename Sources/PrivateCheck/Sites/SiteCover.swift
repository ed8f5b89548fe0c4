import Geodesy
import Kernel

/// The cells of protected sites, and of a plan that is held against them: footprints alone, at every height and hour.
///
/// A site grown by its margin and a plan grown by its own have a cell in common whenever they are no farther apart than
/// both margins together: the proof of `docs/private-check.md` for plans, on the one axis.
public enum SiteCover {
    /// - Parameters:
    ///   - footprints: each with its margin, 0 … 1 000 000 metres along the surface.
    ///   - level: of every cell, ``Limits/privateCheckLevels``.
    ///   - room: cells that there is room for, of all together.
    /// - Returns: cells of the level, sorted, each once.
    public static func cells(
        of footprints: [(footprint: Footprint, marginM: Double)], level: Int, room: Int
    ) throws(CoverRejection) -> [Cell] {
        guard let grid = try? CheckGrid(level: level, bands: 0...0, slots: 0...0) else { throw .level(level) }
        var all = SortedSet<Cell>()
        for (footprint, marginM) in footprints {
            let cells = try FootprintCover.cells(of: footprint, marginM: marginM, grid: grid, room: room)
            for cell in cells { all.insert(cell) }
            guard all.count <= room else { throw .tooManyElements(allowed: room) }
        }
        return all.elements
    }
}
