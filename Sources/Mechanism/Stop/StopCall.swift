import Kernel
import Records

/// A message that a board holds.
public struct StopHeld: Equatable, Sendable {
    public let message: StopMessage
    public let id: Hash32
    /// Exactly as it was signed.
    public let note: String
    /// When it came here or was made here.
    public let at: UTCInstant
    /// Made here by an officer or the board, as opposed to one of ours that a peer gave back to us.
    public let isLive: Bool
    /// Which parties are known to hold it.
    public internal(set) var received = SortedSet<PartyID>()
    /// Which mediators hold it for whom.
    public internal(set) var handed = SortedMap<PartyID, SortedSet<PartyID>>()
    public internal(set) var isLogged = false

    init(message: StopMessage, id: Hash32, note: String, at: UTCInstant, isLive: Bool) {
        self.message = message
        self.id = id
        self.note = note
        self.at = at
        self.isLive = isLive
    }
}

extension StopHeld: Codable {
    private enum CodingKeys: String, CodingKey { case note, at, isLive, received, handed, isLogged }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        note = try container.decode(String.self, forKey: .note)
        message = try StopMessage.trusted(note: note)
        id = message.id
        at = try container.decode(UTCInstant.self, forKey: .at)
        isLive = try container.decode(Bool.self, forKey: .isLive)
        received = try container.decode(SortedSet<PartyID>.self, forKey: .received)
        handed = try container.decode(SortedMap<PartyID, SortedSet<PartyID>>.self, forKey: .handed)
        isLogged = try container.decode(Bool.self, forKey: .isLogged)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(note, forKey: .note)
        try container.encode(at, forKey: .at)
        try container.encode(isLive, forKey: .isLive)
        try container.encode(received, forKey: .received)
        try container.encode(handed, forKey: .handed)
        try container.encode(isLogged, forKey: .isLogged)
    }
}

/// A message that asks for an answer: a press, a report of no effect; at a mediator, an escalation.
struct StopCause: Hashable, Sendable, Codable {
    let id: Hash32
    let author: PartyID
    let createdAt: UTCInstant
}

/// How far a STOP has come with one addressee; of the answers, the last that answers what is newest.
public enum StopStanding: String, Hashable, Sendable, Codable, CaseIterable {
    case sent
    /// A mediator holds it for the addressee, whose own receipt is missing.
    case handedToRelay
    case received, heard, ordered, ceaseReported, notOurs, cannot
}

/// One STOP as one node knows it.
public struct StopCall: Equatable, Sendable, Codable {
    public let id: StopID
    /// Who pressed.
    public internal(set) var author: PartyID
    public internal(set) var mode: Mode
    /// Rises with each STOP that this node opens.
    public let serial: UInt64
    /// When this node had it first.
    public let openedAt: UTCInstant
    /// In the order in which they came.
    public internal(set) var messages: [StopHeld] = []
    public internal(set) var ladder: StopLadder
    /// `nil` while it is open.
    public internal(set) var closedAt: UTCInstant?
    var closedSince: MonotonicInstant?
    var causes: [StopCause] = []
    /// Ids of messages that were held once, newest last: they are no news when they come again.
    var seen: [Hash32] = []
    /// Which causes each party has heard, and which it has answered with more than *heard*.
    var heard = SortedMap<PartyID, SortedSet<Hash32>>()
    var answered = SortedMap<PartyID, SortedSet<Hash32>>()
    /// After which causes the author saw the effect.
    var observed = SortedSet<Hash32>()

    init(id: StopID, author: PartyID, mode: Mode, serial: UInt64, now: Now) {
        self.id = id
        self.author = author
        self.mode = mode
        self.serial = serial
        openedAt = now.utc
        ladder = StopLadder(since: StopMoment(now))
    }

    public var isOpen: Bool { closedAt == nil }

    /// The first press; `nil` while only later ones or escalations have come.
    public var press: StopPress? {
        guard let held = messages.first(where: { $0.id == id }), case .stop(let press) = held.message.content else {
            return nil
        }
        return press
    }

    func holds(_ message: Hash32) -> Bool { seen.contains(message) || messages.contains { $0.id == message } }
}
