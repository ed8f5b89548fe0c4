import Kernel
import Mechanism
import Records

/// Looks for a false all-clear: knows what really happened in the simulation, reads the records that a node holds
/// by itself, and shares no code with the part of the core that answers.
///
/// A clear, or one under conditions, is false when a colliding notice was received by that node, or when any of
/// the evidence on which it rests is missing or older than the terms allow.
public struct ClearChecker: Sendable {
    /// What was false, in words; empty when nothing was.
    public private(set) var violations: [String] = []
    /// How many answers were looked at, and how many of them were clear or conditions.
    public private(set) var looked = 0
    public private(set) var cleared = 0
    private var views = SortedMap<PartyID, RecordView>()
    private var collisions = CollisionOracle()

    public init() {}

    /// A node's disk is another one now: what stands in it is read again, also by the names that it gives anew.
    mutating func forget(_ party: PartyID) {
        views[party] = nil
        collisions = CollisionOracle()
    }

    /// - Parameter whole: ended notices too.
    mutating func inspect(_ party: PartyID, in simulation: inout Simulation, whole: Bool) {
        let node = simulation[party]
        guard node.isUp else { return }
        var view = views[party] ?? RecordView(party: party)
        var authority = node.authorityForReading
        view.read(node.held, sealing: simulation.terms.sealing, &authority)
        views[party] = view
        let ids = whole ? nil : view.notices.values.filter { !$0.isEnded }.map(\.id)
        let screens = simulation.screens(of: party, only: ids)
        looked += screens.count
        let good = screens.filter { $0.answer == .clear || $0.answer == .conditions }
        cleared += good.count
        guard !good.isEmpty else { return }
        for screen in good { judge(screen, view, node, simulation) }
        outlive(good, party, &simulation)
    }

    /// No clear outlives the moment that it names: read again just after it, with no event between.
    private mutating func outlive(_ good: [Screen], _ party: PartyID, _ simulation: inout Simulation) {
        let clock = simulation[party].clock
        guard let until = good.compactMap(\.validUntil).max() else {
            report(party, nil, "a clear without an end", simulation)
            return
        }
        let later = clock.now(at: clock.timeNs(of: until) + 1_000)
        for screen in simulation.screens(of: party, only: good.compactMap(\.notice), now: later)
        where screen.answer == .clear || screen.answer == .conditions {
            report(party, screen.notice, "it outlives the end that it names", simulation)
        }
    }

    private mutating func judge(
        _ screen: Screen, _ view: RecordView, _ node: SimulatedNode, _ simulation: Simulation
    ) {
        let terms = simulation.terms
        let utc = node.clock.now(at: simulation.timeNs).utc
        judgeEvidence(screen, view, node, simulation)
        let subjects: [RecordView.HeldNotice]
        if let id = screen.notice {
            guard let notice = view.notices[id] else {
                report(node.party, screen.notice, "of a notice that it does not hold", simulation)
                return
            }
            if notice.isEnded { report(node.party, id, "of a notice that has ended", simulation) }
            if notice.isPast(utc) { report(node.party, id, "of a notice past its time", simulation) }
            judgeDelivery(notice, view, node, simulation)
            subjects = [notice]
        } else {
            subjects = view.notices.values.filter { $0.id.party == node.party }
        }
        for notice in subjects where !notice.isEnded {
            for (_, other) in view.notices where other.id.party != notice.id.party && !other.isEnded {
                guard collisions.collide(notice, other, at: utc, terms: terms) else { continue }
                if screen.answer == .clear {
                    report(node.party, screen.notice, "\(notice.id) collides with \(other.id)", simulation)
                } else if !view.isSettled(notice, other) || notice.isPast(utc) || other.isPast(utc) {
                    report(node.party, screen.notice, "\(notice.id) and \(other.id) are not settled", simulation)
                }
            }
        }
    }

