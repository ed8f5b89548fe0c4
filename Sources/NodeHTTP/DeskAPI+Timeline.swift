import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records

/// The joint timeline: what every party has signed, as far as this node holds and can read it.
extension DeskAPI {
    static let timelineMost = 500

    func addTimeline(to api: RouterGroup<DeskContext>) {
        api.get("record") { request, context in
            _ = try officer(context)
            let query = request.uri.queryParameters
            let choice = try await timelineChoice(query)
            var limit = 100
            if let text = query["limit"] {
                guard let number = Int(text), (1...DeskAPI.timelineMost).contains(number) else {
                    throw Problem.badRequest("limit is 1 to \(DeskAPI.timelineMost).", field: "limit")
                }
                limit = number
            }
            var cursor: TimelineCursor?
            if let text = query["before"] {
                cursor = TimelineCursor(String(text))
                guard cursor != nil else {
                    throw Problem.badRequest("before is what an earlier answer gave as next.", field: "before")
                }
            }
            let page = try await node.timeline(choice, before: cursor, limit: limit)
            return Response.json([
                "records": .array(page.rows.map(\.json)), "next": .optional(page.next?.description),
            ])
        }
        api.get("terms/proposed") { _, context in
            _ = try officer(context)
            return await proposals()
        }
        api.post("terms/proposed") { request, context in
            let officer = try administrator(context)
            var reader = try FieldReader(try await body(request))
            let terms = try reader.string("terms", limit: Limits.termsBytes)
            try reader.finish()
            _ = try await submit(.proposeTerms(terms), by: officer)
            return await proposals()
        }
    }

    private func proposals() async -> Response {
        await view { view in
            Response.json([
                "proposals": .array(
                    view.mechanism.proposedTerms.map { party, text in
                        let next = view.mechanism.nextVersion(text)
                        let shown = next.flatMap { try? StrictJSON.read($0.bytes, limit: Limits.termsBytes) }
                        return ["party": .string(party.name), "terms": shown ?? .null]
                    })
            ])
        }
    }

    private func timelineChoice(_ query: Parameters) async throws -> TimelineChoice {
        var choice = TimelineChoice()
        choice.from = try instant(query, "from")
        choice.to = try instant(query, "to")
        if let text = query["author"] {
            guard let author = PartyID(String(text)), node.terms.party(author) != nil else {
                throw Problem.badRequest("author is a party's short name.", field: "author")
            }
            choice.author = author
        }
        if let text = query["kinds"] {
            let kinds = text.split(separator: ",", omittingEmptySubsequences: false).map { RecordKind(rawValue: String($0)) }
            guard !kinds.contains(nil) else {
                throw Problem.badRequest("kinds are kinds of records, with commas between them.", field: "kinds")
            }
            choice.kinds = Set(kinds.compactMap(\.self))
        }
        if let text = query["notice"] {
            guard let id = RecordID(String(text)) else {
                throw Problem.badRequest("notice is a notice's id.", field: "notice")
            }
            choice.notices = SortedSet([id])
        }
        if let text = query["conflict"] {
            guard let id = Hash32(hex: String(text)) else {
                throw Problem.badRequest("conflict is a conflict's id.", field: "conflict")
            }
            guard let conflict = await view({ view in view.mechanism.conflicts[id] }) else {
                throw Problem.noSuch("Conflict", id.hex)
            }
            choice.conflict = id
            choice.notices = SortedSet([conflict.first, conflict.second] + (choice.notices?.elements ?? []))
        }
        return choice
    }

    private func instant(_ query: Parameters, _ name: String) throws -> UTCInstant? {
        guard let text = query[Substring(name)] else { return nil }
        guard let instant = UTCInstant(rfc3339: String(text)) else {
            throw Problem.badRequest("\(name) is an instant in UTC.", field: name)
        }
        return instant
    }
}

extension TimelineRow {
    /// Without a body only what its author's log shows to everybody.
    fileprivate var json: JSONValue {
        let isReadable = body != nil
        return [
            "id": .string(id.description), "log": .string(log.description), "author": .string(id.party.name),
            "audience": .array(audience.map { .string($0.name) }), "readable": .bool(isReadable),
            "kind": .optional(body?.content.kind.rawValue), "mode": .optional(body?.mode.rawValue),
            "createdAt": .optional(body?.createdAt.rfc3339), "officer": .optional(body?.officer),
            "secondOfficer": .optional(body?.secondOfficer), "content": body?.content.json ?? .null,
        ]
    }
}
