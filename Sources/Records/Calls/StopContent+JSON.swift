import Geodesy
import Kernel

extension StopContent {
    /// - Throws: what is wrong with which field.
    init(kind: String, json: JSONValue) throws(FieldRejection) {
        var reader = try FieldReader(json)
        switch kind {
        case "stop": self = .stop(try StopPress(&reader))
        case "answer": self = .answer(try StopAnswer(&reader))
        case "effect": self = .effect(try StopEffectReport(&reader))
        case "lift": self = .lift(try StopLift(&reader))
        case "received": self = .received(message: try reader.hash("message"))
        case "escalation": self = .escalation(try StopEscalation(&reader))
        default: throw FieldRejection(path: "kind", problem: .notAllowed(rule: "a kind of STOP message"))
        }
        try reader.finish()
    }

    var json: JSONValue {
        switch self {
        case .stop(let press): press.json
        case .answer(let answer): answer.json
        case .effect(let report): report.json
        case .lift(let lift): lift.json
        case .received(let message): ["message": .string(message.hex)]
        case .escalation(let escalation): escalation.json
        }
    }
}

extension FieldReader {
    fileprivate mutating func optionalPlain(_ name: String, limit: Int) throws(FieldRejection) -> String? {
        guard let text = try optionalString(name, limit: limit) else { return nil }
        guard StopText.isPlain(text, limit: limit) else {
            throw rejection(name, .notAllowed(rule: "one line that is not empty, of characters that show"))
        }
        return text
    }

    fileprivate mutating func plain(_ name: String, limit: Int) throws(FieldRejection) -> String {
        guard let text = try optionalPlain(name, limit: limit) else { throw rejection(name, .missing) }
        return text
    }

    fileprivate mutating func optionalHash(_ name: String) throws(FieldRejection) -> Hash32? {
        optional(name) == nil ? nil : try hash(name)
    }

    /// Rising ids, each once; absent for none.
    fileprivate mutating func covers() throws(FieldRejection) -> [Hash32] {
        guard optional("covers") != nil else { return [] }
        var ids: [Hash32] = []
        for element in try array("covers", count: 1...StopContent.coversMost) {
            guard case .string(let text) = element, let id = Hash32(hex: text), ids.last.map({ $0 < id }) ?? true else {
                throw rejection("covers", .notAllowed(rule: "rising message ids"))
            }
            ids.append(id)
        }
        return ids
    }
}

/// Members that are there only when they say something.
private func member(_ name: String, _ text: String?) -> [JSONMember] {
    text.map { [JSONMember(name, .string($0))] } ?? []
}

private func member(covers: [Hash32]) -> [JSONMember] {
    covers.isEmpty ? [] : [JSONMember("covers", .array(covers.map { .string($0.hex) }))]
}

extension StopPress {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        mode = try reader.word("mode", Mode.self)
        area = try reader.optional("area").map { json throws(FieldRejection) in
            let area = try Footprint(json: json, path: reader.path(of: "area"))
            guard area.json.bytes.count <= StopPress.areaBytes else {
                throw reader.rejection("area", .tooLong(limit: StopPress.areaBytes))
            }
            return area
        }
        notice = reader.optional("notice") == nil ? nil : try reader.recordID("notice")
        words = try reader.optional("words").map { json throws(FieldRejection) in
            try StopWords(json, path: reader.path(of: "words"))
        }
        officer = try reader.optionalPlain("officer", limit: Limits.officerNameBytes)
        station = try reader.optionalPlain("station", limit: StopPress.stationBytes)
        repeats = try reader.optionalHash("repeats")
        guard officer != nil || station != nil else {
            throw reader.rejection("officer", .notAllowed(rule: "an officer, or the station of a press before sign-in"))
        }
    }

    var json: JSONValue {
        var members = [JSONMember("mode", .string(mode.rawValue))]
        if let area { members.append(JSONMember("area", area.json)) }
        members += member("notice", notice?.description)
        if let words { members.append(JSONMember("words", words.json)) }
        members += member("officer", officer) + member("station", station) + member("repeats", repeats?.hex)
        return .object(members)
    }
}

