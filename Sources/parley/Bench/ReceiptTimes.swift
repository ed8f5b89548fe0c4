import Kernel
import Mechanism
import NodeRuntime
import Records
import Synchronization

/// When each receipt for our log was taken and durable, as the author's driver says after each of its commits.
final class ReceiptTimes: CommitObserver {
    private struct State {
        /// By peer: sizes of our log that its receipts cover, rising, with the moment at which that held.
        var steps: [PartyID: [(size: LogIndex, at: ContinuousClock.Instant)]] = [:]
        var commits = 0
    }

    private let state = Mutex(State())

    func committed(_ changes: [DeskChange], _ mechanism: Mechanism, now: Now) {
        let at = ContinuousClock.now
        state.withLock { state in
            state.commits += 1
            for (peer, link) in mechanism.links where link.receipted > state.steps[peer]?.last?.size ?? 0 {
                state.steps[peer, default: []].append((link.receipted, at))
            }
        }
    }

    /// Commits of the author's store so far, those that held no command included.
    var commits: Int { state.withLock { $0.commits } }

    /// Waits until every peer holds `size` records of our log.
    func wait(for size: LogIndex, peers: Int, within limit: Duration) async throws {
        let isHeld = await Wait.until(within: limit, every: .milliseconds(5)) {
            self.state.withLock { state in
                state.steps.count == peers && state.steps.values.allSatisfy { $0.last?.size ?? 0 >= size } ? true : nil
            }
        }
        guard isHeld != nil else { throw DemoFailure("not every record was receipted within \(limit.shown)") }
    }

    /// When the last of the peers' receipts over each of these records was held; every one of them must be.
    func bothHeld(_ indices: [LogIndex]) -> [ContinuousClock.Instant] {
        let steps = state.withLock { Array($0.steps.values) }
        return indices.map { index in
            steps.compactMap { list in
                var (low, high) = (0, list.count)
                while low < high {
                    let middle = (low + high) / 2
                    if list[middle].size > index { high = middle } else { low = middle + 1 }
                }
                return low < list.count ? list[low].at : nil
            }.max() ?? .now
        }
    }
}
