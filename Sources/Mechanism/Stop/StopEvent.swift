import Kernel
import Records

/// What happens to a board.
public enum StopEvent: Hashable, Sendable, Codable {
    /// The node runs again, after the events of its file were folded.
    case started
    /// Nothing, at ``StopBoard/nextDeadline``.
    case tick
    /// This node has made, signed and sent a message.
    case own(note: String)
    /// Came from a party: its author, a mediator that relays, another principal that passes it on, or a log.
    case received(note: String, via: PartyID)
    /// A mediator says that it holds a message of ours for a party.
    case handed(message: Hash32, to: PartyID, relay: PartyID)
    /// The shell is about to ring the bells outside the browser for this.
    case rung(StopRing.ID)
    /// The joint record holds our message.
    case logged(message: Hash32)
}

/// A signed note with the id of its message.
public struct StopNote: Hashable, Sendable {
    public let id: Hash32
    public let note: String

    public init(id: Hash32, note: String) {
        self.id = id
        self.note = note
    }
}

/// What the shell does next, in this order.
public enum StopEffect: Hashable, Sendable {
    /// Rings the desk.
    case ring(StopRing)
    /// Sends these to the party, at once, on every way: its addresses and every relay (``StopBoard/relays(to:)``).
    case send(to: PartyID, [StopNote])
    /// Signs a message, sends it to the party on every way and hands it back as ``StopEvent/own(note:)``.
    case sign(StopContent, to: PartyID)
    /// Hands a message of ours to the joint record, which takes each once; asked again after each start until
    /// ``StopEvent/logged(message:)``.
    case log(StopNote)
    /// What desks see of it has changed.
    case show(StopID)
}

/// A desk is rung for a STOP.
public struct StopRing: Hashable, Sendable {
    /// Names a ring for ever: the same before and after a restart.
    public struct ID: Hashable, Comparable, Sendable, Codable {
        public let stop: StopID
        /// From 1: the desk is rung anew by another press, by a report of no effect, and when *heard* was not followed up.
        public let round: Int
        /// 0 the watch, 1 the releasing officer as well, 2 command as well.
        public let rung: Int
        /// At the top it rings again each time that ``TermsTiming/stopTop`` has passed: from 0.
        public let turn: Int

        public init(stop: StopID, round: Int, rung: Int, turn: Int) {
            self.stop = stop
            self.round = round
            self.rung = rung
            self.turn = turn
        }

        /// Within one STOP, in the order of time.
        public static func < (a: Self, b: Self) -> Bool {
            (a.stop, a.round, a.rung, a.turn) < (b.stop, b.round, b.rung, b.turn)
        }
    }

    public let id: ID
    /// Who pressed.
    public let author: PartyID
    public let mode: Mode
    /// When this ring was due, on this node's clock.
    public let since: UTCInstant
    /// `false`: it has rung before this node was restarted, and nobody has heard it yet.
    public let isNew: Bool

    public init(id: ID, author: PartyID, mode: Mode, since: UTCInstant, isNew: Bool) {
        self.id = id
        self.author = author
        self.mode = mode
        self.since = since
        self.isNew = isNew
    }
}

/// What came of one event.
public struct StopHandled: Sendable {
    public let effects: [StopEffect]
    /// Whether the event belongs in the file. Copies and most ticks do not.
    public let isNews: Bool
}

/// Why an event or an officer's wish was refused. The board is as it was.
public enum StopRefusal: Error, Hashable, Sendable {
    case rejected(StopRejection)
    /// A message that this node does not take part in.
    case notAddressedToUs
    /// An own message in another party's name.
    case notOurs(PartyID)
    case noSuchStop(StopID)
    /// Only who pressed reports the effect and lifts.
    case notItsAuthor(PartyID)
    /// Who pressed does not answer.
    case notAnAddressee(PartyID)
    case mediatorMayNotPress(PartyID)
    case mediatorOnlyHears(PartyID)
    /// An escalation by a party that neither pressed nor is addressed.
    case notInvolved(PartyID)
    case alreadyLifted(StopID)
    /// The effect was not observed since the last press, or not every addressee has said that it is not theirs.
    case noGrounds(StopLift.Outcome)

    public var name: String {
        switch self {
        case .rejected(let rejection): rejection.name
        case .notAddressedToUs: "notAddressedToUs"
        case .notOurs: "notOurs"
        case .noSuchStop: "noSuchStop"
        case .notItsAuthor: "notItsAuthor"
        case .notAnAddressee: "notAnAddressee"
        case .mediatorMayNotPress: "mediatorMayNotPress"
        case .mediatorOnlyHears: "mediatorOnlyHears"
        case .notInvolved: "notInvolved"
        case .alreadyLifted: "alreadyLifted"
        case .noGrounds: "noGrounds"
        }
    }

    /// One sentence for a person.
    public var sentence: String {
        switch self {
        case .rejected(let rejection): rejection.sentence
        case .notAddressedToUs: "the message is not addressed to this node"
        case .notOurs(let party): "the message is in the name of \(party)"
        case .noSuchStop(let id): "no STOP \(id) is known here"
        case .notItsAuthor(let party): "\(party) did not press this STOP"
        case .notAnAddressee(let party): "\(party) is not addressed by this STOP"
        case .mediatorMayNotPress(let party): "\(party) is a mediator and does not press STOP"
        case .mediatorOnlyHears(let party): "\(party) is a mediator and may only say that it has heard"
        case .notInvolved(let party): "\(party) neither pressed this STOP nor is addressed by it"
        case .alreadyLifted: "the STOP is lifted"
        case .noGrounds(.effectObserved): "report first that the effect is observed"
        case .noGrounds(.notOurs): "not every addressee has said that it is not theirs"
        case .noGrounds(.withdrawn): "the STOP cannot be withdrawn"
        }
    }
}
