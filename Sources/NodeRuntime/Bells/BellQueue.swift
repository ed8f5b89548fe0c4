import Kernel
import Records

/// One ring that a bell has still to give.
struct BellTask: Sendable {
    let ring: BellRing
    /// Tells it from every other of this bell in this process; grows.
    let serial: UInt64
    let isRepeat: Bool
    /// Of the next try, from 1.
    var attempt = 1
    /// `false` while it waits before the next try.
    var isReady = true
}

/// What one bell has still to ring, most urgent first.
///
/// Holds at most one ring of each cause, the newest. What is over the capacity is dropped, least urgent first and
/// among equals the oldest, and never a STOP: of those a board holds a bounded number.
struct BellQueue: Sendable {
    let capacity: Int
    private(set) var waiting: [BellTask] = []
    /// Handed out and not finished, with whether it may be tried again.
    private var running: [(task: BellTask, mayRetry: Bool)] = []
    private(set) var dropped = 0

    init(capacity: Int) {
        precondition(capacity > 0, "a queue holds at least one ring")
        self.capacity = capacity
    }

    /// Waiting and under way.
    var count: Int { waiting.count + running.count }
    var runningCount: Int { running.count }

    func holds(_ ring: BellRing.ID) -> Bool {
        waiting.contains { $0.ring.id == ring } || running.contains { $0.task.ring.id == ring }
    }

    /// - Returns: what was dropped for it, perhaps itself.
    mutating func offer(_ task: BellTask) -> BellTask? {
        withdraw(task.ring.cause)
        return insert(task)
    }

    private mutating func insert(_ task: BellTask) -> BellTask? {
        waiting.append(task)
        waiting.sort(by: BellQueue.comesFirst)
        guard waiting.count(where: { !$0.ring.isStop }) > capacity,
            let worst = waiting.lastIndex(where: { !$0.ring.isStop })
        else { return nil }
        // Among equals the newest says most about how things are now.
        let precedence = waiting[worst].ring.precedence
        let least = waiting.firstIndex { !$0.ring.isStop && $0.ring.precedence == precedence } ?? worst
        dropped += 1
        return waiting.remove(at: least)
    }

    private static func comesFirst(_ a: BellTask, _ b: BellTask) -> Bool {
        if a.ring.isStop != b.ring.isStop { return a.ring.isStop }
        return a.ring.precedence != b.ring.precedence
            ? a.ring.precedence < b.ring.precedence : a.serial < b.serial
    }

    /// The most urgent that is ready, which is under way from now on.
    mutating func take() -> BellTask? {
        guard let index = waiting.firstIndex(where: \.isReady) else { return nil }
        let task = waiting.remove(at: index)
        running.append((task, true))
        return task
    }

    /// It has rung, or is given up.
    mutating func finish(_ task: BellTask) { running.removeAll { $0.task.serial == task.serial } }

    /// It has failed and waits for its next try, unless a later ring of its cause has come or it is settled.
    ///
    /// - Returns: whether it will be tried again.
    mutating func putBack(_ task: BellTask) -> Bool {
        let mayRetry = running.first { $0.task.serial == task.serial }?.mayRetry ?? false
        finish(task)
        guard mayRetry else { return false }
        var next = task
        next.attempt += 1
        next.isReady = false
        return insert(next)?.serial != task.serial
    }

    mutating func makeReady(_ serial: UInt64) {
        guard let index = waiting.firstIndex(where: { $0.serial == serial }) else { return }
        waiting[index].isReady = true
    }

    /// Nobody need be rung for it any more, or a later ring takes its place.
    mutating func withdraw(_ cause: BellRing.Cause) {
        waiting.removeAll { $0.ring.cause == cause }
        for index in running.indices where running[index].task.ring.cause == cause { running[index].mayRetry = false }
    }
}
