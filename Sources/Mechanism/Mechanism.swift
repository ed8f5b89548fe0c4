import Geodesy
import JointLog
import Kernel
import Records
import Separation

/// One node's whole knowledge and every decision it takes: a value without clock, randomness or I/O.
///
/// The driver hands it events in one order; it returns what must be made durable and what to do after that.
/// Two nodes that were handed the same events hold the same bytes.
public struct Mechanism: Sendable {
    public let party: PartyID
    public let terms: Terms
    /// How stated altitudes become heights; follows from the terms and the grid that they name.
    public let reference: VerticalReference
    public internal(set) var logs = SortedMap<PartyID, HeldLog>()
    public internal(set) var notices = SortedMap<NoticeID, Notice>()
    public internal(set) var conflicts = SortedMap<ConflictID, Conflict>()
    public internal(set) var links = SortedMap<PartyID, Link>()
    public internal(set) var alarms = SortedMap<AlarmID, Alarm>()
    /// Parties that have suspended the mechanism, ourselves included.
    public internal(set) var suspendedBy = SortedSet<PartyID>()
    public internal(set) var clock = ClockWatch()
    /// On our clock, when an officer last acted at this desk.
    public internal(set) var humanActAt: MonotonicInstant?
    public internal(set) var storageDegraded = false
    /// Since when the store takes writes again, if it once refused them; evidence from before is stale.
    var storesSince: MonotonicInstant?
    public internal(set) var proposedTerms = SortedMap<PartyID, String>()
    public internal(set) var signing = SigningState.unconfirmed
    /// The node key that this run has shown that it signs with.
    var signingKey: Hash32?
    /// The node key that ought to sign next and that this run has shown that it lacks.
    var lackedKey: Hash32?
    /// The change of our keys since which, as an administrator says, what a replaced key signed is not ours.
    var disownedAt: UInt64?
    /// Logs that ended in a fork and were followed by a new epoch.
    public internal(set) var formerLogs: [HeldLog] = []
    /// Our ML-DSA-65 public key, which our acceptance of the terms shows to all; set before the first event.
    public var ownPostQuantumKey: Bytes?
    /// Parties whose logs we have judged and not yet said so, because we may not sign.
    var unstatedEvaluations = SortedSet<PartyID>()
    /// Peers whose link's state has changed since, and is not on record for the same reason.
    var unstatedLinks = SortedSet<PartyID>()
    /// What we hold for silent parties, as a mediator.
    var lodgings = SortedMap<LodgingID, Lodging>()
    /// The keys under which we seal for each reader, and those with which we open what others sealed.
    var sealing: SealingEpochs
    var opened = OpenedEpochs()
    /// Our own notices that collide with each other, in both directions: no conflicts, but our desk is warned.
    var ownCollisions = SortedMap<NoticeID, SortedSet<NoticeID>>()

    /// Records of peers that speak of third parties' notices that are not here yet.
    var deferred: [DeferredRecord] = []
    /// Messages between desks, presence queries and what was disclosed to us.
    public internal(set) var calls = CallBook()
    /// Units, and how far notices and STOPs are passed on.
    public internal(set) var passing = PassingBook()
    /// Officers on duty, a handover under way, acts that wait for a second officer.
    public internal(set) var watch = WatchBook()
    /// STOP messages that came or went, as far as assurance and the record need them.
    public internal(set) var stops = StopFacts()
    public internal(set) var checks = PrivateCheckBook()

    /// Every notice that has not ended, for the conflict test. Derived from `notices`.
    var index: ConflictIndex
    /// When a notice's last window or review date passes. Derived.
    var schedule = SortedSet<ScheduledNotice>()
    /// When an alarm falls due. Derived from `alarms`.
    var dueAlarms = SortedSet<DueAlarm>()
    /// Our own notices by the record of their newest version, to find what a receipt covers. Derived.
    var ownRecords = SortedMap<LogIndex, NoticeID>()

    public init(party: PartyID, terms: Terms, reference: VerticalReference) {
        self.party = party
        self.terms = terms
        self.reference = reference
        index = ConflictIndex(reference: reference)
        sealing = SealingEpochs(log: LogID(party: party))
        for member in terms.parties {
            logs[member.id] = HeldLog(id: LogID(party: member.id), keys: KeyHistory(member))
            if member.id != party { links[member.id] = Link(party: member.id) }
        }
    }

    public var role: TermsParty.Role { terms.party(party)?.role ?? .mediator }

    /// The principals other than us.
    public var counterparts: [PartyID] { terms.principals.map(\.id).filter { $0 != party } }

