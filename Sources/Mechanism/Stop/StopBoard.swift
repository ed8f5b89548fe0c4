import Kernel
import Records

/// The STOP path of one node: which STOPs are open, who has said what, which desk is rung now, and what is still to be
/// delivered to whom. It stands beside the joint record and shares nothing with it, so that a full disk, a frozen log, a
/// rotation or a suspension cannot stop a STOP.
///
/// | at a desk | until | then |
/// |---|---|---|
/// | ringing, rung 0: the watch (not at the desk that pressed) | 15 s after receipt | rung 1 |
/// | ringing, rung 1: the releasing officer as well | 60 s after receipt | rung 2, escalations to the mediators |
/// | ringing, rung 2: command as well; again every 60 s | a named officer has heard every press | heard |
/// | heard | 60 s without *ordered*, *cease reported*, *not ours*, *cannot* | ringing anew from rung 0 |
/// | settled: answered by more than *heard* | another press, or *it goes on* | ringing anew from rung 0 |
/// | any | its author's lift that covers every press and report | over |
///
/// The desk that pressed has the same ladder, and there everything holds of all addressees together: it is heard when
/// each of them has heard. A report that the effect is observed settles that desk, and no other.
///
/// Why none falls silent:
/// - A restart folds the file and calls ``StopEvent/started``; what rings is rung again, under the same name. The time
///   passed is the larger of what the two clocks say, so neither a reboot nor a step of UTC makes a wait longer.
/// - A message counts by its content, never by when it came: any order and any copy lead to the same.
/// - An answer names the press that it answers; a later press that crossed it on the way still rings.
/// - A lift names what it ends. A press that it does not name keeps the STOP open: perhaps its author forgot the lift.
/// - *Cease reported* ends nothing, *not ours* by one addressee ends nothing, another than the author ends nothing.
/// - Nothing is refused for number: beyond ``Limits/openStops`` a press joins the newest open STOP of its author, and
///   beyond ``Limits/stopMessages`` the oldest message of the most talkative party gives way.
/// - A message is repeated every ``repeatEvery`` until its addressee's own receipt has come, and a press every
///   ``remindEvery`` until it is heard, so that a node that lost its memory rings again.
/// - What one of our own messages says is taken back from a peer when our file is lost.
public struct StopBoard: Sendable {
    public let party: PartyID
    public let terms: Terms
    /// What a restart needs, apart from the terms.
    public internal(set) var memory: StopMemory

    /// Under a loss of one half, twenty attempts in ten seconds fail once in a million; at 2 s between them it would be
    /// once in thirty.
    public static let repeatEvery: Duration = .milliseconds(250)
    public static let remindEvery: Duration = .seconds(5)
    static let pulseEvery: Duration = .seconds(5)
    /// What is over is repeated this long at ``repeatEvery``, and then at ``remindEvery``.
    static let patience: Duration = .seconds(60)
    /// Messages of one party about STOPs that are not known yet.
    static let pendingMost = 64

    let isMediator: Bool
    let principals: [PartyID]
    let peers: [PartyID]
    let mediators: [PartyID]
    /// When ``handle(_:now:)`` with a tick does something, at the latest. `nil`: only when something comes.
    public private(set) var nextDeadline: MonotonicInstant?
    /// When the last event left something to be sent.
    var nextSending: MonotonicInstant?

    public init(party: PartyID, terms: Terms, memory: StopMemory = StopMemory()) {
        self.party = party
        self.terms = terms
        self.memory = memory
        isMediator = terms.party(party)?.role == .mediator
        principals = terms.principals.map(\.id)
        peers = terms.parties.map(\.id).filter { $0 != party }
        mediators = terms.parties.filter { $0.role == .mediator && $0.id != party }.map(\.id)
    }

    /// Open STOPs and the last ``Limits/closedStops`` that are closed.
    public var calls: SortedMap<StopID, StopCall> { memory.calls }

    /// From now on these keys and parties count.
    public mutating func adopt(_ terms: Terms) { self = StopBoard(party: party, terms: terms, memory: memory) }

    /// Who is addressed by a STOP of `author`: every other principal.
    public func addressees(of author: PartyID) -> [PartyID] { principals.filter { $0 != author } }

    /// The mediators by which a message reaches a party when the direct way is down.
    public func relays(to peer: PartyID) -> [PartyID] { mediators.filter { $0 != peer } }

    /// - Throws: why the event was refused; the board is then as it was, apart from the time that has passed.
    public mutating func handle(_ event: StopEvent, now: Now) throws(StopRefusal) -> StopHandled {
        try handle(event, now: now, isReplay: false)
    }

