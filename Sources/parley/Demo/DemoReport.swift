import Foundation
import Records
import Synchronization

/// Why a demonstration did not go as it must.
struct DemoFailure: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// Tells the story as it happens and keeps what was measured.
final class DemoReport: Sendable {
    struct Step: Sendable {
        let title: String
        let outcome: String
        let passed: Bool
        let took: Duration
        /// What was measured, in milliseconds, by name.
        let measured: [(name: String, ms: Double)]
    }

    private let isSilent: Bool
    private let steps = Mutex<[Step]>([])
    private let begin = ContinuousClock.now

    /// - Parameter isSilent: for an answer in JSON, which comes at the end.
    init(isSilent: Bool) { self.isSilent = isSilent }

    var failed: Step? { steps.withLock { $0.first { !$0.passed } } }

    func say(_ text: String) {
        if !isSilent { Terminal.line(text) }
    }

    /// One step: what was to happen, and what did.
    ///
    /// - Parameter body: returns the outcome in words; throws when it is not what it must be.
    func step(_ title: String, _ body: (Measurements) async throws -> String) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        say("\n\(String(format: "%6.2f s", (start - begin).inSeconds))  \(title)")
        let measurements = Measurements()
        do {
            let outcome = try await body(measurements)
            add(title, outcome, passed: true, clock.now - start, measurements)
            say("          " + outcome.replacingOccurrences(of: "\n", with: "\n          "))
        } catch {
            if error is CancellationError || Task.isCancelled { throw CancellationError() }
            let sentence = (error as? DemoFailure)?.sentence ?? (error as? CommandFailure)?.sentence ?? "\(error)"
            add(title, sentence, passed: false, clock.now - start, measurements)
            say("          FAILED: \(sentence)")
            throw ExitStatus.stepFailed
        }
    }

    private func add(_ title: String, _ outcome: String, passed: Bool, _ took: Duration, _ measured: Measurements) {
        steps.withLock {
            $0.append(Step(title: title, outcome: outcome, passed: passed, took: took, measured: measured.all))
        }
    }

    var json: JSONValue {
        let steps = steps.withLock { $0 }
        return [
            "passed": .bool(steps.allSatisfy(\.passed) && !steps.isEmpty),
            "steps": .array(
                steps.map { step in
                    [
                        "title": .string(step.title), "passed": .bool(step.passed), "outcome": .string(step.outcome),
                        "tookMs": .number((step.took.inSeconds * 10_000).rounded() / 10),
                        "measured": .object(step.measured.map { JSONMember($0.name, .number($0.ms)) }),
                    ]
                }),
        ]
    }

    var summary: String {
        var table = TextTable("", "step", "took", "measured")
        for step in steps.withLock({ $0 }) {
            table.add(
                step.passed ? "ok" : "FAILED", step.title, step.took.shown,
                step.measured.map { "\($0.name) \(Duration.seconds($0.ms / 1_000).shown)" }.joined(separator: ", "))
        }
        return table.text
    }
}

/// Times that one step measures.
final class Measurements: Sendable {
    private let values = Mutex<[(name: String, ms: Double)]>([])

    var all: [(name: String, ms: Double)] { values.withLock { $0 } }

    /// - Returns: the time in words.
    @discardableResult
    func note(_ name: String, _ duration: Duration) -> String {
        values.withLock { $0.append((name, (duration.inSeconds * 10_000).rounded() / 10)) }
        return duration.shown
    }
}
