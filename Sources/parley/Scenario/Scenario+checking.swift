import Kernel
import Records

extension Scenario {
    /// Whose account the replay watches a desk by; no party may name an officer so.
    static let observer = "Replay"
    static let labelRule = "1 to 60 of a-z, 0-9 and -"

    static func isLabel(_ text: String) -> Bool {
        (1...60).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    /// Whether everything that is named exists, and in an order in which it can be played.
    func check() throws(FieldRejection) {
        try checkOnce(sources.map(\.id), "sources", "id")
        try checkOnce(history.map(\.id), "history", "id")
        try checkOnce(parties.map(\.id.name), "parties", "id")
        try checkOnce(expectations.map(\.id), "expect", "id")
        for (i, fact) in history.enumerated() {
            for (j, source) in fact.sources.enumerated() where !sources.contains(where: { $0.id == source }) {
                throw Scenario.wrong("history[\(i)].sources[\(j)]", "no source \"\(source)\"")
            }
        }
        guard parties.count(where: { $0.role == .principal }) >= 2 else {
            throw Scenario.wrong("parties", "two principals at least")
        }
        let (labels, made) = try checkSteps()
        for (i, expectation) in expectations.enumerated() { try check(expectation, "expect[\(i)]", labels, made) }
    }

    /// - Returns: the times of all labels, and of those that name something which was made.
    private func checkSteps() throws(FieldRejection) -> (labels: [String: Duration], made: [String: Duration]) {
        var labels: [String: Duration] = [:]
        var made: [String: Duration] = [:]
        var last = steps.first?.at ?? .zero
        for (i, step) in steps.enumerated() {
            let path = "steps[\(i)]"
            guard step.at >= last else { throw Scenario.wrong("\(path).at", "not before the step above it") }
            last = step.at
            if let party = step.party { try checkParty(party, "\(path).by") }
            if let on = step.on, made[on] == nil { throw Scenario.wrong("\(path).on", "no step above makes \"\(on)\"") }
            try checkBody(step.with, "\(path).with", made)
            if let answers = step.answers { try checkBody(answers, "\(path).answers", made) }
            try checkWorld(step, path)
            if step.act == .skip, let to = step.with.string("to").flatMap(ScenarioTime.offset) { last = to }
            guard let label = step.label else { continue }
            guard labels.updateValue(step.at, forKey: label) == nil else {
                throw Scenario.wrong("\(path).as", "\"\(label)\" is named twice")
            }
            if step.act.makes { made[label] = step.at }
        }
        return (labels, made)
    }

    /// Acts of the world name parties and times in their own way.
    private func checkWorld(_ step: Step, _ path: String) throws(FieldRejection) {
        guard step.act.isOfTheWorld else { return }
        var reader = try FieldReader(step.with, path: "\(path).with")
        switch step.act {
        case .cut, .restore:
            let ends = try reader.labels("between", count: 2...2)
            for (i, end) in ends.enumerated() {
                guard let party = PartyID(end) else { throw Scenario.wrong("\(path).with.between[\(i)]", "no party") }
                try checkParty(party, "\(path).with.between[\(i)]")
            }
        case .kill, .startNode: try checkParty(try reader.party("node"), "\(path).with.node")
        case .skip:
            guard try reader.offset("to") > step.at else { throw Scenario.wrong("\(path).with.to", "later than `at`") }
        default: break
        }
        try reader.finish()
    }

    private func check(
        _ expectation: Expectation, _ path: String, _ labels: [String: Duration], _ made: [String: Duration]
    ) throws(FieldRejection) {
        try checkParty(expectation.at, "\(path).at")
        for label in expectation.of where made[label] == nil {
            throw Scenario.wrong("\(path).of", "no step makes \"\(label)\"")
        }
        guard expectation.of.count < 2 || expectation.see == .conflict || expectation.see == .alarm else {
            throw Scenario.wrong("\(path).of", "two things make a conflict, and nothing else")
        }
        if let after = expectation.after {
            guard let at = labels[after] else { throw Scenario.wrong("\(path).after", "no step is named \"\(after)\"") }
            guard expectation.by > at else { throw Scenario.wrong("\(path).by", "later than \"\(after)\"") }
        }
        for label in expectation.of {
            if let at = made[label], expectation.by <= at { throw Scenario.wrong("\(path).by", "later than \"\(label)\"") }
        }
        if let before = expectation.before, !history.contains(where: { $0.id == before }) {
            throw Scenario.wrong("\(path).before", "no fact \"\(before)\" in the history")
        }
        try checkBody(expectation.with, "\(path).with", made)
    }

    private func checkParty(_ party: PartyID, _ path: String) throws(FieldRejection) {
        guard parties.contains(where: { $0.id == party }) else { throw Scenario.wrong(path, "no party \"\(party)\"") }
    }

    private func checkOnce(_ ids: [String], _ list: String, _ field: String) throws(FieldRejection) {
        var seen: Set<String> = []
        for (i, id) in ids.enumerated() where !seen.insert(id).inserted {
            throw Scenario.wrong("\(list)[\(i)].\(field)", "\"\(id)\" is there twice")
        }
    }

    /// Times and references in a body, wherever they are.
    private func checkBody(_ value: JSONValue, _ path: String, _ made: [String: Duration]) throws(FieldRejection) {
        switch value {
        case .string(let text):
            if ScenarioTime.isMeant(text), ScenarioTime.offset(text) == nil {
                throw Scenario.wrong(path, "a time from the start is written T+0:27:00 or T-4d12:00:00")
            }
            if text.hasPrefix("@"), made[String(text.dropFirst())] == nil {
                throw Scenario.wrong(path, "no step above makes \"\(text.dropFirst())\"")
            }
        case .array(let elements):
            for (i, element) in elements.enumerated() { try checkBody(element, "\(path)[\(i)]", made) }
        case .object(let members):
            for member in members { try checkBody(member.value, "\(path).\(member.name)", made) }
        case .null, .bool, .integer, .number: break
        }
    }

    private static func wrong(_ path: String, _ rule: String) -> FieldRejection {
        FieldRejection(path: path, problem: .notAllowed(rule: rule))
    }
}

extension JSONValue {
    /// The same with every time of a scenario as an instant, and every `@label` as what it names.
    ///
    /// - Returns: `nil` when a label names nothing yet.
    func resolved(start: UTCInstant, _ ids: (String) -> String?) -> JSONValue? {
        switch self {
        case .string(let text):
            if let offset = ScenarioTime.offset(text) { return .string(start.advanced(by: offset).rfc3339) }
            guard text.hasPrefix("@") else { return self }
            return ids(String(text.dropFirst())).map(JSONValue.string)
        case .array(let elements):
            let resolved = elements.compactMap { $0.resolved(start: start, ids) }
            return resolved.count == elements.count ? .array(resolved) : nil
        case .object(let members):
            let resolved = members.compactMap { member in
                member.value.resolved(start: start, ids).map { JSONMember(member.name, $0) }
            }
            return resolved.count == members.count ? .object(resolved) : nil
        case .null, .bool, .integer, .number: return self
        }
    }
}
