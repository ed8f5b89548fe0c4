import Kernel
import Mechanism

/// What nodes say to each other comes to rest.
public struct EndChecker: InvariantChecker {
    public static let name = "the-seed-ends"
    public static let sentence =
        "No exchange between nodes feeds itself: messages under way at one time stay below a named number, and so do all steps of a seed."
    private var list = ViolationList(name)

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard simulation.isEndless, list.all.isEmpty else { return }
        list.report(
            nil, "\(simulation.steps) steps, and \(simulation.network.parcels.count) messages are under way", simulation)
    }

    public mutating func end(_ simulation: inout Simulation) { look(&simulation, after: Step(nil, .world)) }
}
