import Geodesy
import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records

/// STOP at the desk. It waits for nothing: no limit of rate, no driver, no store; before sign-in it can be pressed at a
/// console that an administrator enrolled.
extension DeskAPI {
    func addStops(to api: RouterGroup<DeskContext>) {
        api.post("stop") { request, context in
            let press = try await press(request, context)
            let stop = try await stops.press(press)
            if press.officer != nil { noteAct(of: context.session) }
            return Response.json(["stop": try await view(stop.id)], status: .created)
        }
        api.get("stops") { _, context in
            _ = try context.officer()
            return Response.json(["stops": .array(await stopViews())])
        }
        api.get("stops/:id") { _, context in
            _ = try context.officer()
            return Response.json(["stop": try await view(try stopID(context))])
        }
        api.post("stops/:id/answer") { request, context in
            let officer = try acting(context)
            var reader = try FieldReader(try await body(request))
            let word = try reader.word("answer", StopAnswer.Word.self)
            let units = try reader.optional("units") == nil ? [] : reader.array("units", count: 0...StopAnswer.mostUnits)
            let remarks = try reader.optionalString("remarks", limit: StopText.remarksBytes)
            try reader.finish()
            let names = try units.enumerated().map { i, unit -> String in
                guard case .string(let name) = unit, UnitName.isUsable(name) else {
                    throw FieldRejection(path: "units[\(i)]", problem: .notAllowed(rule: "the name of a unit"))
                }
                return name
            }
            let stop = try await stops.answer(
                try stopID(context), word, officer: officer.officer, units: names, remarks: remarks)
            noteAct(of: officer)
            return Response.json(["stop": try await view(stop.id)])
        }
        api.post("stops/:id/effect") { request, context in
            let officer = try acting(context)
            var reader = try FieldReader(try await body(request))
            let observed = try reader.bool("observed")
            let remarks = try reader.optionalString("remarks", limit: StopText.remarksBytes)
            try reader.finish()
            let stop = try await stops.report(
                try stopID(context), observed: observed, officer: officer.officer, remarks: remarks)
            noteAct(of: officer)
            return Response.json(["stop": try await view(stop.id)])
        }
        api.post("stops/:id/lift") { request, context in
            let officer = try acting(context)
            var reader = try FieldReader(try await body(request))
            let outcome = try reader.word("outcome", StopLift.Outcome.self)
            let remarks = try reader.optionalString("remarks", limit: StopText.remarksBytes)
            try reader.finish()
            let stop = try await stops.lift(
                try stopID(context), outcome, officer: officer.officer, remarks: remarks)
            noteAct(of: officer)
            return Response.json(["stop": try await view(stop.id)])
        }
        api.post("consoles") { request, context in
            try administrator(context)
            var reader = try FieldReader(try await body(request))
            let name = try reader.string("console", limit: StopPress.stationBytes)
            try reader.finish()
            let token = try consoles.enrol(name)
            var response = Response.json(["console": .string(name)], status: .created)
            response.headers[.setCookie] =
                "\(Consoles.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(Consoles.cookieAgeS)"
            return response
        }
        api.get("consoles") { request, context in
            try administrator(context)
            return Response.json(["consoles": .array(consoles.names.map(JSONValue.string))])
        }
    }

    /// Somebody is there; told to the core without waiting for it.
    private func noteAct(of session: OfficerSession?) {
        guard let session else { return }
        Task { try? await submit(.present, by: session) }
    }

    func stopViews() async -> [JSONValue] {
        let isDurable = await stops.isDurable
        return await stops.read { board, now in StopView(board: board, now: now, isDurable: isDurable).all }
    }

    private func view(_ id: StopID) async throws -> JSONValue {
        let isDurable = await stops.isDurable
        return try await stops.read { board, now in
            guard let call = board.call(of: id) else { throw Problem(StopRefusal.noSuchStop(id)) }
            return StopView(board: board, now: now, isDurable: isDurable).stop(call)
        }
    }

    private func stopID(_ context: DeskContext) throws -> StopID {
        let text = context.parameters.get("id") ?? ""
        guard let id = Hash32(hex: text) else { throw Problem.noSuch("Stop", text) }
        return id
    }

    /// What comes of the details within a second: over a link that fails the press must not fail with them.
    private func details(_ request: Request) async -> [UInt8]? {
        await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                (try? await request.body.collect(upTo: StopMessage.largestBytes * 2)).map { Array($0.readableBytesView) }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(1))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Whatever cannot be read of the details is left out rather than refused: the press counts.
    private func press(_ request: Request, _ context: DeskContext) async throws -> StopPress {
        var press = StopPress()
        if let session = context.session, session.role.acts {
            press.officer = session.officer
        } else {
            // No other site can make a browser send this header.
            guard request.headers[HTTPField.Name("X-Parley")!] != nil,
                let token = request.cookies[Consoles.cookie]?.value, let station = consoles.name(of: token)
            else { throw Problem.notSignedIn }
            press.station = station
            connections.know(ObjectIdentifier(context.channel), as: .console(station))
            connections.bringsStop(ObjectIdentifier(context.channel))
        }
        // A page of another site cannot declare JSON without asking first.
        guard request.headers[.contentType] == nil || MediaType.isJSON(request.headers[.contentType]) else {
            throw Problem.notJSON
        }
        guard let bytes = await details(request),
            let value = try? StrictJSON.read(bytes, limit: StopMessage.largestBytes * 2),
            case .object(let members) = value
        else { return press }
        var text: String?
        var language: String?
        for member in members {
            switch (member.name, member.value) {
            case ("mode", .string(let text)): press.mode = Mode(rawValue: text) ?? press.mode
            case ("area", let area): press.area = try? Footprint(json: area, path: "area")
            case ("notice", .string(let text)): press.notice = RecordID(text)
            case ("text", .string(let given)): text = given
            case ("language", .string(let given)): language = given
            default: break
            }
        }
        press.words = text.map { StopWords(text: $0, language: language) }
        return press
    }
}

extension Problem {
    init(_ refusal: StopRefusal) {
        let status: HTTPResponse.Status =
            switch refusal {
            case .noSuchStop: .notFound
            case .notItsAuthor, .notAnAddressee, .mediatorMayNotPress, .mediatorOnlyHears, .notAddressedToUs,
                .notInvolved, .notOurs:
                .forbidden
            case .alreadyLifted, .noGrounds: .conflict
            case .rejected: .badRequest
            }
        let sentence = refusal.sentence
        self.init(status: status, name: refusal.name, detail: sentence.prefix(1).uppercased() + sentence.dropFirst() + ".")
    }
}
