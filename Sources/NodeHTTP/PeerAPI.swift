import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NIOCore
import NIOSSL
import NodeRuntime
import Records

/// A peer's request, with the channel that knows whose certificate it came under.
struct PeerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    var maxUploadSize: Int { Limits.requestBytes }
}

/// What peers may ask: to take their records, to answer their challenge, and to read the logs that are held here.
struct PeerAPI: Sendable {
    let node: Node
    let tls: PeerTLS
    let stops: StopService
    let connections: ConnectionTable
    let limiter = RateLimiter(perSecond: Limits.peerRequestsPerSecond)
    let gate = AdmissionGate(requestsPerSource: Limits.requestsPerPeer)
    let line = StopLine()

    func router() -> Router<PeerContext> {
        let router = Router(context: PeerContext.self)
        router.post(RouterPath(PeerMessages.entriesPath)) { request, context in
            await admit(.records, request, context) { party in try await take(request, context, from: party) }
        }
        router.post(RouterPath(PeerMessages.heartbeatPath)) { request, context in
            await admit(.evidence, request, context) { party in try await heartbeat(request, context, from: party) }
        }
        addLogs(to: router)
        addStops(to: router)
        return router
    }

    /// What this node holds, to be mirrored or to restore a lost store from.
    private func addLogs(to router: Router<PeerContext>) {
        let logs = LogAPI(node: node)
        router.get(RouterPath(PeerMessages.logsPath)) { request, context in
            await admit(.reads, request, context) { _ in .json(try await node.mirrorIndex().json) }
        }
        router.get(RouterPath("\(PeerMessages.logsPath)/**")) { request, context in
            await admit(.reads, request, context) { party in
                let path = context.parameters.getCatchAll().map(String.init)
                guard path.count == 2, path[1] == "records" else { return try await logs.response(path, request) }
                return try await records(path[0], request, for: party)
            }
        }
    }

    private func records(_ name: String, _ request: Request, for party: PartyID) async throws -> Response {
        guard let log = PeerMessages.log(pathName: name) else { throw Problem.noSuch("Log", name) }
        let query = request.uri.queryParameters
        let from = try LogAPI.number(query["from"] ?? "0", "from", atMost: Limits.largestInteger)
        guard await node.knows(log) else { throw Problem.noSuch("Log", name) }
        let most = UInt64(MirrorPage.mostRecords)
        let limit = try LogAPI.number(query["limit"] ?? Substring(String(most)), "limit", atMost: most)
        return .json(try await node.mirrorPage(of: log, from: from, limit: Int(limit), for: party).json)
    }

    /// Answers a peer's request, unless it has asked too often, has too much under way, or all together have for
    /// requests of this class.
    private func admit(
        _ work: WorkClass, _ request: Request, _ context: PeerContext,
        _ body: (PartyID) async throws -> Response
    ) async -> Response {
        await answer(context) {
            let party = try await pinned(context)
            guard limiter.allows(party.name, at: node.clock.now.monotonic) else { throw Problem.tooMany }
            let bytes = try request.bodyBytes(atMost: Limits.requestBytes)
            return try await gate.during(work, from: .peer(party), bytes: bytes) { try await body(party) }
        }
    }

    /// STOP: without a limit of rate, and never refused.
    func stop(
        _ request: Request, _ context: PeerContext,
        _ body: (PartyID, [UInt8]) async throws -> Response
    ) async -> Response {
        await answer(context) {
            let party = try await pinned(context)
            connections.bringsStop(ObjectIdentifier(context.channel))
            // Before its turn, so that a request that never ends holds up none that has.
            let bytes = try await self.body(request, context)
            return try await line.during(.peer(party)) { try await body(party, bytes) }
        }
    }

    /// The pin is asked again on every request, not only when the connection was made.
    func pinned(_ context: PeerContext) async throws -> PartyID {
        guard let certificate = try await context.channel.nioSSL_peerCertificate().get(),
            let party = tls.party(of: certificate)
        else { throw Problem(status: .forbidden, name: "unknownPeer", detail: "Not a pinned key.") }
        return party
    }

    private func take(_ request: Request, _ context: PeerContext, from party: PartyID) async throws -> Response {
        let entries = try PeerMessages.EntriesRequest(try await body(request, context))
        for statement in entries.statements where await node.isNews(statement) {
            _ = try await node.submit(.statement(note: statement))
        }
        let push = Push(
            from: party, log: entries.log, first: entries.first, envelopes: entries.envelopes,
            checkpoint: entries.checkpoint, consistency: entries.consistency)
        try await take(push)
        // A node that is given back its own log owes nobody a receipt.
        if entries.log.party == node.party { return .json([:]) }
        guard let receipt = await node.receipt(for: entries.log) else {
            throw Problem(status: .unprocessableContent, name: "logFrozen", detail: "Your log is frozen here.")
        }
        return .json(["receipt": .string(receipt)])
    }

    /// What is held already is not journalled again: a peer that repeats itself cannot grow the journal. A head that is
    /// smaller than what is held may be one of another history, and is compared.
    private func take(_ push: Push) async throws {
        if await node.holds(push) { return }
        _ = try await node.submit(.pushed(push))
        let news = await node.news(in: [ShownHead(log: push.log, note: push.checkpoint, relation: nil)])
        if !news.isEmpty { _ = try await node.submit(.heads(from: push.from, news)) }
    }

    private func heartbeat(_ request: Request, _ context: PeerContext, from party: PartyID) async throws -> Response {
        let asked = try PeerMessages.HeartbeatRequest(try await body(request, context))
        let (answer, signature) = await node.heartbeat(to: party, challenge: asked.challenge)
        let heads = await node.heads(for: party, holding: asked.held)
        return .json(PeerMessages.heartbeat(answer, signature: signature, heads: heads))
    }

    private func body(_ request: Request, _ context: PeerContext) async throws -> [UInt8] {
        let id = ObjectIdentifier(context.channel)
        connections.waitsForBody(id, since: node.clock.now.monotonic)
        defer { connections.waitsForBody(id, since: nil) }
        do {
            return Array(try await request.body.collect(upTo: Limits.requestBytes).readableBytesView)
        } catch {
            throw Problem.tooLarge
        }
    }

    private func answer(_ context: PeerContext, _ body: () async throws -> Response) async -> Response {
        let id = ObjectIdentifier(context.channel)
        connections.begins(id)
        defer { connections.ends(id, at: node.clock.now.monotonic) }
        do {
            return try await body()
        } catch let problem as Problem {
            // Whoever asks too often and asks again at once gains nothing by it.
            if problem.status == .tooManyRequests { try? await Task.sleep(for: Limits.refusalPause) }
            return problem.response
        } catch let refusal as AdmissionGate.Refusal {
            try? await Task.sleep(for: Limits.refusalPause)
            return Problem(refusal).response
        } catch let rejection as FieldRejection {
            return Problem(rejection).response
        } catch let rejection as JSONRejection {
            return Problem(rejection).response
        } catch let error as NodeError {
            return Problem(error).response
        } catch {
            return Problem(status: .internalServerError, name: "internal", detail: "The node could not answer.").response
        }
    }
}
