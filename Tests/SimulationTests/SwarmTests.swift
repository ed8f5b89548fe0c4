import Foundation
import Kernel
import Simulation
import Synchronization
import Testing

/// The first seeds of the swarm. `parley simulate` plays more of them, and holds in how many each fault changed the trace to
/// what it has to be.
@Suite("A swarm of simulated mechanisms")
struct SwarmTests {
    /// Always the same, so that a failure is everybody's.
    static let seeds: UInt64 = 2_000
    /// Every so many are played again: the same bytes, and otherwise without each of their faults.
    static let sampledEvery: UInt64 = 40

    @Test("every fixed seed keeps every sentence, and together they reach what they have to", .timeLimit(.minutes(30)))
    func clean() async {
        let tally = await SwarmTests.play(0..<SwarmTests.seeds)
        if let failure = tally.failures.min(by: { $0.seed < $1.seed }) {
            Issue.record(
                "seed \(failure.seed): \(failure.violations[0].text); parley simulate --seed \(failure.seed) --shrink")
            return
        }
        #expect(tally.seeds == Int(SwarmTests.seeds))
        for kind in FaultKind.allCases {
            #expect(tally.happenedShare(of: kind) >= 0.05, "\(kind.rawValue)")
            #expect(tally.changed[kind] ?? 0 > 0, "\(kind.rawValue) changes no trace")
        }
        for state in SwarmTests.states { #expect(tally.states[state] ?? 0 > 0, "no seed reaches \(state)") }
        #expect(tally.conflictShare >= 0.4)
        // Always unknown would keep every sentence.
        #expect(tally.undisturbed.all > Int(SwarmTests.seeds))
        #expect(tally.undisturbed.clearShare >= 0.9)
        print("swarm: \(tally.seeds) seeds, \(tally.events) events, \(tally.sampled) played again")
    }

    /// What a mechanism can be in, and a swarm that never is there shows nothing about.
    static let states = [
        "answer:clear", "answer:conditions", "answer:conflict", "answer:unknown", "conflict:open", "conflict:disputed",
        "conflict:settled", "conflict:cleared", "link:up", "link:late", "link:down", "link:suspended", "link:unstaffed",
        "link:notReceipting", "log:announced", "log:frozen", "log:unreadable", "log:withheld", "notice:current",
        "notice:overdue", "notice:ended", "signing:unconfirmed", "signing:confirmed", "signing:behind", "start:corrupt",
        "start:unreadable", "start:tornTailDropped", "storage:degraded", "alarm:acknowledgementOverdue", "alarm:conflict",
        "alarm:frozen", "alarm:readBackMismatch", "alarm:withheld", "alarm:passingOn", "reason:clockDiffers",
        "reason:clockStepped", "reason:evidenceStale", "reason:headLarger", "reason:headNotCompared", "reason:headSmaller",
        "reason:logFrozen", "reason:neverHeard", "reason:notEvaluated", "reason:notReceipted", "reason:notSigning",
        "reason:suspended", "reason:unreadableHere", "reason:unreadableThere", "reason:unstaffed", "reason:waiting",
    ]

    /// On all cores; after a seed that fails no further one is begun.
    static func play(_ seeds: Range<UInt64>) async -> SwarmTally {
        let queue = SeedQueue(seeds)
        return await withTaskGroup(of: SwarmTally.self) { group in
            for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) {
                group.addTask {
                    await onThread {
                        var sum = SwarmTally()
                        while let seed = queue.next() {
                            sum.add(SwarmJudge.judge(seed: seed, isThorough: seed % sampledEvery == 0))
                            if !sum.isClean { queue.end() }
                        }
                        return sum
                    }
                }
            }
            var sum = SwarmTally()
            for await part in group { sum.add(part) }
            return sum
        }
    }

    /// On a thread of its own: tasks of other tests, some with a time limit, must not wait minutes for their turn.
    private static func onThread(_ body: @escaping @Sendable () -> SwarmTally) async -> SwarmTally {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = 16 << 20
            thread.start()
        }
    }

    /// What all cores share.
    private final class SeedQueue: Sendable {
        private let left: Mutex<Range<UInt64>>

        init(_ seeds: Range<UInt64>) { left = Mutex(seeds) }

        func next() -> UInt64? { left.withLock { $0.popFirst() } }

        func end() { left.withLock { $0 = $0.upperBound..<$0.upperBound } }
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

    @Test("an exchange that feeds itself ends the seed, and the sentence says so")
    func ends() throws {
        let verdicts = (UInt64(0)..<4).map { seed in
            var run = SwarmRun(seed: seed, mutation: .answersBreed)
            return run.play()
        }
        #expect(verdicts.allSatisfy { $0.violations.contains { $0.checker == EndChecker.name } })
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
