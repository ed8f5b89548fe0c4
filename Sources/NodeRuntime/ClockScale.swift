import Foundation
import Kernel
import Synchronization

/// A clock that shows another time and runs faster than the world, to replay what happened: never for real use.
///
/// All processes of one replay are given the same three values, so their clocks agree.
public struct ClockScale: Sendable, Hashable {
    /// 1 to 1,000: seconds shown for each second that passes.
    public let factor: Int
    /// What the clock shows at the anchor.
    public let start: UTCInstant
    /// On this machine's clock since it was booted, suspension included, in nanoseconds.
    public let anchorNs: Int64

    public static let factors = 1...1_000

    /// - Parameter anchorNs: as ``machineNs`` gave it; now, if not given.
    /// - Returns: `nil` for a factor outside ``factors`` or an anchor more than a day from now.
    public init?(factor: Int, start: UTCInstant, anchorNs: Int64? = nil) {
        let now = ClockScale.machineNs
        let anchorNs = anchorNs ?? now
        guard ClockScale.factors.contains(factor), (-86_400...86_400).contains((anchorNs / 2 - now / 2) / 500_000_000)
        else { return nil }
        self.factor = factor
        self.start = start
        self.anchorNs = anchorNs
    }

    /// This machine's nanoseconds since it was booted.
    public static var machineNs: Int64 { SystemClock.raw(CLOCK_BOOTTIME) }

    private static let process = Mutex<ClockScale?>(nil)

    /// What clocks of this process follow unless told otherwise; `nil`, the machine's time, unless ``use(_:)`` was
    /// called.
    public static var ofThisProcess: ClockScale? { process.withLock { $0 } }

    /// Call it before a node is opened: a clock keeps what it was made with.
    public static func use(_ scale: ClockScale?) { process.withLock { $0 = scale } }
}
