import Kernel
import Mechanism
import Records

/// Honest nodes that hold the same records reach the same conclusions.
public struct AgreementChecker: InvariantChecker {
    public static let name = "honest-nodes-agree"
    public static let sentence =
        "After healing every honest node holds every honest log whole, and where nobody lies readable and in one history, "
        + "every honest principal shows every conflict between notices that it was told of, by the same id and in the "
        + "same state, and any two show a notice of which both were told alike."
    private var list = ViolationList(name)
    private var oracle = CollisionOracle()
    /// Nodes at which an officer has answered for signing although nobody confirmed the log's size.
    private var answeredFor = SortedSet<PartyID>()

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        if case .handled(.command(.signUnconfirmed, _), _) = step.kind, let party = step.party { answeredFor.insert(party) }
    }

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
            // Who is put back asks the others what it had signed; a liar may keep that back and show it later.
            if simulation.dishonest.isEmpty, !answeredFor.contains(node.party), isForked(node.party, honest) {
                list.report(node.party, "it has signed two histories", simulation)
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
                let (one, other) = (simulation.place(of: a), simulation.place(of: b))
                expectSameNotices(simulation.nodes[one], simulation.nodes[other], simulation)
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
        // Expected only where nobody lies.
        if simulation.dishonest.isEmpty, let index = node.mechanism.logs[other.party]?.unreadable.keys.first {
            list.report(node.party, "it cannot read record \(index) of \(other.party)", simulation)
        }
    }

    /// What is shown is what the records say: no more, no less, by the right names.
    private mutating func expectAll(
        _ shown: [ConflictLine], _ view: RecordView, _ node: SimulatedNode, _ simulation: Simulation
    ) {
        let utc = node.clock.now(at: simulation.timeNs).utc
        let ids = SortedSet(shown.filter { $0.state != .cleared }.map(\.id))
        // An amendment of what its author has kept back is of a notice that is not known here, and leaves a doubt.
        let notices = view.notices.values.filter {
            !$0.isEnded && $0.hasBeginning && !isForked($0.id.party, simulation.nodes)
        }
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
            // Of a log with two histories each may hold another notice under one name.
            let owners = [line.first.party, line.second.party]
            guard !owners.contains(where: { simulation.isDishonest($0) || isForked($0, simulation.nodes) }) else { continue }
            let states = [shownByA[id], shownByB[id]].map { $0?.state ?? .cleared }
            if states[0] != states[1] {
                list.report(
                    nil,
                    "\(a) shows the conflict of \(line.first) and \(line.second) as \(states[0]), \(b) as \(states[1])",
                    simulation)
            }
            for party in [a, b] where shownByA[id]?.positions[party] != shownByB[id]?.positions[party] {
                list.report(
                    nil, "\(a) and \(b) show \(party) otherwise in the conflict of \(line.first) and \(line.second)", simulation)
            }
        }
    }

    /// What became of each notice of an honest party that both hold.
    private mutating func expectSameNotices(_ a: SimulatedNode, _ b: SimulatedNode, _ simulation: Simulation) {
        for (id, one) in a.mechanism.notices where !simulation.isDishonest(id.party) {
            guard let other = b.mechanism.notices[id], !isForked(id.party, simulation.nodes) else { continue }
            // A reading back that crossed with an amendment is known to its author only as what it was.
            let said = { (notice: Notice) in
                notice.readBacks.filter { $0.version == notice.version && !simulation.isDishonest($0.party) }
                    .map { "\($0.party) \($0.mismatches)" }.sorted()
            }
            if one.version != other.version || (one.ended == nil) != (other.ended == nil) || one.flags != other.flags
                || said(one) != said(other)
            {
                list.report(nil, "\(a.party) and \(b.party) show \(id) otherwise", simulation)
            }
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
