import Foundation
import Records
import Simulation

/// Plays one seed, shows its steps, or shrinks it.
struct OneSeed {
    let seed: UInt64
    let faults: [FaultKind]
    let mutation: Mutation?
    let asJSON: Bool

    func run(steps: Bool) throws {
        let plan = SwarmPlan(seed: seed, faults: faults)
        if mutation?.isOfStop == true {
            let tally = SwarmJudge.judge(seed: seed, mutation: mutation)
            return try end(tally.failures.flatMap(\.violations), json: [:], text: "seed \(seed): the STOP path")
        }
        var run = SwarmRun(plan, mutation: mutation, keepingLines: steps)
        let verdict = run.play()
        if !asJSON, steps {
            for line in plan.text + verdict.lines { Terminal.line(line) }
        }
        var json = verdict.json
        if steps { json = json.adding("steps", .array(verdict.lines.map(JSONValue.string))) }
        let count = "\(verdict.events) events, trace \(verdict.bytes.hex.prefix(16))"
        try end(verdict.violations, json: json, text: (plan.text + [count]).joined(separator: "\n"))
    }

    func shrink(steps: Bool) throws {
        let plan = SwarmPlan(seed: seed, faults: faults)
        guard var shrink = SwarmShrink(plan, mutation: mutation) else {
            return Terminal.answer(
                json: ["seed": .integer(Int64(bitPattern: seed)), "violations": []], asJSON: asJSON,
                text: "seed \(seed) breaks nothing: there is nothing to shrink")
        }
        shrink.run()
        var lines: [String] = []
        if steps {
            var run = SwarmRun(shrink.plan, mutation: mutation, keepingLines: true)
            lines = run.play().lines
        }
        let text = "\(plan.items.count) items, \(shrink.plan.items.count) of them needed (\(shrink.tried) plans tried):"
        let json: JSONValue = [
            "seed": .integer(Int64(bitPattern: seed)), "items": .integer(Int64(plan.items.count)),
            "needed": .array(shrink.plan.text.map(JSONValue.string)),
            "violations": .array(shrink.verdict.violations.map { .string($0.text) }),
            "steps": .array(lines.map(JSONValue.string)),
        ]
        try end(shrink.verdict.violations, json: json, text: ([text] + shrink.plan.text + lines).joined(separator: "\n"))
    }

    private func end(_ violations: [Violation], json: JSONValue, text: String) throws {
        Terminal.answer(json: json, asJSON: asJSON, text: text)
        guard let first = violations.first else { return }
        if !asJSON { for violation in violations.prefix(20) { Terminal.line("broken: \(violation.text)") } }
        throw CommandFailure(.refused, "sentenceBroken", "seed \(seed): \(first.text)")
    }
}

extension JSONValue {
    /// With one more member; an object stays one.
    func adding(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + [JSONMember(name, value)])
    }
}

extension SwarmVerdict {
    var json: JSONValue {
        [
            "seed": .integer(Int64(bitPattern: seed)), "events": .integer(Int64(events)), "trace": .string(bytes.hex),
            "shape": .string(String(shape, radix: 16)),
            "faults": .array(happened.map { .string($0.rawValue) }), "states": .array(states.map { .string($0) }),
            "answers": answers.json, "undisturbed": undisturbed.json,
            "violations": .array(violations.map { .string($0.text) }),
        ]
    }
}

extension AnswerCount {
    var json: JSONValue {
        [
            "clear": .integer(Int64(clear)), "conditions": .integer(Int64(conditions)),
            "conflict": .integer(Int64(conflict)), "unknown": .integer(Int64(unknown)),
        ]
    }
}