extension StopWords {
    init(_ json: JSONValue, path: String) throws(FieldRejection) {
        var reader = try FieldReader(json, path: path)
        text = try reader.plain("text", limit: StopWords.textBytes)
        language = try reader.optionalString("language", limit: 35)
        if let language, !StopWords.isLanguage(language) {
            throw reader.rejection("language", .notAllowed(rule: "a BCP 47 tag such as tr"))
        }
        try reader.finish()
    }

    var json: JSONValue { .object(member("text", text) + member("language", language)) }
}

extension StopAnswer {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        stop = try reader.hash("stop")
        to = try reader.hash("to")
        word = try reader.word("answer", Word.self)
        officer = try reader.plain("officer", limit: Limits.officerNameBytes)
        var units: [String] = []
        if reader.optional("units") != nil {
            for element in try reader.array("units", count: 1...StopAnswer.mostUnits) {
                guard case .string(let unit) = element, StopText.isPlain(unit, limit: StopAnswer.unitBytes) else {
                    throw reader.rejection("units", .notAllowed(rule: "names of units, one line each"))
                }
                units.append(unit)
            }
        }
        self.units = units
        remarks = try reader.optionalPlain("remarks", limit: StopText.remarksBytes)
    }

    var json: JSONValue {
        var members = [
            JSONMember("stop", .string(stop.hex)), JSONMember("to", .string(to.hex)),
            JSONMember("answer", .string(word.rawValue)), JSONMember("officer", .string(officer)),
        ]
        if !units.isEmpty { members.append(JSONMember("units", .array(units.map(JSONValue.string)))) }
        return .object(members + member("remarks", remarks))
    }
}

extension StopEffectReport {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        stop = try reader.hash("stop")
        observed = try reader.bool("observed")
        officer = try reader.plain("officer", limit: Limits.officerNameBytes)
        remarks = try reader.optionalPlain("remarks", limit: StopText.remarksBytes)
    }

    var json: JSONValue {
        let members = [
            JSONMember("stop", .string(stop.hex)), JSONMember("observed", .bool(observed)),
            JSONMember("officer", .string(officer)),
        ]
        return .object(members + member("remarks", remarks))
    }
}

extension StopLift {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        stop = try reader.hash("stop")
        outcome = try reader.word("outcome", Outcome.self)
        officer = try reader.plain("officer", limit: Limits.officerNameBytes)
        remarks = try reader.optionalPlain("remarks", limit: StopText.remarksBytes)
        covers = try reader.covers()
    }

    var json: JSONValue {
        let members = [
            JSONMember("stop", .string(stop.hex)), JSONMember("outcome", .string(outcome.rawValue)),
            JSONMember("officer", .string(officer)),
        ]
        return .object(members + member("remarks", remarks) + member(covers: covers))
    }
}

extension StopEscalation {
    static let mostRounds = 1_000_000

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        stop = try reader.hash("stop")
        to = try reader.party("to")
        from = try reader.party("from")
        addressee = try reader.party("addressee")
        pressedAt = try reader.instant("pressedAt")
        mode = try reader.word("mode", Mode.self)
        round = Int(try reader.integer("round", in: 1...Int64(StopEscalation.mostRounds)))
        over = try reader.bool("over")
        covers = try reader.covers()
        guard over || covers.isEmpty else {
            throw reader.rejection("covers", .notAllowed(rule: "only when the STOP is over"))
        }
    }

    var json: JSONValue {
        let members = [
            JSONMember("stop", .string(stop.hex)), JSONMember("to", .string(to.name)),
            JSONMember("from", .string(from.name)), JSONMember("addressee", .string(addressee.name)),
            JSONMember("pressedAt", .string(pressedAt.rfc3339)), JSONMember("mode", .string(mode.rawValue)),
            JSONMember("round", .integer(Int64(round))), JSONMember("over", .bool(over)),
        ]
        return .object(members + member(covers: covers))
    }
}
