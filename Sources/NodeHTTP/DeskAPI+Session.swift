import HTTPTypes
import Hummingbird
import Kernel
import NodeRuntime
import Records

extension DeskAPI {
    func addSession(to api: RouterGroup<DeskContext>) {
        api.post("session") { request, context in
            var reader = try FieldReader(try await body(request))
            let name = try reader.string("officer", limit: Limits.officerNameBytes)
            let passphrase = try reader.string("passphrase", limit: 1_024)
            try reader.finish()
            let session = try await accounts.signInInTurn(name, passphrase: passphrase, clock: node.clock)
            connections.know(ObjectIdentifier(context.channel), as: .officer(session.officer))
            _ = try await submit(.present, by: session)
            var response = Response.json(DeskAPI.json(session, withToken: true))
            response.headers[.setCookie] =
                "\(SessionMiddleware.cookie)=\(session.token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(Int64(Limits.sessionLifetime.inSeconds))"
            return response
        }
        api.get("session") { _, context in
            Response.json(DeskAPI.json(try officer(context), withToken: false))
        }
        api.delete("session") { _, context in
            accounts.signOut(try context.officer().token)
            var response = Response(status: .noContent)
            response.headers[.setCookie] = "\(SessionMiddleware.cookie)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
            return response
        }
        api.get("officers") { _, context in
            try administrator(context)
            return Response.json([
                "officers": .array(
                    accounts.officers.map { ["officer": .string($0.name), "role": .string($0.role.rawValue)] })
            ])
        }
        api.post("officers") { request, context in
            try administrator(context)
            var reader = try FieldReader(try await body(request))
            let name = try reader.string("officer", limit: Limits.officerNameBytes)
            let passphrase = try reader.string("passphrase", limit: 1_024)
            let role = try reader.word("role", OfficerRole.self)
            try reader.finish()
            try accounts.add(name, passphrase: passphrase, role: role)
            return Response.json(["officer": .string(name), "role": .string(role.rawValue)], status: .created)
        }
    }

    @discardableResult
    func administrator(_ context: DeskContext) throws -> OfficerSession {
        let officer = try officer(context)
        guard officer.role == .administrator else { throw Problem.notAllowed }
        return officer
    }

    private static func json(_ session: OfficerSession, withToken: Bool) -> JSONValue {
        var members = [
            JSONMember("officer", .string(session.officer)), JSONMember("role", .string(session.role.rawValue)),
            JSONMember("expiresAt", .string(session.expiresAt.rfc3339)),
        ]
        if withToken { members.append(JSONMember("token", .string(session.token))) }
        return .object(members)
    }
}
