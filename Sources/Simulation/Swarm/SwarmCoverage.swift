import Kernel
import Mechanism

/// What a run has reached, gathered at every look.
struct SwarmCoverage: Sendable {
    var happened = SortedSet<FaultKind>()
    private(set) var states = SortedSet<String>()
    private(set) var answers = AnswerCount()
    private(set) var undisturbed = AnswerCount()

    mutating func add(_ screens: [(party: PartyID, screens: [Screen])], isUndisturbed: Bool, _ simulation: Simulation) {
        var conflicting = SortedSet<NoticeID>()
        if isUndisturbed {
            for node in simulation.nodes {
                for conflict in node.mechanism.conflicts.values where conflict.state != .cleared {
                    conflicting.insert(conflict.first)
                    conflicting.insert(conflict.second)
                }
            }
        }
        for (party, screens) in screens {
            let node = simulation[party]
            note(node)
            for screen in screens {
                states.insert("answer:\(screen.answer.rawValue)")
                guard let id = screen.notice, let notice = node.mechanism.notices[id] else { continue }
                answers.add(screen.answer)
                // One that has ended or run out has no clear to lose, and a mediator judges nothing.
                guard isUndisturbed, notice.status == .current, node.mechanism.role == .principal,
                    !conflicting.contains(id)
                else { continue }
                undisturbed.add(screen.answer)
            }
        }
        for node in simulation.nodes {
            if let refusal = node.startRefusal {
                if case .corrupt = refusal { states.insert("start:corrupt") } else { states.insert("start:unreadable") }
            }
            if node.disk.droppedTails > 0 { states.insert("start:tornTailDropped") }
        }
    }

    private mutating func note(_ node: SimulatedNode) {
        let mechanism = node.mechanism
        switch mechanism.signing {
        case .unconfirmed: states.insert("signing:unconfirmed")
        case .confirmed: states.insert("signing:confirmed")
        case .behind: states.insert("signing:behind")
        }
        for link in mechanism.links.values { states.insert("link:\(link.state.rawValue)") }
        for notice in mechanism.notices.values { states.insert("notice:\(notice.status.rawValue)") }
        for conflict in mechanism.conflicts.values { states.insert("conflict:\(conflict.state.rawValue)") }
        for alarm in mechanism.alarms.values where alarm.state == .ringing { states.insert("alarm:\(alarm.kind.rawValue)") }
        for log in mechanism.logs.values {
            if log.fork != nil { states.insert("log:frozen") }
            if !log.unreadable.isEmpty { states.insert("log:unreadable") }
            if !log.announced.isEmpty { states.insert("log:announced") }
            if log.withheld > 0 { states.insert("log:withheld") }
        }
        if mechanism.storageDegraded { states.insert("storage:degraded") }
        for reason in mechanism.assurance(now: node.mechanism.clock.last ?? node.clock.now(at: 0)).reasons {
            states.insert("reason:\(reason.name)")
        }
    }
}
