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

/// What peers may ask: to take their records, and to answer their challenge.
struct PeerAPI: Sendable {
    let node: Node
    let tls: PeerTLS
    let limiter = RateLimiter(perSecond: Limits.peerRequestsPerSecond)

    func router() -> Router<PeerContext> {
        let router = Router(context: PeerContext.self)
        router.post(RouterPath(PeerMessages.entriesPath)) { request, context in
            await answer { try await take(request, context) }
        }
        router.post(RouterPath(PeerMessages.heartbeatPath)) { request, context in
            await answer { try await heartbeat(request, context) }
        }
        return router
    }

    /// The pin is asked again on every request, not only when the connection was made.
    private func peer(_ context: PeerContext) async throws -> PartyID {
        guard let certificate = try await context.channel.nioSSL_peerCertificate().get(),
            let party = tls.party(of: certificate)
        else { throw Problem(status: .forbidden, name: "unknownPeer", detail: "Not a pinned key.") }
        guard limiter.allows(party.name, at: node.clock.now.monotonic) else { throw Problem.tooMany }
        return party
    }

    private func take(_ request: Request, _ context: PeerContext) async throws -> Response {
        let party = try await peer(context)
        let push = try PeerMessages.Push(try await body(request))
        let event = Event.entries(
            from: party, first: push.first, envelopes: push.envelopes, checkpoint: push.checkpoint)
        _ = try await node.submit(event)
        guard let receipt = await node.receipt(for: party) else {
            throw Problem(status: .unprocessableContent, name: "logFrozen", detail: "Your log is frozen here.")
        }
        return .json(["receipt": .string(receipt)])
    }

    private func heartbeat(_ request: Request, _ context: PeerContext) async throws -> Response {
        let party = try await peer(context)
        let challenge = try PeerMessages.challenge(try await body(request))
        let (answer, signature) = await node.heartbeat(to: party, challenge: challenge)
        return .json(PeerMessages.heartbeat(answer, signature: signature))
    }

    private func body(_ request: Request) async throws -> [UInt8] {
        do {
            return Array(try await request.body.collect(upTo: Limits.requestBytes).readableBytesView)
        } catch {
            throw Problem.tooLarge
        }
    }

    private func answer(_ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch let problem as Problem {
            return problem.response
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
