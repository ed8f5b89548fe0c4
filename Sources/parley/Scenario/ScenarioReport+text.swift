import Kernel
import Records

extension ScenarioReport {
    var introduction: String {
        var lines = [scenario.title, "", scenario.summary, ""]
        var cast = TextTable("party", "role", "stands for")
        for party in scenario.parties { cast.add(party.name, party.role.rawValue, party.standsFor ?? "itself") }
        lines.append(cast.text)
        if let remarks = scenario.cast { lines += ["", remarks] }
        lines += [
            "", "T is \(scenario.start.rfc3339). Each second of the replay is \(scenario.scale) s of the scenario.", "",
        ]
        return lines.joined(separator: "\n")
    }

    /// What happened then and what Parley did, in one order of time.
    var table: String {
        var rows: [(at: Duration, cells: [String])] = scenario.history.map { fact in
            let mark = fact.certainty == .uncertain ? " [uncertain]" : ""
            return (fact.at, [ScenarioTime.shown(fact.at), fact.what + mark, "", "", ""])
        }
        for sight in sights {
            let at = sight.at ?? sight.expectation.by
            let failed = sight.isMet ? "" : "FAILED (\(sight.sentence)): "
            rows.append(
                (
                    at,
                    [
                        ScenarioTime.shown(at), "", failed + sight.expectation.means, desk(sight.expectation.at),
                        sight.earlier.map { "\(ScenarioReport.shown(earlier: $0)) than \(sight.expectation.before ?? "")" }
                            ?? "",
                    ]
                ))
        }
        for step in steps {
            guard let failure = step.failure else { continue }
            rows.append(
                (step.at, [ScenarioTime.shown(step.at), "", "FAILED (\(failure)): \(step.step.says)", desk(step.step.party), ""]))
        }
        var table = TextTable("time", "what happened then", "what Parley did", "at", "earlier")
        // Sorting is stable, so of one moment the fact of then stands first.
        for row in rows.sorted(by: { $0.at < $1.at }) {
            for line in ScenarioReport.wrapped(row.cells, widths: [14, 52, 52, 24, 34]) {
                table.add(line[0], line[1], line[2], line[3], line[4])
            }
        }
        return table.text
    }

    var conclusion: String {
        let met = sights.count(where: \.isMet)
        let failed = steps.count { $0.failure != nil }
        let steps = failed == 0 ? "" : ", \(failed) steps failed"
        return "\(scenario.name): \(met) of \(scenario.expectations.count) expectations met\(steps)."
    }

    /// A row as the lines that it takes, no cell wider than its column unless one word is.
    private static func wrapped(_ cells: [String], widths: [Int]) -> [[String]] {
        let columns = zip(cells, widths).map { cell, width in
            cell.split(separator: " ").reduce(into: [String]()) { lines, word in
                if let last = lines.last, last.count + 1 + word.count <= width {
                    lines[lines.count - 1] = last + " " + word
                } else {
                    lines.append(String(word))
                }
            }
        }
        return (0..<(columns.map(\.count).max() ?? 0)).map { line in columns.map { line < $0.count ? $0[line] : "" } }
    }
}

extension ScenarioReport {
    var json: JSONValue {
        [
            "scenario": .string(scenario.name), "title": .string(scenario.title), "passed": .bool(isPassed),
            "start": .string(scenario.start.rfc3339), "scale": .integer(Int64(scenario.scale)),
            "history": .array(
                scenario.history.map { fact in
                    [
                        "id": .string(fact.id), "at": .string(ScenarioTime.shown(fact.at)), "what": .string(fact.what),
                        "certainty": .string(fact.certainty.rawValue), "sources": .array(fact.sources.map(JSONValue.string)),
                    ]
                }),
            "steps": .array(
                steps.map { step in
                    .members([
                        ("at", .string(ScenarioTime.shown(step.at))), ("by", step.step.party.map { .string($0.name) }),
                        ("do", .string(step.step.act.rawValue)), ("says", .string(step.step.says)),
                        ("lateS", .number((step.at - step.step.at).inSeconds)), ("passed", .bool(step.failure == nil)),
                        ("failure", step.failure.map(JSONValue.string)),
                    ])
                }),
            "expectations": .array(
                sights.map { sight in
                    .members([
                        ("id", .string(sight.expectation.id)), ("means", .string(sight.expectation.means)),
                        ("at", .string(sight.expectation.at.name)), ("passed", .bool(sight.isMet)),
                        ("seenAt", sight.at.map { .string(ScenarioTime.shown($0)) }),
                        ("said", .string(sight.sentence)), ("before", sight.expectation.before.map(JSONValue.string)),
                        ("earlierS", sight.earlier.map { .number($0.inSeconds) }),
                    ])
                }),
        ]
    }
}
