import Kernel
import Mechanism
import Records

/// Sent is not received; received is not acknowledged; acknowledged is not passed on.
public struct UndeliveredNoticeChecker: InvariantChecker {
    public static let name = "no-clear-over-undelivered-notice"
    public static let sentence =
        "No node shows clear for a notice that an addressee does not hold, has not judged, or, where its kind asks for it, has not read back rightly and passed on."
    private var list = ViolationList(name)

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let sight = step.sight else { return }
        for screen in sight.good {
            guard let id = screen.notice, let notice = sight.view.notices[id] else { continue }
            judge(notice, sight, simulation)
        }
    }

    private mutating func judge(_ notice: RecordView.HeldNotice, _ sight: Sight, _ simulation: Simulation) {
        let node = sight.node
        let kind = simulation.terms.kind(notice.content.kind)
        let needsReadBack = kind?.needsAcknowledgement ?? true
        for member in notice.audience {
            if member != node.party {
                judgeReceipt(notice, at: member, sight, simulation)
                if (sight.view.judged[notice.id.party]?[member] ?? 0) <= notice.record.index {
                    list.report(node.party, notice.id, "\(member) has not judged it", simulation)
                }
                if sight.view.unreadBy[member]?.contains(notice.record) ?? false {
                    list.report(node.party, notice.id, "\(member) could not read it", simulation)
                }
            }
            if needsReadBack, !sight.view.hasReadBack(notice, by: member) {
                list.report(node.party, notice.id, "\(member) has not read it back", simulation)
            }
        }
        guard kind?.needsPassingOn ?? true else { return }
        for member in notice.audience + [notice.id.party] where !sight.view.isPassedOn(notice, by: member) {
            list.report(node.party, notice.id, "\(member) has not passed it on", simulation)
        }
    }

    private mutating func judgeReceipt(
        _ notice: RecordView.HeldNotice, at member: PartyID, _ sight: Sight, _ simulation: Simulation
    ) {
        let node = sight.node
        guard notice.id.party == node.party, !simulation.isDishonest(member) else { return }
        // What it lost since it was last heard, nobody can know yet.
        let isNews =
            node.exchange.heard[member].map { $0.sentNs <= simulation.nodes[simulation.place(of: member)].putBackNs }
            ?? false
        guard !isNews, sight.views[member]?.holds(notice.record) != true else { return }
        list.report(node.party, notice.id, "\(member) does not hold it", simulation)
    }
}
