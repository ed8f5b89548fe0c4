import Foundation
import Kernel
import Synchronization

/// This machine's clocks, joined over restarts: the monotonic one goes on from where the journal left it, by
/// the time that passed on the wall meanwhile, never backwards.
///
/// Every timer of a node runs on it, so that ``ClockScale`` moves them all: wait by ``sleep(for:)``.
public final class SystemClock: Sendable {
    /// `nil` for the machine's own time, which alone may be used for real.
    public let scale: ClockScale?
    private let offsetNs: Mutex<Int64>

    public init(continuing last: Now?, scale: ClockScale? = ClockScale.ofThisProcess) {
        self.scale = scale
        guard let last else {
            offsetNs = Mutex(0)
            return
        }
        let elapsed = SystemClock.monotonicNs(scale)
        let away = max(.zero, SystemClock.utc(scale, elapsedNs: elapsed).duration(since: last.utc))
        offsetNs = Mutex(last.monotonic.advanced(by: away).nanoseconds - elapsed)
    }

    public var now: Now {
        let offset = offsetNs.withLock { $0 }
        let elapsed = SystemClock.monotonicNs(scale)
        return Now(
            utc: SystemClock.utc(scale, elapsedNs: elapsed), monotonic: MonotonicInstant(nanoseconds: elapsed + offset))
    }

    /// Returns once this clock has gone on by `duration`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: scale.map { duration / $0.factor } ?? duration)
    }

    private static func utc(_ scale: ClockScale?, elapsedNs: Int64) -> UTCInstant {
        // From one reading of one clock: neither a pause between two readings nor a correction of this machine's UTC
        // may be multiplied.
        if let scale { return scale.start.advanced(by: .nanoseconds(elapsedNs)) }
        return UTCInstant(microseconds: raw(CLOCK_REALTIME) / 1000)
    }

    private static func monotonicNs(_ scale: ClockScale?) -> Int64 {
        let booted = raw(CLOCK_BOOTTIME)
        guard let scale else { return booted }
        let (scaled, isTooFar) = (booted - scale.anchorNs).multipliedReportingOverflow(by: Int64(scale.factor))
        return isTooFar ? Int64.max / 4 : scaled
    }

    static func raw(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
