import Kernel
import Mechanism
import Synchronization

/// The one bounded place in front of the driver: a queue for each class of work, and in it a lane for each source. Full,
/// it refuses instead of growing or dropping.
final class Inbox: Sendable {
    struct Waiting: Sendable {
        let event: Event
        let answer: @Sendable (Result<Reply, NodeError>) -> Void
    }

    /// What one turn of the driver has taken so far.
    struct Turn {
        fileprivate var work = 0
        fileprivate var hasServed: [Bool] = WorkClass.allCases.map { _ in false }
    }

    private struct State: Sendable {
        var queues = WorkClass.allCases.map { _ in FairQueue<Waiting>(Inbox.bounds) }
        var isClosed = false
    }

    private static let bounds = FairQueue<Waiting>.Bounds(
        count: Limits.inboxEvents, countPerSource: Limits.inboxEventsPerSource, bytes: Limits.inboxBytes,
        bytesPerSource: Limits.inboxBytesPerSource)

    private let state = Mutex(State())
    private let signal: AsyncStream<Void>.Continuation
    let signals: AsyncStream<Void>

    init() {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// - Throws: `overloaded`, `tooManyAtOnce` for the source alone, or `stopped`.
    func offer(_ waiting: Waiting) throws(NodeError) {
        let event = waiting.event
        let (work, source, cost, bytes) = (event.work.rawValue, event.source, event.cost, event.bytes)
        let refusal = state.withLock { state -> NodeError? in
            guard !state.isClosed else { return .stopped }
            do throws(FairQueue<Waiting>.Refusal) {
                try state.queues[work].offer(waiting, from: source, cost: cost, bytes: bytes)
                return nil
            } catch {
                return error == .sourceIsFull ? .tooManyAtOnce : .overloaded
            }
        }
        if let refusal { throw refusal }
        signal.yield()
    }

    /// The next event of a turn: calls before receipts before notices, but each class leaves the lower ones their part of
    /// every turn, and none is left out of a turn however long that has taken.
    ///
    /// - Parameter isOver: whether the turn has taken its time.
    /// - Returns: `nil` when the turn is done.
    func next(_ turn: inout Turn, isOver: Bool) -> Waiting? {
        state.withLock { state in
            for work in WorkClass.allCases where !state.queues[work.rawValue].isEmpty {
                let mayGoOn = !isOver && turn.work < Inbox.share(of: work)
                guard mayGoOn || !turn.hasServed[work.rawValue], let next = state.queues[work.rawValue].take() else {
                    continue
                }
                turn.work += next.cost
                turn.hasServed[work.rawValue] = true
                return next.element
            }
            return nil
        }
    }

    /// A class begins nothing more in a turn that has done so much.
    private static func share(of work: WorkClass) -> Int {
        switch work {
        case .urgent: Limits.turnWork - Limits.turnLeftToEvidence - Limits.turnLeftToRecords
        case .evidence: Limits.turnWork - Limits.turnLeftToRecords
        case .records, .reads: Limits.turnWork
        }
    }

    var isEmpty: Bool { state.withLock { $0.queues.allSatisfy(\.isEmpty) } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func wake() { signal.yield() }

    /// Takes nothing from now on.
    func finish() {
        state.withLock { $0.isClosed = true }
        signal.finish()
    }

    /// What still waits: in a queue that nobody drains it would wait for ever.
    func close() -> [Waiting] {
        state.withLock { state in
            state.isClosed = true
            return state.queues.indices.flatMap { state.queues[$0].drain() }
        }
    }
}

/// Why the node did not do what it was asked. Converted once, at the edge.
public enum NodeError: Error, Sendable {
    case refused(Refusal)
    /// The inbox is full: try again.
    case overloaded
    /// This officer or peer has as much waiting as one may: try again.
    case tooManyAtOnce
    /// The disk did not take it; nothing of it counts.
    case notStored(String)
    case stopped
}
