import JointLog
import Kernel
import Mechanism
import Records

/// Whoever signs two histories is found as soon as two who hold them talk.
public struct ForkChecker: InvariantChecker {
    public static let name = "a-shown-fork-is-found"
    public static let sentence =
        "When two honest nodes hold different records in one place of a log and each has heard the other twice since, both have frozen that log or begun its next epoch."
    private var list = ViolationList(name)
    private var disks = SortedMap<PartyID, DiskView>()
    private var waiting: [Case: Wait] = [:]
    private var reported = SortedSet<String>()

    private struct Case: Hashable, Sendable {
        let author: PartyID
        /// In order.
        let first: PartyID
        let second: PartyID
    }

    /// Since when both hold them, and how often each has heard the other since.
    private struct Wait: Sendable {
        var sinceNs: Int64
        var heard = [0, 0]
        var lastNs = [Int64.min, Int64.min]
    }

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let party = step.party else { return }
        switch step.kind {
        case .handled(let event, let handled):
            if !handled.writes.isEmpty { compare(party, simulation) }
            if case .heartbeat(let answer, _) = event { heard(answer.party, at: party, simulation) }
        case .diskPutBack:
            disks[party] = nil
            waiting = waiting.filter { $0.key.first != party && $0.key.second != party }
            compare(party, simulation)
        case .beat, .sent, .crashed, .world: break
        }
    }

    /// Looks for logs of which this node and another hold different records.
    private mutating func compare(_ party: PartyID, _ simulation: Simulation) {
        guard !simulation.isDishonest(party) else { return }
        for node in simulation.nodes where node.party == party || disks[node.party] == nil {
            var disk = disks[node.party] ?? DiskView()
            disks[node.party] = nil
            disk.read(node.held)
            disks[node.party] = disk
        }
        guard let ours = disks[party] else { return }
        for (other, theirs) in disks where other != party && !simulation.isDishonest(other) {
            for author in simulation.terms.parties.map(\.id) {
                let key = Case(author: author, first: min(party, other), second: max(party, other))
                let starts = [party, other].map {
                    simulation.nodes[simulation.place(of: $0)].mechanism.logs[author]?.start ?? 0
                }
                let differs = ours.contradicts(theirs, in: author, from: max(starts[0], starts[1]))
                if !differs {
                    waiting[key] = nil
                } else if waiting[key] == nil {
                    waiting[key] = Wait(sinceNs: simulation.timeNs)
                }
            }
        }
    }

    private mutating func heard(_ peer: PartyID, at party: PartyID, _ simulation: Simulation) {
        guard !waiting.isEmpty, let heard = simulation.nodes[simulation.place(of: party)].exchange.heard[peer] else {
            return
        }
        for (key, wait) in waiting where key.first == min(party, peer) && key.second == max(party, peer) {
            let side = key.first == party ? 0 : 1
            guard heard.sentNs > max(wait.sinceNs, wait.lastNs[side]) else { continue }
            waiting[key]?.heard[side] += 1
            waiting[key]?.lastNs[side] = heard.sentNs
            guard let now = waiting[key], now.heard.allSatisfy({ $0 >= 2 }) else { continue }
            expectFound(key, simulation)
        }
    }

    private mutating func expectFound(_ key: Case, _ simulation: Simulation) {
        for holder in [key.first, key.second] where simulation.nodes[simulation.place(of: holder)].isUp {
            guard let log = simulation.nodes[simulation.place(of: holder)].mechanism.logs[key.author], log.fork == nil,
                log.id.epoch == 0,
                !reported.contains("\(holder) \(key.author)")
            else { continue }
            reported.insert("\(holder) \(key.author)")
            list.report(
                holder,
                "it does not know that \(key.author) has signed two histories, which \(key.first) and \(key.second) hold",
                simulation)
        }
    }
}
