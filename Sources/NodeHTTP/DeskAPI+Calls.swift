import Geodesy
import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Notation
import Records

/// Messages between desks, presence queries and what is disclosed to a mediator.
extension DeskAPI {
    func addCalls(to api: RouterGroup<DeskContext>) {
        api.get("calls") { request, context in
            _ = try officer(context)
            let wanted = request.uri.queryParameters["state"].map(String.init) ?? "all"
            guard wanted == "all" || wanted == "open" else {
                throw Problem.badRequest("state is all or open.", field: "state")
            }
            return await view { view in
                let open = view.mechanism.openCalls.map(\.id)
                let messages = view.mechanism.calls.messages
                let calls = wanted == "open" ? open.compactMap { messages[$0] } : messages.values.reversed()
                return Response.json([
                    "calls": .array(calls.prefix(1_000).map(view.call)), "open": .array(open.map { .string($0.description) }),
                ])
            }
        }
        api.post("calls") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(CallText.positionsRead(try await body(request)))
            let mode = try reader.word("mode", Mode.self)
            let to = try CallText.parties("to", &reader)
            let content = try MessageContent(&reader)
            try reader.finish()
            let reply = try await submit(.call(.send(content, mode: mode, to: to)), by: officer)
            return Response.json(["call": try await call(try recorded(reply))], status: .created)
        }
        api.get("calls/:id") { _, context in
            _ = try officer(context)
            return Response.json(["call": try await call(try recordID(context, "Call"))])
        }
        api.get("calls/:id/read-back") { _, context in
            _ = try officer(context)
            let id = try recordID(context, "Call")
            return try await view { view in
                guard let call = view.mechanism.calls.messages[id] else { throw Problem(Refusal.noSuchCall(id)) }
                return Response.json([
                    "call": .string(id.description),
                    "asks": .array(call.content.readBack.map { .string($0.rawValue) }),
                ])
            }
        }
        api.post("calls/:id/acknowledge") { request, context in
            let officer = try officer(context)
            let id = try recordID(context, "Call")
            var reader = try FieldReader(CallText.positionsRead(try await body(request)))
            let readBack = try MessageAcknowledgement.readBack(&reader)
            try reader.finish()
            let content = MessageAcknowledgement(message: id, readBack: readBack)
            _ = try await submit(.call(.acknowledge(content)), by: officer)
            return try await view { view in
                guard let call = view.mechanism.calls.messages[id] else { throw Problem(Refusal.noSuchCall(id)) }
                let facts = call.facts[view.mechanism.party]
                return Response.json([
                    "accepted": .bool(facts?.acknowledgedAt != nil),
                    "mismatches": .array((facts?.mismatches ?? []).map { ["field": .string($0.rawValue)] }),
                ])
            }
        }
        api.get("presence") { _, context in
            _ = try officer(context)
            return await view { view in
                Response.json([
                    "presence": .array(view.mechanism.calls.presence.values.reversed().map(view.presence))
                ])
            }
        }
        api.post("presence") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let mode = try reader.word("mode", Mode.self)
            let to = try CallText.parties("to", &reader)
            let query = try PresenceQuery(&reader)
            try reader.finish()
            let reply = try await submit(.call(.query(query, mode: mode, to: to)), by: officer)
            return Response.json(["presence": try await presence(try recorded(reply))], status: .created)
        }
        api.get("presence/:id") { _, context in
            _ = try officer(context)
            return Response.json(["presence": try await presence(try recordID(context, "Query"))])
        }
        api.post("presence/:id/answer") { request, context in
            let officer = try officer(context)
            let id = try recordID(context, "Query")
            guard case .object(let members) = try await body(request) else {
                throw FieldRejection(path: "", problem: .wrongType(expected: "an object"))
            }
            let given = members.filter { $0.name != "query" } + [JSONMember("query", .string(id.description))]
            var reader = try FieldReader(.object(given))
            let answer = try PresenceAnswer(&reader)
            try reader.finish()
            _ = try await submit(.call(.answer(answer)), by: officer)
            return Response.json(["presence": try await presence(id)])
        }
        api.get("disclosures") { _, context in
            _ = try officer(context)
            let disclosed = await view { view in view.mechanism.calls.disclosures.values }
            var shown: [JSONValue] = []
            for each in disclosed { shown.append(await disclosure(each)) }
            return Response.json(["disclosures": .array(shown)])
        }
        api.post("disclosures") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let record = try reader.recordID("record")
            let to = try reader.party("to")
            try reader.finish()
            guard let opening = await node.opening(of: record) else { throw Problem(Refusal.noSuchRecord(record)) }
            let reply = try await submit(
                .call(.disclose(Disclosure(record: record, opening: opening), to: to)), by: officer)
            return Response.json(["record": .string(try recorded(reply).description)], status: .created)
        }
    }

    /// With the body, when it is what its author has signed.
    private func disclosure(_ disclosed: Disclosed) async -> JSONValue {
        let body = await node.disclosedBody(disclosed.disclosure)
        return [
            "record": .string(disclosed.disclosure.record.description), "by": .string(disclosed.by.name),
            "to": .string(disclosed.to.name), "officer": .optional(disclosed.officer),
            "at": .string(disclosed.at.rfc3339), "isGenuine": .bool(body != nil), "body": body?.json ?? .null,
        ]
    }

    func recorded(_ reply: Reply) throws -> RecordID {
        guard case .recorded(let id) = reply else {
            throw Problem(status: .internalServerError, name: "internal", detail: "The node answered out of turn.")
        }
        return id
    }

    func recordID(_ context: DeskContext, _ what: String) throws -> RecordID {
        let text = context.parameters.get("id") ?? ""
        guard let id = RecordID(text) else { throw Problem.noSuch(what, text) }
        return id
    }

    private func call(_ id: RecordID) async throws -> JSONValue {
        try await view { view in
            guard let call = view.mechanism.calls.messages[id] else { throw Problem(Refusal.noSuchCall(id)) }
            return view.call(call)
        }
    }

    private func presence(_ id: RecordID) async throws -> JSONValue {
        try await view { view in
            guard let exchange = view.mechanism.calls.presence[id] else { throw Problem(Refusal.noSuchQuery(id)) }
            return view.presence(exchange)
        }
    }
}

/// What officers type in calls, before it is read as the record's own form.
enum CallText {
    /// Positions as text in any notation become positions with that text beside them, in `fields` and `readBack`. A
    /// text that is no position stays, and is refused by its field.
    static func positionsRead(_ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(
            members.map { member in
                guard ["fields", "readBack"].contains(member.name), case .object(let fields) = member.value else {
                    return member
                }
                return JSONMember(member.name, .object(fields.map(positionRead)))
            })
    }

    private static func positionRead(_ field: JSONMember) -> JSONMember {
        guard MessageFieldName(rawValue: field.name)?.type == .position, case .string(let text) = field.value,
            let position = try? CoordinateText.parse(text).position
        else { return field }
        return JSONMember(field.name, ["position": position.json, "original": .string(text)])
    }

    /// - Returns: `nil` when the field is absent.
    static func parties(_ name: String, _ reader: inout FieldReader) throws -> [PartyID]? {
        guard reader.optional(name) != nil else { return nil }
        return try reader.array(name, count: 1...Limits.peers).map { element in
            guard case .string(let text) = element, let party = PartyID(text) else {
                throw reader.rejection(name, .notAllowed(rule: "a list of parties"))
            }
            return party
        }
    }
}
