import Kernel
import Records

/// What this node can say of one notice, or of the mechanism as a whole: the strongest is that it knows of no
/// conflict, on evidence that it names and that expires.
public struct Assurance: Sendable, Hashable {
    public enum Answer: String, Sendable, Hashable, CaseIterable {
        case clear, conditions, conflict, unknown

        /// The words on every screen; none can be taken for permission.
        public var shown: String {
            switch self {
            case .clear: "NO KNOWN CONFLICT"
            case .conditions: "NO KNOWN CONFLICT UNDER CONDITIONS"
            case .conflict: "CONFLICT"
            case .unknown: "UNKNOWN"
            }
        }
    }

    public let notice: NoticeID?
    public let answer: Answer
    /// All that applies, also below the answer's own rule.
    public let reasons: [AssuranceReason]
    public let conditions: [String]
    public let evidence: [Evidence]
    public let gaps: [CoverageGap]
    /// On our clock: when `clear` or `conditions` becomes `unknown` if nothing more is heard. `nil` for the
    /// other answers.
    public let validUntil: MonotonicInstant?

    /// The head of a principal's log on which the answer rests.
    public struct Evidence: Sendable, Hashable {
        public let party: PartyID
        public let size: UInt64
        public let root: Hash32
        /// Since we sent the challenge that its newest answer echoes.
        public let age: Duration?
    }
}

/// Why an answer is not `clear`; each names its party, its record and what ends it.
public enum AssuranceReason: Sendable, Hashable {
    case conflict(ConflictID, with: NoticeID, state: ConflictState)
    case neverHeard(PartyID)
    case evidenceStale(PartyID, age: Duration)
    case headLarger(PartyID, theirs: UInt64, ours: UInt64)
    /// It shows less of its own log than it has signed.
    case headSmaller(PartyID, theirs: UInt64, ours: UInt64)
    case notReceipted(PartyID, RecordID)
    case notEvaluated(PartyID, RecordID)
    case unreadableHere(RecordID)
    case unreadableThere(PartyID, RecordID)
    /// It speaks of a third party's notice that has not come.
    case waiting(RecordID)
    /// Its author has signed a head that is not yet known to continue what we hold.
    case headNotCompared(PartyID, size: UInt64)
    /// This node may not sign, so the others do not hear what it finds.
    case notSigning(PartyID)
    case suspended(PartyID)
    case unstaffed(PartyID)
    case termsDiffer(PartyID)
    case logFrozen(PartyID)
    case clockDiffers(PartyID, by: Duration)
    case clockStepped
    case storageDegraded
    case needsAcknowledgement(PartyID, NoticeID)
    /// It has not said that every unit of its own that the notice concerns has the newest version.
    case needsPassingOn(PartyID, NoticeID)
    case pastItsTime(NoticeID, NoticeStatus)
    case ended(NoticeID)
    /// Somebody has pressed STOP and not lifted it.
    case stopOpen(PartyID, StopID)
    /// A mediator holds no bodies.
    case judgesNothing(PartyID)
}

/// What a `clear` does not cover.
public enum CoverageGap: Sendable, Hashable {
    case notAddressedToUs(PartyID, records: UInt64)
    case notAcknowledged(PartyID, NoticeID)
    /// A report of distress, a crossing or a hazard, by this party, that nobody has acknowledged.
    case dangerNotAcknowledged(PartyID, RecordID)
    case plansNotFiled
}

extension AssuranceReason {
    public var party: PartyID? {
        switch self {
        case .conflict(_, let with, _): with.party
        case .neverHeard(let party), .evidenceStale(let party, _), .headLarger(let party, _, _),
            .headSmaller(let party, _, _),
            .notReceipted(let party, _), .notEvaluated(let party, _), .unreadableThere(let party, _),
            .suspended(let party), .unstaffed(let party), .termsDiffer(let party), .logFrozen(let party),
            .clockDiffers(let party, _), .needsAcknowledgement(let party, _), .needsPassingOn(let party, _),
            .judgesNothing(let party),
            .headNotCompared(let party, _), .notSigning(let party), .stopOpen(let party, _):
            party
        case .unreadableHere(let record), .waiting(let record): record.party
        case .pastItsTime(let notice, _), .ended(let notice): notice.party
        case .clockStepped, .storageDegraded: nil
        }
    }

    public var record: RecordID? {
        switch self {
        case .notReceipted(_, let record), .notEvaluated(_, let record), .unreadableHere(let record),
            .unreadableThere(_, let record), .waiting(let record):
            record
        case .conflict(_, let notice, _), .needsAcknowledgement(_, let notice), .needsPassingOn(_, let notice),
            .pastItsTime(let notice, _),
            .ended(let notice):
            notice
        case .neverHeard, .evidenceStale, .headLarger, .headSmaller, .suspended, .unstaffed, .termsDiffer, .logFrozen,
            .clockDiffers, .clockStepped, .storageDegraded, .judgesNothing, .headNotCompared, .notSigning, .stopOpen:
            nil
        }
    }

