import JointLog
import Kernel
import Mechanism
import Records

/// Plays one seed's plan: officers and faults, then everything is mended, and the checkers have the last word.
public struct SwarmRun: Sendable {
    public let plan: SwarmPlan
    public internal(set) var simulation: Simulation
    /// What officers' rounds draw from.
    private var dutyRandom: SeededGenerator
    var desks: [DeskState] = []
    /// What is set for a moment: items of the plan, and ends and steps of faults.
    private var agenda = SortedMap<Moment, Happening>()
    private var sequence = 0
    var coverage = SwarmCoverage()
    /// Until then nothing else may befall a machine: one is being restored.
    var restoringUntilNs = Int64.min
    /// Faults that have not ended.
    var running = 0
    /// Since when nothing is wrong; `nil` when something will be for good.
    var calmSinceNs: Int64? = 0

    struct Moment: Comparable, Sendable {
        let timeNs: Int64
        let sequence: Int
        static func < (a: Self, b: Self) -> Bool { (a.timeNs, a.sequence) < (b.timeNs, b.sequence) }
    }

    enum Happening: Sendable {
        case item(SwarmPlan.Item)
        case end(SwarmPlan.Fault, id: Int)
        case drift(SwarmPlan.Fault, left: Int)
        /// A machine that is down starts, or tries to.
        case start(place: Int)
        case repair(SwarmPlan.Fault, id: Int)
        case round(desk: Int)
        case look
    }

    /// - Parameters:
    ///   - faults: the kinds that may happen.
    ///   - mutation: a planted defect.
    public init(
        seed: UInt64, faults: [FaultKind] = FaultKind.allCases, mutation: Mutation? = nil, keepingLines: Bool = false
    ) {
        self.init(SwarmPlan(seed: seed, faults: faults), mutation: mutation, keepingLines: keepingLines)
    }

    public init(_ plan: SwarmPlan, mutation: Mutation? = nil, keepingLines: Bool = false) {
        self.plan = plan
        simulation = Simulation(
            seed: SwarmPlan.mixed(plan.seed, 3), principals: plan.principals, mediator: plan.mediator,
            timing: plan.timing, sealing: plan.sealing, demands: plan.demands)
        simulation.mostSteps = SwarmRun.mostSteps
        simulation.mutation = mutation
        simulation.checkers = Checkers()
        simulation.trace = Trace(keepingLines: keepingLines)
        dutyRandom = SeededGenerator(seed: SwarmPlan.mixed(plan.seed, 4))
    }

    /// Plays all of it.
    public mutating func play() -> SwarmVerdict {
        for item in plan.items { set(.item(item), atNs: item.atMs * 1_000_000) }
        set(.look, atNs: SwarmRun.lookNs)
        for place in plan.principals.indices {
            let round = Int64(1_200 + dutyRandom.below(1_600))
            desks.append(DeskState(roundMs: round, nextRoundMs: round))
            set(.round(desk: place), atNs: (500 + round / 2) * 1_000_000)
        }
        proceed(toNs: 0)
        simulation.start()
        for node in simulation.nodes { order(.present, at: node.party) }
        proceed(toNs: plan.lengthMs * 1_000_000)
        heal()
        simulation.endChecks()
        return verdict
    }

    private static let lookNs: Int64 = 2_000_000_000
    /// About ten times as many as the longest seeds need.
    private static let mostSteps = 50_000

    /// Everything that is set for up to then, and the simulation between.
    private mutating func proceed(toNs endNs: Int64) {
        while let next = agenda.first, next.key.timeNs <= endNs {
            agenda[next.key] = nil
            run(toNs: next.key.timeNs)
            happen(next.value)
        }
        run(toNs: endNs)
    }

    private mutating func run(toNs: Int64) {
        if toNs > simulation.timeNs { simulation.run(for: .nanoseconds(toNs - simulation.timeNs)) }
    }

    mutating func set(_ happening: Happening, atNs: Int64) {
        sequence += 1
        agenda[Moment(timeNs: max(atNs, simulation.timeNs), sequence: sequence)] = happening
    }

