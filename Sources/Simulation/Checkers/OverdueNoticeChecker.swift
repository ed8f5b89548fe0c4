import Kernel
import Mechanism

/// A notice says nothing after its time.
public struct OverdueNoticeChecker: InvariantChecker {
    public static let name = "no-clear-over-overdue-notice"
    public static let sentence =
        "No node shows clear for a notice that it does not hold, that has ended, or whose time is past."
    private var list = ViolationList(name)

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let sight = step.sight else { return }
        let party = sight.node.party
        for screen in sight.good {
            guard let id = screen.notice else { continue }
            guard let notice = sight.view.notices[id] else {
                list.report(party, id, "it does not hold it", simulation)
                continue
            }
            if notice.isEnded { list.report(party, id, "it has ended", simulation) }
            if notice.isPast(sight.utc) { list.report(party, id, "it is past its time", simulation) }
        }
    }
}
