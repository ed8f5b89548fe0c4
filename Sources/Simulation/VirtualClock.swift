import Kernel

/// One machine's two clocks, as functions of the simulation's own time.
public struct VirtualClock: Sendable {
    /// The simulation's time zero on a right clock: 2026-11-22T03:00:00Z.
    public static let origin = UTCInstant(microseconds: 1_795_316_400_000_000)

    /// How far this machine's UTC is ahead of the right one.
    public var aheadBy: Duration
    /// What its monotonic clock shows at time zero, in nanoseconds.
    public let monotonicOriginNs: Int64

    public init(aheadBy: Duration = .zero, monotonicOriginNs: Int64) {
        self.aheadBy = aheadBy
        self.monotonicOriginNs = monotonicOriginNs
    }

    /// - Parameter timeNs: the simulation's time, nanoseconds from its start.
    public func now(at timeNs: Int64) -> Now {
        Now(
            utc: VirtualClock.origin.advanced(by: .nanoseconds(timeNs) + aheadBy),
            monotonic: MonotonicInstant(nanoseconds: monotonicOriginNs + timeNs))
    }

    /// When, in the simulation's time, the monotonic clock shows `instant`.
    public func timeNs(of instant: MonotonicInstant) -> Int64 { instant.nanoseconds - monotonicOriginNs }
}
