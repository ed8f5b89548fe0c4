import Dispatch
import Foundation

/// Ctrl-C, and being asked to end, as something to wait for, so that what was started can be ended first.
final class Interruption: Sendable {
    private let stream: AsyncStream<Void>
    // Held so that they stay in force; never touched again.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            // Dispatch sees a signal only when nobody else acts on it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    /// Returns at the first signal, or when the task is cancelled.
    func wait() async {
        for await _ in stream { return }
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
