import Kernel
import Records

extension AuditReport {
    /// For people: who knew what, when. Texts of parties come with control characters written out, so that none can
    /// steer a terminal.
    public var text: String {
        var out = head
        out += section("Keys put in force by root keys", keyChanges.map(\.sentence))
        out += section("Two histories signed", forks.map(\.sentence))
        out += section("Contradictions between statements that are genuine", contradictions.map(\.sentence))
        out.append("Joint timeline")
        out.append("  A record comes after those before it in its own log and after all that it cites. Of rows joined by |")
        out.append("  nothing in this bundle says which came first. Each time is by the clock that is named beside it.")
        if !isComplete { out.append("  Records that are not in this bundle may say more about the order.") }
        out += timelineLines
        for notice in notices { out += [""] + notice.lines }
        return out.joined(separator: "\n") + "\n"
    }

    private var head: [String] {
        var out = [
            "Everything in this bundle holds: every signature, proof and commitment.", "",
            "Mechanism   \(mechanism.hex)", "            \(shown(termsName))",
        ]
        if !isMechanismGiven {
            out.append("            Found in the bundle: compare it with the fingerprint that the parties compared in")
            out.append("            person. Until then nothing here is proven.")
        }
        out.append("Exported    \(exported.rfc3339) by the node of \(exporter), by its own clock")
        out.append("")
        out.append("Logs")
        for log in logs {
            let withheld = entries.filter { $0.place.log == log.id && $0.body == .withheld }.count
            out.append(
                "  \(log.id): \(log.newest.size) records in its newest head, \(log.records) of them here, \(withheld) of these"
                    + " withheld; \(log.heads) heads")
            let holders = log.cosigned.map { "\($0.sentence)" }
            out.append("    newest head held by \(holders.isEmpty ? "nobody but its author" : holders.joined(separator: ", "))")
            if log.postQuantumHeads > 0 {
                out.append("    ML-DSA-65 signatures of the author on \(log.postQuantumHeads) heads")
            }
        }
        return out + [""]
    }

    /// Whether every record of every log's newest head is in the bundle.
    public var isComplete: Bool { logs.allSatisfy { UInt64($0.records) == $0.newest.size } }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [title] + lines.map { "  " + $0 } + [""]
    }

    private var timelineLines: [String] {
        var byPlace = SortedMap<Place, Entry>()
        for entry in entries { byPlace[entry.place] = entry }
        return timeline.indices.flatMap { i -> [String] in
            let row = timeline[i]
            guard let entry = byPlace[row.place] else { return [] }
            let joins =
                (i > 0 && timeline[i - 1].group == row.group)
                || (i + 1 < timeline.count && timeline[i + 1].group == row.group)
            return entry.lines(isJoined: joins, concurrent: row.concurrent)
        }
    }
}

extension AuditReport.Entry {
    fileprivate func lines(isJoined: Bool, concurrent: [AuditReport.Span]) -> [String] {
        let mark = isJoined ? "  | " : "    "
        var out = ["\(mark)\(place)  \(what)"]
        func add(_ line: String) { out.append("\(mark)    \(line)") }
        if let claimed { add("\(claimed.rfc3339) by \(place.log.party)'s clock") }
        if !bracket.held.isEmpty { add("held by \(bracket.held.map(\.sentence).joined(separator: ", "))") }
        if let notBefore = bracket.notBefore {
            add("not before \(notBefore.sentence), who then held \(notBefore.size) of \(notBefore.log)")
        }
        if !header.seen.isEmpty {
            add("cites \(header.seen.map { "\($0.party) up to \($0.size)" }.joined(separator: ", "))")
        }
        if !concurrent.isEmpty {
            add("neither before nor after \(concurrent.map(\.description).joined(separator: ", "))")
        }
        return out
    }

    private var what: String {
        switch body {
        case .withheld:
            return "withheld, for \(header.audience.map(\.name).joined(separator: ", "))"
        case .unreadable(let sentence): return "unreadable: \(shown(sentence))"
        case .open(let body):
            let who = body.officer.map { " by \(shown($0)), attested by \(place.log.party)'s node" } ?? ""
            let mode = body.mode == .drill ? "DRILL " : ""
            return "\(mode)\(body.content.phrase)\(who)"
        }
    }
}

