import JointLog
import Kernel
import Records

/// Which node key of a party was in force where in its logs: by the terms, then by the statements of its root keys.
struct BundleKeys: Sendable {
    /// The first log of every party, and one for each epoch statement.
    private var histories = SortedMap<LogID, KeyHistory>()
    /// Of the logs that an epoch statement began, the index of their first record.
    private var starts = SortedMap<LogID, LogIndex>()
    /// In order of party and sequence.
    private(set) var changes: [AuditReport.KeyChange] = []

    init(_ terms: Terms) {
        for party in terms.parties { histories[LogID(party: party.id)] = KeyHistory(party) }
    }

    /// - Parameter statements: in order of party and sequence, each once.
    init(
        _ terms: Terms, statements: [(party: PartyID, sequence: UInt64, note: String)]
    ) throws(BundleRejection) {
        self.init(terms)
        for (party, sequence, note) in statements {
            let path = BundlePath.statement(party, sequence: sequence).path
            guard let signed = SignedRootStatement(note: note) else { throw BundleRejection(path, .malformed) }
            guard signed.statement.party == party, signed.statement.sequence == sequence else {
                throw BundleRejection(path, .misplaced)
            }
            // Lines of other keys would travel unverified.
            guard terms.party(party) != nil else { throw BundleRejection(path, .unknownParty(party)) }
            let verified: VerifiedRootStatement
            do { verified = try signed.verified(by: terms) } catch {
                throw BundleRejection(path, .statementRefused(sentence: error.sentence))
            }
            guard verified.signers.count == signed.signatureCount else {
                throw BundleRejection(
                    path, .unexpectedSignature(keyName: RootKeys.keyName(mechanism: terms.mechanism, party: party)))
            }
            do { try apply(verified) } catch {
                throw BundleRejection(path, .statementRefused(sentence: error.sentence))
            }
        }
    }

    private mutating func apply(_ verified: VerifiedRootStatement) throws(KeyHistoryRejection) {
        let statement = verified.statement
        // The newest log of the party; the terms' own is always there.
        guard let newest = histories.keys.last(where: { $0.party == statement.party }),
            var history = histories[newest]
        else { throw .notThisLog }
        let old = history.current.keys.node
        switch statement {
        case .keyChange(let change):
            // Which heads were cosigned before, those who cosigned them have seen to.
            try history.apply(verified, cosignedSize: 0)
            histories[newest] = history
            changes.append(
                AuditReport.KeyChange(
                    log: newest, sequence: change.sequence, from: change.from, reason: change.reason.rawValue,
                    old: old, new: change.keys.node))
        case .epoch(let epoch):
            let next = try KeyHistory(verified, after: history)
            histories[next.log] = next
            starts[next.log] = start(of: newest) + max(epoch.first.size, epoch.second.size)
            changes.append(
                AuditReport.KeyChange(
                    log: next.log, sequence: epoch.sequence, from: 0, reason: "epoch", old: old,
                    new: epoch.keys.node))
        }
    }

    /// Every log that the terms and the statements know, in order.
    var logs: [LogID] { histories.keys }

    /// The index of a log's first record: 0, and in a later epoch above every index of its party's former logs.
    func start(of log: LogID) -> LogIndex { starts[log] ?? 0 }

    /// The key that signs the record at this place of a log's tree; `nil` for a log that nobody began.
    func nodeKey(of log: LogID, leaf: LogIndex) -> Hash32? { histories[log]?.key(at: leaf) }

    func headKey(of log: LogID, size: UInt64) -> Hash32? { histories[log]?.key(ofCheckpoint: size) }

    /// The keys that sign a log's record just below this size and just above it, each once: while a change of keys begins
    /// exactly there, its node has either.
    func headKeys(around log: LogID, size: UInt64) -> [Hash32] {
        guard let history = histories[log] else { return [] }
        let below = history.key(ofCheckpoint: size)
        let above = history.key(at: size)
        return below == above ? [below] : [below, above]
    }

    /// Keys that sign records of this log, oldest first, each once.
    func nodeKeys(of log: LogID) -> [Hash32] {
        var keys: [Hash32] = []
        for entry in histories[log]?.entries ?? [] where !keys.contains(entry.keys.node) { keys.append(entry.keys.node) }
        return keys
    }

    /// Every key the party's node ever had, oldest first, each once.
    func nodeKeys(of party: PartyID) -> [Hash32] {
        var keys: [Hash32] = []
        for log in logs where log.party == party {
            for key in nodeKeys(of: log) where !keys.contains(key) { keys.append(key) }
        }
        return keys
    }

    /// Whether a later statement revoked this key: what it cosigned may be of whoever had stolen it.
    func isRevoked(_ key: Hash32, of party: PartyID) -> Bool {
        changes.contains {
            $0.log.party == party && $0.old == key && $0.reason == KeyChangeStatement.Reason.revocation.rawValue
        }
    }
}
