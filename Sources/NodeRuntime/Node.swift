import Foundation
import Geodesy
import JointLog
import Kernel
import Logging
import Mechanism
import Records
import Storage

/// Sees every commit, after it is durable and before anything else happens.
public protocol CommitObserver: Sendable {
    func committed(_ changes: [DeskChange], _ mechanism: Mechanism, now: Now)
}

/// The driver: drains what waits, lets the core decide each event, commits all of it in one durable
/// transaction, then performs the effects. Readers see committed state only, because deciding and committing
/// happen in one turn of this actor.
public actor Node {
    public nonisolated let configuration: NodeConfiguration
    public nonisolated let terms: Terms
    public nonisolated let party: PartyID
    public nonisolated let clock: SystemClock
    nonisolated let keys: NodeKeys
    nonisolated let inbox = Inbox()
    nonisolated let logger: Logger
    private let store: any NodeStore
    private let reference: VerticalReference
    private var mechanism: Mechanism
    private var sequence: UInt64
    private var eventsSinceSnapshot = 0
    private var observers: [any CommitObserver] = []
    private var pushListeners: [@Sendable () -> Void] = []
    private var timer: Task<Void, Never>?
    private var failure: (any Error)?

    /// A snapshot is written each time this many events have been journalled.
    static let snapshotInterval = 20_000

    /// Opens the node and folds its journal.
    public init(
        configuration: NodeConfiguration, terms: Terms, keys: NodeKeys, store: any NodeStore, logger: Logger
    ) throws {
        let reference = try GeoidFile.reference(for: terms)
        let fold = try Fold.run(party: configuration.party, terms: terms, reference: reference, store: store)
        self.configuration = configuration
        self.terms = terms
        party = configuration.party
        self.keys = keys
        self.store = store
        self.logger = logger
        self.reference = reference
        mechanism = fold.mechanism
        sequence = fold.sequence
        clock = SystemClock(continuing: fold.mechanism.clock.last)
    }

    public func observe(_ observer: any CommitObserver) { observers.append(observer) }

    /// Called whenever our log has grown.
    func onPush(_ listener: @escaping @Sendable () -> Void) { pushListeners.append(listener) }

    /// Hands an event to the driver and waits until its commit is durable.
    public nonisolated func submit(_ event: Event) async throws(NodeError) -> Reply {
        let result: Result<Reply, NodeError> = await withCheckedContinuation { continuation in
            let waiting = Inbox.Waiting(event: event) { continuation.resume(returning: $0) }
            if !inbox.offer(waiting) { continuation.resume(returning: .failure(.overloaded)) }
        }
        return try result.get()
    }

    /// Reads committed state.
    public func read<Value: Sendable>(_ body: @Sendable (Mechanism, Now) throws -> Value) rethrows -> Value {
        try body(mechanism, clock.now)
    }

    /// Runs until stopped.
    ///
    /// - Throws: what made the store unusable; the process must end, and a new one folds the journal again.
    public func run() async throws {
        process([Inbox.Waiting(event: .started, answer: { _ in })])
        setTimer()
        for await _ in inbox.signals {
            let waiting = inbox.drain()
            let now = clock.now.monotonic
            let isDue = mechanism.nextDeadline.map { $0 <= now } ?? false
            if isDue || !waiting.isEmpty {
                process((isDue ? [Inbox.Waiting(event: .tick, answer: { _ in })] : []) + waiting)
            }
            setTimer()
            if Task.isCancelled { break }
        }
        timer?.cancel()
        for waiting in inbox.close() { waiting.answer(.failure(.stopped)) }
        if let failure {
            store.close()
            throw failure
        }
        saveSnapshot()
        store.close()
    }

    public nonisolated func stop() { inbox.finish() }

    private func setTimer() {
        timer?.cancel()
        guard let deadline = mechanism.nextDeadline else { return }
        let wait = max(.milliseconds(1), deadline.duration(since: clock.now.monotonic))
        timer = Task { [inbox] in
            try? await Task.sleep(for: wait)
            if !Task.isCancelled { inbox.wake() }
        }
    }

    /// One turn: decide, commit once, then act.
    private func process(_ waiting: [Inbox.Waiting]) {
        var batch = Batch(sequence: sequence)
        var answers: [(Inbox.Waiting, Result<Reply, NodeError>)] = []
        var now = clock.now
        for item in waiting {
            now = clock.now
            var authority = RecordingAuthority(NodeAuthority(key: keys.node))
            do throws(Refusal) {
                let handled = try mechanism.handle(item.event, now: now, authority: &authority)
                answers.append((item, .success(handled.reply)))
                batch.add(item.event, handled, now: now, given: authority.given)
            } catch {
                answers.append((item, .failure(.refused(error))))
            }
        }
        do {
            try store.commit(batch.commit(mechanism, store: store, sign: { keys.node.sign($0) }))
            sequence = batch.sequence
            eventsSinceSnapshot += batch.count
        } catch {
            fail(error, answers)
            return
        }
        // A turn in which all was refused wrote nothing, and so says nothing of the disk.
        if batch.count > 0 { mechanism.setStorageDegraded(store.degradation != nil) }
        for (item, answer) in answers { item.answer(answer) }
        for observer in observers { observer.committed(batch.changes.elements, mechanism, now: now) }
        if batch.pushes { for listener in pushListeners { listener() } }
        if eventsSinceSnapshot >= Node.snapshotInterval { saveSnapshot() }
    }

    /// Memory is ahead of the disk, so memory goes: fold the journal again, and say that nothing was stored.
    private func fail(_ error: any Error, _ answers: [(Inbox.Waiting, Result<Reply, NodeError>)]) {
        logger.critical("commit failed", metadata: ["error": "\(error)"])
        do {
            let fold = try Fold.run(party: party, terms: terms, reference: reference, store: store)
            mechanism = fold.mechanism
            sequence = fold.sequence
        } catch {
            logger.critical("the store cannot be read again; the node stops", metadata: ["error": "\(error)"])
            failure = error
            inbox.finish()
        }
        mechanism.setStorageDegraded(true)
        for (item, answer) in answers {
            switch answer {
            case .success: item.answer(.failure(.notStored("\(error)")))
            case .failure(let refusal): item.answer(.failure(refusal))
            }
        }
        for observer in observers { observer.committed([.assurance], mechanism, now: clock.now) }
    }

    private func saveSnapshot() {
        do {
            let bytes = try SnapshotCodec.encode(mechanism.snapshot)
            try store.saveSnapshot(Snapshot(throughSequence: sequence, bytes: bytes))
            eventsSinceSnapshot = 0
        } catch {
            // A snapshot only saves time at the next start.
            logger.warning("snapshot not saved", metadata: ["error": "\(error)"])
        }
    }

    /// Envelopes of our own log, for a peer: bodies withheld from whom they do not address.
    func ownEntries(from first: LogIndex, limit: Int) throws -> [[UInt8]] {
        try store.entries(of: party, from: first, limit: limit).map(\.envelope)
    }

    public func entries(of party: PartyID, from first: LogIndex, limit: Int) throws -> [[UInt8]] {
        try store.entries(of: party, from: first, limit: limit).map(\.envelope)
    }

    /// A receipt over everything of `peer`'s log that we hold durably.
    public func receipt(for peer: PartyID) -> String? {
        guard let log = mechanism.logs[peer], log.fork == nil else { return nil }
        let checkpoint = Checkpoint(mechanism: terms.mechanism, party: peer, size: log.size, root: log.tree.root)
        return Receipt.signing(checkpoint, holder: party, at: clock.now.utc, sign: { keys.node.sign($0) })
            .note(publicKey: keys.node.publicKey)
    }

    /// Our signed answer to a peer's challenge, from committed state.
    public func heartbeat(to peer: PartyID, challenge: Hash32) -> (answer: HeartbeatAnswer, signature: [UInt8]) {
        let answer = mechanism.heartbeatAnswer(to: peer, challenge: challenge, now: clock.now)
        return (answer, keys.node.sign(Array(answer.text.utf8)))
    }

    public var storeFindings: [String] { (try? store.verify().map { "\($0)" }) ?? ["the store cannot be read"] }
}