extension NoticeHistory {
    fileprivate var lines: [String] {
        var out = ["Notice \(notice)"]
        for version in versions {
            let mode = version.mode == .drill ? "DRILL " : ""
            out.append("  version \(version.version), \(mode)\(version.content.kind.name): filed \(version.filed.sentence)")
            for receipt in version.receipts { out.append("    receipted by \(receipt.sentence)") }
            for lodged in version.lodged {
                out.append(
                    "    lodged for \(lodged.silent), who kept silent (\(lodged.attempts) attempts; no receipt):"
                        + " \(lodged.by.sentence)")
            }
            for judged in version.evaluated {
                let exception = judged.isException ? " as one that it cannot read" : ""
                out.append("    evaluated\(exception) \(judged.by.sentence)")
            }
            for act in version.acknowledged {
                let position = act.readBack.position
                out.append(
                    "    read back as \(position.latitudeDeg), \(position.longitudeDeg) from"
                        + " \(act.readBack.start.rfc3339) \(act.by.sentence)")
            }
        }
        for found in findings {
            let word = found.finding.proven ? "found" : "taken"
            out.append(
                "  conflict of \(found.finding.first.sentence) and \(found.finding.second.sentence) \(word)"
                    + " \(found.by.sentence)")
        }
        for taken in positions {
            let conditions = taken.position.conditions.map { "\"\(shown($0))\"" }.joined(separator: ", ")
            out.append(
                "  \(taken.position.stance.rawValue) \(taken.position.first.sentence) and"
                    + " \(taken.position.second.sentence) \(conditions.isEmpty ? "" : conditions + " ")\(taken.by.sentence)")
        }
        for end in ends { out.append("  version \(end.version) ended (\(end.reason.rawValue)) \(end.by.sentence)") }
        return out
    }
}

extension NoticeVersion {
    fileprivate var sentence: String { "\(notice) version \(version)" }
}

extension NoticeHistory.Statement {
    fileprivate var sentence: String {
        let who = officer.map { "by \(shown($0)), attested by \(attestedBy)'s node," } ?? "by \(attestedBy)'s node"
        return "\(who) at \(claimed.rfc3339) (\(place))"
    }
}

extension AuditReport.Cosigned {
    fileprivate var sentence: String {
        "\(holder) at \(time.rfc3339)\(isKeyRevoked ? " (under a key that was revoked later)" : "")"
    }
}

extension AuditReport.Span: CustomStringConvertible {
    public var description: String { first == last ? "\(log)-\(first)" : "\(log)-\(first)…\(last)" }
}

extension AuditReport.KeyChange {
    fileprivate var sentence: String {
        "\(log) from record \(from) on: \(new.hex) instead of \(old.hex) (\(reason), statement \(sequence))"
    }
}

extension AuditReport.Fork {
    fileprivate var sentence: String {
        "\(log): size \(first.size) root \(first.root.hex), and size \(second.size) root \(second.root.hex)"
    }
}

extension AuditReport.Contradiction {
    /// One sentence for a person.
    public var sentence: String {
        switch self {
        case .citesOtherRoot(let place, let log, let size):
            "\(place) cites \(log) at size \(size) with another root than \(log.party) signed"
        case .citesLess(let place, let log, let size):
            "\(place) cites \(log) at size \(size), less than an earlier record of \(place.log) does"
        case .circle(let places):
            "these cite each other in a circle, so at least one of them cites what did not exist yet: "
                + places.map(\.description).joined(separator: ", ")
        case .claimedAfterHeld(let place, let claimed, let held):
            "\(place) says it was made at \(claimed.rfc3339), and \(held.holder) held it at \(held.time.rfc3339)"
        case .fork(let log): "\(log.party) signed two histories of \(log)"
        }
    }
}

/// With control characters and what changes the direction of text written out as `\u{…}`.
func shown(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            out += "\\u{\(String(scalar.value, radix: 16))}"
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out
}
