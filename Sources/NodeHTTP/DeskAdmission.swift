import HTTPTypes
import Hummingbird
import Kernel
import NodeRuntime

/// What a request to the desk is for, by its method and path alone.
enum DeskRequest: Hashable {
    case stop
    case stream
    case work(WorkClass)

    init(_ method: HTTPRequest.Method, _ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        let isRead = method == .get || method == .head
        guard parts.count > 2, parts[0] == "api", parts[1] == "v1" else {
            self = .work(.reads)
            return
        }
        switch parts[2] {
        case "stop", "stops": self = .stop
        case "events" where isRead: self = .stream
        case _ where isRead: self = .work(.reads)
        case "calls", "presence": self = .work(.urgent)
        case "session", "alarms", "watch", "passing", "feed": self = .work(.evidence)
        default: self = .work(parts.last == "acknowledgements" ? .evidence : .records)
        }
    }
}

/// Lets in what the desk's port can carry: STOP always, everything else by its class and by whose it is. It stands
/// behind ``SessionMiddleware``, which knows whose.
struct DeskAdmission: RouterMiddleware {
    let table: ConnectionTable
    let gate: AdmissionGate
    let line: StopLine
    let strangers: RateLimiter
    let clock: SystemClock

    func handle(
        _ request: Request, context: DeskContext, next: (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        let id = ObjectIdentifier(context.channel)
        table.begins(id)
        defer { table.ends(id, at: clock.now.monotonic) }
        let kind = DeskRequest(request.method, request.uri.path)
        guard let session = context.session else {
            return try await takeStranger(request, context, isStop: kind == .stop, next)
        }
        let source = WorkSource.officer(session.officer)
        table.know(id, as: source)
        switch kind {
        case .stop:
            table.bringsStop(id)
            return try await line.during(source) { try await next(request, context) }
        case .stream: return try await next(request, context)
        case .work(let work):
            let bytes = try request.bodyBytes(atMost: Limits.requestBytes)
            return try await gate.during(work, from: source, bytes: bytes) {
                try await next(try await whole(request, id, atMost: Limits.requestBytes), context)
            }
        }
    }

    /// Nobody has signed in: an enrolled console that presses STOP is never held up, whoever else asks often is.
    private func takeStranger(
        _ request: Request, _ context: DeskContext, isStop: Bool,
        _ next: (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        let address = context.channel.remoteAddress?.ipAddress ?? ""
        guard !isStop else {
            do {
                return try await next(request, context)
            } catch let problem as Problem where problem.status == .unauthorized {
                // The console's press has gone through; a stranger's failed one may wait.
                if !strangers.allows(address, at: clock.now.monotonic) { try? await Task.sleep(for: Limits.refusalPause) }
                throw problem
            }
        }
        // Signing in is counted apart: who only reads must not keep an officer out.
        let isSignIn = DeskRequest(request.method, request.uri.path) == .work(.evidence)
        guard strangers.allows(isSignIn ? "\(address) signs in" : address, at: clock.now.monotonic) else {
            throw Problem.tooMany
        }
        _ = try request.bodyBytes(atMost: Limits.strangerRequestBytes)
        return try await next(
            try await whole(request, ObjectIdentifier(context.channel), atMost: Limits.strangerRequestBytes), context)
    }

    /// The request with all of its body, for which it is not waited for ever.
    private func whole(_ request: Request, _ id: ObjectIdentifier, atMost most: Int) async throws -> Request {
        guard try request.bodyBytes(atMost: most) > 0 else { return request }
        table.waitsForBody(id, since: clock.now.monotonic)
        defer { table.waitsForBody(id, since: nil) }
        var request = request
        do {
            request.body = RequestBody(buffer: try await request.body.collect(upTo: most))
        } catch {
            throw Problem.tooLarge
        }
        return request
    }
}

extension Request {
    /// Bytes of the body as it is declared; the most that may come where no length is.
    func bodyBytes(atMost most: Int) throws -> Int {
        guard let text = headers[.contentLength] else { return headers[.transferEncoding] == nil ? 0 : most }
        guard let length = Int(text), length <= most else { throw Problem.tooLarge }
        return length
    }
}
