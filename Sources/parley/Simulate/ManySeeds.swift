import Foundation
import Records
import Simulation
import Synchronization

/// Which seeds a swarm plays.
enum SwarmWork: Sendable {
    case seeds(Range<UInt64>)
    case time(Duration, first: UInt64)

    /// Of now, with room above it, so that two soaks on two days play different seeds.
    static var newSeed: UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) << 24 }

    var first: UInt64 {
        switch self {
        case .seeds(let range): range.lowerBound
        case .time(_, let first): first
        }
    }
}

/// Plays many seeds on all cores.
struct ManySeeds: Sendable {
    let work: SwarmWork
    let faults: [FaultKind]
    let mutation: Mutation?
    let sample: UInt64
    let asJSON: Bool

    /// What all lanes share.
    private final class Board: Sendable {
        struct State: Sendable {
            var next: UInt64
            var tally = SwarmTally()
        }

        let state: Mutex<State>

        init(first: UInt64) { state = Mutex(State(next: first)) }
    }

    func run() async throws {
        let board = Board(first: work.first)
        let start = ContinuousClock.now
        let bar = ProgressBar(asJSON: asJSON)
        let reports = ReportPace(asJSON: asJSON)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) {
                group.addTask {
                    while let seed = take(from: board, since: start) {
                        let tally = SwarmJudge.judge(
                            seed: seed, faults: faults, mutation: mutation, isThorough: seed % sample == 0)
                        let line = board.state.withLock { state in
                            state.tally.add(tally)
                            return progress(state.tally, since: start)
                        }
                        for failure in tally.failures {
                            Terminal.complain("seed \(failure.seed): \(failure.violations[0].text)\n")
                        }
                        bar.show(line)
                        reports.say(line, since: start)
                    }
                }
            }
        }
        bar.end()
        let tally = board.state.withLock { $0.tally }
        let report = SwarmReport(tally, seconds: (ContinuousClock.now - start).inWholeSeconds, isWhole: isWhole(tally))
        Terminal.answer(json: report.json, asJSON: asJSON, text: report.text)
        if let failure = tally.failures.first {
            let sentence = "seed \(failure.seed): \(failure.violations[0].text)"
            throw CommandFailure(.refused, "sentenceBroken", sentence)
        }
        if let shortfall = report.shortfalls.first { throw CommandFailure(.refused, "coverage", shortfall) }
    }

    /// Shares mean something only over enough seeds, with every fault, of the build as it is.
    private func isWhole(_ tally: SwarmTally) -> Bool {
        faults.count == FaultKind.allCases.count && mutation == nil && tally.sampled >= 200
    }

    private func take(from board: Board, since start: ContinuousClock.Instant) -> UInt64? {
        if Task.isCancelled { return nil }
        return board.state.withLock { state in
            switch work {
            case .seeds(let range): guard state.next < range.upperBound else { return nil }
            case .time(let time, _): guard ContinuousClock.now - start < time else { return nil }
            }
            // A build that is broken on purpose has shown what was asked for.
            if mutation != nil, !state.tally.isClean { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func progress(_ tally: SwarmTally, since start: ContinuousClock.Instant) -> String {
        let seconds = (ContinuousClock.now - start).inWholeSeconds
        let whole =
            switch work {
            case .seeds(let range): "\(tally.seeds) of \(range.count) seeds"
            case .time(let time, _): "\(tally.seeds) seeds, \(seconds) of \(time.components.seconds) s"
            }
        return "\(whole), \(tally.events) events, \(tally.failures.count) failing"
    }
}

/// Where standard error is no terminal: a line now and then, so that a log shows that it goes on.
private final class ReportPace: Sendable {
    private let isShown: Bool
    private let lastS = Mutex<Int64>(0)

    init(asJSON: Bool) { isShown = !asJSON && isatty(STDERR_FILENO) == 0 }

    func say(_ line: String, since start: ContinuousClock.Instant) {
        guard isShown else { return }
        let seconds = (ContinuousClock.now - start).inWholeSeconds
        let isDue = lastS.withLock { last in
            guard seconds - last >= 30 else { return false }
            last = seconds
            return true
        }
        if isDue { Terminal.complain(line + "\n") }
    }
}

extension Duration {
    fileprivate var inWholeSeconds: Int64 { components.seconds }
}
