import Kernel
import Mechanism
import Records

/// A watch as a seed has it: officers file, amend, end, read back rightly and wrongly, settle, dispute and suspend,
/// while the network loses messages, machines crash and clocks step.
public struct RandomHistory: Sendable {
    private var random: SeededGenerator
    /// Whether clocks step and nodes crash.
    public var withFaults = true

    public init(seed: UInt64) { random = SeededGenerator(seed: seed &* 0x9E37_79B9) }

    /// Commands that the core refused, by name: officers press wrong buttons too.
    public private(set) var refused = 0

    public mutating func play(_ simulation: inout Simulation, actions: Int) {
        simulation.start()
        for node in simulation.nodes { try? _ = simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(3))
        for _ in 0..<actions {
            act(&simulation)
            simulation.run(for: .milliseconds(Int64(random.below(2_500))))
        }
    }

    /// Everything works again, and everybody has had time to hear of everything.
    public mutating func heal(_ simulation: inout Simulation) {
        simulation.network.heal()
        for node in simulation.nodes {
            simulation.stepClock(of: node.party, by: .zero - simulation[node.party].clock.aheadBy)
        }
        simulation.start()
        // Everybody answers everybody, and who finds that its disk is old is given back what it lacks.
        for _ in 0..<3 {
            simulation.run(for: simulation.terms.timing.heartbeat * 2)
            restore(&simulation)
        }
        for node in simulation.nodes where node.mechanism.role == .principal {
            if simulation[node.party].mechanism.suspendedBy.contains(node.party) {
                try? _ = simulation.command(.suspend(false, reason: nil), at: node.party)
            }
            try? _ = simulation.command(.present, at: node.party)
        }
        // A push that got lost is repeated with the next beats.
        simulation.run(for: simulation.terms.timing.staleAfter * 2)
    }

    private mutating func act(_ simulation: inout Simulation) {
        let principals = simulation.nodes.filter { $0.mechanism.role == .principal }
        let node = principals[Int(random.below(UInt64(principals.count)))]
        guard node.isUp else {
            simulation.restart(node.party)
            return
        }
        if case .behind = node.mechanism.signing, random.below(3) == 0 { restore(&simulation) }
        let dice = random.below(100)
        if withFaults, dice < 14 {
            fault(node, &simulation)
            return
        }
        if simulation.terms.kinds.contains(where: \.needsPassingOn) { passOn(at: node, &simulation) }
        guard let command = command(of: node, simulation, dice: dice) else { return }
        do throws(Refusal) {
            try simulation.command(command, at: node.party)
        } catch {
            refused += 1
        }
    }

    private mutating func fault(_ node: SimulatedNode, _ simulation: inout Simulation) {
        let others = simulation.nodes.map(\.party).filter { $0 != node.party }
        let other = others[Int(random.below(UInt64(others.count)))]
        switch random.below(9) {
        case 0: simulation.crash(node.party)
        case 1: simulation.network.part(node.party, other)
        case 2, 3: simulation.network.join(node.party, other)
        case 4: simulation.network.lossPercent = random.below(40)
        case 5: simulation.network.duplicatePercent = random.below(40)
        case 7: putBack(node, &simulation)
        case 6: simulation.stepClock(of: node.party, by: .milliseconds(Int64(random.below(20_000)) - 10_000))
        default:
            simulation.stepClock(of: node.party, by: .zero - simulation[node.party].clock.aheadBy)
        }
    }

    /// An old copy of a disk, up to forty events old. What one peer alone holds beyond it must be able to show itself:
    /// with several peers the network works until then, as the rule for signing without all of them asks.
    private mutating func putBack(_ node: SimulatedNode, _ simulation: inout Simulation) {
        let events = node.journal.count - Int(random.below(40))
        guard events > 0 else { return }
        simulation.restoreOldCopy(of: node.party, events: events)
        guard simulation.nodes.count > 2 else { return }
        simulation.network.heal()
        simulation.start()
        simulation.run(for: simulation.terms.timing.staleAfter * 2)
    }

    /// Administrators fetch what is missing from everybody who holds it.
    private func restore(_ simulation: inout Simulation) {
        for node in simulation.nodes {
            // Bodies first: a mediator may hold no more than headers.
            let principals = simulation.nodes.filter { $0.mechanism.role == .principal }
            let mediators = simulation.nodes.filter { $0.mechanism.role == .mediator }
            for peer in principals + mediators where peer.party != node.party {
                guard case .behind = simulation[node.party].mechanism.signing else { continue }
                simulation.restore(node.party, from: peer.party)
            }
        }
    }

