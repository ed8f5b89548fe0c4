import HTTPTypes
import Hummingbird
import Kernel
import NodeRuntime
import Records
import ServiceLifecycle

extension DeskAPI {
    /// Server-sent events. A stream without an id, or with one that is not in the backlog, begins with `reset`
    /// and a snapshot; then every change follows in order.
    func events(_ request: Request, _ context: DeskContext) async throws -> Response {
        let officer = try officer(context)
        guard let (number, signals) = stream.listen(for: officer.officer) else { throw Problem.tooManyStreams }
        let wanted =
            request.headers[HTTPField.Name("Last-Event-ID")!]
            ?? request.uri.queryParameters["after"].map(String.init)
        let start = wanted.flatMap(stream.sequence(of:))
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        let connection = ObjectIdentifier(context.channel)
        let body = ResponseBody { writer in
            // A stream is a request that lasts: its connection is not idle.
            connections.begins(connection)
            defer {
                connections.ends(connection, at: node.clock.now.monotonic)
                stream.leave(number)
            }
            try await write(to: &writer, from: start, signals: signals)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// Until its reader is gone, or another stream of the same officer takes its place.
    private func write(
        to writer: inout any ResponseBodyWriter, from start: UInt64?, signals: AsyncStream<Void>
    ) async throws {
        try await writer.write(ByteBuffer(string: ": parley\n\n"))
        let wakes = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let timer = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(5))
                wakes.continuation.yield()
            }
        }
        let relay = Task {
            for await _ in signals { wakes.continuation.yield() }
            wakes.continuation.finish()
        }
        defer {
            timer.cancel()
            relay.cancel()
        }
        var at = start
        _ = try await writePending(to: &writer, &at)
        // A node that is asked to end does not wait for desks that would listen for ever.
        for await _ in wakes.stream.cancelOnGracefulShutdown() {
            if try await !writePending(to: &writer, &at) { try await writer.write(ByteBuffer(string: ": still here\n\n")) }
        }
    }

    /// Writes what has happened since `at`, which moves on: a bounded part, and the next when that has gone. A reader that
    /// is too slow for what happens gets a `reset` at last, and one that takes nothing is cut off.
    ///
    /// - Returns: whether there was anything.
    private func writePending(to writer: inout any ResponseBodyWriter, _ at: inout UInt64?) async throws -> Bool {
        var hasWritten = false
        var ahead: UInt64 = 0
        while true {
            let resumption = at.map { stream.events(after: $0) } ?? .reset
            switch resumption {
            case .events(let entries, let stops):
                guard let last = entries.last else { return hasWritten }
                // Without an id: whoever resumes does so from where the others are.
                let first = stops.filter { $0.sequence > ahead }.map { "event: \($0.name)\ndata: \($0.data)\n\n" }
                let next = entries.filter { !$0.isStop || $0.sequence > ahead }
                    .map { "event: \($0.name)\nid: \(stream.id($0.sequence))\ndata: \($0.data)\n\n" }
                ahead = max(ahead, stops.last?.sequence ?? 0)
                at = last.sequence
                // An empty part would be the end of the body.
                if !first.isEmpty || !next.isEmpty { try await writer.write(ByteBuffer(string: (first + next).joined())) }
            case .reset:
                // The id is of before: what happens while the snapshot is made comes again after it, and nothing is
                // missing.
                let newest = stream.newest
                try await writer.write(ByteBuffer(string: "event: reset\nid: \(stream.id(newest))\ndata: "))
                try await writeSnapshot(to: &writer)
                try await writer.write(ByteBuffer(string: "\n\n"))
                at = newest
            }
            hasWritten = true
        }
    }
}
