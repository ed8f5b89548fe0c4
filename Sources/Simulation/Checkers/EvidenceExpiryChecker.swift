import Kernel
import Mechanism

/// Every clear names its end, and keeps to it.
public struct EvidenceExpiryChecker: InvariantChecker {
    public static let name = "no-clear-outlives-its-evidence"
    public static let sentence =
        "No clear stands on evidence older than the terms allow, names an end beyond that of its evidence, or is shown just after the end that it names."
    private var list = ViolationList(name)
    private var turn = 0

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let sight = step.sight, !sight.good.isEmpty else { return }
        let clock = sight.node.clock
        let endNs = evidenceEndNs(sight.node, simulation)
        for screen in sight.good {
            if let endNs, endNs < simulation.timeNs {
                list.report(
                    sight.node.party, screen.notice, "its evidence ended at \(Double(endNs) / 1e9) s", simulation)
            }
            guard let until = screen.validUntil else {
                list.report(sight.node.party, screen.notice, "it names no end", simulation)
                continue
            }
            if let endNs, clock.timeNs(of: until) > endNs {
                list.report(sight.node.party, screen.notice, "it names an end beyond that of its evidence", simulation)
            }
        }
        outlive(sight, of: step, &simulation)
    }

    /// When the oldest answer grows stale or the first desk goes unstaffed, by what really happened.
    private func evidenceEndNs(_ node: SimulatedNode, _ simulation: Simulation) -> Int64? {
        let timing = simulation.terms.timing
        var ends: [Int64] = []
        for member in simulation.terms.principals.map(\.id) {
            if member != node.party, let heard = node.exchange.heard[member] {
                ends.append(heard.sentNs + timing.staleAfter.wholeNanoseconds)
            }
        }
        if let acted = node.humanActNs { ends.append(acted + timing.unstaffedAfter.wholeNanoseconds) }
        return ends.min()
    }

    /// Read again just after it, with no event between: at a beat all of it, else the mechanism's line and one of a notice
    /// in turn.
    private mutating func outlive(_ sight: Sight, of step: Step, _ simulation: inout Simulation) {
        turn += 1
        var notices = sight.good.compactMap(\.notice)
        if case .handled = step.kind, !notices.isEmpty { notices = [notices[turn % notices.count]] }
        guard let until = sight.good.compactMap(\.validUntil).max() else { return }
        let clock = sight.node.clock
        let later = clock.now(at: clock.timeNs(of: until) + 1_000)
        for screen in simulation.screens(of: sight.node.party, only: notices, now: later)
        where screen.answer == .clear || screen.answer == .conditions {
            list.report(sight.node.party, screen.notice, "it outlives the end that it names", simulation)
        }
    }
}
