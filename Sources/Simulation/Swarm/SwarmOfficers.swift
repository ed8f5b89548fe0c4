import Geodesy
import Kernel
import Mechanism
import Records

/// How a desk is staffed just now.
struct DeskState: Sendable {
    var absences = 0
    var slowness = 0
    var errors = 0
    /// Milliseconds between two looks at the screen.
    let roundMs: Int64
    var nextRoundMs: Int64

    /// When the officer looks again.
    var paceMs: Int64 { slowness > 0 ? roundMs * 6 : roundMs }
}

/// What officers do: what they set out to do, and what their screens ask of them.
enum SwarmOfficers {
    /// What an officer on duty does about what the screen shows: the first that applies.
    static func duty(
        of node: SimulatedNode, _ desk: DeskState, _ simulation: Simulation, _ random: inout SeededGenerator
    ) -> Command? {
        let mechanism = node.mechanism
        guard mechanism.maySign else { return .present }
        let open = mechanism.notices.values.filter { $0.status != .ended }
        for notice in open where notice.owner != node.party && notice.audience.contains(node.party) {
            guard notice.facts[node.party]?.acknowledgedAt == nil else { continue }
            if desk.errors > 0 {
                guard random.below(4) == 0 else { continue }
                return .acknowledge(
                    notice.id, version: notice.version, SampleNotices.wrongReadBack(of: notice.fields))
            }
            return .acknowledge(notice.id, version: notice.version, SampleNotices.rightReadBack(of: notice.fields))
        }
        if let passing = passing(open, mechanism) { return passing }
        for notice in open where notice.owner == node.party && notice.status != .current {
            if random.below(2) == 0 { return .end(notice.id, reason: .over, remarks: nil) }
            return .amend(notice.id, expectedVersion: notice.version, fields(simulation, &random))
        }
        for conflict in mechanism.conflicts.values where conflict.involves(node.party) {
            guard conflict.state == .open || conflict.state == .disputed, random.below(4) == 0 else { continue }
            guard conflict.positions[node.party]?.stance != .settle else { continue }
            return .position(conflict.id, stance: .settle, conditions: ["stay above 3000 m"], remarks: nil)
        }
        if mechanism.suspendedBy.contains(node.party), random.below(5) == 0 { return .suspend(false, reason: nil) }
        let sinceNs = node.humanActNs.map { simulation.timeNs - $0 }
        return sinceNs ?? .max > 8_000_000_000 ? .present : nil
    }

    /// Where the terms ask for it: no unit of ours is concerned.
    private static func passing(_ open: [Notice], _ mechanism: Mechanism) -> Command? {
        guard mechanism.terms.kinds.contains(where: \.needsPassingOn) else { return nil }
        for notice in open where mechanism.terms.kind(notice.fields.kind)?.needsPassingOn == true {
            let isConcerned = notice.owner == mechanism.party || notice.audience.contains(mechanism.party)
            guard isConcerned, notice.passedOn[mechanism.party]?.isComplete != true else { continue }
            return .watch(.concerns(.notice(NoticeVersion(notice: notice.id, version: notice.version)), units: []))
        }
        return nil
    }

    /// What an officer sets out to do.
    static func act(of node: SimulatedNode, _ simulation: Simulation, _ random: inout SeededGenerator) -> Command? {
        let mechanism = node.mechanism
        let mine = mechanism.notices.values.filter { $0.owner == node.party && $0.status != .ended }
        let disputes = mechanism.conflicts.values.filter { $0.involves(node.party) && $0.state != .cleared }
        switch random.below(100) {
        case ..<72:
            if mechanism.suspendedBy.contains(node.party) { return .suspend(false, reason: nil) }
            guard mine.count < 5 else { return .present }
            let mode: Mode = random.below(8) == 0 ? .drill : .real
            return .file(fields(simulation, &random), mode: mode, audience: audience(mechanism, &random))
        case ..<81:
            guard let notice = pick(mine, &random) else { return .present }
            return .amend(notice.id, expectedVersion: notice.version, fields(simulation, &random))
        case ..<85:
            guard let notice = pick(mine, &random) else { return .present }
            return .end(notice.id, reason: .over, remarks: nil)
        case ..<92:
            guard let conflict = pick(disputes, &random) else { return .present }
            switch random.below(3) {
            case 0: return .position(conflict.id, stance: .dispute, conditions: [], remarks: nil)
            case 1: return .position(conflict.id, stance: .withdraw, conditions: [], remarks: nil)
            default: return .position(conflict.id, stance: .settle, conditions: ["stay south of the road"], remarks: nil)
            }
        case ..<94:
            return .suspend(!mechanism.suspendedBy.contains(node.party), reason: "as the seed has it")
        default:
            let ringing = mechanism.alarms.values.filter { $0.state == .ringing }
            return pick(ringing, &random).map { .acknowledgeAlarm($0.id) } ?? .present
        }
    }

    /// Where there are several to choose from, now and then not everybody is told.
    private static func audience(_ mechanism: Mechanism, _ random: inout SeededGenerator) -> [PartyID]? {
        let counterparts = mechanism.counterparts
        guard counterparts.count > 1, random.below(4) == 0 else { return nil }
        return [counterparts[Int(random.below(UInt64(counterparts.count)))]]
    }

    private static func pick<Element>(_ elements: [Element], _ random: inout SeededGenerator) -> Element? {
        elements.isEmpty ? nil : elements[Int(random.below(UInt64(elements.count)))]
    }

    /// Mostly at one place, so that many meet; else too far from it for any two to collide.
    static func fields(_ simulation: Simulation, _ random: inout SeededGenerator) -> NoticeFields {
        let isElsewhere = random.below(5) == 0
        let latitude = isElsewhere ? 34.7 + Double(random.below(2)) * 0.5 : 34.2
        guard let place = Position(latitudeDeg: latitude, longitudeDeg: 36.8) else {
            preconditionFailure("a place in Syria")
        }
        let now = simulation.utc
        let soon = now.advanced(by: .minutes(Int64(random.below(90)) + 30))
        switch random.below(7) {
        case 0, 1, 2:
            return SampleNotices.fields(
                .standingPresence, at: place, radiusM: 3_000, from: now, lasting: .hours(480),
                reviewBy: now.advanced(by: .hours(480)))
        case 3:
            // Short ones run out while the watch lasts.
            return SampleNotices.fields(
                .strike, at: place, radiusM: 4_000, from: now.advanced(by: .seconds(-10)),
                lasting: .seconds(Int64(random.below(40)) + 20), reviewBy: nil)
        case 4:
            return SampleNotices.fields(.strike, at: place, radiusM: 4_000, from: soon, lasting: .hours(2), reviewBy: nil)
        default:
            return SampleNotices.fields(
                .airOperation, at: place, radiusM: 12_000, from: soon, lasting: .hours(2), reviewBy: nil)
        }
    }
}
