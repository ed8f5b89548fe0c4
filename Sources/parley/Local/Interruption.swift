import Dispatch
import Foundation

/// Ctrl-C, and being asked to end, as something to wait for, so that what was started can be ended first.
final class Interruption: Sendable {
    private struct State {
        var hasCome = false
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    private let state: Box<State>
    // Held so that they stay in force; never touched again.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init() {
        let state = Box(State())
        self.state = state
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            // Dispatch sees a signal only when nobody else acts on it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                state.update { state in
                    state.hasCome = true
                    for waiting in state.waiting { waiting.finish() }
                }
            }
            source.resume()
            return source
        }
    }

    /// Returns once a signal has come, or when the task is cancelled.
    func wait() async {
        // A stream of its own: one that a cancelled task has waited for is finished for everybody.
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.update { state in
            state.waiting.append(continuation)
            if state.hasCome { continuation.finish() }
        }
        for await _ in stream {}
    }

    /// Runs `body` until it ends or a signal comes; then `body` is cancelled.
    ///
    /// - Throws: what `body` throws, or ``ExitStatus/interrupted``.
    func during<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                await self.wait()
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw ExitStatus.interrupted }
            return value
        }
    }
}
