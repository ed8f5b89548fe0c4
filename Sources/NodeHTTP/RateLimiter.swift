import Kernel
import Synchronization

/// A token bucket for each account or peer: a second's worth at once, then so many a second.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: MonotonicInstant
    }

    private let perSecond: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    init(perSecond: Int) { self.perSecond = Double(perSecond) }

    /// - Parameter name: an account or a party, never anything that a stranger chooses.
    func allows(_ name: String, at now: MonotonicInstant) -> Bool {
        buckets.withLock { buckets in
            var bucket = buckets[name] ?? Bucket(tokens: perSecond, at: now)
            bucket.tokens = min(perSecond, bucket.tokens + now.duration(since: bucket.at).inSeconds * perSecond)
            bucket.at = now
            defer { buckets[name] = bucket }
            guard bucket.tokens >= 1 else { return false }
            bucket.tokens -= 1
            return true
        }
    }
}