    private mutating func judgeEvidence(
        _ screen: Screen, _ view: RecordView, _ node: SimulatedNode, _ simulation: Simulation
    ) {
        let timing = simulation.terms.timing
        let timeNs = simulation.timeNs
        if node.mechanism.role == .mediator { report(node.party, screen.notice, "by a mediator", simulation) }
        for other in simulation.nodes where other.party != node.party {
            // Whoever was heard in this run has said how much of our log it holds.
            guard node.exchange.heard[other.party] != nil else { continue }
            if (other.held[node.party] ?? []).count > (node.held[node.party] ?? []).count {
                report(node.party, screen.notice, "\(other.party) holds more of its own log", simulation)
            }
        }
        for (author, size) in node.exchange.seen
        where simulation.terms.party(author)?.role == .principal && size > (node.held[author] ?? []).count {
            report(node.party, screen.notice, "it was shown \(size) records of \(author)", simulation)
        }
        for member in simulation.terms.principals.map(\.id) {
            let acted = simulation[member].humanActNs
            if acted.map({ timeNs - $0 > timing.unstaffedAfter.wholeNanoseconds }) ?? true {
                report(node.party, screen.notice, "\(member)'s desk is unstaffed", simulation)
            }
            if view.suspended.contains(member) {
                report(node.party, screen.notice, "\(member) has suspended", simulation)
            }
            guard member != node.party else { continue }
            guard let heard = node.exchange.heard[member] else {
                report(node.party, screen.notice, "\(member) has not been heard", simulation)
                continue
            }
            if timeNs - heard.sentNs > timing.staleAfter.wholeNanoseconds {
                report(node.party, screen.notice, "\(member)'s evidence is stale", simulation)
            }
            if heard.isContradicted {
                report(node.party, screen.notice, "it holds another history of \(member)'s log", simulation)
            }
            if heard.logSize > (node.held[member] ?? []).count {
                report(node.party, screen.notice, "records of \(member) are missing", simulation)
            }
            let trip = Duration.nanoseconds(heard.acceptedNs - heard.sentNs)
            let difference = (heard.theirsAheadBy - heard.oursAheadBy).magnitude
            if difference > timing.skewMax + trip {
                report(node.party, screen.notice, "\(member)'s clock is off by \(difference)", simulation)
            }
            if (node.clock.aheadBy - heard.oursAheadBy).magnitude > timing.skewMax {
                report(node.party, screen.notice, "its own clock stepped", simulation)
            }
        }
    }

    private mutating func judgeDelivery(
        _ notice: RecordView.HeldNotice, _ view: RecordView, _ node: SimulatedNode, _ simulation: Simulation
    ) {
        let needsReadBack = simulation.terms.kind(notice.content.kind)?.needsAcknowledgement ?? true
        for member in notice.audience {
            if member != node.party {
                // What it lost since it was last heard, nobody can know yet.
                let isNews = node.exchange.heard[member].map { $0.sentNs <= simulation[member].putBackNs } ?? false
                if notice.id.party == node.party, !isNews,
                    UInt64((simulation[member].held[node.party] ?? []).count) <= notice.record.index
                {
                    report(node.party, notice.id, "\(member) does not hold it", simulation)
                }
                if (view.judged[notice.id.party]?[member] ?? 0) <= notice.record.index {
                    report(node.party, notice.id, "\(member) has not judged it", simulation)
                }
            }
            if needsReadBack, !view.hasReadBack(notice, by: member) {
                report(node.party, notice.id, "\(member) has not read it back", simulation)
            }
        }
        guard simulation.terms.kind(notice.content.kind)?.needsPassingOn ?? true else { return }
        for member in notice.audience + [notice.id.party] where !view.isPassedOn(notice, by: member) {
            report(node.party, notice.id, "\(member) has not passed it on", simulation)
        }
    }

    private mutating func report(_ party: PartyID, _ notice: NoticeID?, _ what: String, _ simulation: Simulation) {
        guard violations.count < 2_000 else { return }
        let seconds = Double(simulation.timeNs) / 1e9
        violations.append("\(party) at \(seconds) s, of \(notice?.description ?? "the mechanism"): \(what)")
    }
}
