import Kernel
import Synchronization

/// Requests about STOP: none is refused, but of one peer only so many are answered at once, in the order in which they
/// came, so that a peer that floods this path holds up itself.
public final class StopLine: Sendable {
    private struct Line {
        var underWay = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let lines = Mutex<[WorkSource: Line]>([:])

    public init() {}

    /// Runs `body` as soon as fewer than ``Limits/stopRequestsPerPeer`` of the same source are under way. How many wait is
    /// bounded by how many connections one peer has.
    public func during<Value: Sendable>(
        _ source: WorkSource, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async rethrows -> Value {
        await withCheckedContinuation { continuation in
            let mayGoOn = lines.withLock { lines in
                if lines[source, default: Line()].underWay < Limits.stopRequestsPerPeer {
                    lines[source, default: Line()].underWay += 1
                    return true
                }
                lines[source, default: Line()].waiting.append(continuation)
                return false
            }
            if mayGoOn { continuation.resume() }
        }
        defer { leave(source) }
        return try await body()
    }

    private func leave(_ source: WorkSource) {
        let next = lines.withLock { lines -> CheckedContinuation<Void, Never>? in
            guard var line = lines[source] else { return nil }
            guard line.waiting.isEmpty else {
                let next = line.waiting.removeFirst()
                lines[source] = line
                return next
            }
            line.underWay -= 1
            lines[source] = line.underWay == 0 ? nil : line
            return nil
        }
        next?.resume()
    }
}
