import Kernel
import Records

/// Messages between desks, presence queries with their answers, and what others have disclosed to us.
public struct CallBook: Sendable, Codable {
    public internal(set) var messages = SortedMap<RecordID, Call>()
    public internal(set) var presence = SortedMap<RecordID, PresenceExchange>()
    /// By the record that discloses; ours as well.
    public internal(set) var disclosures = SortedMap<RecordID, Disclosed>()

    /// Reports of danger, in either direction, that nobody has acknowledged.
    var dangers = SortedSet<RecordID>()
    /// On our clock, when the desk is told that nobody has answered a call of ours.
    var waits = SortedMap<RecordID, MonotonicInstant>()
    /// On our clock, when officers ought to have spoken again with each other principal.
    var checksDue = SortedMap<PartyID, MonotonicInstant>()
    /// What the node says by itself and could not say yet, because it may not sign; oldest first.
    var unstated: [CallStatement] = []

    public init() {}
}

/// What a node puts on record about calls without an officer.
enum CallStatement: Sendable, Codable, Equatable {
    case checked(CommCheck)
    /// A call of ours has climbed to the top of its ladder: the mediators hear of it.
    case unanswered(RecordID)
}

/// One message, ours or a peer's, with the separate facts about it.
public struct Call: Sendable, Codable, Equatable {
    public let id: RecordID
    public let mode: Mode
    public let audience: [PartyID]
    public let createdAt: UTCInstant
    /// `nil` when its author's node called by itself.
    public let officer: String?
    public let content: MessageContent
    /// The earlier of what its precedence allows, what its sender asks and what it is about; never before `createdAt`.
    public let dueAt: UTCInstant
    /// By addressee.
    public var facts: SortedMap<PartyID, CallFacts>
    /// When we told the mediators, by a record of ours, that nobody answers.
    public var escalatedAt: UTCInstant?

    public var precedence: Precedence { content.ringsAs }

    /// Addressees of whom no officer has acknowledged it.
    public var missing: [PartyID] { facts.filter { $0.value.acknowledgedAt == nil }.map(\.key) }

    public var isClosed: Bool { missing.isEmpty }
}

/// What is known of a message or a query at one addressee. Each fact is stated by the one who can know it.
public struct CallFacts: Sendable, Codable, Hashable {
    /// By the holder's clock, from its receipt.
    public var receiptedAt: UTCInstant?
    /// When a mediator said that it holds the record for this party, which keeps silent: no receipt.
    public var lodgedAt: UTCInstant?
    public var lodgedWith: PartyID?
    /// When its node said that it has judged it: principals state that to each other, a mediator neither says nor hears
    /// it.
    public var evaluatedAt: UTCInstant?
    /// Of a query, when it was first answered.
    public var acknowledgedAt: UTCInstant?
    public var acknowledgedBy: String?
    /// How often it was read back, rightly or wrongly.
    public var readBacks = 0
    /// Fields that were read back wrongly, at the newest attempt.
    public var mismatches: [MessageFieldName] = []

    public init() {}
}

/// A presence query and what was answered.
public struct PresenceExchange: Sendable, Codable, Equatable {
    public let id: RecordID
    public let mode: Mode
    public let audience: [PartyID]
    public let createdAt: UTCInstant
    public let officer: String?
    public let query: PresenceQuery
    public let dueAt: UTCInstant
    /// By party asked; an answer takes the place of an acknowledgement.
    public var facts: SortedMap<PartyID, CallFacts>
    /// The newest answer of each party asked. Whoever was asked sees its own only.
    public var answers: SortedMap<PartyID, PresenceFact>
    /// When we told the mediators, by a record of ours, that nobody answers.
    public var escalatedAt: UTCInstant?

    public var missing: [PartyID] { audience.filter { answers[$0] == nil } }
}

public struct PresenceFact: Sendable, Codable, Hashable {
    public let record: RecordID
    public let answer: PresenceAnswer
    public let officer: String?
    public let createdAt: UTCInstant
    /// Notices of the answering party that were found within what it said was empty, in order. They stay, whatever
    /// becomes of those notices: only a new answer takes the place of one that was shown to be wrong.
    public var contradictedBy: [NoticeID]

    /// Whether it says at that moment that there is nobody.
    public func denies(at utc: UTCInstant) -> Bool {
        answer.answer == .none && answer.validUntil.map { utc < $0 } ?? false
    }
}

/// A record that a principal has opened to us, or that we have opened to a mediator.
public struct Disclosed: Sendable, Codable, Hashable {
    public let disclosure: Disclosure
    public let by: PartyID
    public let to: PartyID
    public let officer: String?
    public let at: UTCInstant
}

/// What an officer does with calls.
public enum CallCommand: Sendable, Codable, Hashable {
    /// - Parameter to: `nil` for every other principal.
    case send(MessageContent, mode: Mode, to: [PartyID]?)
    /// What was read back wrongly stands in the call's facts afterwards.
    case acknowledge(MessageAcknowledgement)
    /// - Parameter to: `nil` for every other principal.
    case query(PresenceQuery, mode: Mode, to: [PartyID]?)
    case answer(PresenceAnswer)
    /// Opens one record, ours or one that is addressed to us, to a mediator.
    case disclose(Disclosure, to: PartyID)
}
