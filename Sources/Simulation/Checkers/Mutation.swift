import Kernel
import Mechanism

/// A planted defect: the same simulation of a build that is broken in one way. At least one for each checker, which
/// has to find it.
public enum Mutation: String, CaseIterable, Sendable {
    /// One node's screens say clear where its core says conflict.
    case hidesConflicts
    /// One node's screens never change again once they have said clear.
    case screenSticks
    /// One node's screens say clear where its core says unknown.
    case hidesDoubt
    /// One node's screens say clear where its core says conditions.
    case hidesConditions
    /// One node shows no conflict in which it is the second party.
    case losesConflicts
    /// One node names its conflicts otherwise than the others.
    case namesConflictsOtherwise
    /// A crash of any node loses what it committed and acknowledged last.
    case commitsLate
    /// One node gives receipts for records before they are on its disk, and loses them in a crash.
    case receiptsEarly
    /// One node changes a record of its own log when it starts again.
    case rewritesLog
    /// One node sends bodies to whom they are not addressed.
    case sendsEveryBody
    /// One node seals every body under the same content key.
    case reusesContentKey
    /// No node shows another the heads that it holds.
    case hidesHeads
    /// One node takes none of its own records back.
    case neverRestores
    /// One node never forgets a challenge that was not answered.
    case queuesGrow
    /// One node answers every answer to a push with two pushes.
    case answersBreed
    /// The network's delays come from outside of the seed.
    case unseeded
    /// STOP: a message is sent once.
    case stopSentOnce
    /// STOP: a restart begins with an empty board.
    case stopForgotten
    /// STOP: what was rung is not written down before it rings.
    case ringsForgotten

    /// Whether it is of the STOP path, which has a world of its own.
    public var isOfStop: Bool { stop != nil }

    var stop: StopMutation? {
        switch self {
        case .stopSentOnce: .noRepeats
        case .stopForgotten: .ladderNotRestored
        case .ringsForgotten: .ringsForgotten
        case .hidesConflicts, .screenSticks, .hidesDoubt, .hidesConditions, .losesConflicts, .namesConflictsOtherwise,
            .commitsLate, .receiptsEarly, .rewritesLog, .sendsEveryBody, .reusesContentKey, .hidesHeads,
            .neverRestores, .queuesGrow, .answersBreed, .unseeded:
            nil
        }
    }
}

extension Mutation {
    /// Names of the checkers that have to find it, each of them.
    public var caughtBy: [String] {
        switch self {
        case .hidesConflicts: [ReceivedConflictChecker.name]
        case .screenSticks: [EvidenceExpiryChecker.name]
        case .hidesDoubt:
            [
                AbsentPrincipalChecker.name, MissingRecordsChecker.name, UndeliveredNoticeChecker.name,
                OverdueNoticeChecker.name, DoubtfulClockChecker.name,
            ]
        case .hidesConditions: [AgreedConditionsChecker.name]
        case .losesConflicts, .namesConflictsOtherwise: [AgreementChecker.name]
        case .commitsLate, .receiptsEarly: [AcknowledgedChecker.name]
        case .rewritesLog: [PrefixChecker.name]
        case .sendsEveryBody, .reusesContentKey: [AddressedChecker.name]
        case .hidesHeads: [ForkChecker.name]
        case .neverRestores: [SigningChecker.name]
        case .queuesGrow: [QueueChecker.name]
        case .answersBreed: [EndChecker.name]
        case .unseeded: [TraceChecker.name]
        case .stopSentOnce, .stopForgotten, .ringsForgotten: [StopRun.name]
        }
    }
}

/// What a planted defect has to remember.
struct MutationMemory: Sendable {
    /// By party and line: the last clear that a stuck screen showed.
    var shown = SortedMap<String, Screen>()
}
