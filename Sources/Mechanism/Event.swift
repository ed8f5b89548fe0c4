import Kernel
import Records

/// Everything that can happen to a node, in the one order in which its driver took it. What is accepted is
/// journalled; the node's state is the fold over it.
public enum Event: Sendable, Codable, Hashable {
    /// The process began. All evidence of earlier runs is stale.
    case started
    /// A deadline has come.
    case tick
    case command(Command, officer: String)
    /// Records of a log, delivered by its author or by whoever mirrors it.
    case pushed(Push)
    /// A receipt that a peer gave for our log; `root` is our own at its size, which the core does not remember.
    case receipt(from: PartyID, note: String, root: Hash32?)
    /// Signed heads of logs that a peer holds, as it showed them to us.
    case heads(from: PartyID, [ShownHead])
    /// A note that a party's root keys have signed: a change of keys, or a new epoch.
    case statement(note: String)
    /// What became of our pushes of others' logs to a party that is silent.
    case attempts(PushAttempts)
    /// A signed message of the STOP path, ours or a peer's, to be put on record.
    case stop(note: String)
    /// Writes a record that says nothing, so that fewer can be told from how many there are.
    case cover(noise: Bytes)
    /// This node's part in a private check.
    case check(PrivateCheckAct)
    /// An answer to our challenge; `sentAt` is when we sent that.
    case heartbeat(HeartbeatAnswer, sentAt: MonotonicInstant)
}

/// What an officer at this desk does.
public enum Command: Sendable, Codable, Hashable {
    /// Signed in or otherwise showed that a person is there.
    case present
    /// - Parameter audience: `nil` for every other principal.
    case file(NoticeFields, mode: Mode, audience: [PartyID]?)
    case amend(NoticeID, expectedVersion: UInt64, NoticeFields)
    case end(NoticeID, reason: NoticeEnd.Reason, remarks: String?)
    case acknowledge(NoticeID, version: UInt64, ReadBack)
    case position(ConflictID, stance: ConflictPosition.Stance, conditions: [String], remarks: String?)
    case suspend(Bool, reason: String?)
    case acknowledgeAlarm(AlarmID)
    /// Show every party a next version of the terms, as a file; it changes nothing.
    case proposeTerms(String)
    /// Sign although no peer has confirmed how much of our log it holds: an administrator answers for it.
    case signUnconfirmed(reason: String)
    case call(CallCommand)
    case watch(WatchCommand)
    case plan(SealedPlanCommand)
}

extension Command {
    /// Whether an officer does it, as opposed to a unit's own system.
    var isByPerson: Bool {
        if case .watch(.confirm) = self { false } else { true }
    }
}

/// A run of a log's records with its author's signed checkpoint over their end.
public struct Push: Sendable, Codable, Hashable {
    /// Who delivered it; what counts is who signed it.
    public let from: PartyID
    public let log: LogID
    public let first: LogIndex
    public let envelopes: [Bytes]
    /// Signed note over the tree that ends with the last envelope.
    public let checkpoint: String
    /// RFC 6962 proof from the tree that ends before `first`; empty when the deliverer gave none.
    public let consistency: [Hash32]

    public init(
        from: PartyID, log: LogID, first: LogIndex, envelopes: [Bytes], checkpoint: String, consistency: [Hash32] = []
    ) {
        self.from = from
        self.log = log
        self.first = first
        self.envelopes = envelopes
        self.checkpoint = checkpoint
        self.consistency = consistency
    }
}

extension Event {
    /// Records of `from`'s own first log, delivered by itself.
    public static func entries(
        from: PartyID, first: LogIndex, envelopes: [Bytes], checkpoint: String, consistency: [Hash32] = []
    ) -> Event {
        .pushed(
            Push(
                from: from, log: LogID(party: from), first: first, envelopes: envelopes, checkpoint: checkpoint,
                consistency: consistency))
    }
}

