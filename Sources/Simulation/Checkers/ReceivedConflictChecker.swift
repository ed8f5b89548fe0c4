import Kernel
import Mechanism

/// The sentence on which lives depend.
public struct ReceivedConflictChecker: InvariantChecker {
    public static let name = "no-clear-over-received-conflict"
    public static let sentence =
        "No node shows clear, with or without conditions, while it holds a notice that collides and is not settled."
    private var list = ViolationList(name)

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let sight = step.sight, !sight.collisions.isEmpty else { return }
        for screen in sight.good {
            for collision in sight.collisions(under: screen) where !collision.isSettled {
                list.report(
                    sight.node.party, screen.notice, "\(collision.first.id) collides with \(collision.second.id)",
                    simulation)
            }
        }
    }
}

/// Conditions are shown wherever they were agreed.
public struct AgreedConditionsChecker: InvariantChecker {
    public static let name = "no-clear-over-agreed-conditions"
    public static let sentence =
        "No node shows clear without conditions while it holds a notice that collides and is settled under conditions."
    private var list = ViolationList(name)

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let sight = step.sight, !sight.collisions.isEmpty else { return }
        for screen in sight.good where screen.answer == .clear {
            for collision in sight.collisions(under: screen) where collision.isSettled {
                list.report(
                    sight.node.party, screen.notice,
                    "\(collision.first.id) and \(collision.second.id) are settled under conditions", simulation)
            }
        }
    }
}
