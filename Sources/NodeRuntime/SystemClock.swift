import Foundation
import Kernel
import Synchronization

/// This machine's clocks, joined over restarts: the monotonic one goes on from where the journal left it, by
/// the time that passed on the wall meanwhile, never backwards.
public final class SystemClock: Sendable {
    private let offsetNs: Mutex<Int64>

    public init(continuing last: Now?) {
        let raw = SystemClock.raw(CLOCK_BOOTTIME)
        guard let last else {
            offsetNs = Mutex(0)
            return
        }
        let utc = UTCInstant(microseconds: SystemClock.raw(CLOCK_REALTIME) / 1000)
        let away = max(.zero, utc.duration(since: last.utc))
        offsetNs = Mutex(last.monotonic.advanced(by: away).nanoseconds - raw)
    }

    public var now: Now {
        let offset = offsetNs.withLock { $0 }
        return Now(
            utc: UTCInstant(microseconds: SystemClock.raw(CLOCK_REALTIME) / 1000),
            monotonic: MonotonicInstant(nanoseconds: SystemClock.raw(CLOCK_BOOTTIME) + offset))
    }

    private static func raw(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