/// A signed head of some log as a peer showed it, and how it relates to what we hold of that log.
public struct ShownHead: Sendable, Codable, Hashable {
    public let log: LogID
    /// Its author's signed checkpoint, with any cosignatures.
    public let note: String
    public let relation: Relation?

    /// An RFC 6962 consistency proof between the shown head and ours: from the smaller tree to the larger.
    public struct Relation: Sendable, Codable, Hashable {
        /// The smaller size: of the shown head when that is the smaller one, else what we held when we asked. We may
        /// hold more when the answer comes.
        public let size: UInt64
        /// Root of the smaller size, by whoever made the proof: by us when the shown head is the smaller one, else by
        /// the peer.
        public let root: Hash32
        public let consistency: [Hash32]
        /// The author's signed checkpoint in our history that the proof is to be held against; `nil` for the one over
        /// all that we hold of another's log.
        public let heldNote: String?

        public init(size: UInt64, root: Hash32, consistency: [Hash32], heldNote: String? = nil) {
            self.size = size
            self.root = root
            self.consistency = consistency
            self.heldNote = heldNote
        }
    }

    public init(log: LogID, note: String, relation: Relation?) {
        self.log = log
        self.note = note
        self.relation = relation
    }
}

/// What a mediator's node tried, in vain, to hand another party's records to a silent one.
public struct PushAttempts: Sendable, Codable, Hashable {
    public let to: PartyID
    public let log: LogID
    public let attempts: UInt64
    public let firstAt: UTCInstant
    public let lastAt: UTCInstant

    public init(to: PartyID, log: LogID, attempts: UInt64, firstAt: UTCInstant, lastAt: UTCInstant) {
        self.to = to
        self.log = log
        self.attempts = attempts
        self.firstAt = firstAt
        self.lastAt = lastAt
    }
}

/// What a handled event asks the shell to do once its commit is durable.
public enum Effect: Sendable, Hashable {
    /// Our log has grown: offer it to every peer.
    case push
    /// Something that desks see has changed.
    case show(DeskChange)
    /// A peer's record carries a STOP message: one more way on which it may have come.
    case stop(note: String)
}

public enum DeskChange: Sendable, Hashable, Comparable {
    case notice(NoticeID)
    case conflict(ConflictID)
    case alarm(AlarmID)
    case link(PartyID)
    case assurance
    case call(RecordID)
    case presence(RecordID)
    /// How far notices and STOPs are passed on, to our units and by the others.
    case passing
    /// Who is on duty, a handover, acts that wait for a second officer.
    case watch
    /// A private check.
    case check(Hash32)
    /// Plans that stay on this node.
    case plans

    private var rank: Int {
        switch self {
        case .notice: 0
        case .conflict: 1
        case .alarm: 2
        case .link: 3
        case .assurance: 4
        case .call: 5
        case .presence: 6
        case .passing: 7
        case .watch: 8
        case .check: 9
        case .plans: 10
        }
    }

    public static func < (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.notice(let a), .notice(let b)): a < b
        case (.conflict(let a), .conflict(let b)): a < b
        case (.alarm(let a), .alarm(let b)): a < b
        case (.link(let a), .link(let b)): a < b
        case (.call(let a), .call(let b)): a < b
        case (.presence(let a), .presence(let b)): a < b
        case (.check(let a), .check(let b)): a < b
        case (.notice, _), (.conflict, _), (.alarm, _), (.link, _), (.assurance, _), (.call, _), (.presence, _),
            (.passing, _), (.watch, _), (.check, _), (.plans, _):
            a.rank < b.rank
        }
    }
}

/// What has to be durable before anything else happens.
public struct LogWrite: Sendable, Hashable {
    public let log: LogID
    /// Place in the log's tree, from 0 in each epoch.
    public let leaf: LogIndex
    public let record: RecordID
    public let envelope: [UInt8]
}

/// The result of one accepted event.
public struct Handled: Sendable {
    public var reply: Reply
    public var writes: [LogWrite]
    public var effects: [Effect]
}

