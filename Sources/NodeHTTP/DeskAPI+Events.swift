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
        _ = try officer(context)
        guard let (number, signals) = stream.listen() else {
            throw Problem(status: .serviceUnavailable, name: "overloaded", detail: "Too many streams are open.")
        }
        let wanted =
            request.headers[HTTPField.Name("Last-Event-ID")!]
            ?? request.uri.queryParameters["after"].map(String.init)
        let start = wanted.flatMap(stream.sequence(of:))
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        let body = ResponseBody { writer in
            do {
                try await write(to: &writer, from: start, signals: signals)
            } catch {
                stream.leave(number)
                throw error
            }
            stream.leave(number)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func write(
        to writer: inout any ResponseBodyWriter, from start: UInt64?, signals: AsyncStream<Void>
    ) async throws {
        var at = start
        try await writer.write(ByteBuffer(string: ": parley\n\n"))
        let keepAlive = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let timer = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(5))
                keepAlive.continuation.yield()
            }
        }
        let relay = Task {
            for await _ in signals { keepAlive.continuation.yield() }
        }
        defer {
            timer.cancel()
            relay.cancel()
        }
        var out = try await pending(&at)
        if !out.isEmpty { try await writer.write(ByteBuffer(string: out)) }
        // A node that is asked to end does not wait for desks that would listen for ever.
        for await _ in keepAlive.stream.cancelOnGracefulShutdown() {
            out = try await pending(&at)
            try await writer.write(ByteBuffer(string: out.isEmpty ? ": still here\n\n" : out))
        }
    }

    /// The text of what has happened since `at`, which moves on.
    private func pending(_ at: inout UInt64?) async throws -> String {
        if let sequence = at {
            switch stream.events(after: sequence) {
            case .events(let entries):
                at = entries.last?.sequence ?? sequence
                return entries.map { event($0.name, id: $0.sequence, data: $0.data) }.joined()
            case .reset: break
            }
        }
        // The id is of before: what happens while the snapshot is made comes again after it, and nothing is missing.
        let newest = stream.newest
        let stops = await stopViews()
        let snapshot = await node.read { mechanism, now in
            View(mechanism: mechanism, now: now).snapshot(stops: stops).text
        }
        at = newest
        return event("reset", id: newest, data: snapshot)
    }

    private func event(_ name: String, id: UInt64, data: String) -> String {
        "event: \(name)\nid: \(stream.id(id))\ndata: \(data)\n\n"
    }
}
