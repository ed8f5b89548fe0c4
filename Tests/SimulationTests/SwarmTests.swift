import Kernel
import Simulation
import Testing

/// The first seeds of the swarm. `parley simulate` plays more of them faster, in a release build, and holds the shares of
/// faults and of answers to what they have to be.
@Suite("A swarm of simulated mechanisms")
struct SwarmTests {
    /// Always the same, so that a failure is everybody's.
    static let seeds: UInt64 = 48
    /// Every so many are played again: the same bytes, and otherwise without each of their faults.
    static let sampledEvery: UInt64 = 24

    @Test("the first 48 seeds break no checked sentence, and what nothing disturbs is clear", .timeLimit(.minutes(20)))
    func clean() async {
        let tally = await SwarmTests.play(0..<SwarmTests.seeds)
        #expect(tally.seeds == Int(SwarmTests.seeds))
        for failure in tally.failures.prefix(10) {
            Issue.record(
                "seed \(failure.seed): \(failure.violations[0].text); parley simulate --seed \(failure.seed) --shrink")
        }
        #expect(tally.undisturbed.all > 100)
        #expect(tally.undisturbed.clearShare >= 0.9)
        print("swarm: \(tally.seeds) seeds, \(tally.events) events, \(tally.sampled) played again")
    }

    static func play(_ seeds: Range<UInt64>) async -> SwarmTally {
        await withTaskGroup(of: SwarmTally.self) { group in
            for lane in UInt64(0)..<4 {
                group.addTask {
                    var sum = SwarmTally()
                    for seed in seeds where seed % 4 == lane {
                        sum.add(SwarmJudge.judge(seed: seed, isThorough: seed % sampledEvery == 0))
                    }
                    return sum
                }
            }
            var sum = SwarmTally()
            for await part in group { sum.add(part) }
            return sum
        }
    }

    @Test("leaving a fault or an act out of a plan leaves every other one as it was")
    func independence() {
        for seed in UInt64(0)..<200 {
            let whole = SwarmPlan(seed: seed)
            for kind in whole.kinds {
                let without = SwarmPlan(seed: seed, faults: FaultKind.allCases.filter { $0 != kind })
                #expect(!without.kinds.contains(kind))
                let rest = whole.items.filter { item in
                    guard case .fault(let fault) = item.what else { return true }
                    return fault.kind != kind
                }
                #expect(without.items == rest)
                #expect(without.principals == whole.principals && without.lengthMs == whole.lengthMs)
            }
        }
    }

    @Test("has two to five parties, with a mediator in a share of the seeds, and seeds in which nothing goes wrong")
    func plans() {
        var sizes = SortedSet<Int>()
        var mediated = 0
        var calm = 0
        for seed in UInt64(0)..<1_000 {
            let plan = SwarmPlan(seed: seed)
            sizes.insert(plan.principals.count + (plan.mediator == nil ? 0 : 1))
            if plan.mediator != nil { mediated += 1 }
            if plan.kinds.isEmpty { calm += 1 }
        }
        #expect(sizes.elements == [2, 3, 4, 5])
        #expect((200..<500).contains(mediated))
        #expect(calm > 50)
    }

    @Test("a failing seed shrinks to fewer items that break the same sentence, and its events can be read")
    func shrinks() throws {
        let seed = try #require(
            (UInt64(0)..<100).first { seed in
                var run = SwarmRun(seed: seed, mutation: .hidesConflicts)
                return !run.play().isClean
            })
        let plan = SwarmPlan(seed: seed)
        var shrink = try #require(SwarmShrink(plan, mutation: .hidesConflicts))
        let broken = shrink.verdict.violations[0].checker
        shrink.run()
        #expect(shrink.plan.items.count < plan.items.count)
        // Two notices collide before anything can be hidden.
        #expect(shrink.plan.items.count >= 2)
        var run = SwarmRun(shrink.plan, mutation: .hidesConflicts, keepingLines: true)
        let verdict = run.play()
        #expect(verdict.violations.contains { $0.checker == broken })
        #expect(verdict.lines.contains { $0.contains(" files ") })
        var sound = SwarmRun(shrink.plan)
        #expect(sound.play().isClean)
    }
}
