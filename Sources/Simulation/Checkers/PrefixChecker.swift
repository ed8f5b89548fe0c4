import JointLog
import Kernel
import Mechanism
import Records

/// Logs only grow.
public struct PrefixChecker: InvariantChecker {
    public static let name = "log-prefixes-never-change"
    public static let sentence =
        "No record on a disk changes or goes except by a put-back of the disk, and a node that was put back signs nothing in the place of a record of which a peer that it has heard holds another."
    private var list = ViolationList(name)
    private var ledgers = SortedMap<PartyID, Ledger>()
    private var turn = 0
    /// Nodes at which an officer has answered for signing although nobody confirmed the log's size.
    private var answeredFor = SortedSet<PartyID>()
    /// Records that a put-back took from their author's disk.
    private var lost: [RecordID: Hash32] = [:]

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let party = step.party, !simulation.isDishonest(party) else { return }
        switch step.kind {
        case .handled(let event, let handled):
            if case .command(.signUnconfirmed, _) = event { answeredFor.insert(party) }
            for write in handled.writes where write.record.party == party {
                expectFree(write, at: party, simulation)
            }
            if ledgers[party] == nil {
                ledgers[party] = Ledger(simulation[party])
            } else {
                for write in handled.writes { ledgers.update(party) { $0.take(write) } }
            }
            spot(party, simulation)
        case .diskPutBack: putBack(party, simulation)
        case .crashed:
            ledgers[party, default: Ledger()].adopt(simulation.nodes[simulation.place(of: party)])
            spot(party, simulation)
        case .beat: spot(party, simulation)
        case .sent, .world: break
        }
    }

    private mutating func spot(_ party: PartyID, _ simulation: Simulation) {
        turn += 1
        let held = simulation.nodes[simulation.place(of: party)].held
        guard !simulation.isDishonest(party), let difference = ledgers[party]?.spotDifference(from: held, turn: turn)
        else { return }
        list.report(party, difference, simulation)
        ledgers[party] = Ledger(simulation[party])
    }

    private mutating func putBack(_ party: PartyID, _ simulation: Simulation) {
        let after = Ledger(simulation[party])
        let kept = after.lines[party]?.count ?? 0
        for line in (ledgers[party]?.lines[party] ?? []).dropFirst(kept) { lost[line.record] = line.leaf }
        ledgers[party] = after
        answeredFor.remove(party)
    }

    private mutating func expectFree(_ write: LogWrite, at party: PartyID, _ simulation: Simulation) {
        guard let old = lost.removeValue(forKey: write.record), !answeredFor.contains(party), write.log.epoch == 0,
            let envelope = Envelope(encoded: write.envelope), MerkleHash.sha256(envelope.signed) != old
        else { return }
        let holder = ledgers.first { holder, ledger in
            holder != party && !simulation.isDishonest(holder)
                && simulation.nodes[simulation.place(of: party)].exchange.heard[holder] != nil
                && (ledger.lines[party] ?? []).contains { $0.record == write.record && $0.leaf == old }
        }
        guard let holder else { return }
        list.report(party, "it signs another \(write.record) than \(holder.key) holds", simulation)
    }
}