    mutating func set(_ happening: Happening, inMs: Int64) {
        set(happening, atNs: simulation.timeNs + inMs * 1_000_000)
    }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .item(let item):
            switch item.what {
            case .act(let place, let dice): act(at: place, dice)
            case .fault(let fault): begin(fault, id: item.id)
            }
        case .end(let fault, let id): end(fault, id: id)
        case .drift(let fault, let left): drift(fault, left: left)
        case .start(let place): simulation.restart(simulation.nodes[place].party)
        case .repair(let fault, let id): repair(fault, id: id)
        case .round(let desk): round(desk)
        case .look:
            look()
            set(.look, atNs: simulation.timeNs + SwarmRun.lookNs)
        }
    }

    /// What the checkers of two runs of one seed saw differently.
    func differs(from other: SwarmRun) -> Violation? {
        guard let one = simulation.checkers?.trace, let two = other.simulation.checkers?.trace else { return nil }
        return TraceChecker.compare(one, two)
    }

    // MARK: Officers

    private mutating func act(at place: Int, _ dice: UInt64) {
        guard desks[place].absences == 0, simulation.nodes[place].isUp else { return }
        var random = SeededGenerator(seed: dice)
        guard let command = SwarmOfficers.act(of: simulation.nodes[place], simulation, &random) else { return }
        order(command, at: simulation.nodes[place].party)
    }

    private mutating func round(_ desk: Int) {
        set(.round(desk: desk), inMs: desks[desk].paceMs)
        guard desks[desk].absences == 0, simulation.nodes[desk].isUp else { return }
        restoreIfBehind(desk)
        let node = simulation.nodes[desk]
        if let command = SwarmOfficers.duty(of: node, desks[desk], simulation, &dutyRandom) {
            order(command, at: node.party)
        }
    }

    /// What the core refuses of officers' commands is no fault: they press wrong buttons too.
    mutating func order(_ command: Command, at party: PartyID) {
        do throws(Refusal) {
            try simulation.take(.command(command, officer: "Cpt. Sample"), at: simulation.place(of: party))
        } catch {
            simulation.trace?.say("refuses: \(command.summary)", at: party, simulation.timeNs)
        }
    }

    /// An administrator fetches what is missing of a log from everybody who can give it: bodies first, for a mediator may
    /// hold no more than headers.
    private mutating func restoreIfBehind(_ place: Int) {
        let party = simulation.nodes[place].party
        let others = simulation.nodes.filter { $0.isUp && $0.party != party }
        let peers = others.filter { !simulation.dishonest.contains($0.party) }
            + others.filter { simulation.dishonest.contains($0.party) }
        for role in [TermsParty.Role.principal, .mediator] {
            // Whoever lies may hold the truth all the same: what does not continue the log is refused.
            for peer in peers where peer.mechanism.role == role {
                guard case .behind = simulation.nodes[place].mechanism.signing else { return }
                simulation.restore(party, from: peer.party)
            }
        }
    }

    // MARK: The end

    /// Everything works again, and everybody has had time to hear of everything.
    private mutating func heal() {
        simulation.trace?.say("everything is mended", at: nil, simulation.timeNs)
        for (moment, happening) in agenda {
            switch happening {
            // They go on.
            case .round, .look: break
            case .item, .end, .drift, .start, .repair: agenda[moment] = nil
            }
        }
        simulation.network.heal()
        simulation.lies = SortedMap()
        for place in simulation.nodes.indices {
            let party = simulation.nodes[place].party
            simulation.stepClock(of: party, by: .zero - simulation.nodes[place].clock.aheadBy)
            mendDisk(at: place)
        }
        for desk in desks.indices {
            desks[desk].absences = 0
            desks[desk].slowness = 0
            desks[desk].errors = 0
        }
        simulation.start()
        running = 0
        calmSinceNs = calmSinceNs.map { _ in simulation.timeNs }
        let heartbeatNs = simulation.terms.timing.heartbeat.wholeNanoseconds
        for _ in 0..<3 {
            proceed(toNs: simulation.timeNs + heartbeatNs * 5 / 4)
            for place in simulation.nodes.indices { restoreIfBehind(place) }
        }
        for node in simulation.nodes where node.mechanism.role == .principal {
            if simulation[node.party].mechanism.suspendedBy.contains(node.party) {
                order(.suspend(false, reason: nil), at: node.party)
            }
            order(.present, at: node.party)
        }
        proceed(toNs: simulation.timeNs + simulation.terms.timing.staleAfter.wholeNanoseconds * 4 / 3)
        // Nobody acts any more: what was said last arrives, and what nodes say by themselves when a moment comes.
        for desk in desks.indices { desks[desk].absences = 1 }
        for _ in 0..<SwarmRun.mostRests {
            let said = simulation.nodes.map(\.mechanism.ownLog.size)
            proceed(toNs: simulation.timeNs + heartbeatNs / 2)
            if simulation.nodes.map(\.mechanism.ownLog.size) == said { break }
        }
    }

    /// Half heartbeats in which the last words may arrive.
    private static let mostRests = 8

    // MARK: Looking

    private mutating func look() {
        simulation.lookAtWorld()
        var screens: [(PartyID, [Screen])] = []
        for node in simulation.nodes where node.isUp {
            let shown = simulation.screens(of: node.party)
            simulation.trace?.add(shown, of: node.party)
            screens.append((node.party, shown))
        }
        coverage.add(screens, isUndisturbed: isUndisturbed, simulation)
    }

    /// Nothing is wrong, nothing has been for as long as it takes to be heard of, and no party has suspended.
    private var isUndisturbed: Bool {
        guard running == 0, let calmSinceNs else { return false }
        let settled = simulation.terms.timing.staleAfter + simulation.terms.timing.heartbeat
        return simulation.timeNs - calmSinceNs > settled.wholeNanoseconds
            && simulation.nodes.allSatisfy { $0.isUp && $0.mechanism.suspendedBy.isEmpty }
    }

    private var verdict: SwarmVerdict {
        let trace = simulation.trace ?? Trace()
        return SwarmVerdict(
            seed: plan.seed, violations: simulation.checkers?.violations ?? [], bytes: trace.bytes, shape: trace.shape,
            happened: coverage.happened, states: coverage.states, answers: coverage.answers,
            undisturbed: coverage.undisturbed, events: trace.events, lines: trace.lines ?? [])
    }
}

extension Simulation {
    /// The checkers look at the whole world.
    mutating func lookAtWorld() { look(after: Step(nil, .world)) }
}
