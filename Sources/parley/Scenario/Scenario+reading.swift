import Foundation
import Kernel
import NodeRuntime
import Records

extension Scenario {
    static let format = "parley scenario 1"
    static let largestBytes = 1 << 20

    /// - Throws: `CommandFailure` that names the field and says what is wrong with it.
    init(file: String) throws {
        let bytes = try usingFiles { try File.read(file, limit: Scenario.largestBytes) }
        do {
            try self.init(try StrictJSON.read(bytes, limit: Scenario.largestBytes))
            try check()
        } catch let failure as CommandFailure {
            throw failure
        } catch let rejection as FieldRejection {
            throw CommandFailure(
                .unusableFile, "badScenario", "\(file): \(rejection.sentence)",
                field: rejection.path.isEmpty ? nil : rejection.path)
        } catch {
            throw CommandFailure(.unusableFile, "badScenario", "\(file): \(error)")
        }
    }

    private init(_ value: JSONValue) throws(FieldRejection) {
        var reader = try FieldReader(value)
        _ = reader.optional("$schema")
        guard try reader.string("format") == Scenario.format else {
            throw reader.rejection("format", .notAllowed(rule: "\"\(Scenario.format)\""))
        }
        name = try reader.label("name")
        title = try reader.string("title")
        summary = try reader.string("summary", limit: 8_192)
        start = try reader.instant("start")
        scale = Int(try reader.integer("scale", in: 1...Int64(ClockScale.factors.upperBound)))
        sources = try reader.each("sources", Source.init)
        history = try reader.each("history", Fact.init)
        terms = try reader.optional("terms") == nil ? TermsChoice() : TermsChoice(reader.object("terms"))
        parties = try reader.each("parties", count: 2...4, Party.init)
        cast = try reader.optionalString("cast", limit: 8_192)
        steps = try reader.each("steps", Step.init)
        expectations = try reader.each("expect", Expectation.init)
        try reader.finish()
    }
}

extension Scenario.Source {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        id = try reader.label("id")
        publication = try reader.string("publication")
        title = try reader.string("title")
        date = try reader.string("date", limit: 40)
        url = try reader.optionalString("url", limit: 2_048)
        if let url, !url.hasPrefix("https://"), !url.hasPrefix("http://") {
            throw reader.rejection("url", .notAllowed(rule: "an http or https address"))
        }
        remarks = try reader.optionalString("remarks", limit: 8_192)
    }
}

extension Scenario.Fact {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        id = try reader.label("id")
        at = try reader.offset("at")
        what = try reader.string("what")
        certainty = try reader.word("certainty", Certainty.self)
        sources = try reader.labels("sources", count: 1...20)
    }
}

extension Scenario.Party {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        id = try reader.party("id")
        name = try reader.string("name")
        role = try reader.word("role", TermsParty.Role.self)
        var names: [String] = []
        for (i, element) in try reader.array("officers", count: 1...8).enumerated() {
            guard case .string(let text) = element, !text.isEmpty, text != Scenario.observer, !names.contains(text) else {
                throw FieldRejection(
                    path: reader.path(of: "officers[\(i)]"), problem: .notAllowed(rule: "names, each once"))
            }
            names.append(text)
        }
        officers = names
        isAbsent = try reader.bool("absent", default: false)
        standsFor = try reader.optionalString("standsFor")
    }
}

extension Scenario.TermsChoice {
    static let timings = [
        "heartbeatS", "staleAfterS", "skewMaxS", "unstaffedAfterS", "acknowledgeFlashS", "acknowledgeImmediateS",
        "acknowledgePriorityS", "acknowledgeRoutineS", "acknowledgeMarginS", "climbS", "stopNextRoleS", "stopTopS",
        "commCheckS", "shiftS",
    ]

    init(_ terms: FieldReader) throws(FieldRejection) {
        var reader = terms
        for name in Self.timings where reader.optional(name) != nil {
            timing.append((name, try reader.integer(name, in: 1...31_536_000)))
        }
        if reader.optional("area") != nil {
            var box = try reader.object("area")
            area = Area(
                west: try box.number("westDeg", in: -180...180), south: try box.number("southDeg", in: -90...90),
                east: try box.number("eastDeg", in: -180...180), north: try box.number("northDeg", in: -90...90))
            try box.finish()
        }
        if reader.optional("terrainFloorM") != nil { terrainFloorM = try reader.number("terrainFloorM", in: -500...9_000) }
        if reader.optional("terrainCeilingM") != nil {
            terrainCeilingM = try reader.number("terrainCeilingM", in: -500...9_000)
        }
        try reader.finish()
    }
}