    /// One event of this node's own file, before ``StopEvent/started``. Notes in it were verified when they came.
    public mutating func fold(_ event: StopEvent, now: Now) {
        // An event of the file was accepted once; one that no longer is (other terms) has nothing to say.
        _ = try? handle(event, now: now, isReplay: true)
    }

    private mutating func handle(
        _ event: StopEvent, now: Now, isReplay: Bool
    ) throws(StopRefusal) -> StopHandled {
        var turn = StopTurn(now: now, isReplay: isReplay)
        let isAnew = observe(now, isStart: event == .started)
        let isDue = isAnew || nextDeadline.map { $0 <= now.monotonic } ?? false
        if isDue || isReplay { advance(&turn) }
        switch event {
        case .started:
            turn.isNews = true
            begin(&turn)
        case .tick: break
        case .own(let note): try take(own: note, &turn)
        case .received(let note, let via): try take(received: note, via: via, &turn)
        case .handed(let message, let to, let relay):
            update(message) { held in
                turn.isNews = held.handed[to, default: SortedSet()].insert(relay)
            }
            if turn.isNews { turn.show(message, in: self) }
        case .rung(let ring):
            memory.calls.update(ring.stop) { call in
                guard call.ladder.rungOutside.map({ $0 < ring }) ?? true else { return }
                call.ladder.rungOutside = ring
                turn.isNews = true
            }
        case .logged(let message):
            update(message) { held in
                turn.isNews = !held.isLogged
                held.isLogged = true
            }
        }
        notePulse(&turn)
        if turn.isNews || isDue {
            announce(&turn)
            askForEscalations(&turn)
            send(&turn)
            nextDeadline = deadline()
        }
        return StopHandled(effects: turn.effects, isNews: turn.isNews)
    }
}

extension StopBoard {
    private var isClimbing: Bool {
        memory.calls.contains { $0.value.isOpen && ($0.value.ladder.state == .heard || $0.value.ladder.isClimbing) }
    }

    /// While a ladder climbs, the file learns of the time at least every ``pulseEvery``: a node that comes back with both
    /// clocks set back has lost no more of the wait than that.
    private mutating func notePulse(_ turn: inout StopTurn) {
        let now = turn.now.monotonic
        if !turn.isNews, isClimbing {
            turn.isNews = memory.lastWritten.map { now >= $0.advanced(by: StopBoard.pulseEvery) } ?? true
        }
        if turn.isNews || turn.isReplay { memory.lastWritten = now }
    }

    private func deadline() -> MonotonicInstant? {
        var next = nextSending
        func take(_ instant: MonotonicInstant?) {
            if let instant { next = min(next ?? instant, instant) }
        }
        if isClimbing { take(memory.lastWritten?.advanced(by: StopBoard.pulseEvery)) }
        for (_, call) in memory.calls {
            if call.isOpen { take(call.ladder.deadline(terms.timing)) }
            if let askedAt = call.ladder.askedAt, !escalationsWanted(by: call).isEmpty {
                take(askedAt.advanced(by: StopBoard.repeatEvery))
            }
        }
        return next
    }
}

/// Everything that a board remembers: the fold of the events in its file.
public struct StopMemory: Sendable, Codable, Equatable {
    var calls = SortedMap<StopID, StopCall>()
    /// By author, oldest first: about STOPs that are not known yet.
    var pending = SortedMap<PartyID, [StopHeld]>()
    var lastSerial: UInt64 = 0
    /// Of the last event.
    var last: Now?
    /// When the last event that belongs in the file came.
    var lastWritten: MonotonicInstant?
    /// When each party was last sent what it has not received, and what it is reminded of.
    var sentAt = SortedMap<PartyID, MonotonicInstant>()
    var remindedAt = SortedMap<PartyID, MonotonicInstant>()

    public init() {}
}

/// What one event collects.
struct StopTurn {
    let now: Now
    let isReplay: Bool
    var isNews = false
    private(set) var effects: [StopEffect] = []

    init(now: Now, isReplay: Bool) {
        self.now = now
        self.isReplay = isReplay
    }

    mutating func add(_ effect: StopEffect) { effects.append(effect) }

    mutating func show(_ stop: StopID) {
        if !effects.contains(.show(stop)) { effects.append(.show(stop)) }
    }

    mutating func show(_ message: Hash32, in board: StopBoard) {
        if let stop = board.home(ofMessage: message) { show(stop) }
    }
}