public enum Reply: Sendable, Hashable {
    case done
    case filed(NoticeID, version: UInt64, collisions: [Collision])
    case acknowledged([ReadBackMismatch])
    /// Our copy of the peer's log now has this size.
    case holding(size: UInt64)
    /// A record of ours: a message, a query, an answer.
    case recorded(RecordID)
    /// A plan that stays here.
    case sealed(SealedPlanID)
    /// The act waits for a second officer.
    case pending(PendingID)
    /// The second officer approved it, and it cannot be done any more: it has left the list.
    case lapsed(PendingID, Refusal)
}

/// Why an event was refused. Nothing changed and nothing is journalled.
public enum Refusal: Error, Hashable, Sendable {
    case field(FieldRejection)
    case noSuchNotice(NoticeID)
    case notYourNotice(NoticeID)
    case yourOwnNotice(NoticeID)
    case staleVersion(NoticeID, expected: UInt64, current: UInt64)
    case alreadyEnded(NoticeID)
    case unknownKind(String)
    case unknownAudience(PartyID)
    case reviewMissing
    case reviewTooFar
    case altitudeReversed(volume: Int)
    case tooManyNotices
    case tooManyReadBacks(NoticeID)
    case notAddressedToUs(NoticeID)
    case noSuchConflict(ConflictID)
    case conflictCleared(ConflictID)
    case notYourConflict(ConflictID)
    case noSuchAlarm(AlarmID)
    case mediatorCannotFile
    case alreadySuspended
    case notSuspended
    case bodyTooLong
    case ownLogFrozen
    /// This run has signed nothing yet, and no peer has confirmed how much of our log it holds.
    case sizeNotConfirmed
    /// A peer has signed that it holds more of our log than we do: this node was restored from an old copy.
    case ownLogBehind(held: UInt64, theirs: UInt64)
    case alreadyConfirmed
    // From peers.
    case unknownPeer(PartyID)
    case notNext(expected: LogIndex, found: LogIndex)
    case record(index: LogIndex, RecordRejection)
    case badCheckpoint(PartyID)
    case checkpointMismatch(PartyID, size: UInt64)
    case logFrozen(PartyID)
    case badReceipt(PartyID)
    case staleChallenge(PartyID)
    /// Another epoch of a party's log than the one in force.
    case wrongEpoch(LogID)
    /// Our own log, offered while we are its only writer.
    case ownLogOffered
    case badHead(LogID)
    case badStatement(StatementRejection)
    case notARelay(PartyID)
    // The hotline.
    case noSuchCall(RecordID)
    case notYourCall(RecordID)
    case alreadyAcknowledged(RecordID)
    case noSuchQuery(RecordID)
    /// As many as a node keeps are open.
    case tooManyCalls
    /// While a principal has suspended the mechanism only STOP, distress, crossings, hazards and comm checks go on.
    case suspended(by: PartyID)
    /// The template is not for a party of our role.
    case templateNotForRole(MessageTemplate)
    case noSuchUnit(String)
    case unitExists(String)
    case tooManyUnits
    case noSuchPendingAct(PendingID)
    /// Only the officer who asked for it withdraws it.
    case notYourPendingAct(PendingID)
    case tooManyPendingActs
    /// A second officer is another one.
    case sameOfficer
    case noHandover
    /// Only the officer who has the watch, or to whom it is offered.
    case notOnDuty
    /// The watch is handed over, not taken, while its officer acts.
    case watchTaken(by: String)
    case handoverUnderWay
    case noSuchItem(String)
    case itemsLeft(Int)
    case notIncomingOfficer
    case noSuchRecord(RecordID)
    case badStop(StopRejection)
    // Private checks.
    /// The terms have none.
    case noPrivateChecks
    case noSuchCheck(Hash32)
    /// It is over, or this step of it was taken before.
    case checkOver(Hash32)
    /// As many as may be open with one party, or as the terms allow in a day.
    case tooManyChecks
    case noSuchPlan(SealedPlanID)
    case tooManyPlans
}
