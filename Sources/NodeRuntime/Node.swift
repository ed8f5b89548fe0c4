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
    /// The TLS keys of our peers, as their root keys have them now.
    nonisolated let pins: PeerPins
    nonisolated let logger: Logger
    /// What root keys have signed, as it lies in the node's folder: each party's oldest first.
    private let statements: [String]
    let store: any NodeStore
    private let reference: VerticalReference
    private(set) var mechanism: Mechanism
    private var sequence: UInt64
    private(set) var trees: LogTrees
    /// What we signed over others' logs and the store has not yet.
    private var signedNotes: [NoteWrite] = []
    private var eventsSinceSnapshot = 0
    private var observers: [any CommitObserver] = []
    private var pushListeners: [@Sendable () -> Void] = []
    private var stopListeners: [@Sendable (String) -> Void] = []
    private var timer: Task<Void, Never>?
    private var failure: (any Error)?
    /// The disk has given back something else than was stored; no later success mends that.
    private var isDamaged = false
    /// Set while the newest commit was refused. What is due waits until then, because every refusal folds the journal.
    private var triesAgainAt: MonotonicInstant?

    private static let refusedPause: Duration = .seconds(1)

    /// A snapshot is written each time this many events have been journalled.
    static let snapshotInterval = 20_000

    /// Opens the node and folds its journal.
    public init(
        configuration: NodeConfiguration, terms: Terms, keys: NodeKeys, statements: [String] = [],
        store: any NodeStore, logger: Logger
    ) throws {
        let reference = try GeoidFile.reference(for: terms)
        let fold = try Fold.run(
            party: configuration.party, terms: terms, reference: reference, postQuantumKey: Node.shownPostQuantumKey(keys, terms, configuration.party),
            store: store)
        self.configuration = configuration
        self.terms = terms
        party = configuration.party
        self.keys = keys
        self.statements = statements
        self.store = store
        self.logger = logger
        self.reference = reference
        mechanism = fold.mechanism
        sequence = fold.sequence
        trees = try LogTrees(store, fold.mechanism)
        pins = PeerPins(fold.mechanism)
        clock = SystemClock(continuing: fold.mechanism.clock.last)
    }

    private static func shownPostQuantumKey(_ keys: NodeKeys, _ terms: Terms, _ party: PartyID) -> Bytes? {
        terms.party(party).flatMap { keys.postQuantumKey(shownAs: $0) }
    }

    public func observe(_ observer: any CommitObserver) { observers.append(observer) }

    /// Called whenever our log has grown.
    func onPush(_ listener: @escaping @Sendable () -> Void) { pushListeners.append(listener) }

    /// Called with each STOP message that a record carries.
    func onStop(_ listener: @escaping @Sendable (String) -> Void) { stopListeners.append(listener) }

    /// Hands an event to the driver and waits until its commit is durable.
    public nonisolated func submit(_ event: Event) async throws(NodeError) -> Reply {
        let result: Result<Reply, NodeError> = await withCheckedContinuation { continuation in
            let waiting = Inbox.Waiting(event: event) { continuation.resume(returning: $0) }
            do throws(NodeError) {
                try inbox.offer(waiting)
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    /// Takes a peer's receipt over our own log; nobody waits until it is stored, for the peer has it too and shows it
    /// again with its next heads.
    func take(receipt note: String, from peer: PartyID, size: UInt64) {
        let event = Event.receipt(from: peer, note: note, root: ownRoot(at: size))
        let waiting = Inbox.Waiting(event: event) { [logger] in
            guard case .failure(let error) = $0 else { return }
            logger.warning("receipt refused", metadata: ["peer": "\(peer)", "error": "\(error)"])
        }
        try? inbox.offer(waiting)
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
        for note in statements where isNews(note) {
            process([
                Inbox.Waiting(event: .statement(note: note)) { [logger] in
                    guard case .failure(let error) = $0 else { return }
                    logger.critical("a statement in the node's folder is refused", metadata: ["error": "\(error)"])
                }
            ])
        }
        setTimer()
        for await _ in inbox.signals {
            repeat {
                let now = clock.now.monotonic
                let isDue = nextTick.map { $0 <= now } ?? false
                if isDue { process([Inbox.Waiting(event: .tick, answer: { _ in })]) }
                var turn = Inbox.Turn()
                let end = ContinuousClock.now + Limits.turnLongest
                process { [inbox] in inbox.next(&turn, isOver: ContinuousClock.now >= end) }
                setTimer()
                // Whoever else asks this node something, such as the senders of what was just written, need not wait for
                // all of a long queue.
                await Task.yield()
            } while !inbox.isEmpty && !inbox.isClosed && !Task.isCancelled
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

    /// When this node next acts by itself.
    private var nextTick: MonotonicInstant? {
        mechanism.nextDeadline.map { deadline in triesAgainAt.map { max($0, deadline) } ?? deadline }
    }

    private func setTimer() {
        timer?.cancel()
        guard let deadline = nextTick else { return }
        let wait = max(.milliseconds(1), deadline.duration(since: clock.now.monotonic))
        timer = Task { [inbox, clock] in
            try? await clock.sleep(for: wait)
            if !Task.isCancelled { inbox.wake() }
        }
    }

    private func process(_ waiting: [Inbox.Waiting]) {
        var rest = waiting[...]
        process { rest.popFirst() }
    }

    /// One turn: decide each that `next` gives, commit once, then act.
    private func process(_ next: () -> Inbox.Waiting?) {
        var batch = Batch(sequence: sequence, notes: signedNotes)
        var answers: [(Inbox.Waiting, Result<Reply, NodeError>)] = []
        var now = clock.now
        while let item = next() {
            now = clock.now
            var authority = RecordingAuthority(NodeAuthority(key: keys.node, opener: opener(for: item.event)))
            do throws(Refusal) {
                let handled = try mechanism.handle(item.event, now: now, authority: &authority)
                answers.append((item, .success(handled.reply)))
                batch.add(item.event, handled, now: now, given: authority.given, mechanism: mechanism)
            } catch {
                answers.append((item, .failure(.refused(error))))
            }
        }
        do {
            if batch.count > 0 {
                try store.commit(batch.commit(mechanism, store: store, trees: &trees, keys: keys))
                trees.committed()
                signedNotes = []
            }
            sequence = batch.sequence
            eventsSinceSnapshot += batch.count
        } catch {
            fail(error, answers)
            return
        }
        // A turn in which all was refused wrote nothing, and so says nothing of the disk.
        if batch.count > 0 {
            triesAgainAt = nil
            mechanism.setStorageDegraded(isDamaged || store.degradation != nil)
        }
        pins.update(mechanism)
        for (item, answer) in answers { item.answer(answer) }
        for observer in observers { observer.committed(batch.changes.elements, mechanism, now: now) }
        let comparable = comparableHeads
        if !comparable.isEmpty {
            try? inbox.offer(Inbox.Waiting(event: .heads(from: party, comparable), answer: { _ in }))
        }
        if batch.pushes { for listener in pushListeners { listener() } }
        for note in batch.stopNotes { for listener in stopListeners { listener(note) } }
        if eventsSinceSnapshot >= Node.snapshotInterval { startSnapshot() }
    }

    private func opener(for event: Event) -> SealOpener {
        var opener = SealOpener(seals: keys.seals)
        if case .pushed(let push) = event { opener.expect(push.envelopes.lazy.map(\.array), in: push.log, for: party) }
        return opener
    }

    /// Memory is ahead of the disk, so memory goes: fold the journal again, and say that nothing was stored.
    private func fail(_ error: any Error, _ answers: [(Inbox.Waiting, Result<Reply, NodeError>)]) {
        logger.critical("commit failed", metadata: ["error": "\(error)"])
        triesAgainAt = clock.now.monotonic.advanced(by: Node.refusedPause)
        do {
            let fold = try Fold.run(
                party: party, terms: terms, reference: reference, postQuantumKey: Node.shownPostQuantumKey(keys, terms, configuration.party), store: store)
            mechanism = fold.mechanism
            sequence = fold.sequence
            trees = try LogTrees(store, mechanism)
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

    /// Encoding all that a node holds takes longer than an officer ought to wait, so it is done beside the turns.
    private func startSnapshot() {
        eventsSinceSnapshot = 0
        let (state, through) = (mechanism.snapshot, sequence)
        Task.detached(priority: .utility) {
            let encoded = Result { try SnapshotCodec.encode(state) }
            await self.keepSnapshot(encoded, through: through)
        }
    }

    private func saveSnapshot() {
        keepSnapshot(Result { try SnapshotCodec.encode(mechanism.snapshot) }, through: sequence)
    }

    private func keepSnapshot(_ encoded: Result<[UInt8], any Error>, through: UInt64) {
        do {
            try store.saveSnapshot(Snapshot(throughSequence: through, bytes: try encoded.get()))
        } catch StoreError.closed {
            // The node has stopped meanwhile, and saved a newer one.
        } catch {
            // A snapshot only saves time at the next start.
            logger.warning("snapshot not saved", metadata: ["error": "\(error)"])
        }
    }

    /// What of a log was stored, read back from the disk and hashed again; `nil` when the disk cannot give it.
    func readBack(_ log: LogID) -> MerkleFrontier? {
        let stored: MerkleFrontier
        do { stored = try trees.readBack(log) } catch StoreError.closed {
            return nil
        } catch {
            damaged(log, "\(error)")
            return nil
        }
        guard let held = mechanism.logs[log.party], held.id == log, held.tree.size == stored.size, held.tree != stored
        else { return stored }
        damaged(log, "other bytes than were stored")
        return nil
    }

    private func damaged(_ log: LogID, _ why: String) {
        logger.critical("stored records cannot be read back", metadata: ["log": "\(log)", "error": "\(why)"])
        isDamaged = true
        mechanism.setStorageDegraded(true)
    }

    /// Keeps what we signed over another's log; it is stored with the next commit.
    func keepSigned(_ note: String, over checkpoint: Checkpoint, of log: LogID) {
        signedNotes.append(
            NoteWrite(
                log: log, size: checkpoint.size, signer: Receipt.key(of: party, publicKey: keys.node.publicKey).name,
                note: Array(note.utf8)))
    }

    /// Our signed answer to a peer's challenge, from committed state.
    public func heartbeat(to peer: PartyID, challenge: Hash32) -> (answer: HeartbeatAnswer, signature: [UInt8]) {
        let answer = mechanism.heartbeatAnswer(to: peer, challenge: challenge, now: clock.now)
        return (answer, keys.node.sign(Array(answer.text.utf8)))
    }

    public var storeFindings: [String] { (try? store.verify().map { "\($0)" }) ?? ["the store cannot be read"] }
}
