import Kernel
import Mechanism

/// Nobody is clear of somebody who is not there.
public struct AbsentPrincipalChecker: InvariantChecker {
    public static let name = "no-clear-over-absent-principal"
    public static let sentence =
        "No node shows clear over a principal that has suspended, whose desk is unstaffed, or that has not been heard in this run; a mediator never does."
    private var list = ViolationList(name)

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let sight = step.sight, let screen = sight.good.first else { return }
        let node = sight.node
        if node.mechanism.role == .mediator { list.report(node.party, screen.notice, "by a mediator", simulation) }
        let patienceNs = simulation.terms.timing.unstaffedAfter.wholeNanoseconds
        for member in simulation.terms.principals.map(\.id) {
            if sight.view.suspended.contains(member) {
                list.report(node.party, screen.notice, "\(member) has suspended", simulation)
            }
            if member != node.party, node.exchange.heard[member] == nil {
                list.report(node.party, screen.notice, "\(member) has not been heard", simulation)
            }
            guard !simulation.isDishonest(member) else { continue }
            if simulation.nodes[simulation.place(of: member)].humanActNs.map({ simulation.timeNs - $0 > patienceNs })
                ?? true
            {
                list.report(node.party, screen.notice, "\(member)'s desk is unstaffed", simulation)
            }
        }
    }
}
