import Dispatch

/// Spreads a computation that is made of many independent parts over the cores, and waits for it.
enum AllCores {
    private static let chunk = 128

    /// - Parameter make: called once for every number below `count`, on any thread.
    static func map<Value: Sendable>(_ count: Int, _ make: @Sendable (Int) -> Value) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { values, filled in
            // Each part writes places of its own, and all have been written before this goes on.
            guard let first = values.baseAddress else { return }
            nonisolated(unsafe) let start = first
            DispatchQueue.concurrentPerform(iterations: (count + chunk - 1) / chunk) { part in
                for i in part * chunk..<min(count, (part + 1) * chunk) { (start + i).initialize(to: make(i)) }
            }
            filled = count
        }
    }
}
