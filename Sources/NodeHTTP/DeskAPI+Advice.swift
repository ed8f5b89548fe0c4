import Geodesy
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records
import Separation

/// Searches for advice one after the other, away from the node: whoever waits for one holds up nobody else.
actor AdviceTurn {
    func answer<Value: Sendable>(_ body: @Sendable () throws -> Value) rethrows -> Value { try body() }
}

extension DeskAPI {
    func addAdvice(to api: RouterGroup<DeskContext>) {
        api.post("advice") { request, context in
            _ = try officer(context)
            var reader = try FieldReader(try await body(request))
            let draft = reader.optional("kind") == nil ? nil : try NoticeFields(&reader)
            let mode = draft == nil ? nil : try reader.word("mode", Mode.self)
            let notice = draft != nil && reader.optional("notice") == nil ? nil : try reader.recordID("notice")
            let limits = try AdviceLimits(&reader)
            try reader.finish()
            let (mechanism, now) = await node.read { ($0, $1) }
            let view = View(mechanism: mechanism, now: now)
            let subject = try Self.subject(draft, mode, notice, view)
            return try await adviceTurn.answer { Response.json(try view.advice(subject, limits)) }
        }
    }

    /// What a search for advice is about.
    struct AdviceSubject: Sendable {
        let fields: NoticeFields
        let mode: Mode
        let notice: NoticeID?
        /// Of the notice, when it is one of ours as it stands.
        let version: UInt64?
    }

    private static func subject(
        _ draft: NoticeFields?, _ mode: Mode?, _ notice: NoticeID?, _ view: View
    ) throws -> AdviceSubject {
        if let draft, let mode {
            guard view.mechanism.terms.kind(draft.kind) != nil else { throw Problem(Refusal.unknownKind(draft.kind.name)) }
            return AdviceSubject(fields: draft, mode: mode, notice: notice, version: nil)
        }
        guard let notice, let held = view.mechanism.notices[notice] else {
            throw Problem.noSuch("Notice", notice?.description ?? "")
        }
        guard held.owner == view.mechanism.party else { throw Problem(Refusal.notYourNotice(notice)) }
        guard held.status != .ended else { throw Problem(Refusal.alreadyEnded(notice)) }
        return AdviceSubject(fields: held.fields, mode: held.mode, notice: notice, version: held.version)
    }
}

extension AdviceLimits {
    /// Takes `bounds`, `costs` and `avoidOwn`.
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        self.init()
        var bounds = try reader.object("bounds")
        let longest = Limits.windowLongest.wholeMicroseconds / 1_000_000
        if bounds.optional("earlierS") != nil { earlier = .seconds(try bounds.integer("earlierS", in: 0...longest)) }
        if bounds.optional("laterS") != nil { later = .seconds(try bounds.integer("laterS", in: 0...longest)) }
        if bounds.optional("timeStepS") != nil { timeStep = .seconds(try bounds.integer("timeStepS", in: 1...86_400)) }
        if let value = bounds.optional("floor") { floor = try Altitude(json: value, path: bounds.path(of: "floor")) }
        if let value = bounds.optional("ceiling") { ceiling = try Altitude(json: value, path: bounds.path(of: "ceiling")) }
        if bounds.optional("altitudeStepM") != nil { altitudeStepM = try bounds.number("altitudeStepM", in: 1...10_000) }
        if bounds.optional("withinM") != nil { withinM = try bounds.number("withinM", in: 0...200_000) }
        if bounds.optional("positionStepM") != nil { positionStepM = try bounds.number("positionStepM", in: 10...20_000) }
        try bounds.finish()
        if reader.optional("costs") != nil {
            var prices = try reader.object("costs")
            func price(_ name: String) throws(FieldRejection) -> Double {
                prices.optional(name) == nil ? 1 : try prices.number(name, in: 0.001...1_000)
            }
            let (minute, metres, place) = (try price("perMinute"), try price("per100M"), try price("perKm"))
            try prices.finish()
            costs = AdviceCosts(perMinute: minute, per100M: metres, perKm: place) ?? .standard
        }
        avoidsOwn = try reader.bool("avoidOwn", default: false)
    }

    fileprivate var boundsJSON: JSONValue {
        [
            "earlierS": .integer(earlier.wholeMicroseconds / 1_000_000),
            "laterS": .integer(later.wholeMicroseconds / 1_000_000),
            "timeStepS": .integer(timeStep.wholeMicroseconds / 1_000_000), "floor": floor?.json ?? .null,
            "ceiling": ceiling?.json ?? .null, "altitudeStepM": altitudeStepM.map(JSONValue.number) ?? .null,
            "withinM": .number(withinM), "positionStepM": .number(positionStepM),
        ]
    }
}

