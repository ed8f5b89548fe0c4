import Kernel
import Mechanism
import Synchronization

/// The one bounded queue in front of the driver. Full, it refuses instead of growing or dropping.
final class Inbox: Sendable {
    struct Waiting: Sendable {
        let event: Event
        let answer: @Sendable (Result<Reply, NodeError>) -> Void
    }

    private struct State: Sendable {
        var queue = BoundedQueue<Waiting>(capacity: Limits.inboxEvents)
        var isClosed = false
    }

    private let state = Mutex(State())
    private let signal: AsyncStream<Void>.Continuation
    let signals: AsyncStream<Void>

    init() {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// - Returns: `false` when the queue is full or closed.
    func offer(_ waiting: Waiting) -> Bool {
        let taken = state.withLock { $0.isClosed ? false : $0.queue.offer(waiting) }
        if taken { signal.yield() }
        return taken
    }

    func wake() { signal.yield() }
    func finish() { signal.finish() }
    func drain() -> [Waiting] { state.withLock { $0.queue.drain() } }

    /// Takes nothing from now on: whoever waited in a queue that nobody drains would wait for ever.
    func close() -> [Waiting] {
        state.withLock { state in
            state.isClosed = true
            return state.queue.drain()
        }
    }
}

/// Why the node did not do what it was asked. Converted once, at the edge.
public enum NodeError: Error, Sendable {
    case refused(Refusal)
    /// The inbox is full: try again.
    case overloaded
    /// The disk did not take it; nothing of it counts.
    case notStored(String)
    case stopped
}
