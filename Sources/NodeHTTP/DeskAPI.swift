import Geodesy
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import Mechanism
import NodeRuntime
import Notation
import Records

/// The desk's API: what officers and their programs can ask and do. `openapi.json` describes it.
struct DeskAPI: Sendable {
    let node: Node
    let accounts: OfficerAccounts
    let consoles: Consoles
    let stops: StopDesk
    let bells: Bells
    let privateChecks: PrivateCheckDesk
    let folder: NodeFolder
    let templates: TemplateCatalogue
    let stream: DeskStream
    let gazetteer: Gazetteer
    let console: StaticFiles
    let connections: ConnectionTable
    let peerConnections: ConnectionTable
    let line: StopLine
    let limiter = RateLimiter(perSecond: Limits.deskRequestsPerSecond)
    let metricsPage = MetricsPage()
    let pictureMaps = PictureMapCache()
    let adviceTurn = AdviceTurn()

    func router() -> Router<DeskContext> {
        let router = Router(context: DeskContext.self)
        router.add(middleware: EdgeMiddleware())
        router.add(middleware: SessionMiddleware(accounts: accounts, clock: node.clock))
        router.add(
            middleware: DeskAdmission(
                table: connections, gate: AdmissionGate(requestsPerSource: Limits.requestsPerOfficer), line: line,
                strangers: RateLimiter(perSecond: Limits.strangerRequestsPerSecond, names: Limits.strangerAddresses),
                clock: node.clock))
        router.get("healthz") { _, _ in try await health() }
        router.get("metrics") { _, _ in try await metrics() }
        let api = router.group("api/v1")
        addSession(to: api)
        addNotices(to: api)
        addConflicts(to: api)
        addAdvice(to: api)
        addDesk(to: api)
        addPlaces(to: api)
        addLogs(to: api)
        addRecord(to: api)
        addTimeline(to: api)
        addStops(to: api)
        addCalls(to: api)
        addWatch(to: api)
        addTemplates(to: api)
        addPrint(to: api, folder: folder)
        addBells(to: api)
        addPrivateChecks(to: api)
        api.get("events") { request, context in try await events(request, context) }
        api.get("openapi.json") { _, _ in try console.response("openapi.json") }
        router.get("/") { _, _ in try console.response("index.html") }
        router.get("**") { _, context in try console.response(context.parameters.getCatchAll().joined(separator: "/")) }
        return router
    }

    /// The request's body as strict JSON. A page of another site cannot declare JSON without asking first.
    func body(_ request: Request) async throws -> JSONValue {
        guard MediaType.isJSON(request.headers[.contentType]) else { throw Problem.notJSON }
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: Limits.requestBytes)
        } catch {
            throw Problem.tooLarge
        }
        return try StrictJSON.read(Array(bytes.readableBytesView), limit: Limits.requestBytes)
    }

    /// Signed in, and within the rate.
    func officer(_ context: DeskContext) throws -> OfficerSession {
        let session = try context.officer()
        guard limiter.allows(session.officer, at: node.clock.now.monotonic) else { throw Problem.tooMany }
        return session
    }

    /// An officer who may act. STOP has no limit of rate.
    func acting(_ context: DeskContext) throws -> OfficerSession {
        let session = try context.officer()
        guard session.role.acts else { throw Problem.notAllowed }
        return session
    }

    func submit(_ command: Command, by officer: OfficerSession) async throws -> Reply {
        try await node.submit(.command(command, officer: officer.officer))
    }

    func view<Value: Sendable>(_ body: @Sendable (View) throws -> Value) async rethrows -> Value {
        try await node.read { mechanism, now in try body(View(mechanism: mechanism, now: now)) }
    }

    private func health() async throws -> Response {
        let degraded = await node.read { mechanism, _ in mechanism.storageDegraded }
        return .json(
            ["ok": .bool(!degraded), "storage": .string(degraded ? "degraded" : "ok")],
            status: degraded ? .serviceUnavailable : .ok)
    }

    private func metrics() async throws -> Response {
        let text = await metricsPage.text(of: node) + Metrics.text([("desk", connections), ("peers", peerConnections)])
        var headers = HTTPFields()
        headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension DeskAPI {
    func noticeID(_ context: DeskContext) throws -> NoticeID {
        let text = context.parameters.get("id") ?? ""
        guard let id = RecordID(text) else { throw Problem.noSuch("Notice", text) }
        return id
    }

    func conflictID(_ context: DeskContext) throws -> ConflictID {
        let text = context.parameters.get("id") ?? ""
        guard let id = Hash32(hex: text) else { throw Problem.noSuch("Conflict", text) }
        return id
    }
}

enum MediaType {
    /// `application/json`, in any case, with or without parameters.
    static func isJSON(_ contentType: String?) -> Bool {
        let type = contentType?.prefix { $0 != ";" }.split(separator: " ").joined().lowercased()
        return type == "application/json"
    }
}
