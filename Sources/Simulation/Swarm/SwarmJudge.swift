import Kernel

/// Judges single seeds, as thoroughly as is asked.
public enum SwarmJudge {
    /// Plays a seed.
    ///
    /// - Parameter isThorough: plays it a second time and compares every byte, then once more without each kind of fault
    ///   that happened.
    public static func judge(
        seed: UInt64, faults: [FaultKind] = FaultKind.allCases, mutation: Mutation? = nil, isThorough: Bool = false
    ) -> SwarmTally {
        var tally = SwarmTally()
        if mutation?.isOfStop == true || mutation == nil && seed % 16 == 0 {
            // The STOP path has a world of its own.
            tally.add(StopRun(seed: seed, mutation: mutation).violations, seed: seed)
        }
        guard mutation?.isOfStop != true else { return tally }
        var run = SwarmRun(seed: seed, faults: faults, mutation: mutation)
        let verdict = run.play()
        tally.add(verdict)
        if isThorough || mutation == .unseeded {
            var again = SwarmRun(seed: seed, faults: faults, mutation: mutation)
            let isSame = again.play().bytes == verdict.bytes
            let difference = run.differs(from: again)
            if let difference { tally.add([difference], seed: seed) }
            if !isSame, difference == nil {
                let other = Violation(
                    checker: TraceChecker.name, party: nil, timeNs: 0,
                    sentence: "two runs of this seed differ in what nodes accepted, drew or wrote")
                tally.add([other], seed: seed)
            }
        }
        guard isThorough else { return tally }
        tally.sampled = 1
        for kind in verdict.happened { tally.sampledHappened[kind] = 1 }
        for kind in verdict.happened {
            var without = SwarmRun(seed: seed, faults: faults.filter { $0 != kind }, mutation: mutation)
            if without.play().shape != verdict.shape { tally.changed[kind] = 1 }
        }
        return tally
    }
}

/// What many seeds came to.
public struct SwarmTally: Sendable {
    public private(set) var seeds = 0
    public private(set) var events = 0
    public private(set) var failures: [(seed: UInt64, violations: [Violation])] = []
    /// In how many seeds a kind of fault was begun.
    public private(set) var happened = SortedMap<FaultKind, Int>()
    /// Seeds that were played again without each kind of fault.
    public internal(set) var sampled = 0
    /// In how many of those a kind of fault was begun.
    public internal(set) var sampledHappened = SortedMap<FaultKind, Int>()
    /// In how many of those the run without the fault went otherwise.
    public internal(set) var changed = SortedMap<FaultKind, Int>()
    /// In how many seeds a state was reached.
    public private(set) var states = SortedMap<String, Int>()
    public private(set) var answers = AnswerCount()
    public private(set) var undisturbed = AnswerCount()

    public init() {}

    public var isClean: Bool { failures.isEmpty }

    /// 0 … 1: of the seeds, those in which a kind of fault was begun.
    public func happenedShare(of kind: FaultKind) -> Double { share(happened[kind]) }

    /// 0 … 1: of the seeds, those in which two parties' notices were shown to collide.
    public var conflictShare: Double { share(states["conflict:open"]) }

    private func share(_ count: Int?) -> Double { seeds == 0 ? 0 : Double(count ?? 0) / Double(seeds) }

    /// 0 … 1, of the seeds that were looked at so.
    public func changedShare(of kind: FaultKind) -> Double {
        sampled == 0 ? 0 : Double(changed[kind] ?? 0) / Double(sampled)
    }

    public mutating func add(_ verdict: SwarmVerdict) {
        seeds += 1
        events += verdict.events
        for kind in verdict.happened { happened[kind, default: 0] += 1 }
        for state in verdict.states { states[state, default: 0] += 1 }
        answers.add(verdict.answers)
        undisturbed.add(verdict.undisturbed)
        add(verdict.violations, seed: verdict.seed)
    }

    mutating func add(_ violations: [Violation], seed: UInt64) {
        guard !violations.isEmpty else { return }
        if let i = failures.firstIndex(where: { $0.seed == seed }) {
            failures[i].violations += violations
        } else {
            failures.append((seed, violations))
        }
    }

    public mutating func add(_ other: SwarmTally) {
        seeds += other.seeds
        events += other.events
        sampled += other.sampled
        for (kind, count) in other.sampledHappened { sampledHappened[kind, default: 0] += count }
        for (kind, count) in other.happened { happened[kind, default: 0] += count }
        for (kind, count) in other.changed { changed[kind, default: 0] += count }
        for (state, count) in other.states { states[state, default: 0] += count }
        answers.add(other.answers)
        undisturbed.add(other.undisturbed)
        for failure in other.failures { add(failure.violations, seed: failure.seed) }
    }
}
