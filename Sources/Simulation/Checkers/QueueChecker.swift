import Kernel
import Mechanism
import Records

/// Nothing that others send makes a node grow without end.
public struct QueueChecker: InvariantChecker {
    public static let name = "every-queue-is-bounded"
    public static let sentence =
        "No collection in a node's memory is longer than its named limit, and none is without one."
    private var list = ViolationList(name)
    private var steps = 0
    private var reported = SortedSet<String>()

    /// Every so many steps all collections are found and measured; in between only those that grow fastest.
    static let measuredEvery = 512

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let party = step.party else { return }
        switch step.kind {
        case .handled, .beat: break
        case .sent, .crashed, .diskPutBack, .world: return
        }
        steps += 1
        let place = simulation.place(of: party)
        for (peer, challenges) in simulation.nodes[place].exchange.challenges
        where challenges.count > QueueLimits.challenges {
            report("exchange.challenges[]", "\(challenges.count) challenges to \(peer) wait", party, simulation)
        }
        if steps % QueueChecker.measuredEvery == 0 { measure(simulation.nodes[place], simulation) }
    }

    public mutating func end(_ simulation: inout Simulation) {
        // One of them, in turn by the seed.
        measure(simulation.nodes[steps % simulation.nodes.count], simulation)
    }

    private mutating func measure(_ node: SimulatedNode, _ simulation: Simulation) {
        let core = CollectionSizes(of: node.mechanism, without: QueueLimits.fixed).sizes
        let shell = CollectionSizes(of: node.exchange, without: []).sizes
        let sizes = core.merging(shell.map { ("exchange." + $0.key, $0.value) }, uniquingKeysWith: max)
        let limits = QueueLimits(of: node.mechanism)
        for path in sizes.keys.sorted() {
            let size = sizes[path] ?? 0
            guard let most = limits[path] else {
                report(path, "\(path) has no limit", node.party, simulation)
                continue
            }
            if size > most { report(path, "\(path) has \(size) of at most \(most)", node.party, simulation) }
        }
    }

    /// Once for each collection of a node.
    private mutating func report(_ path: String, _ what: String, _ party: PartyID, _ simulation: Simulation) {
        guard reported.insert("\(party) \(path)") else { return }
        list.report(party, what, simulation)
    }
}
