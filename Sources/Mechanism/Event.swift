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
    /// Records of `from`'s own log, pushed by it, and its signed checkpoint over them.
    case entries(from: PartyID, first: LogIndex, envelopes: [Bytes], checkpoint: String)
    /// A receipt that a peer gave for our log.
    case receipt(from: PartyID, note: String)
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
}

/// What a handled event asks the shell to do once its commit is durable.
public enum Effect: Sendable, Hashable {
    /// Our log has grown: offer it to every peer.
    case push
    /// Something that desks see has changed.
    case show(DeskChange)
}

public enum DeskChange: Sendable, Hashable, Comparable {
    case notice(NoticeID)
    case conflict(ConflictID)
    case alarm(AlarmID)
    case link(PartyID)
    case assurance

    private var order: (Int, String) {
        switch self {
        case .notice(let id): (0, id.description)
        case .conflict(let id): (1, id.hex)
        case .alarm(let id): (2, id)
        case .link(let party): (3, party.name)
        case .assurance: (4, "")
        }
    }

    public static func < (a: Self, b: Self) -> Bool { a.order < b.order }
}

/// What has to be durable before anything else happens.
public struct LogWrite: Sendable, Hashable {
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
    // From peers.
    case unknownPeer(PartyID)
    case notNext(expected: LogIndex, found: LogIndex)
    case record(index: LogIndex, RecordRejection)
    case badCheckpoint(PartyID)
    case checkpointMismatch(PartyID, size: UInt64)
    case logFrozen(PartyID)
    case badReceipt(PartyID)
    case staleChallenge(PartyID)
}