    /// Only where the terms ask for it: an officer says whom a notice concerns, or that a unit has it.
    private mutating func passOn(at node: SimulatedNode, _ simulation: inout Simulation) {
        let open = node.mechanism.notices.values.filter {
            $0.status != .ended && simulation.terms.kind($0.fields.kind)?.needsPassingOn == true
        }
        guard let notice = pick(open) else { return }
        let units = ["1st Battery", "2nd Battery"]
        for unit in units where !node.mechanism.passing.units.contains(unit) {
            try? _ = simulation.command(.watch(.registerUnit(unit)), at: node.party)
        }
        let subject = PassedOn.Subject.notice(NoticeVersion(notice: notice.id, version: notice.version))
        let command: WatchCommand =
            random.below(2) == 0
            ? .concerns(subject, units: Array(units.prefix(Int(random.below(3)))))
            : .passOn(subject, units: [units[Int(random.below(2))]], disclose: random.below(2) == 0)
        try? _ = simulation.command(.watch(command), at: node.party)
    }

    private mutating func command(of node: SimulatedNode, _ simulation: Simulation, dice: UInt64) -> Command? {
        let mine = node.mechanism.notices.values.filter { $0.owner == node.party && $0.status != .ended }
        let theirs = node.mechanism.notices.values.filter { $0.owner != node.party && $0.status != .ended }
        let disputes = node.mechanism.conflicts.values.filter { $0.involves(node.party) && $0.state != .cleared }
        switch dice {
        // Whoever wants to file resumes first.
        case ..<34 where node.mechanism.suspendedBy.contains(node.party):
            return .suspend(false, reason: nil)
        case ..<34:
            return mine.count < 6 ? .file(fields(simulation), mode: mode(), audience: nil) : .present
        case ..<46:
            guard let notice = pick(mine) else { return nil }
            return .amend(notice.id, expectedVersion: notice.version, fields(simulation))
        case ..<52:
            guard let notice = pick(mine) else { return nil }
            return .end(notice.id, reason: .over, remarks: nil)
        case ..<74:
            guard let notice = pick(theirs) else { return nil }
            let isRight = random.below(4) > 0
            let readBack =
                isRight
                ? SampleNotices.rightReadBack(of: notice.fields) : SampleNotices.wrongReadBack(of: notice.fields)
            return .acknowledge(notice.id, version: notice.version, readBack)
        case ..<90:
            guard let conflict = pick(disputes) else { return nil }
            switch random.below(6) {
            case 0: return .position(conflict.id, stance: .dispute, conditions: [], remarks: nil)
            case 1: return .position(conflict.id, stance: .withdraw, conditions: [], remarks: nil)
            case 2:
                return .position(conflict.id, stance: .settle, conditions: ["stay south of the road"], remarks: nil)
            default: return .position(conflict.id, stance: .settle, conditions: ["stay above 3000 m"], remarks: nil)
            }
        case ..<93:
            return .suspend(!node.mechanism.suspendedBy.contains(node.party), reason: "as the seed has it")
        default:
            guard let alarm = pick(node.mechanism.alarms.values.filter({ $0.state == .ringing })) else {
                return .present
            }
            return .acknowledgeAlarm(alarm.id)
        }
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[Int(random.below(UInt64(elements.count)))]
    }

    private mutating func mode() -> Mode { random.below(8) == 0 ? .drill : .real }

    private mutating func fields(_ simulation: Simulation) -> NoticeFields {
        let place = SamplePlace.allCases[Int(random.below(3))]
        switch random.below(5) {
        case 0: return SampleNotices.standingPresence(at: place, from: simulation.utc)
        case 1:
            // Short ones run out while the watch lasts.
            return SampleNotices.strike(
                at: place, from: simulation.utc.advanced(by: .seconds(-10)),
                lasting: .seconds(Int64(random.below(60)) + 11))
        case 2, 3:
            return SampleNotices.strike(
                at: place, from: simulation.utc.advanced(by: .minutes(Int64(random.below(600)))))
        default:
            return SampleNotices.airOperation(
                at: place, from: simulation.utc.advanced(by: .minutes(Int64(random.below(600)))))
        }
    }
}
