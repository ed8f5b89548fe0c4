import JointLog
import Kernel
import Mechanism
import Records

/// What a node has answered ok to, or given its receipt for, is there after every crash.
public struct AcknowledgedChecker: InvariantChecker {
    public static let name = "nothing-acknowledged-is-lost"
    public static let sentence =
        "What a node has answered for or receipted is on its disk after any crash, and what anybody still holds under its receipt is in its author's log after healing, also when that disk was put back to an older copy."
    private var list = ViolationList(name)
    private var ledgers = SortedMap<PartyID, Ledger>()

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let party = step.party else { return }
        switch step.kind {
        case .handled(let event, let handled):
            if ledgers[party] == nil {
                ledgers[party] = Ledger(simulation[party])
            } else {
                for write in handled.writes { ledgers.update(party) { $0.take(write) } }
            }
            if case .started = event { expectAll(at: party, simulation) }
        case .sent(.receipt(let note, let log), _):
            guard let head = Checkpoint(note: note) else { return }
            var problem: String?
            ledgers.update(party) { problem = $0.receipt(head, log) }
            if let problem { list.report(party, problem, simulation) }
        case .crashed:
            ledgers[party, default: Ledger()].adopt(simulation.nodes[simulation.place(of: party)])
            expectAll(at: party, simulation)
        case .diskPutBack: ledgers[party] = Ledger(simulation[party])
        case .beat, .sent, .world: break
        }
    }

    private mutating func expectAll(at party: PartyID, _ simulation: Simulation) {
        guard !simulation.isDishonest(party) else { return }
        let difference = ledgers[party]?.difference(from: simulation.nodes[simulation.place(of: party)].held)
        if let difference { list.report(party, difference, simulation) }
    }

    public mutating func end(_ simulation: inout Simulation) {
        for node in simulation.nodes { expectAll(at: node.party, simulation) }
        for author in simulation.nodes where author.isUp && !simulation.isDishonest(author.party) {
            // Of a log with two histories, its author can hold one only.
            let logs = simulation.nodes.compactMap { $0.mechanism.logs[author.party] }
            guard logs.allSatisfy({ $0.fork == nil && $0.id.epoch == 0 }) else { continue }
            var disk = DiskView()
            disk.read(author.held)
            for (holder, ledger) in ledgers where holder != author.party && !simulation.isDishonest(holder) {
                let receipted = ledger.receipted[LogID(party: author.party)] ?? 0
                let lost = (ledger.lines[author.party] ?? []).prefix(receipted).first {
                    disk.leaf($0.record) != $0.leaf
                }
                guard let lost else { continue }
                list.report(author.party, "\(lost.record), which \(holder) receipted, is not in its log", simulation)
            }
        }
    }
}
