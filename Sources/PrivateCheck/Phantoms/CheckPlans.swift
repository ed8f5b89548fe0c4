import Kernel
import Separation

/// What one party puts into a check: its plans, and phantoms beside them, so that a cell in conflict is no proof of a
/// plan. Only the party and whoever audits it can tell the two apart.
public struct CheckPlans: Sendable {
    /// Plans first, then phantoms; an audit is told from where on.
    public let volumes: [(volume: Volume4D, margin: HalfBuffers.Margin)]
    public let phantomCount: Int

    public init(
        plans: [(volume: Volume4D, margin: HalfBuffers.Margin)],
        phantoms: [(volume: Volume4D, margin: HalfBuffers.Margin)]
    ) {
        volumes = plans + phantoms
        phantomCount = phantoms.count
    }

    public var plans: ArraySlice<(volume: Volume4D, margin: HalfBuffers.Margin)> { volumes.dropLast(phantomCount) }
    public var phantoms: ArraySlice<(volume: Volume4D, margin: HalfBuffers.Margin)> { volumes.suffix(phantomCount) }

    /// What is committed to: hours of all volumes, phantoms included, each rounded up to a whole one and at least one.
    /// So an audit that is shown the plans sees how much else there was.
    public var volumeHours: UInt64 { Self.hours(volumes[...]) }
    public var phantomHours: UInt64 { Self.hours(phantoms) }

    private static func hours(_ volumes: ArraySlice<(volume: Volume4D, margin: HalfBuffers.Margin)>) -> UInt64 {
        volumes.reduce(0) { sum, each in
            let window = each.volume.window
            let microseconds = UInt64(max(0, window.end.duration(since: window.start).wholeMicroseconds))
            let (hours, rest) = microseconds.quotientAndRemainder(dividingBy: 3_600_000_000)
            return sum &+ max(1, hours + (rest == 0 ? 0 : 1))
        }
    }
}
