import Kernel
import Mechanism

/// A node that had to stop signing finds its way back.
public struct SigningChecker: InvariantChecker {
    public static let name = "honest-nodes-sign-again"
    public static let sentence =
        "After healing every honest node may sign, unless its own log is frozen or a peer that lies has seen what it lost."
    private var list = ViolationList(name)

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {}

    public mutating func end(_ simulation: inout Simulation) {
        for node in simulation.nodes where !simulation.isDishonest(node.party) {
            guard node.isUp else {
                list.report(node.party, "it does not run", simulation)
                continue
            }
            let mechanism = node.mechanism
            guard !mechanism.maySign, mechanism.ownLog.fork == nil else { continue }
            // A liar can show a head, and keep back the records below it for good.
            if case .behind = mechanism.signing, !simulation.dishonest.isEmpty { continue }
            list.report(node.party, "it may not sign: \(mechanism.signing)", simulation)
        }
    }
}
