import Kernel
import Mechanism
import Records

/// Honest nodes that hold the same records reach the same conclusions.
public struct AgreementChecker: InvariantChecker {
    public static let name = "honest-nodes-agree"
    public static let sentence =
        "After healing every honest node holds every honest log whole, and every honest principal shows every conflict between notices that it was told of, by the same id and in the same state."
    private var list = ViolationList(name)
    private var oracle = CollisionOracle()

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {}

    public mutating func end(_ simulation: inout Simulation) {
        let honest = simulation.nodes.filter { $0.isUp && !simulation.isDishonest($0.party) }
        var views = SortedMap<PartyID, RecordView>()
        for node in honest {
            var view = RecordView(party: node.party)
            var authority = node.authorityForReading
            view.read(node.held, sealing: simulation.terms.sealing, &authority)
            views[node.party] = view
            for other in honest where other.party != node.party && !isForked(other.party, honest) {
                expectSameLog(of: other, at: node, simulation)
            }
        }
        var lines = SortedMap<PartyID, [ConflictID: ConflictLine]>()
        for node in honest where node.mechanism.role == .principal {
            guard let view = views[node.party] else { continue }
            let shown = simulation.conflicts(of: node.party)
            lines[node.party] = Dictionary(shown.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            expectAll(shown, view, node, simulation)
        }
        for (a, shownByA) in lines {
            for (b, shownByB) in lines where a < b {
                guard let viewA = views[a], let viewB = views[b] else { continue }
                expectSame(a, shownByA, viewA, b, shownByB, viewB, simulation)
            }
        }
    }

    /// A log with two histories is held differently, and that is found by another checker.
    private func isForked(_ party: PartyID, _ nodes: [SimulatedNode]) -> Bool {
        nodes.contains { $0.mechanism.logs[party]?.fork != nil || $0.mechanism.logs[party]?.id.epoch != 0 }
    }

    private mutating func expectSameLog(of other: SimulatedNode, at node: SimulatedNode, _ simulation: Simulation) {
        let (theirs, ours) = (other.held[other.party] ?? [], node.held[other.party] ?? [])
        guard theirs.count == ours.count else {
            list.report(
                node.party, "it holds \(ours.count) of \(theirs.count) records of \(other.party)", simulation)
            return
        }
        for (i, pair) in zip(theirs, ours).enumerated()
        where Envelope(encoded: pair.0)?.signed != Envelope(encoded: pair.1)?.signed {
            list.report(node.party, "record \(i) of \(other.party) is another one", simulation)
            return
        }
    }

    /// What is shown is what the records say: no more, no less, by the right names.
    private mutating func expectAll(
        _ shown: [ConflictLine], _ view: RecordView, _ node: SimulatedNode, _ simulation: Simulation
    ) {
        let utc = node.clock.now(at: simulation.timeNs).utc
        let ids = SortedSet(shown.filter { $0.state != .cleared }.map(\.id))
        let notices = view.notices.values.filter { !$0.isEnded && !isForked($0.id.party, simulation.nodes) }
        for (i, first) in notices.enumerated() {
            for second in notices[(i + 1)...] where first.id.party != second.id.party {
                guard oracle.collide(first, second, at: utc, terms: simulation.terms),
                    !ids.contains(ConflictLine.id(simulation.terms, first.mode, first.id, second.id))
                else { continue }
                list.report(
                    node.party, "it does not show that \(first.id) and \(second.id) collide under their id", simulation)
            }
        }
        for line in shown {
            guard let mode = view.notices[line.first]?.mode else { continue }
            if line.id != ConflictLine.id(simulation.terms, mode, line.first, line.second) {
                list.report(
                    node.party, "it calls the conflict of \(line.first) and \(line.second) otherwise", simulation)
            }
        }
    }

    private mutating func expectSame(
        _ a: PartyID, _ shownByA: [ConflictID: ConflictLine], _ viewA: RecordView, _ b: PartyID,
        _ shownByB: [ConflictID: ConflictLine], _ viewB: RecordView, _ simulation: Simulation
    ) {
        // What both were told of.
        let isShared = { (line: ConflictLine) in
            [line.first, line.second].allSatisfy {
                viewA.notices.contains($0) && viewB.notices.contains($0)
            }
        }
        let lines = SortedMap(shownByA).merging(shownByB).filter { isShared($0.value) && $0.value.isFound }
        for (id, line) in lines {
            let states = [shownByA[id], shownByB[id]].map { $0?.state ?? .cleared }
            guard states[0] != states[1] else { continue }
            list.report(
                nil,
                "\(a) shows the conflict of \(line.first) and \(line.second) as \(states[0]), \(b) as \(states[1])",
                simulation)
        }
    }
}

extension SortedMap where Key: Hashable {
    fileprivate init(_ values: [Key: Value]) {
        self.init()
        for (key, value) in values { self[key] = value }
    }

    fileprivate func merging(_ other: [Key: Value]) -> SortedMap {
        var merged = self
        for (key, value) in other where !merged.contains(key) { merged[key] = value }
        return merged
    }
}
