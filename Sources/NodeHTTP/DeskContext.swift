import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NIOCore
import NodeRuntime
import Records

/// A desk request with the officer who makes it, once signed in.
struct DeskContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var session: OfficerSession?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    var maxUploadSize: Int { Limits.requestBytes }

    func officer() throws -> OfficerSession {
        guard let session else { throw Problem.notSignedIn }
        return session
    }
}

/// Turns every error into a problem, once, at the edge; sets the headers that keep pages to themselves.
struct EdgeMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: DeskContext, next: (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let problem as Problem {
            // Whoever asks too often and asks again at once gains nothing by it.
            if problem.status == .tooManyRequests { try? await Task.sleep(for: Limits.refusalPause) }
            response = problem.response
        } catch let refusal as AdmissionGate.Refusal {
            try? await Task.sleep(for: Limits.refusalPause)
            response = Problem(refusal).response
        } catch let rejection as FieldRejection {
            response = Problem(rejection).response
        } catch let rejection as JSONRejection {
            response = Problem(rejection).response
        } catch let error as NodeError {
            response = Problem(error).response
        } catch let error as OfficerAccounts.Refusal {
            response = Problem(error).response
        } catch let error as StopRefusal {
            response = Problem(error).response
        } catch let error as Consoles.Refusal {
            response = Problem(error).response
        } catch let error as HTTPError {
            response = EdgeMiddleware.problem(error.status).response
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            response = Problem(
                status: .internalServerError, name: "internal", detail: "The node could not answer; its log says why."
            ).response
        }
        response.headers[.contentSecurityPolicy] =
            response.headers[.contentSecurityPolicy]
            ?? "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; style-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[HTTPField.Name("Referrer-Policy")!] = "no-referrer"
        return response
    }

    private static func problem(_ status: HTTPResponse.Status) -> Problem {
        switch status {
        case .notFound: Problem(status: status, name: "noSuchPath", detail: "There is nothing at this path.")
        case .contentTooLarge: .tooLarge
        case .methodNotAllowed: Problem(status: status, name: "methodNotAllowed", detail: "Not with this method.")
        default: Problem(status: status, name: "badRequest", detail: status.reasonPhrase)
        }
    }
}

/// Finds the officer's session: by cookie, as the console has it, or by bearer token, as programs do. With the
/// cookie, whatever changes something must carry a header that no other site can make a browser send.
struct SessionMiddleware: RouterMiddleware {
    let accounts: OfficerAccounts
    let clock: SystemClock

    static let cookie = "parley_session"

    func handle(
        _ request: Request, context: DeskContext, next: (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let token = SessionMiddleware.bearer(request) {
            context.session = accounts.session(token, now: clock.now)
        } else if let token = request.cookies[SessionMiddleware.cookie]?.value {
            let isSafe = request.method == .get || request.method == .head
            guard isSafe || request.headers[HTTPField.Name("X-Parley")!] != nil else {
                throw Problem(status: .forbidden, name: "crossSite", detail: "The header X-Parley is missing.")
            }
            context.session = accounts.session(token, now: clock.now)
        }
        if let session = context.session { try SessionMiddleware.hold(session, to: request) }
        return try await next(request, context)
    }

    /// A unit's own system says what it has, and reads nothing else; whatever changes something is done by who acts for
    /// the desk. What is allowed is listed: a path can be written in many ways.
    private static func hold(_ session: OfficerSession, to request: Request) throws {
        let isSession = request.uri.path == "/api/v1/session"
        switch session.role {
        case .watchOfficer, .releasingOfficer, .commander, .administrator: return
        case .auditor:
            // At an enrolled console anybody may press STOP.
            let isStop = request.uri.path == "/api/v1/stop"
            guard request.method == .get || request.method == .head || isSession || isStop else {
                throw Problem.notAllowed
            }
        case .feed:
            guard isSession || request.uri.path == "/api/v1/feed" else { throw Problem.notAllowed }
        }
    }

    static func bearer(_ request: Request) -> String? {
        guard let value = request.headers[.authorization], value.hasPrefix("Bearer ") else { return nil }
        return String(value.dropFirst(7))
    }
}