extension Problem {
    init(_ refusal: AdviceRefusal) {
        func bad(_ name: String, _ detail: String, _ field: String) -> Problem {
            Problem(status: .badRequest, name: name, detail: detail, field: field)
        }
        switch refusal {
        case .noBounds:
            self = bad("noBounds", "Say what may change: a time, a floor or ceiling, or a distance.", "bounds")
        case .windowPassed: self = bad("windowPassed", "The last window has ended; give a later one.", "volumes")
        case .room(.belowFloor(let volume)):
            self = bad("bandOutOfBounds", "The band of volume \(volume) is not certainly above the floor.", "bounds.floor")
        case .room(.aboveCeiling(let volume)):
            self = bad("bandOutOfBounds", "The band of volume \(volume) is not certainly below the ceiling.", "bounds.ceiling")
        case .outOfRange: self = bad("outOfRange", "A bound is out of range.", "bounds")
        }
    }
}

extension View {
    /// The most notices that are named as standing in the way.
    private static let blockingMost = 32

    fileprivate func advice(_ subject: DeskAPI.AdviceSubject, _ limits: AdviceLimits) throws -> JSONValue {
        let answer: AdviceAnswer
        do throws(AdviceRefusal) {
            answer = try mechanism.advice(
                for: subject.fields, mode: subject.mode, notice: subject.notice, limits: limits, at: now.utc)
        } catch {
            throw Problem(error)
        }
        return [
            "state": .string(Self.state(answer)), "notice": .optional(subject.notice?.description),
            "version": subject.version.map { .integer(Int64($0)) } ?? .null, "mode": .string(subject.mode.rawValue),
            "conflicts": .array(answer.collisions.map { collision($0, of: subject.fields) }),
            "advice": .array(answer.options.enumerated().map { option($0.element, rank: $0.offset + 1) }),
            "searched": .array(answer.searched.map { searched($0, answer.limits) }),
            "blocking": .array(answer.blocking.prefix(Self.blockingMost).map(blocking)),
            "bounds": answer.limits.boundsJSON,
            "costs": [
                "perMinute": .number(answer.limits.costs.perMinute), "per100M": .number(answer.limits.costs.per100M),
                "perKm": .number(answer.limits.costs.perKm),
            ],
        ]
    }

    private static func state(_ answer: AdviceAnswer) -> String {
        guard answer.isNeeded else { return "notNeeded" }
        guard answer.options.isEmpty else { return "advised" }
        return answer.searched.contains { $0.result == .undecided } ? "undecided" : "none"
    }

    private func option(_ option: AdviceAnswer.Option, rank: Int) -> JSONValue {
        let change = option.advice.change
        return [
            "rank": .integer(Int64(rank)), "axes": .array(Self.words(change.axes)), "cost": .number(option.advice.cost),
            "change": [
                "timeS": .integer(change.time.wholeMicroseconds / 1_000_000), "altitudeM": .number(change.altitudeM),
                "distanceM": .number(change.distanceM),
                "bearingDeg": change.distanceM > 0 ? .number(change.bearingDeg) : .null,
            ],
            "sentence": .string(AdviceText.sentence(change)),
            "volumes": .array(option.fields.volumes.map(\.json)),
            "margin": option.advice.margin.map(margin) ?? .null,
            "flags": .array(option.flags.map { .string($0.rawValue) }),
            "ownCollisions": .array(option.advice.ownCollisions.map { .string($0.description) }),
        ]
    }

    private func margin(_ margin: AdviceMargin) -> JSONValue {
        var (axis, time, vertical, horizontal) = ("time", JSONValue.null, JSONValue.null, JSONValue.null)
        switch margin.amount {
        case .time(let left): time = .number(left.inSeconds)
        case .vertical(let metres): (axis, vertical) = ("vertical", .number(metres))
        case .horizontal(let metres): (axis, horizontal) = ("horizontal", .number(metres))
        }
        return [
            "notice": .string(margin.notice.description), "axis": .string(axis), "timeS": time, "verticalM": vertical,
            "horizontalM": horizontal,
        ]
    }

    private func searched(_ searched: AdviceSearched, _ limits: AdviceLimits) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("axes", .array(Self.words(searched.axes))), JSONMember("result", .string(searched.result.rawValue)),
        ]
        if let sentence = AdviceText.sentence(searched, limits) { members.append(JSONMember("sentence", .string(sentence))) }
        return .object(members)
    }

    private func blocking(_ id: NoticeID) -> JSONValue {
        [
            "notice": .string(id.description), "owner": .string(id.party.name),
            "kind": .optional(mechanism.notices[id]?.fields.kind.name),
        ]
    }

    private static func words(_ axes: AdviceAxes) -> [JSONValue] {
        AdviceText.words(axes).map(JSONValue.string)
    }
}
