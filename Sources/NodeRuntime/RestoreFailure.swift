import Kernel

/// Why a store was not restored. What was there before is untouched.
public enum RestoreFailure: Error, Sendable, CustomStringConvertible {
    /// Another process has the store open.
    case nodeRuns
    /// Of none of the peers an answer; each with its reason.
    case noPeer([RestoreProblem])
    case unknownPeer(PartyID)
    /// Every peer that answered works under other terms.
    case termsDiffer([PartyID])
    /// The author of this log has signed two histories, which two of the sources hold.
    case fork(LogID, RestoreFork)
    /// No source gives a sound record at this place, although one has shown a signed head beyond it.
    case incomplete(LogID, at: LogIndex, [RestoreProblem])
    /// Between two signed heads lie more records than one push may have, and the author cannot be asked for another.
    case headMissing(LogID, from: LogIndex)
    /// Records of these logs are addressed to this node, or its own, and none of the sources has their body. A header
    /// taken in place of a record stays for good, so a person decides.
    case bodiesMissing(SortedMap<LogID, UInt64>, [RestoreProblem])
    /// What was gathered is not what this node takes from a peer: its reason.
    case refused(LogID, from: LogIndex, String)
    /// The restored store, read back, does not fold to the heads that its peers have signed for.
    case notTheSame(String)

    public var name: String {
        switch self {
        case .nodeRuns: "locked"
        case .noPeer: "noPeer"
        case .unknownPeer: "unknownPeer"
        case .termsDiffer: "termsDiffer"
        case .fork: "fork"
        case .incomplete: "incomplete"
        case .headMissing: "headMissing"
        case .bodiesMissing: "bodiesMissing"
        case .refused: "refused"
        case .notTheSame: "notTheSame"
        }
    }

    public var description: String {
        switch self {
        case .nodeRuns: "the node runs, or another process has its store open: stop it first"
        case .noPeer(let problems):
            "no peer can be asked: " + problems.map { "\($0.party): \($0.reason)" }.joined(separator: "; ")
        case .unknownPeer(let party): "the terms know no other party \(party)"
        case .termsDiffer(let parties):
            "\(parties.map(\.name).joined(separator: " and ")) work under other terms than this node's: compare the fingerprints in person"
        case .fork(let log, let fork):
            "\(fork.first) and \(fork.second) hold different histories of \(log), both signed by its author: this is a fork, and nothing was restored. Both signed heads are kept in \(fork.file ?? "memory only")"
        case .incomplete(let log, let index, let problems):
            "nobody gives record \(index) of \(log)"
                + problems.map { "; \($0.party): \($0.reason)" }.joined()
        case .headMissing(let log, let from):
            "no signed head of \(log) is held close enough after record \(from), and its author cannot be asked: try again when \(log.party) answers"
        case .bodiesMissing(let logs, let problems):
            "nobody who was asked holds "
                + logs.map { "\($0.value) bodies of \($0.key)" }.joined(separator: " and ") + " any more"
                + problems.map { "; \($0.party): \($0.reason)" }.joined()
        case .refused(let log, let from, let reason): "records of \(log) from \(from) were refused: \(reason)"
        case .notTheSame(let detail): "the restored store does not fold to what was gathered: \(detail)"
        }
    }
}

/// What a source could not or would not give.
public struct RestoreProblem: Hashable, Sendable {
    public let party: PartyID
    public let reason: String
}

/// Two signed heads of one log that no single history explains.
public struct RestoreFork: Hashable, Sendable {
    /// Who holds the larger.
    public let first: PartyID
    public let second: PartyID
    /// A fork proof, or both notes when none could be made of them.
    public let evidence: String
    /// Where ``evidence`` was written.
    public var file: String?
}

/// How far a restore has come.
public enum RestoreProgress: Sendable {
    /// Records gathered and verified, of a log.
    case gathering(LogID, done: UInt64, total: UInt64)
    /// Records handed to the mechanism, of all logs.
    case folding(done: UInt64, total: UInt64)
    /// The new store is read back and folded.
    case checking
}

/// What a restore did.
public struct RestoreReport: Sendable {
    public struct Log: Sendable, Hashable {
        public let id: LogID
        public let size: UInt64
        public let root: Hash32
        /// Records addressed to this node, or its own, whose body nobody holds any more.
        public let bodiesMissing: UInt64
    }

    public let logs: [Log]
    /// Who gave records, this party itself for its old store.
    public let sources: [PartyID]
    public let problems: [RestoreProblem]
    /// Records taken before one that their author had seen, because no signed head lay between.
    public let outOfOrder: UInt64
    /// Where the former store lies; `nil` when there was none.
    public let lost: String?

    public var records: UInt64 { logs.reduce(0) { $0 + $1.size } }
    public var bodiesMissing: UInt64 { logs.reduce(0) { $0 + $1.bodiesMissing } }
}
