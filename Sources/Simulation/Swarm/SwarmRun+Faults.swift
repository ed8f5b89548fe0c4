import Kernel
import Mechanism
import Records

/// What each kind of fault does when it begins and when it ends.
extension SwarmRun {
    mutating func begin(_ fault: SwarmPlan.Fault, id: Int) {
        let parties = simulation.nodes.map(\.party)
        let (party, other) = (parties[fault.place], parties[fault.other])
        var random = SeededGenerator(seed: fault.dice)
        guard mayBegin(fault) else { return }
        coverage.happened.insert(fault.kind)
        running += 1
        simulation.trace?.say("\(fault.kind.rawValue) for \(fault.lengthMs) ms (\(other))", at: party, simulation.timeNs)
        set(.end(fault, id: id), inMs: fault.lengthMs)
        switch fault.kind {
        case .loss, .delay, .duplication, .reordering, .oneWayCut, .partition, .slowLink, .relay:
            trouble(fault.kind, id: id, party, other, &random)
        case .clockSkew:
            let skew = Int64(random.below(8_000)) + 500
            simulation.stepClock(of: party, by: .milliseconds(random.below(2) == 0 ? skew : -skew))
        case .clockDrift: set(.drift(fault, left: Int(fault.lengthMs / 500)), inMs: 500)
        case .clockStepBack:
            simulation.stepClock(of: party, by: .milliseconds(-2_500 - Int64(random.below(40_000))))
        case .unsyncedLoss:
            simulation.nodes[fault.place].disk.powerCut = random.below(3) == 0 ? .unreported : .beforeSync
        case .tornWrite: simulation.nodes[fault.place].disk.powerCut = .torn
        case .diskFull: simulation.nodes[fault.place].disk.isFull = true
        case .readError:
            simulation.nodes[fault.place].disk.hasReadErrors = true
            // Some are found while it runs, some at its next start.
            if random.below(3) > 0 { fall(fault) }
        case .bitRot:
            let frames = simulation.nodes[fault.place].journal.count
            if frames > 0 { simulation.nodes[fault.place].disk.damage(frame: Int(random.below(UInt64(frames)))) }
            fall(fault)
        case .oldBackup: restoreOldCopy(at: fault.place, &random)
        case .crash: simulation.crash(party)
        case .officerAbsent: desks[fault.place].absences += 1
        case .officerSlow: desks[fault.place].slowness += 1
        case .wrongReadBack: desks[fault.place].errors += 1
        case .twoHistories: split(party, other, &random)
        case .withheldEntries:
            let strips = random.below(3) == 0
            // Bodies that an author has once withheld stay unreadable there.
            if strips { calmSinceNs = nil }
            lie(id, strips ? .stripsBodies : .holdsBack, by: party, to: other, &random)
        case .wrongBodies: lie(id, .changesBodies, by: party, to: other, &random)
        case .replays: lie(id, .replays, by: party, to: nil, &random)
        case .forgedTimes:
            let lead = Int64(random.below(60_000)) + 2_500
            lie(id, .forgesTimes(by: .milliseconds(random.below(2) == 0 ? lead : -lead)), by: party, to: nil, &random)
        }
    }

    /// A machine that is being restored, and whoever knows what it lost, stay up and talk meanwhile: the rule for signing
    /// asks that. And a machine that is down cannot fail once more.
    private func mayBegin(_ fault: SwarmPlan.Fault) -> Bool {
        let node = simulation.nodes[fault.place]
        switch fault.kind {
        case .unsyncedLoss, .tornWrite, .diskFull, .readError, .bitRot, .crash:
            return simulation.timeNs >= restoringUntilNs && node.isUp
        case .oldBackup:
            return simulation.timeNs >= restoringUntilNs && node.isUp && simulation.nodes.allSatisfy { $0.startRefusal == nil }
                && !simulation.dishonest.contains(node.party)
        case .twoHistories: return node.isUp && simulation.twins.isEmpty
        default: return true
        }
    }

    /// It crashes, and half way to the end of the fault somebody tries to start it.
    private mutating func fall(_ fault: SwarmPlan.Fault) {
        simulation.crash(simulation.nodes[fault.place].party)
        set(.start(place: fault.place), inMs: fault.lengthMs / 2)
    }

    mutating func end(_ fault: SwarmPlan.Fault, id: Int) {
        running -= 1
        if calmSinceNs != nil { calmSinceNs = simulation.timeNs }
        let party = simulation.nodes[fault.place].party
        simulation.trace?.say("\(fault.kind.rawValue) ends", at: party, simulation.timeNs)
        switch fault.kind {
        case .loss, .delay, .duplication, .reordering, .oneWayCut, .partition, .slowLink, .relay:
            simulation.network.end(id)
        case .clockSkew, .clockDrift, .clockStepBack:
            simulation.stepClock(of: party, by: .zero - simulation.nodes[fault.place].clock.aheadBy)
        case .unsyncedLoss, .tornWrite:
            if simulation.nodes[fault.place].isUp, simulation.nodes[fault.place].disk.powerCut != nil {
                simulation.nodes[fault.place].disk.powerCut = nil
                simulation.crash(party)
            }
            simulation.restart(party)
        case .diskFull: simulation.nodes[fault.place].disk.isFull = false
        case .readError:
            simulation.nodes[fault.place].disk.hasReadErrors = false
            simulation.restart(party)
        case .bitRot: repair(fault, id: id)
        case .oldBackup: break
        case .crash: simulation.restart(party)
        case .officerAbsent: desks[fault.place].absences -= 1
        case .officerSlow: desks[fault.place].slowness -= 1
        case .wrongReadBack: desks[fault.place].errors -= 1
        case .twoHistories: break
        case .withheldEntries, .wrongBodies, .replays, .forgedTimes: simulation.endLie(id)
        }
    }

