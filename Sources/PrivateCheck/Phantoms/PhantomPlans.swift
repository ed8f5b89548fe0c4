import Geodesy
import Kernel
import Separation

/// Plans that nobody has, of the same shapes, heights and lengths as those that somebody might: turned, and moved to
/// another place of the region and another hour.
///
/// They follow from a secret, so that they stay where they are for as long as the plans beside them do: phantoms that
/// moved from one check to the next would be told apart by asking twice.
public enum PhantomPlans {
    /// - Parameters:
    ///   - shapes: what to make them like, in turn: a party's usual plans rather than those of the day, whose number
    ///     and kinds the phantoms would then follow. None give none.
    ///   - count: how many.
    ///   - region: a grid's, in which their places lie.
    ///   - window: in which they lie, when they are no longer than it; otherwise they begin with it.
    ///   - seed: one for each day, kept while a check of that day may still come.
    /// - Returns: as many as were wanted, or fewer where a shape cannot be put down anywhere that was tried.
    public static func drawn(
        like shapes: [(volume: Volume4D, margin: HalfBuffers.Margin)], count: Int, region: [Cell], window: TimeWindow,
        seed: SecretSeed
    ) -> [(volume: Volume4D, margin: HalfBuffers.Margin)] {
        guard !shapes.isEmpty, !region.isEmpty, count > 0 else { return [] }
        var random = SeedGenerator(seed.derived("phantoms"))
        var drawn: [(volume: Volume4D, margin: HalfBuffers.Margin)] = []
        for index in 0..<count {
            let shape = shapes[index % shapes.count]
            guard let footprint = moved(shape.volume.footprint, region, &random) else { continue }
            let volume = Volume4D(
                footprint: footprint, band: shape.volume.band, window: moved(shape.volume.window, window, &random))
            drawn.append((volume, shape.margin))
        }
        return drawn
    }

    private static let attempts = 16

    private static func moved(_ footprint: Footprint, _ region: [Cell], _ random: inout SeedGenerator) -> Footprint? {
        let from = footprint.referencePoint
        for _ in 0..<attempts {
            let to = CellShape(place(region, &random)).centre
            let turn = Double(random.below(360_000)) / 1_000
            func move(_ vertex: Position) -> Position? {
                let way = Geodesic.inverse(from, vertex)
                return Geodesic.destination(
                    from: to, bearingDeg: (way.startBearingDeg + turn).remainder(dividingBy: 360),
                    distanceM: way.distanceM)
            }
            let vertices = footprint.vertices.compactMap(move)
            guard vertices.count == footprint.vertices.count else { continue }
            let core: Footprint.Core =
                switch footprint.core {
                case .point: .point(vertices[0])
                case .line: .line(vertices)
                case .polygon: .polygon(vertices)
                }
            if let moved = try? Footprint(validating: core, radiusM: footprint.radiusM) { return moved }
        }
        return nil
    }

    /// A cell of the deepest level: any part of the region about as likely as any other of the same size.
    private static func place(_ region: [Cell], _ random: inout SeedGenerator) -> Cell {
        func weight(_ cell: Cell) -> UInt64 { 1 << UInt64(2 * (Cell.deepestLevel - cell.level)) }
        var left = random.below(region.reduce(0) { $0 + weight($1) })
        var cell = region[region.count - 1]
        for each in region {
            if left < weight(each) {
                cell = each
                break
            }
            left -= weight(each)
        }
        while cell.level < Cell.deepestLevel { cell = cell.children[Int(random.below(4))] }
        return cell
    }

    /// By whole slots, which is all that a check can see of an hour.
    private static func moved(_ window: TimeWindow, _ within: TimeWindow, _ random: inout SeedGenerator) -> TimeWindow {
        let length = window.end.duration(since: window.start)
        let room = within.end.duration(since: within.start) - length
        let steps = max(0, room.wholeMicroseconds / CheckGrid.slotMicroseconds)
        let shift = Int64(random.below(UInt64(steps) + 1)) * CheckGrid.slotMicroseconds
        let start = within.start.advanced(by: .microseconds(shift))
        return TimeWindow(start: start, end: start.advanced(by: length)) ?? window
    }
}
