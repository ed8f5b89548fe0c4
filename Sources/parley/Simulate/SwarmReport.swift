import Foundation
import Records
import Simulation

/// What a swarm says at its end.
struct SwarmReport {
    /// Each kind of fault changes the trace in so many seeds at least.
    static let changedShare = 0.05
    /// Of the answers about unconflicted notices in undisturbed stretches so many are clear at least: a node that always
    /// said unknown would pass everything else.
    static let clearShare = 0.9
    /// In so many seeds at least two parties' notices collide: what nodes agree on after healing is mostly that.
    static let conflictShare = 0.4

    private let tally: SwarmTally
    private let seconds: Int64
    private let isWhole: Bool

    /// - Parameter isWhole: there were enough seeds for the shares to be held to what they have to be.
    init(_ tally: SwarmTally, seconds: Int64, isWhole: Bool) {
        self.tally = tally
        self.seconds = seconds
        self.isWhole = isWhole
    }

    /// What was not covered as it has to be.
    var shortfalls: [String] {
        guard isWhole else { return [] }
        var short = FaultKind.allCases.filter { tally.changedShare(of: $0) < SwarmReport.changedShare }.map {
            "\($0.rawValue) changed the trace in \(percent(tally.changedShare(of: $0))) of the seeds, and has to in 5 %"
        }
        if tally.undisturbed.clearShare < SwarmReport.clearShare {
            short.append("\(percent(tally.undisturbed.clearShare)) of undisturbed answers were clear, and 90 % have to be")
        }
        if tally.conflictShare < SwarmReport.conflictShare {
            short.append("a conflict opened in \(percent(tally.conflictShare)) of the seeds, and has to in 40 %")
        }
        return short
    }

    var text: String {
        var lines = ["\(tally.seeds) seeds in \(seconds) s, \(tally.events) events, \(tally.failures.count) failing."]
        lines.append("\nFaults: share of the seeds in which each happened; of \(tally.sampled) seeds that were played again without it,")
        lines.append("share in which it happened and in which the two runs differ")
        for kind in FaultKind.allCases {
            let sampled = Double(tally.sampledHappened[kind] ?? 0) / Double(max(1, tally.sampled))
            let name = kind.rawValue.padding(toLength: 16, withPad: " ", startingAt: 0)
            lines.append(
                "  \(name) \(percent(tally.happenedShare(of: kind)))   \(percent(sampled))   \(percent(tally.changedShare(of: kind)))")
        }
        lines.append("\nStates: seeds that reached each")
        lines += rows(tally.states.map { "\($0.key) \($0.value)" })
        lines.append("\nAnswers about notices: \(shares(tally.answers))")
        lines.append("Of unconflicted ones in undisturbed stretches: \(shares(tally.undisturbed))")
        lines.append("A conflict opened in \(percent(tally.conflictShare)) of the seeds.")
        lines += shortfalls.map { "Not covered: \($0)." }
        for failure in tally.failures.prefix(20) {
            lines.append("seed \(failure.seed): \(failure.violations[0].text)")
        }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "seeds": .integer(Int64(tally.seeds)), "seconds": .integer(seconds), "events": .integer(Int64(tally.events)),
            "sampled": .integer(Int64(tally.sampled)),
            "faults": .array(
                FaultKind.allCases.map { kind in
                    [
                        "kind": .string(kind.rawValue), "seeds": .integer(Int64(tally.happened[kind] ?? 0)),
                        "changedShare": .number(tally.changedShare(of: kind)),
                    ]
                }),
            "states": .object(tally.states.map { JSONMember($0.key, .integer(Int64($0.value))) }),
            "answers": tally.answers.json, "undisturbed": tally.undisturbed.json,
            "clearShare": .number(tally.undisturbed.clearShare), "conflictShare": .number(tally.conflictShare),
            "shortfalls": .array(shortfalls.map(JSONValue.string)),
            "failures": .array(
                tally.failures.prefix(100).map { failure in
                    [
                        "seed": .integer(Int64(bitPattern: failure.seed)),
                        "violations": .array(failure.violations.prefix(5).map { .string($0.text) }),
                    ]
                }),
        ]
    }

    private func shares(_ count: AnswerCount) -> String {
        let parts = [
            ("clear", count.clear), ("conditions", count.conditions), ("conflict", count.conflict),
            ("unknown", count.unknown),
        ]
        return "\(count.all); "
            + parts.map { "\($0.0) \(percent(Double($0.1) / Double(max(1, count.all))))" }.joined(separator: ", ")
    }

    private func rows(_ cells: [String]) -> [String] {
        stride(from: 0, to: cells.count, by: 3).map { start in
            let row = cells[start..<min(start + 3, cells.count)]
            return "  " + row.map { $0.padding(toLength: 34, withPad: " ", startingAt: 0) }.joined()
        }
    }

    private func percent(_ share: Double) -> String { String(format: "%5.1f %%", share * 100) }
}
