import Foundation
import Kernel
import Records
import Synchronization

/// What happened then beside what Parley did now: told as it happens, and as a table at the end.
final class ScenarioReport: Sendable {
    struct Step: Sendable {
        let step: Scenario.Step
        let at: Duration
        let failure: String?
    }

    struct Sight: Sendable {
        let expectation: Scenario.Expectation
        /// When it was seen; `nil` when it never was.
        let at: Duration?
        let isMet: Bool
        let sentence: String
        /// Before the fact that it precedes.
        let earlier: Duration?
    }

    private struct State {
        var steps: [Step] = []
        var sights: [Sight] = []
    }

    let scenario: Scenario
    private let isSilent: Bool
    private let state = Mutex(State())

    /// - Parameter isSilent: for an answer in JSON, which comes at the end.
    init(_ scenario: Scenario, isSilent: Bool) {
        self.scenario = scenario
        self.isSilent = isSilent
    }

    var steps: [Step] { state.withLock { $0.steps } }
    var sights: [Sight] { state.withLock { $0.sights } }

    /// Whether every step was done and every expectation met.
    var isPassed: Bool {
        let (steps, sights) = state.withLock { ($0.steps, $0.sights) }
        return steps.count == scenario.steps.count && steps.allSatisfy { $0.failure == nil }
            && sights.count == scenario.expectations.count && sights.allSatisfy(\.isMet)
    }

    func say(_ text: String) {
        if !isSilent { Terminal.line(text) }
    }

    // MARK: As it happens

    func did(_ step: Scenario.Step, at offset: Duration) {
        state.withLock { $0.steps.append(Step(step: step, at: offset, failure: nil)) }
        say("\(time(offset))  \(desk(step.party)): \(step.says)")
    }

    func failed(_ step: Scenario.Step, at offset: Duration, _ sentence: String) {
        state.withLock { $0.steps.append(Step(step: step, at: offset, failure: sentence)) }
        say("\(time(offset))  \(desk(step.party)): \(step.says)\n\(indent)FAILED: \(sentence)")
    }

    /// Something that was expected, or that must not be, was seen in time.
    func saw(_ expectation: Scenario.Expectation, _ data: JSONValue, at offset: Duration) {
        let fact = scenario.history.first { $0.id == expectation.before }
        let earlier = fact.map { $0.at - offset }
        let isEarlyEnough = earlier.map { $0 >= expectation.earlier ?? .zero } ?? true
        var sentence = data.string("sentence") ?? data.string("shown") ?? data.string("state") ?? ""
        if expectation.isNever {
            sentence = "seen, and it must not be: \(sentence)"
        } else if !isEarlyEnough, let earlier {
            sentence = "only \(ScenarioReport.shown(earlier: earlier)): \(sentence)"
        }
        add(
            Sight(
                expectation: expectation, at: offset, isMet: isEarlyEnough && !expectation.isNever, sentence: sentence,
                earlier: earlier))
    }

    /// Its time has passed.
    func missed(_ expectation: Scenario.Expectation, late: Duration?) {
        let sentence =
            expectation.isNever
            ? "not seen until \(ScenarioTime.shown(expectation.by)), as it must"
            : late.map { "only at \(ScenarioTime.shown($0))" } ?? "not seen until \(ScenarioTime.shown(expectation.by))"
        add(
            Sight(
                expectation: expectation, at: expectation.isNever ? nil : late, isMet: expectation.isNever,
                sentence: sentence, earlier: nil))
    }

    private func add(_ sight: Sight) {
        state.withLock { $0.sights.append(sight) }
        let mark = sight.isMet ? "" : "FAILED: "
        let earlier = sight.earlier.map { ", " + ScenarioReport.shown(earlier: $0) } ?? ""
        let when = time(sight.at ?? sight.expectation.by)
        let sentence = sight.sentence.isEmpty ? "" : "\n\(indent)\(sight.sentence)"
        say("\(when)    -> \(desk(sight.expectation.at)): \(mark)\(sight.expectation.means)\(earlier)\(sentence)")
    }

    private var indent: String { String(repeating: " ", count: 19) }

    private func time(_ offset: Duration) -> String {
        let text = ScenarioTime.shown(offset)
        return String(repeating: " ", count: max(0, 14 - text.count)) + text
    }

    func desk(_ party: PartyID?) -> String {
        party.map { party in scenario.parties.first { $0.id == party }?.name ?? party.name } ?? "The world"
    }

    static func shown(earlier: Duration) -> String {
        earlier < .zero
            ? "\(ScenarioTime.shown(length: earlier.magnitude)) later" : "\(ScenarioTime.shown(length: earlier)) earlier"
    }
}
