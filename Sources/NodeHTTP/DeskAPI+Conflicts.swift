import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Notation
import Records

extension DeskAPI {
    func addConflicts(to api: RouterGroup<DeskContext>) {
        api.get("conflicts") { request, context in
            _ = try officer(context)
            let wanted = request.uri.queryParameters["state"].map(String.init) ?? "standing"
            guard wanted == "standing" || wanted == "all" || ConflictState(rawValue: wanted) != nil else {
                throw Problem.badRequest("state is standing, all, open, disputed, settled or cleared.", field: "state")
            }
            return await view { view in
                let conflicts = view.mechanism.conflicts.values.filter { conflict in
                    switch wanted {
                    case "all": true
                    case "standing": conflict.state != .cleared
                    default: conflict.state.rawValue == wanted
                    }
                }
                return Response.json(["conflicts": .array(conflicts.map(view.conflict))])
            }
        }
        api.get("conflicts/:id") { _, context in
            _ = try officer(context)
            let id = try conflictID(context)
            return Response.json(
                try await view { view in
                    guard let conflict = view.mechanism.conflicts[id] else { throw Problem.noSuch("Conflict", id.hex) }
                    return view.explained(conflict)
                })
        }
        api.get("conflicts/:id/picture") { request, context in
            _ = try officer(context)
            let text = request.uri.queryParameters["ground"].map(String.init) ?? PictureGround.light.rawValue
            guard let ground = PictureGround(rawValue: text) else {
                throw Problem.badRequest("ground is light or dark.", field: "ground")
            }
            return try await picture(of: try conflictID(context), on: ground)
        }
        api.post("conflicts/:id/positions") { request, context in
            let officer = try officer(context)
            let id = try conflictID(context)
            var reader = try FieldReader(try await body(request))
            let (stance, conditions, remarks) = try ConflictPosition.stance(&reader)
            try reader.finish()
            // Escaped, the texts can be six times as long as they were counted.
            let written = (conditions + [remarks ?? ""]).reduce(0) { $0 + JSONValue.string($1).bytes.count }
            guard written <= Limits.recordBytes - 2_048 else { throw Problem(Refusal.bodyTooLong) }
            let reply = try await submit(
                .position(id, stance: stance, conditions: conditions, remarks: remarks), by: officer)
            if let pending = pending(reply) { return pending }
            return Response.json(["conflict": try await conflict(id)])
        }
    }

    private func conflict(_ id: ConflictID) async throws -> JSONValue {
        try await view { view in
            guard let conflict = view.mechanism.conflicts[id] else { throw Problem.noSuch("Conflict", id.hex) }
            return view.conflict(conflict)
        }
    }

    /// Drawn outside the node's turn: only what it shows is read there.
    private func picture(of id: ConflictID, on ground: PictureGround) async throws -> Response {
        let (account, now) = try await view { view in
            guard let conflict = view.mechanism.conflicts[id] else { throw Problem.noSuch("Conflict", id.hex) }
            return (view.account(of: conflict), view.now.utc)
        }
        guard let account else { throw Problem.conflictCleared }
        let svg = ConflictPicture(account, map: pictureMaps.map(of: console), ground: ground, madeAt: now).svg
        var headers = HTTPFields()
        headers[.contentType] = "image/svg+xml"
        headers[.cacheControl] = "no-store"
        // Whatever a text of it may hold, nothing in this picture runs or is fetched.
        headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'; sandbox"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: svg)))
    }
}

extension Problem {
    fileprivate static let conflictCleared = Problem(
        status: .conflict, name: "conflictCleared", detail: "The conflict is no longer found: there is nothing to draw.")
}
