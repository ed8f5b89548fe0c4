import Kernel
import Synchronization

/// A token bucket for each account or peer: a second's worth at once, then so many a second.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: MonotonicInstant
    }

    private let perSecond: Double
    private let names: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter names: that are told apart; beyond that, all others share one bucket.
    init(perSecond: Int, names: Int = .max) {
        self.perSecond = Double(perSecond)
        self.names = names
    }

    /// - Parameter name: an account or a party; an address only where their number is limited.
    func allows(_ name: String, at now: MonotonicInstant) -> Bool {
        buckets.withLock { buckets in
            if buckets.count >= names, buckets[name] == nil { forget(&buckets, now) }
            let name = buckets.count < names || buckets[name] != nil ? name : ""
            var bucket = buckets[name] ?? Bucket(tokens: perSecond, at: now)
            bucket.tokens = min(perSecond, bucket.tokens + now.duration(since: bucket.at).inSeconds * perSecond)
            bucket.at = now
            defer { buckets[name] = bucket }
            guard bucket.tokens >= 1 else { return false }
            bucket.tokens -= 1
            return true
        }
    }

    /// Whoever has not asked for a second has a full bucket, as one who has never asked.
    private func forget(_ buckets: inout [String: Bucket], _ now: MonotonicInstant) {
        buckets = buckets.filter { now.duration(since: $0.value.at) < .seconds(1) }
    }
}