    /// - Precondition: the terms name us.
    public var ownParty: TermsParty {
        guard let own = terms.party(party) else { preconditionFailure("the terms do not name \(party)") }
        return own
    }

    /// - Precondition: the terms name us.
    public var ownLog: HeldLog {
        guard let log = logs[party] else { preconditionFailure("the terms do not name \(party)") }
        return log
    }

    /// Handles one event. After a refusal nothing has changed.
    ///
    /// - Parameter isReplay: the event comes from our own journal, so signatures in it were verified before.
    public mutating func handle(
        _ event: Event, now: Now, authority: inout some Authority, isReplay: Bool = false
    ) throws(Refusal) -> Handled {
        let prepared = try prepare(event, now: now, isReplay: isReplay)
        var turn = Turn(now: now)
        observe(now, isStart: event == .started, &turn)
        if case .command(let command, let officer) = event, command.isByPerson { noteAct(of: officer, at: now) }
        advance(&turn, &authority)
        let reply = apply(prepared, &turn, &authority)
        reviewSigning(&turn, &authority)
        refreshLinks(&turn, &authority)
        stateLodgings(&turn, &authority)
        stateStops(&turn, &authority)
        releaseKeys(&turn, &authority)
        stateCalls(&turn, &authority)
        reviewWatch(&turn, &authority)
        return Handled(reply: reply, writes: turn.writes, effects: turn.effects)
    }

    /// The earliest moment at which something changes by itself; the driver sends a `tick` then.
    public var nextDeadline: MonotonicInstant? {
        guard let last = clock.last else { return nil }
        var candidates: [MonotonicInstant] = []
        for (_, link) in links { candidates += deadlines(of: link) }
        if let humanActAt { candidates.append(humanActAt.advanced(by: terms.timing.unstaffedAfter + .microseconds(1))) }
        if let next = schedule.first {
            let wait = next.at.duration(since: last.utc)
            candidates.append(last.monotonic.advanced(by: wait < .zero ? .zero : wait + .microseconds(1)))
        }
        if let next = dueAlarms.first { candidates.append(next.at) }
        if signing == .unconfirmed, let startedAt = clock.startedAt {
            candidates.append(startedAt.advanced(by: terms.timing.staleAfter + .microseconds(1)))
        }
        candidates += lodgingDeadlines + missingDeadlines + callDeadlines + watchDeadlines
        return candidates.filter { $0 > last.monotonic }.min()
    }
}

/// What one event does, gathered while it is applied.
struct Turn {
    let now: Now
    /// Who approved what is applied just now, beside the officer who asked for it.
    var secondOfficer: String?
    var writes: [LogWrite] = []
    private var pushes = false
    private var changes = SortedSet<DeskChange>()
    private var stopNotes: [String] = []

    init(now: Now) { self.now = now }

    mutating func push() { pushes = true }
    mutating func show(_ change: DeskChange) { changes.insert(change) }

    /// A peer's record carries this STOP message.
    mutating func heard(stop note: String) { stopNotes.append(note) }

    var effects: [Effect] {
        (pushes ? [.push] : []) + stopNotes.map { Effect.stop(note: $0) } + changes.map { Effect.show($0) }
    }
}

/// A moment at which a notice may become overdue or unconfirmed.
struct ScheduledNotice: Comparable, Hashable, Sendable {
    let at: UTCInstant
    let notice: NoticeID

    static func < (a: Self, b: Self) -> Bool { (a.at, a.notice) < (b.at, b.notice) }
}

/// A moment at which an alarm that nobody has answered falls due.
struct DueAlarm: Comparable, Hashable, Sendable {
    let at: MonotonicInstant
    let alarm: AlarmID

    static func < (a: Self, b: Self) -> Bool { (a.at, a.alarm) < (b.at, b.alarm) }
}

/// Watches this machine's two clocks against each other.
public struct ClockWatch: Sendable, Codable, Hashable {
    public internal(set) var last: Now?
    /// When UTC was last seen to step; ends when every principal has answered a later challenge in time.
    public internal(set) var steppedAt: MonotonicInstant?
    /// When this run began: evidence from before it is stale.
    public internal(set) var startedAt: MonotonicInstant?
}

extension Mechanism {
    /// The store's health is no event: when it refuses writes, nothing can be journalled. Shown until a commit
    /// succeeds again.
    public mutating func setStorageDegraded(_ degraded: Bool) {
        // What was refused is forgotten, among it perhaps a larger head that somebody showed: all are asked again.
        if storageDegraded, !degraded { storesSince = clock.last?.monotonic }
        storageDegraded = degraded
    }
}
