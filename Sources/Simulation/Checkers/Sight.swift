import Kernel
import Mechanism
import Records

/// What one node shows and holds after a step, read once for all checkers, and shared by them: it is large.
final class Sight: Sendable {
    let node: SimulatedNode
    /// Its records, read from their bytes.
    let view: RecordView
    /// Every node's, this one's included.
    let views: SortedMap<PartyID, RecordView>
    /// What its screens say.
    let screens: [Screen]
    /// Those that say clear, with or without conditions.
    let good: [Screen]
    /// Pairs of notices of different parties that this node holds, that have not ended, and that collide.
    let collisions: [Collision]
    let utc: UTCInstant

    init(
        node: SimulatedNode, view: RecordView, views: SortedMap<PartyID, RecordView>, screens: [Screen],
        collisions: [Collision], utc: UTCInstant
    ) {
        self.node = node
        self.view = view
        self.views = views
        self.screens = screens
        good = screens.filter { $0.answer == .clear || $0.answer == .conditions }
        self.collisions = collisions
        self.utc = utc
    }

    struct Collision: Sendable {
        let first: RecordView.HeldNotice
        let second: RecordView.HeldNotice
        let isSettled: Bool

        func involves(_ notice: NoticeID) -> Bool { first.id == notice || second.id == notice }
        func involves(_ party: PartyID) -> Bool { first.id.party == party || second.id.party == party }
    }

    /// Collisions of which a screen speaks: those of its notice, or all in which this node takes part.
    func collisions(under screen: Screen) -> [Collision] {
        collisions.filter { collision in
            screen.notice.map(collision.involves) ?? collision.involves(node.party)
        }
    }

    /// The index of the next record of a log that this node would take.
    func size(of author: PartyID) -> LogIndex { Sight.size(of: author, at: node, view) }

    static func size(of author: PartyID, at node: SimulatedNode, _ view: RecordView) -> LogIndex {
        // A new epoch begins above all that was said before.
        max(view.next[author] ?? 0, node.mechanism.logs[author]?.start ?? 0)
    }
}

/// Keeps the view of every node, and makes ``Sight``s.
struct Sights: Sendable {
    private var views = SortedMap<PartyID, RecordView>()
    private var oracle = CollisionOracle()
    private var turn = 0
    private var found = SortedMap<PartyID, Found>()

    /// The collisions that hold until a record comes or a notice's time passes.
    private struct Found: Sendable {
        let revision: Int
        let until: UTCInstant
        let from: UTCInstant
        let collisions: [Sight.Collision]
    }

    /// A node's disk is another one now: what stands in it is read again, also by the names that it gives anew.
    mutating func forget(_ party: PartyID, in simulation: Simulation) {
        views[party] = nil
        found[party] = nil
        oracle = CollisionOracle()
        read(simulation.nodes[simulation.place(of: party)], sealing: simulation.terms.sealing)
    }

    private mutating func read(_ node: SimulatedNode, sealing: Sealing) {
        var view = views[node.party] ?? RecordView(party: node.party)
        views[node.party] = nil
        var authority = node.authorityForReading
        view.read(node.held, sealing: sealing, &authority)
        views[node.party] = view
    }

    /// Which lines of the screens are read, beside that of the mechanism.
    enum Extent: Sendable {
        /// Two notices, in turn.
        case some
        /// Every notice that has not ended.
        case open
        case all
    }

    mutating func sight(of party: PartyID, in simulation: inout Simulation, _ extent: Extent) -> Sight? {
        let node = simulation.nodes[simulation.place(of: party)]
        guard node.isUp else { return nil }
        read(node, sealing: simulation.terms.sealing)
        guard let view = views[party] else { return nil }
        let screens = simulation.screens(of: party, only: notices(view, extent))
        let utc = node.clock.now(at: simulation.timeNs).utc
        return Sight(
            node: node, view: view, views: views, screens: screens,
            collisions: collisions(of: party, view, at: utc, simulation.terms), utc: utc)
    }

    private mutating func notices(_ view: RecordView, _ extent: Extent) -> [NoticeID]? {
        if extent == .all { return nil }
        let open = view.notices.filter { !$0.value.isEnded }.map(\.key)
        guard extent == .some, open.count > 2 else { return open }
        turn += 1
        return [open[turn % open.count], open[(turn + open.count / 2) % open.count]]
    }

    private mutating func collisions(
        of party: PartyID, _ view: RecordView, at utc: UTCInstant, _ terms: Terms
    ) -> [Sight.Collision] {
        if let known = found[party], known.revision == view.revision, known.from <= utc, utc < known.until {
            return known.collisions
        }
        let open = view.notices.values.filter { !$0.isEnded }
        var collisions: [Sight.Collision] = []
        for (i, first) in open.enumerated() {
            for second in open[(i + 1)...] where first.id.party != second.id.party {
                guard oracle.collide(first, second, at: utc, terms: terms) else { continue }
                let isPast = first.isPast(utc) || second.isPast(utc)
                collisions.append(
                    Sight.Collision(
                        first: first, second: second, isSettled: !isPast && view.isSettled(first, second)))
            }
        }
        let until = open.filter { !$0.isPast(utc) }.map(\.expiry).min() ?? .distantFuture
        found[party] = Found(revision: view.revision, until: until, from: utc, collisions: collisions)
        return collisions
    }
}

/// The violations of one checker.
struct ViolationList: Sendable {
    let checker: String
    private(set) var all: [Violation] = []

    init(_ checker: String) { self.checker = checker }

    mutating func report(_ party: PartyID?, _ notice: NoticeID?, _ what: String, _ simulation: Simulation) {
        let subject = notice.map { "of \($0): " } ?? ""
        report(party, subject + what, simulation)
    }

    mutating func report(_ party: PartyID?, _ what: String, _ simulation: Simulation) {
        guard all.count < Violation.kept else { return }
        all.append(Violation(checker: checker, party: party, timeNs: simulation.timeNs, sentence: what))
    }
}
