import Geodesy
import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Notation
import Records

extension DeskAPI {
    func addNotices(to api: RouterGroup<DeskContext>) {
        api.get("notices") { request, context in
            _ = try officer(context)
            return try await list(request)
        }
        api.post("notices") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let fields = try NoticeFields(&reader)
            let mode = try reader.word("mode", Mode.self)
            let audience = try DeskAPI.audience(&reader)
            try checkStatedPlace(&reader, fields)
            try reader.finish()
            return try await filed(try await submit(.file(fields, mode: mode, audience: audience), by: officer), fields)
        }
        api.get("notices/:id") { _, context in
            _ = try officer(context)
            return Response.json(try await notice(try noticeID(context)))
        }
        api.post("notices/:id/versions") { request, context in
            let officer = try officer(context)
            let id = try noticeID(context)
            var reader = try FieldReader(try await body(request))
            let fields = try NoticeFields(&reader)
            let expected = UInt64(try reader.integer("expectedVersion", in: 1...1_000_000))
            try checkStatedPlace(&reader, fields)
            try reader.finish()
            return try await filed(try await submit(.amend(id, expectedVersion: expected, fields), by: officer), fields)
        }
        api.post("notices/:id/end") { request, context in
            let officer = try officer(context)
            let id = try noticeID(context)
            var reader = try FieldReader(try await body(request))
            let reason = try reader.word("reason", NoticeEnd.Reason.self)
            let remarks = try reader.optionalString("remarks")
            try reader.finish()
            let reply = try await submit(.end(id, reason: reason, remarks: remarks), by: officer)
            if let pending = pending(reply) { return pending }
            return Response.json(["notice": try await notice(id)])
        }
        api.post("check") { request, context in
            _ = try officer(context)
            var reader = try FieldReader(try await body(request))
            let fields = try NoticeFields(&reader)
            let mode = try reader.word("mode", Mode.self)
            let except = reader.optional("notice") == nil ? nil : try reader.recordID("notice")
            try reader.finish()
            return Response.json(try await check(fields, mode: mode, except: except))
        }
        api.get("notices/:id/read-back") { _, context in
            _ = try officer(context)
            let id = try noticeID(context)
            return try await node.read { mechanism, _ in
                guard let notice = mechanism.notices[id] else { throw Problem.noSuch("Notice", id.description) }
                return Response.json([
                    "notice": .string(id.description), "version": .integer(Int64(notice.version)),
                    "asks": ["position", "lower", "start"],
                    "toleranceM": .number(ReadBackComparison.toleranceM(of: notice.fields, terms: mechanism.terms)),
                ])
            }
        }
        api.post("notices/:id/acknowledgements") { request, context in
            let officer = try officer(context)
            let id = try noticeID(context)
            var reader = try FieldReader(try await body(request))
            let version = UInt64(try reader.integer("version", in: 1...1_000_000))
            let readBack = try ReadBackText.read(try reader.value("readBack"), path: "readBack")
            try reader.finish()
            let reply = try await submit(.acknowledge(id, version: version, readBack), by: officer)
            guard case .acknowledged(let mismatches) = reply else { return Response.json(["accepted": false]) }
            return Response.json([
                "accepted": .bool(mismatches.isEmpty),
                "mismatches": .array(mismatches.map { ["field": .string($0.rawValue)] }),
            ])
        }
        api.get("notices/:id/assurance") { _, context in
            _ = try officer(context)
            let id = try noticeID(context)
            return try await view { view in
                guard let assurance = view.mechanism.assurance(of: id, now: view.now) else {
                    throw Problem.noSuch("Notice", id.description)
                }
                return Response.json(view.assurance(assurance))
            }
        }
        api.get("notices/:id/assurance/statement") { _, context in
            _ = try officer(context)
            let id = try noticeID(context)
            let isHere = await node.read { mechanism, _ in mechanism.notices.contains(id) }
            guard isHere else { throw Problem.noSuch("Notice", id.description) }
            return try await statement(of: id)
        }
    }

    /// What this node states of a notice or of the mechanism, as a signed note: nothing to act on, and something to
    /// show later.
    func statement(of id: NoticeID?) async throws -> Response {
        guard let note = await node.assuranceStatement(of: id) else { throw Problem.nothingToState }
        var headers = HTTPFields()
        headers[.contentType] = "text/plain; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: note.encoded)))
    }

    private func notice(_ id: NoticeID) async throws -> JSONValue {
        try await view { view in
            guard let notice = view.mechanism.notices[id] else { throw Problem.noSuch("Notice", id.description) }
            return view.notice(notice)
        }
    }

    private func filed(_ reply: Reply, _ fields: NoticeFields) async throws -> Response {
        if let pending = pending(reply) { return pending }
        guard case .filed(let id, _, let collisions) = reply else {
            throw Problem(status: .internalServerError, name: "internal", detail: "The node answered out of turn.")
        }
        return try await view { view in
            guard let notice = view.mechanism.notices[id] else { throw Problem.noSuch("Notice", id.description) }
            return Response.json(
                [
                    "notice": view.notice(notice),
                    "collisions": .array(collisions.map { view.collision($0, of: fields) }),
                ], status: .created)
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        let party = query["party"].map(String.init)
        guard party.map({ PartyID($0) != nil }) ?? true else {
            throw Problem.badRequest("party is a party's short name.", field: "party")
        }
        let state = query["state"].map(String.init) ?? "current"
        guard ["current", "ended", "all"].contains(state) else {
            throw Problem.badRequest("state is current, ended or all.", field: "state")
        }
        let limit: Int
        if let text = query["limit"] {
            guard let number = Int(text), (1...5_000).contains(number) else {
                throw Problem.badRequest("limit is 1 to 5000.", field: "limit")
            }
            limit = number
        } else {
            limit = 1_000
        }
        let after: NoticeID?
        if let text = query["after"] {
            guard let id = RecordID(String(text)) else {
                throw Problem.badRequest("after is a notice's id.", field: "after")
            }
            after = id
        } else {
            after = nil
        }
        return await view { view in
            var page: [Notice] = []
            for (id, notice) in view.mechanism.notices where after.map({ $0 < id }) ?? true {
                guard party.map({ $0 == id.party.name }) ?? true,
                    state == "all" || (notice.status == .ended) == (state == "ended")
                else { continue }
                page.append(notice)
                if page.count > limit { break }
            }
            let hasMore = page.count > limit
            let shown = page.prefix(limit)
            return Response.json([
                "notices": .array(shown.map(view.notice)),
                "next": hasMore ? .optional(shown.last?.id.description) : .null,
            ])
        }
    }

    /// What filing would do; nothing leaves the node.
    private func check(_ fields: NoticeFields, mode: Mode, except: NoticeID?) async throws -> JSONValue {
        let gazetteer = gazetteer
        return try await view { view in
            guard let kind = view.mechanism.terms.kind(fields.kind) else {
                throw Problem(Refusal.unknownKind(fields.kind.name))
            }
            let collisions = view.mechanism.collisions(of: fields, mode: mode, except: except)
            let flags = view.mechanism.irregularities(of: fields, kind: kind, at: view.now.utc)
            let start = fields.volumes.map(\.volume.window.start).min() ?? view.now.utc
            return [
                "collisions": .array(collisions.map { view.collision($0, of: fields) }),
                "flags": .array(flags.map { .string($0.rawValue) }),
                "nearest": .array(
                    fields.volumes.map { stated in
                        gazetteer.nearest(to: stated.volume.footprint.referencePoint).map { nearest in
                            [
                                "name": .string(nearest.place.name), "distanceM": .number(nearest.distanceM),
                                "bearingDeg": .number(nearest.bearingDeg),
                            ]
                        } ?? .null
                    }),
                "areasM2": .array(fields.volumes.map { .number($0.volume.footprint.areaM2) }),
                "leadTimeS": .integer(start.duration(since: view.now.utc).wholeMicroseconds / 1_000_000),
            ]
        }
    }

    /// A stated place more than 500 m off the geometry is refused until the officer confirms it.
    private func checkStatedPlace(_ reader: inout FieldReader, _ fields: NoticeFields) throws {
        guard reader.optional("statedPlace") != nil else { return }
        var place = try reader.object("statedPlace")
        let name = try place.string("name", limit: 200)
        let isConfirmed = try place.bool("confirmed", default: false)
        try place.finish()
        guard !isConfirmed else { return }
        guard let known = gazetteer.places.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw Problem(
                status: .badRequest, name: "unknownPlace", detail: "The gazetteer has no \(name); confirm the place to file.",
                field: "statedPlace.name")
        }
        let distance = fields.volumes.map { $0.volume.footprint.minimumDistanceM(to: known.position) }.min() ?? 0
        guard distance <= 500 else {
            throw Problem(
                status: .badRequest, name: "placeMismatch",
                detail: "\(known.name) lies \(Int64(distance)) m from the geometry; confirm the place to file.",
                field: "statedPlace.name", more: [JSONMember("distanceM", .number(distance))])
        }
    }

    private static func audience(_ reader: inout FieldReader) throws -> [PartyID]? {
        guard reader.optional("audience") != nil else { return nil }
        var audience: [PartyID] = []
        for (i, element) in try reader.array("audience", count: 1...Limits.peers).enumerated() {
            guard case .string(let text) = element, let party = PartyID(text) else {
                throw FieldRejection(path: "audience[\(i)]", problem: .notAllowed(rule: "a party's short name"))
            }
            // A header that names a party twice is refused by every peer.
            guard !audience.contains(party) else {
                throw FieldRejection(path: "audience[\(i)]", problem: .notAllowed(rule: "each party once"))
            }
            audience.append(party)
        }
        return audience
    }
}
