import Kernel
import Mechanism
import Simulation
import Testing

@Suite("Every checker")
struct CheckerMutationTests {
    /// In how many seeds a defect has to be found; the histories are such that few are needed.
    private static let seeds = UInt64(0)..<200

    private static let ofHistories = Mutation.allCases.filter { !$0.isOfStop && $0 != .unseeded }

    @Test("finds the defect that is planted for it", arguments: ofHistories)
    func finds(mutation: Mutation) throws {
        var missing = SortedSet(mutation.caughtBy)
        for seed in CheckerMutationTests.seeds {
            let trial = CheckerTrial.played(mutation, isPlanted: true, seed: seed)
            for violation in trial.violations { missing.remove(violation.checker) }
            if missing.isEmpty { return }
        }
        Issue.record("\(mutation) was not found by \(missing.elements)")
    }

    @Test("finds nothing in the same history without the defect", arguments: ofHistories)
    func isSound(mutation: Mutation) throws {
        let trial = CheckerTrial.played(mutation, isPlanted: false, seed: 0)
        #expect(trial.violations.isEmpty, "\(trial.violations[0].text)")
        #expect(trial.simulation.checkers?.looked ?? 0 > 10)
    }

    @Test("has a defect of its own, and a name and a sentence that nobody else has")
    func names() {
        let names = Checkers.types.map { $0.name } + [StopRun.name]
        #expect(SortedSet(Mutation.allCases.flatMap(\.caughtBy)) == SortedSet(names))
        let sentences = Checkers.types.map { $0.sentence } + [StopRun.sentence]
        #expect(SortedSet(names).count == names.count && SortedSet(sentences).count == names.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
    }

    @Test("sees two runs of one seed as the same, and two of a network that is not of its seed as different")
    func sameSeed() throws {
        func trace(_ seed: UInt64, _ mutation: Mutation?) throws -> TraceChecker {
            var trial = CheckerTrial(seed: seed, mutation: mutation, withFaults: true)
            trial.play(actions: 5)
            trial.simulation.endChecks()
            #expect(trial.violations.isEmpty)
            return try #require(trial.simulation.checkers?.trace)
        }
        #expect(TraceChecker.compare(try trace(1, nil), try trace(1, nil)) == nil)
        #expect(TraceChecker.compare(try trace(1, nil), try trace(2, nil)) != nil)
        let violation = TraceChecker.compare(try trace(1, .unseeded), try trace(1, .unseeded))
        #expect(violation?.checker == TraceChecker.name)
    }

    @Test("of STOP finds a planted defect", arguments: Mutation.allCases.filter(\.isOfStop))
    func findsOnTheStopPath(mutation: Mutation) throws {
        let found = CheckerMutationTests.seeds.lazy.compactMap { seed in
            StopRun(seed: seed, mutation: mutation).violations.first
        }.first
        #expect(found?.checker == StopRun.name)
    }

    @Test("of STOP finds nothing without one, whatever is lost")
    func isSoundOnTheStopPath() {
        for seed in UInt64(0)..<6 { #expect(StopRun(seed: seed).violations.isEmpty, "seed \(seed)") }
    }
}