    // MARK: The network

    private mutating func trouble(
        _ kind: FaultKind, id: Int, _ party: PartyID, _ other: PartyID, _ random: inout SeededGenerator
    ) {
        let trouble: VirtualNetwork.Trouble =
            switch kind {
            case .loss: .loss(percent: 15 + random.below(60))
            case .delay:
                .delay(.milliseconds(100)...(.milliseconds(600 + Int64(random.below(2_500)))))
            case .duplication: .duplication(percent: 20 + random.below(70))
            case .reordering: .reordering(percent: 20 + random.below(50), upTo: .milliseconds(500 + Int64(random.below(5_000))))
            case .slowLink: .slow(.milliseconds(250 + Int64(random.below(900))))
            default: .cut
            }
        switch kind {
        case .oneWayCut: simulation.network.begin(trouble, id: id, from: party, to: other)
        case .partition:
            simulation.network.begin(trouble, id: id, from: party)
            simulation.network.begin(trouble, id: id, to: party)
        case .slowLink, .relay:
            simulation.network.begin(trouble, id: id, from: party, to: other)
            simulation.network.begin(trouble, id: id, from: other, to: party)
        default: simulation.network.begin(trouble, id: id)
        }
    }

    // MARK: Clocks

    /// 6 to 30 hundredths too fast or too slow: what takes a bad clock days, in seconds.
    mutating func drift(_ fault: SwarmPlan.Fault, left: Int) {
        guard left > 0 else { return }
        let milliseconds = 30 + Int64(fault.dice % 121)
        let isFast = fault.dice & 0x100 != 0
        simulation.stepClock(
            of: simulation.nodes[fault.place].party, by: .milliseconds(isFast ? milliseconds : -milliseconds))
        set(.drift(fault, left: left - 1), inMs: 500)
    }

    // MARK: Disks

    /// A disk is put back to how it was some events ago; then the network works for a while.
    private mutating func restoreOldCopy(at place: Int, _ random: inout SeededGenerator) {
        let events = simulation.nodes[place].journal.count
        guard events > 1 else { return simulation.restart(simulation.nodes[place].party) }
        let lost = min(events - 1, 1 + Int(random.below(60)))
        let untilNs = simulation.timeNs + 2 * simulation.terms.timing.staleAfter.wholeNanoseconds
        restoringUntilNs = untilNs
        for other in simulation.nodes.indices {
            simulation.nodes[other].disk.powerCut = nil
            simulation.nodes[other].disk.hasReadErrors = false
        }
        simulation.network.rest(untilNs: untilNs)
        simulation.restoreOldCopy(of: simulation.nodes[place].party, events: events - lost)
        simulation.trace?.say("has a disk that lacks \(lost) events", at: simulation.nodes[place].party, simulation.timeNs)
        simulation.start()
        if calmSinceNs != nil { calmSinceNs = untilNs }
    }

    /// A disk whose bytes changed is replaced by a back-up, once no other machine is being restored.
    mutating func repair(_ fault: SwarmPlan.Fault, id: Int) {
        let node = simulation.nodes[fault.place]
        guard !node.disk.damagedFrames.isEmpty else { return simulation.restart(node.party) }
        guard simulation.timeNs >= restoringUntilNs else {
            return set(.repair(fault, id: id), atNs: restoringUntilNs)
        }
        var random = SeededGenerator(seed: fault.dice ^ 1)
        // All at once: what one of them alone knows of another must be able to show itself.
        for place in simulation.nodes.indices where !simulation.nodes[place].disk.damagedFrames.isEmpty {
            restoreOldCopy(at: place, &random)
        }
    }

    /// At the end: whatever is still wrong with a disk is put right.
    mutating func mendDisk(at place: Int) {
        simulation.nodes[place].disk.isFull = false
        simulation.nodes[place].disk.hasReadErrors = false
        simulation.nodes[place].disk.powerCut = nil
        guard !simulation.nodes[place].disk.damagedFrames.isEmpty else { return }
        var random = SeededGenerator(seed: SwarmPlan.mixed(plan.seed, UInt64(50 + place)))
        restoreOldCopy(at: place, &random)
    }

    // MARK: Lies

    private mutating func lie(
        _ id: Int, _ kind: Lie.Kind, by party: PartyID, to victim: PartyID?, _ random: inout SeededGenerator
    ) {
        simulation.begin(Lie(id: id, kind: kind, victim: victim, random: SeededGenerator(seed: random.next())), by: party)
    }

    /// From now on one peer meets another history of the party's log, in which its officers file something else.
    private mutating func split(_ party: PartyID, _ victim: PartyID, _ random: inout SeededGenerator) {
        calmSinceNs = nil
        simulation.split(party, for: SortedSet([victim]))
        guard let t = simulation.twins.firstIndex(where: { $0.party == party }) else { return }
        let fields = SwarmOfficers.fields(simulation, &random)
        let isMediator = simulation[party].mechanism.role == .mediator
        simulation.asTwin(t) { simulation, i in
            let command: Command = isMediator ? .present : .file(fields, mode: .real, audience: nil)
            _ = try? simulation.take(.command(command, officer: "Cpt. Twin"), at: i)
        }
        order(isMediator ? .present : .file(SwarmOfficers.fields(simulation, &random), mode: .real, audience: nil), at: party)
    }
}