    public var name: String {
        switch self {
        case .conflict: "conflict"
        case .neverHeard: "neverHeard"
        case .evidenceStale: "evidenceStale"
        case .headLarger: "headLarger"
        case .headSmaller: "headSmaller"
        case .notReceipted: "notReceipted"
        case .notEvaluated: "notEvaluated"
        case .unreadableHere: "unreadableHere"
        case .unreadableThere: "unreadableThere"
        case .waiting: "waiting"
        case .headNotCompared: "headNotCompared"
        case .notSigning: "notSigning"
        case .suspended: "suspended"
        case .unstaffed: "unstaffed"
        case .termsDiffer: "termsDiffer"
        case .logFrozen: "logFrozen"
        case .clockDiffers: "clockDiffers"
        case .clockStepped: "clockStepped"
        case .storageDegraded: "storageDegraded"
        case .needsAcknowledgement: "needsAcknowledgement"
        case .needsPassingOn: "needsPassingOn"
        case .pastItsTime: "pastItsTime"
        case .ended: "ended"
        case .judgesNothing: "judgesNothing"
        case .stopOpen: "stopOpen"
        }
    }

    public var sentence: String {
        switch self {
        case .conflict(_, let with, let state):
            "In conflict with \(with)\(state == .disputed ? ", disputed" : "")."
        case .neverHeard(let party): "Nothing has been heard from \(party) since this node started."
        case .evidenceStale(let party, let age):
            "\(party) was last heard \(Int64(age.inSeconds)) s ago."
        case .headLarger(let party, let theirs, let ours):
            "\(party) has \(theirs) records and we hold \(ours)."
        case .headSmaller(let party, let theirs, let ours):
            "\(party) shows \(theirs) records of its own log, and we hold \(ours) that it has signed."
        case .notReceipted(let party, let record): "\(party) has not receipted \(record)."
        case .notEvaluated(let party, let record): "\(party) has not said that it judged \(record)."
        case .unreadableHere(let record): "Record \(record) cannot be read here."
        case .unreadableThere(let party, let record): "\(party) could not read \(record)."
        case .waiting(let record): "Record \(record) speaks of a notice that has not come."
        case .headNotCompared(let party, let size):
            "\(party) has signed a head of \(size) records that is not compared with ours yet."
        case .notSigning: "This node signs nothing until its peers have confirmed how much of its log they hold."
        case .suspended(let party): "\(party) has suspended the mechanism."
        case .unstaffed(let party): "Nobody has acted at \(party)'s desk within the agreed time."
        case .termsDiffer(let party): "\(party) has not accepted the terms that we hold."
        case .logFrozen(let party): "\(party)'s log is frozen: it has signed two histories."
        case .clockDiffers(let party, let difference):
            "\(party)'s clock differs from ours by \(difference.inSeconds) s."
        case .clockStepped: "This machine's clock stepped."
        case .storageDegraded: "This node's disk refuses writes."
        case .needsAcknowledgement(let party, let notice): "\(party) has not read back \(notice)."
        case .needsPassingOn(let party, let notice):
            "\(party) has not said that every unit of its own that \(notice) concerns has it."
        case .pastItsTime(let notice, let status): "Notice \(notice) is \(status.rawValue)."
        case .ended(let notice): "Notice \(notice) has ended and is no longer checked."
        case .stopOpen(let party, _): "\(party) has pressed STOP and has not lifted it."
        case .judgesNothing(let party): "\(party) mediates: its node holds no notices and judges none."
        }
    }

    /// Who can end it, and how.
    public var endsBy: String {
        switch self {
        case .conflict: "Either desk amends or ends its notice, or both sign the same conditions."
        case .neverHeard(let party), .evidenceStale(let party, _): "\(party)'s node answers a challenge."
        case .headLarger(let party, _, _): "\(party)'s node delivers the records that are missing."
        case .headSmaller(let party, _, _): "\(party)'s log is restored from what others hold of it."
        case .notReceipted(let party, _): "\(party)'s node stores it and signs a receipt."
        case .notEvaluated(let party, _): "\(party)'s node states that it has judged it."
        case .unreadableHere(let record): "\(record.party) replaces it by a void that both sides sign."
        case .unreadableThere(_, let record): "\(record.party) replaces it by a void that both sides sign."
        case .waiting: "The owner's node delivers the notice that it speaks of."
        case .headNotCompared(let party, _): "\(party)'s node delivers the records below that head."
        case .notSigning: "Every peer answers; or this node's log is restored; or an administrator answers for it."
        case .suspended(let party): "\(party) resumes the mechanism."
        case .unstaffed(let party): "An officer acts at \(party)'s desk."
        case .termsDiffer(let party): "\(party) accepts the same terms."
        case .logFrozen(let party): "\(party)'s offline root signs a new epoch."
        case .clockDiffers: "Both administrators compare their clocks with UTC and mend the wrong one."
        case .clockStepped: "Every principal's node answers a new challenge with an agreeing clock."
        case .storageDegraded: "An administrator gives this node a disk that takes writes."
        case .needsAcknowledgement(let party, _): "An officer of \(party) reads it back correctly."
        case .needsPassingOn(let party, _): "\(party) states that all of its units concerned have it, or that there are none."
        case .pastItsTime(let notice, _): "\(notice.party) ends the notice or files a new version."
        case .ended: "Nothing: file a new notice."
        case .stopOpen(let party, _): "\(party) lifts it, having seen its effect."
        case .judgesNothing: "Nothing: a principal's desk has to say it."
        }
    }
}

extension CoverageGap {
    public var sentence: String {
        switch self {
        case .notAddressedToUs(let party, let records): "\(records) records of \(party) are not addressed to us."
        case .notAcknowledged(let party, let notice): "\(party) has not yet read back \(notice)."
        case .dangerNotAcknowledged(let party, let record):
            "Nobody has acknowledged \(record), in which \(party) reports a danger."
        case .plansNotFiled: "Plans and presence that nobody has filed, and forces outside this mechanism."
        }
    }
}
