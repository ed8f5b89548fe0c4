import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records

/// The watch: units and passing on, handover, the second officer, and what starts soon.
extension DeskAPI {
    func addWatch(to api: RouterGroup<DeskContext>) {
        api.get("watch") { _, context in
            _ = try officer(context)
            return await view { view in Response.json(view.watch()) }
        }
        api.post("watch/take") { _, context in
            try await act(.takeWatch, by: try officer(context))
        }
        api.post("watch/handover") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let to = try reader.string("to", limit: Limits.officerNameBytes)
            let remarks = try reader.optionalString("remarks")
            try reader.finish()
            guard accounts.officers.contains(where: { $0.name == to && $0.role.acts }) else {
                throw Problem.badRequest("There is no such officer at this desk.", field: "to")
            }
            return try await act(.offerHandover(to: to, remarks: remarks), by: officer)
        }
        api.post("watch/handover/accept") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let item = try reader.string("item", limit: 256)
            try reader.finish()
            return try await act(.acceptItem(item), by: officer)
        }
        api.post("watch/handover/complete") { _, context in
            try await act(.completeHandover, by: try officer(context))
        }
        api.post("watch/handover/cancel") { _, context in
            try await act(.cancelHandover, by: try officer(context))
        }
        api.post("watch/pending/:id/approve") { _, context in
            try await act(.approve(try pendingID(context)), by: try officer(context))
        }
        api.post("watch/pending/:id/withdraw") { _, context in
            try await act(.withdraw(try pendingID(context)), by: try officer(context))
        }
        api.get("board") { _, context in
            _ = try officer(context)
            return await view { view in Response.json(["board": .array(view.board())]) }
        }
        addPassing(to: api)
    }

    private func addPassing(to api: RouterGroup<DeskContext>) {
        api.get("units") { _, context in
            _ = try officer(context)
            return await view { view in Response.json(view.passing()) }
        }
        api.post("units") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let name = try unit("unit", &reader)
            try reader.finish()
            _ = try await submit(.watch(.registerUnit(name)), by: officer)
            return await view { view in Response.json(view.passing(), status: .created) }
        }
        api.post("units/remove") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let name = try unit("unit", &reader)
            try reader.finish()
            return try await pass(.removeUnit(name), by: officer)
        }
        api.post("passing/concerns") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let (subject, units) = try passing(&reader, atLeast: 0)
            try reader.finish()
            return try await pass(.concerns(subject, units: units), by: officer)
        }
        api.post("passing") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let (subject, units) = try passing(&reader, atLeast: 1)
            let disclose = try reader.bool("disclose", default: false)
            try reader.finish()
            return try await pass(.passOn(subject, units: units, disclose: disclose), by: officer)
        }
        // A unit's own system: its account's name is the unit's.
        api.get("feed") { _, context in
            let feed = try context.officer()
            return await view { view in Response.json(["unit": .string(feed.officer), "board": .array(view.board())]) }
        }
        api.post("feed") { request, context in
            let feed = try context.officer()
            guard feed.role == .feed else { throw Problem.notAllowed }
            guard limiter.allows(feed.officer, at: node.clock.now.monotonic) else { throw Problem.tooMany }
            var reader = try FieldReader(try await body(request))
            let subject = try subject(&reader)
            try reader.finish()
            _ = try await submit(.watch(.confirm(subject, unit: feed.officer)), by: feed)
            return Response.json(["accepted": true])
        }
    }

    /// `202`, when the act waits for a second officer.
    func pending(_ reply: Reply) -> Response? {
        guard case .pending(let id) = reply else { return nil }
        return Response.json(["pending": .integer(Int64(id))], status: .accepted)
    }

    private func act(_ command: WatchCommand, by officer: OfficerSession) async throws -> Response {
        let reply = try await submit(.watch(command), by: officer)
        if case .lapsed(_, let refusal) = reply { throw Problem(refusal) }
        return await view { view in Response.json(["watch": view.watch()]) }
    }

    private func pass(_ command: WatchCommand, by officer: OfficerSession) async throws -> Response {
        _ = try await submit(.watch(command), by: officer)
        return await view { view in Response.json(view.passing()) }
    }

    private func pendingID(_ context: DeskContext) throws -> PendingID {
        let text = context.parameters.get("id") ?? ""
        guard let id = PendingID(text) else {
            throw Problem(
                status: .notFound, name: "noSuchPendingAct", detail: "No act \(text.prefix(80)) waits for a second officer.")
        }
        return id
    }

    private func unit(_ name: String, _ reader: inout FieldReader) throws -> String {
        let unit = try reader.string(name, limit: MessageContent.unitBytes)
        guard UnitName.isUsable(unit) else { throw reader.rejection(name, .notAllowed(rule: "the name of a unit")) }
        return unit
    }

    /// `{"notice": "a-1", "version": 1}` or `{"stop": "…"}`.
    private func subject(_ reader: inout FieldReader) throws -> PassedOn.Subject {
        if reader.optional("stop") != nil { return .stop(try reader.hash("stop")) }
        return .notice(
            NoticeVersion(
                notice: try reader.recordID("notice"), version: UInt64(try reader.integer("version", in: 1...1_000_000))))
    }

    private func passing(_ reader: inout FieldReader, atLeast: Int) throws -> (PassedOn.Subject, [String]) {
        let subject = try subject(&reader)
        let units = try reader.array("units", count: atLeast...Limits.units).enumerated().map { i, element -> String in
            guard case .string(let name) = element, UnitName.isUsable(name) else {
                throw reader.rejection("units[\(i)]", .notAllowed(rule: "the name of a unit"))
            }
            return name
        }
        return (subject, units)
    }
}