extension Scenario.Step {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        label = reader.optional("as") == nil ? nil : try reader.label("as")
        at = try reader.offset("at")
        act = try reader.word("do", Scenario.Act.self)
        party = reader.optional("by") == nil ? nil : try reader.party("by")
        guard (party == nil) == act.isOfTheWorld else {
            throw reader.rejection(
                "by", party == nil ? .missing : .notAllowed(rule: "nobody's desk does \(act.rawValue)"))
        }
        on = reader.optional("on") == nil ? nil : try reader.reference("on")
        guard (on != nil) == act.needsOn else {
            throw reader.rejection(
                "on", on == nil ? .missing : .notAllowed(rule: "\(act.rawValue) acts on nothing that was made before"))
        }
        with = reader.optional("with") ?? .object([])
        guard case .object = with else { throw reader.rejection("with", .wrongType(expected: "an object")) }
        says = try reader.string("says")
        refused = try reader.optionalString("refused", limit: 60)
        answers = reader.optional("answers")
    }
}

extension Scenario.Expectation {
    init(_ reader: inout FieldReader) throws(FieldRejection) {
        id = try reader.label("id")
        means = try reader.string("means")
        at = try reader.party("at")
        see = try reader.word("see", Scenario.Sight.self)
        switch reader.optional("of") {
        case nil: of = []
        case .array?: of = try reader.labels("of", count: 1...2, areReferences: true)
        default: of = [try reader.reference("of")]
        }
        with = reader.optional("with") ?? .object([])
        guard case .object = with else { throw reader.rejection("with", .wrongType(expected: "an object")) }
        after = reader.optional("after") == nil ? nil : try reader.reference("after")
        by = try reader.offset("by")
        isNever = try reader.bool("never", default: false)
        before = reader.optional("before") == nil ? nil : try reader.label("before")
        earlier = reader.optional("earlier") == nil ? nil : try reader.length("earlier")
        guard earlier == nil || before != nil else { throw reader.rejection("before", .missing) }
        guard before == nil || !isNever else {
            throw reader.rejection("before", .notAllowed(rule: "what is never seen precedes nothing"))
        }
    }
}

extension FieldReader {
    /// A list of objects, read one by one and each to its end.
    mutating func each<Element>(
        _ name: String, count: ClosedRange<Int> = 1...500,
        _ read: (inout FieldReader) throws(FieldRejection) -> Element
    ) throws(FieldRejection) -> [Element] {
        var elements: [Element] = []
        for (i, value) in try array(name, count: count).enumerated() {
            var reader = try FieldReader(value, path: path(of: "\(name)[\(i)]"))
            elements.append(try read(&reader))
            try reader.finish()
        }
        return elements
    }

    mutating func label(_ name: String) throws(FieldRejection) -> String {
        let text = try string(name, limit: 60)
        guard Scenario.isLabel(text) else { throw rejection(name, .notAllowed(rule: Scenario.labelRule)) }
        return text
    }

    /// `@label`, without its sign.
    mutating func reference(_ name: String) throws(FieldRejection) -> String {
        let text = try string(name, limit: 61)
        guard text.hasPrefix("@"), Scenario.isLabel(String(text.dropFirst())) else {
            throw rejection(name, .notAllowed(rule: "@ and the label of an earlier step"))
        }
        return String(text.dropFirst())
    }

    mutating func labels(
        _ name: String, count: ClosedRange<Int>, areReferences: Bool = false
    ) throws(FieldRejection) -> [String] {
        var labels: [String] = []
        for (i, element) in try array(name, count: count).enumerated() {
            let text = element.asText ?? ""
            let label = areReferences && text.hasPrefix("@") ? String(text.dropFirst()) : text
            guard Scenario.isLabel(label), !areReferences || text.hasPrefix("@") else {
                throw FieldRejection(path: path(of: "\(name)[\(i)]"), problem: .notAllowed(rule: Scenario.labelRule))
            }
            labels.append(label)
        }
        return labels
    }

    mutating func offset(_ name: String) throws(FieldRejection) -> Duration {
        guard let offset = ScenarioTime.offset(try string(name, limit: 40)) else {
            throw rejection(name, .notAllowed(rule: "a time from the start, such as T+0:27:00 or T-4d12:00:00"))
        }
        return offset
    }

    mutating func length(_ name: String) throws(FieldRejection) -> Duration {
        guard let length = ScenarioTime.length(try string(name, limit: 40)) else {
            throw rejection(name, .notAllowed(rule: "a length of time, such as 0:27:00"))
        }
        return length
    }
}
