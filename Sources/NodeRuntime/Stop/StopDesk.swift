import JointLog
import Kernel
import Logging
import Mechanism
import Records

/// Sees what happens to STOPs, as it happens.
public protocol StopObserver: Sendable {
    /// - Parameter isDurable: whether all of it is on disk.
    func shown(_ call: StopCall, _ board: StopBoard, now: Now, isDurable: Bool)
    /// Returns at once: whoever rings a siren does it by itself.
    func ring(_ ring: StopRing, _ board: StopBoard)
}

/// The STOP path of a node: its board, its key, its file and its ways to the others. It asks nothing of the driver, of
/// the store or of the joint record, and goes on when they do not.
///
/// A message is signed and handed to the senders before anything is written; the file and the record follow.
public actor StopDesk {
    public nonisolated let party: PartyID
    nonisolated let terms: Terms
    nonisolated let clock: SystemClock
    nonisolated let seals: [SealPrivateKey]
    private let key: Ed25519PrivateKey
    private let logger: Logger
    private var board: StopBoard
    private var file: StopFile
    private var senders = SortedMap<PartyID, StopSender>()
    private var observers: [any StopObserver] = []
    /// Puts a message on record, or tells the core of a peer's.
    private var record: @Sendable (String) async -> Bool = { _ in false }
    /// Of peers, for the core: oldest first.
    private var untold: [String] = []
    private var isTelling = false
    private var timer: Task<Void, Never>?
    /// Given lately, oldest first.
    private var receipts: [(message: Hash32, note: StopNote)] = []

    static let receiptsMost = 1_024
    /// Of peers' messages that the core has not taken yet; it learns the rest from their logs.
    static let untoldMost = 1_024

    /// Opens the file and folds it.
    public init(
        party: PartyID, terms: Terms, keys: NodeKeys, folder: NodeFolder, clock: SystemClock, logger: Logger
    ) throws {
        self.party = party
        self.terms = terms
        self.clock = clock
        self.logger = logger
        key = keys.stop
        seals = keys.seals
        var board = StopBoard(party: party, terms: terms)
        var file = StopFile(folder.stops)
        let unread = try file.load(into: &board)
        if unread > 0 {
            logger.critical("lines of the STOP file cannot be read", metadata: ["lines": "\(unread)"])
        }
        self.board = board
        self.file = file
        if terms.party(party)?.stopKey != key.publicKey {
            logger.critical("the terms name another STOP key: every peer will refuse what is pressed here")
        }
    }

    public func observe(_ observer: any StopObserver) { observers.append(observer) }

    /// - Parameter record: hands a signed note to the core and says whether it took it.
    func begin(senders: SortedMap<PartyID, StopSender>, record: @escaping @Sendable (String) async -> Bool) {
        self.senders = senders
        self.record = record
        handle(.started)
    }

    // MARK: What officers do

    /// - Throws: at a mediator's node, and nowhere else: never for number, load or a full disk.
    @discardableResult
    public func press(_ press: StopPress) throws(StopRefusal) -> StopCall {
        let message = try sign(try board.press(press), to: principals)
        return try call(message.content.stop ?? message.id)
    }

    @discardableResult
    public func answer(
        _ stop: StopID, _ word: StopAnswer.Word, officer: String, units: [String], remarks: String?
    ) throws(StopRefusal) -> StopCall {
        try sign(
            try board.answer(stop, word, officer: officer, units: units, remarks: remarks), to: principals)
        return try call(stop)
    }

    @discardableResult
    public func report(
        _ stop: StopID, observed: Bool, officer: String, remarks: String?
    ) throws(StopRefusal) -> StopCall {
        try sign(try board.effect(stop, observed: observed, officer: officer, remarks: remarks), to: principals)
        return try call(stop)
    }

    @discardableResult
    public func lift(
        _ stop: StopID, _ outcome: StopLift.Outcome, officer: String, remarks: String?
    ) throws(StopRefusal) -> StopCall {
        try sign(try board.lift(stop, outcome, officer: officer, remarks: remarks), to: principals)
        return try call(stop)
    }

    private var principals: [PartyID] { terms.principals.map(\.id).filter { $0 != party } }

    public func call(_ stop: StopID) throws(StopRefusal) -> StopCall {
        guard let call = board.call(of: stop) else { throw .noSuchStop(stop) }
        return call
    }

    /// Reads the board as it is.
    public func read<Value: Sendable>(_ body: @Sendable (StopBoard, Now) throws -> Value) rethrows -> Value {
        try body(board, clock.now)
    }

    /// Whether all of it is on disk.
    public var isDurable: Bool { file.isDurable }

    // MARK: What peers say

    /// Takes notes of a peer's request.
    ///
    /// - Returns: notes for that peer, to go back on the same connection: what it lacks, and what is open, in case that
    ///   it has lost its memory.
    public func take(_ notes: [String], from peer: PartyID) -> [String] {
        var back: [StopNote] = []
        for note in notes { back += take(note, from: peer) }
        var given = SortedSet<Hash32>()
        return (back + board.exchange(with: peer)).filter { given.insert($0.id) }
            .prefix(StopPeerMessages.notesMost).map(\.note)
    }

    /// A note that some way has brought.
    ///
    /// - Parameter peer: who brought it.
    /// - Returns: what goes back to that peer.
    @discardableResult
    public func take(_ note: String, from peer: PartyID) -> [StopNote] {
        handle(.received(note: note, via: peer), answering: peer)
    }

    /// A sealed message that a mediator hands on.
    ///
    /// - Returns: `false` when it was not sealed to us by that party.
    public func take(relayed sealed: [UInt8], from author: PartyID, by mediator: PartyID) -> Bool {
        guard terms.party(mediator)?.role == .mediator else { return false }
        guard let note = opened(sealed, from: author) else { return false }
        take(note, from: mediator)
        return true
    }

    private func opened(_ sealed: [UInt8], from author: PartyID) -> String? {
        guard terms.sealing == .xWing else { return String(validating: sealed, as: UTF8.self) }
        for seal in seals {
            let note = StopRelaySeal.open(sealed, mechanism: terms.mechanism, from: author, to: party, key: seal)
            if let note { return note }
        }
        return nil
    }

    /// A mediator says that it holds a message of ours.
    func handed(_ message: Hash32, to peer: PartyID, relay: PartyID) {
        handle(.handed(message: message, to: peer, relay: relay))
    }

    /// Those of the notes that a peer has not received yet.
    func stillWanted(_ notes: [StopNote], by peer: PartyID) -> [StopNote] {
        let wanted = SortedSet(board.exchange(with: peer).map(\.id))
        return notes.filter { wanted.contains($0.id) && !board.hasReceived($0.id, by: peer) || isReceipt($0) }
    }

    private func isReceipt(_ note: StopNote) -> Bool {
        StopMessage.claimedReceipt(note: note.note) != nil
    }

    // MARK: The board's work

    /// Signs, sends, and only then keeps.
    @discardableResult
    private func sign(_ content: StopContent, to peers: [PartyID]) throws(StopRefusal) -> StopMessage {
        guard let (message, text) = signed(content) else { throw .rejected(.malformed) }
        let note = StopNote(id: message.id, note: text)
        for peer in peers { senders[peer]?.send([note]) }
        let now = clock.now
        let handled = try board.handle(.own(note: note.note), now: now)
        perform(handled, of: .own(note: note.note), now: now, answering: nil)
        return message
    }

    @discardableResult
    private func handle(_ event: StopEvent, answering peer: PartyID? = nil) -> [StopNote] {
        let now = clock.now
        let handled: StopHandled
        do throws(StopRefusal) {
            handled = try board.handle(event, now: now)
        } catch {
            logger.warning("STOP message refused", metadata: ["why": "\(error.name)"])
            setTimer()
            return []
        }
        return perform(handled, of: event, now: now, answering: peer)
    }

    /// Sends, keeps, rings, signs and shows, in this order: nothing written delays what is sent, and a ring that was not
    /// kept would ring twice as new.
    @discardableResult
    private func perform(
        _ handled: StopHandled, of event: StopEvent, now: Now, answering peer: PartyID?
    ) -> [StopNote] {
        var back: [StopNote] = []
        for case .send(let to, let notes) in handled.effects {
            if to == peer { back += notes }
            senders[to]?.send(notes)
        }
        if handled.isNews {
            file.append(event, now: now)
            if case .received(let note, let via) = event, via != party { tellCore(note) }
        } else {
            file.flush()
        }
        for case .ring(let ring) in handled.effects {
            handle(.rung(ring.id))
            for observer in observers { observer.ring(ring, board) }
        }
        for effect in handled.effects {
            switch effect {
            case .sign(.received(let message), let to):
                guard let note = receipt(for: message) else { continue }
                if to == peer { back.append(note) } else { senders[to]?.send([note]) }
            case .sign(let content, let to):
                do throws(StopRefusal) {
                    try sign(content, to: [to])
                } catch {
                    logger.warning("STOP message not sent", metadata: ["why": "\(error.name)"])
                }
            case .log(let note): tell(note)
            case .show(let stop):
                guard let call = board.calls[stop] else { continue }
                for observer in observers { observer.shown(call, board, now: now, isDurable: file.isDurable) }
            case .send, .ring: break
            }
        }
        setTimer()
        return back
    }

    /// One for each message, however often it comes: a flood costs no signatures.
    private func receipt(for message: Hash32) -> StopNote? {
        if let given = receipts.first(where: { $0.message == message }) { return given.note }
        guard let signed = signed(.received(message: message)) else { return nil }
        let note = StopNote(id: signed.message.id, note: signed.note)
        receipts.append((message, note))
        if receipts.count > StopDesk.receiptsMost { receipts.removeFirst() }
        return note
    }

    private func signed(_ content: StopContent) -> (message: StopMessage, note: String)? {
        var random = SystemRandom()
        let nonce = Bytes((0..<StopMessage.nonceBytes).map { _ in UInt8.random(in: 0...255, using: &random) })
        let message = StopMessage(
            mechanism: terms.mechanism, author: party, createdAt: clock.now.utc, nonce: nonce, content: content.fitted)
        return message.map { ($0, $0.signed(publicKey: key.publicKey, sign: { key.sign($0) })) }
    }

    private func tell(_ note: StopNote) {
        let record = record
        Task {
            guard await record(note.note) else { return }
            handle(.logged(message: note.id))
        }
    }

    /// The core's assurance depends on it; it is told until it has taken it.
    private func tellCore(_ note: String) {
        guard untold.count < StopDesk.untoldMost else { return }
        untold.append(note)
        guard !isTelling else { return }
        isTelling = true
        Task {
            while let next = untold.first {
                if await record(next) {
                    untold.removeFirst()
                } else {
                    try? await clock.sleep(for: .seconds(1))
                    if Task.isCancelled { break }
                }
            }
            isTelling = false
        }
    }

    private func setTimer() {
        timer?.cancel()
        guard let deadline = board.nextDeadline else { return }
        let wait = max(.milliseconds(1), deadline.duration(since: clock.now.monotonic))
        timer = Task { [clock] in
            try? await clock.sleep(for: wait)
            if !Task.isCancelled { self.handle(.tick) }
        }
    }

    func stop() { timer?.cancel() }
}
