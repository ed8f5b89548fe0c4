import Kernel
import Logging
import Synchronization

/// How a bell has done, for both of its lines.
final class BellStanding: Sendable {
    private let state: Mutex<BellStatus>

    init(_ bell: BellConfiguration.Bell) {
        let means =
            switch bell.means {
            case .command: "command"
            case .webhook: "webhook"
            }
        state = Mutex(BellStatus(name: bell.name, means: means))
    }

    var status: BellStatus { state.withLock { $0 } }

    func rang(_ shared: BellsShared) { state.withLock { $0.rangAt = shared.utc() } }

    func failed(_ failure: BellFailure, _ shared: BellsShared) {
        let name = state.withLock { status in
            status.failedAt = shared.utc()
            status.failure = failure.reason
            return status.name
        }
        shared.logger.error("a bell does not ring", metadata: ["bell": "\(name)", "why": "\(failure.reason)"])
    }

    func lost() { state.withLock { $0.lost += 1 } }
}

/// One of the two ways out of a bell: for STOPs, or for all else.
final class BellLine: Sendable {
    let bell: BellConfiguration.Bell
    let isForStops: Bool
    let standing: BellStanding
    private let queue = Mutex(BellQueue(capacity: Bells.waitingMost))
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(_ bell: BellConfiguration.Bell, forStops: Bool, standing: BellStanding) {
        self.bell = bell
        isForStops = forStops
        self.standing = standing
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func takes(_ ring: BellRing) -> Bool { ring.isStop == isForStops && bell.takes(ring) }

    func offer(_ ring: BellRing, _ shared: BellsShared) {
        let dropped: BellTask? = queue.withLock { queue in
            let verdict = shared.verdict(ring, bell: bell.name)
            guard verdict != .never, !queue.holds(ring.id) else { return nil }
            return queue.offer(BellTask(ring: ring, serial: shared.nextSerial, isRepeat: verdict == .asRepeat))
        }
        if let dropped {
            standing.lost()
            shared.logger.warning(
                "a ring is dropped: more urgent ones wait",
                metadata: ["bell": "\(bell.name)", "ring": "\(dropped.ring.id.text)"])
        }
        signal.yield()
    }

    func withdraw(_ cause: BellRing.Cause) { queue.withLock { $0.withdraw(cause) } }

    func count(into status: inout BellStatus) { status.waiting += queue.withLock { $0.count } }

    func run(_ shared: BellsShared) async {
        let atOnce = isForStops ? Bells.stopsAtOnce : 1
        await withDiscardingTaskGroup { group in
            signal.yield()
            for await _ in signals {
                while let task = next(atOnce, shared) { group.addTask { await self.give(task, shared) } }
            }
            group.cancelAll()
        }
    }

    private func next(_ atOnce: Int, _ shared: BellsShared) -> BellTask? {
        queue.withLock { queue in queue.runningCount < atOnce ? queue.take() : nil }
    }

    /// Tries once, and after a failure waits until the next try is due.
    private func give(_ task: BellTask, _ shared: BellsShared) async {
        // Before it rings: whoever is killed meanwhile must not ring anew as if it were the first time.
        shared.begin(task.ring, bell: bell.name)
        let at = shared.utc()
        let body = task.ring.json(party: shared.party, at: at, attempt: task.attempt, isRepeat: task.isRepeat)
        guard let failure = await shared.ringer(bell, body, task.ring.id, at) else {
            standing.rang(shared)
            queue.withLock { $0.finish(task) }
            signal.yield()
            return
        }
        standing.failed(failure, shared)
        guard task.attempt < Bells.triesMost else {
            standing.lost()
            queue.withLock { $0.finish(task) }
            signal.yield()
            return
        }
        let again = queue.withLock { $0.putBack(task) }
        signal.yield()
        guard again else { return }
        try? await shared.sleep(BellLine.pause(after: task.attempt))
        queue.withLock { $0.makeReady(task.serial) }
        signal.yield()
    }

    static func pause(after attempt: Int) -> Duration {
        min(Bells.pauseLongest, Bells.pauseFirst * (1 << min(attempt - 1, 10)))
    }
}
