import Kernel
import Mechanism

/// Windows mean nothing between clocks that differ.
public struct DoubtfulClockChecker: InvariantChecker {
    public static let name = "no-clear-over-doubtful-clock"
    public static let sentence =
        "No node shows clear while a principal's clock, when last heard, differed by more than the terms allow and the way there explains, or its own has stepped by more since."
    private var list = ViolationList(name)

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let sight = step.sight, let screen = sight.good.first else { return }
        let node = sight.node
        let most = simulation.terms.timing.skewMax
        for (member, heard) in node.exchange.heard
        where simulation.terms.party(member)?.role == .principal && !simulation.isDishonest(member) {
            let trip = Duration.nanoseconds(heard.acceptedNs - heard.sentNs)
            let difference = (heard.theirsAheadBy - heard.oursAheadBy).magnitude
            if difference > most + trip {
                list.report(node.party, screen.notice, "\(member)'s clock is off by \(difference)", simulation)
            }
            if (node.clock.aheadBy - heard.oursAheadBy).magnitude > most {
                list.report(node.party, screen.notice, "its own clock stepped", simulation)
            }
        }
    }
}
