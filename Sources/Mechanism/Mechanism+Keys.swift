import JointLog
import Kernel
import Records

/// Why a root-signed note changes nothing here.
public enum StatementRejection: Error, Hashable, Sendable {
    case malformed
    case statement(RootStatementRejection)
    case history(KeyHistoryRejection)
    /// The new epoch would begin below what this holder has cosigned.
    case disowns(held: UInt64)

    public var name: String {
        switch self {
        case .malformed: "malformed"
        case .statement(let rejection): rejection.name
        case .history(let rejection): rejection.name
        case .disowns: "disowns"
        }
    }

    /// One sentence for a person.
    public var sentence: String {
        switch self {
        case .malformed: "it is not a root-signed statement"
        case .statement(let rejection): rejection.sentence
        case .history(let rejection): rejection.sentence
        case .disowns(let held): "the heads that it cites lack records up to \(held), which this node has cosigned"
        }
    }
}

/// Keys that change, and logs that begin anew: only by what a party's root keys have signed.
extension Mechanism {
    /// The keys with which a party works now.
    ///
    /// - Precondition: the terms name the party.
    public func keys(of party: PartyID) -> NodePublicKeys {
        guard let log = logs[party] else { preconditionFailure("the terms do not name \(party)") }
        return log.keys.current.keys
    }

    func prepareStatement(_ note: String) throws(Refusal) -> PreparedEvent {
        guard let signed = SignedRootStatement(note: note) else { throw .badStatement(.malformed) }
        let verified: VerifiedRootStatement
        do throws(RootStatementRejection) { verified = try signed.verified(by: terms) } catch {
            throw .badStatement(.statement(error))
        }
        guard let log = logs[verified.statement.party] else { throw .badStatement(.malformed) }
        switch verified.statement {
        case .keyChange: return try prepareKeyChange(verified, log)
        case .epoch(let statement): return try prepareEpoch(statement, verified, log)
        }
    }

    private func prepareKeyChange(_ verified: VerifiedRootStatement, _ log: HeldLog) throws(Refusal) -> PreparedEvent {
        var keys = log.keys
        do throws(KeyHistoryRejection) {
            return try keys.apply(verified, cosignedSize: cosigned(log)) ? .keys(keys) : .alreadyHeld(log.id)
        } catch {
            throw .badStatement(.history(error))
        }
    }

    /// What no change of keys may reach below: all that we hold, and of our own log all that others have receipted.
    private func cosigned(_ log: HeldLog) -> UInt64 {
        let receipted = log.party == party ? links.values.map(\.receipted).max() ?? 0 : 0
        return max(log.tree.size, receipted > log.start ? receipted - log.start : 0)
    }

    private func prepareEpoch(
        _ statement: EpochStatement, _ verified: VerifiedRootStatement, _ log: HeldLog
    ) throws(Refusal) -> PreparedEvent {
        if log.keys.holds(verified.statement) { return .alreadyHeld(log.id) }
        let keys: KeyHistory
        do throws(KeyHistoryRejection) { keys = try KeyHistory(verified, after: log.keys) } catch {
            throw .badStatement(.history(error))
        }
        let largest = max(statement.first.size, statement.second.size)
        guard largest >= log.tree.size else { throw .badStatement(.disowns(held: log.tree.size)) }
        return .epoch(begun(after: log, start: log.start + largest, keys: keys))
    }

    private func begun(after log: HeldLog, start: LogIndex, keys: KeyHistory) -> HeldLog {
        var next = HeldLog(id: keys.log, start: start, keys: keys)
        next.acceptsOurTerms = log.acceptsOurTerms
        next.evaluatedBy = log.evaluatedBy
        next.receiptedBy = log.receiptedBy
        next.withheld = log.withheld
        next.unreadable = log.unreadable
        next.unreadableBy = log.unreadableBy
        return next
    }

    mutating func apply(_ history: KeyHistory, _ turn: inout Turn) -> Reply {
        let author = history.log.party
        logs.update(author) { $0.keys = history }
        // What the replaced key signed beyond its successor's first record is not the author's word any more.
        if let log = logs[author] {
            for (size, note) in log.announced where signedHead(note, of: log) == nil {
                logs.update(author) { $0.announced[size] = nil }
            }
        }
        if author != party {
            raise(
                .keys, subject: author.name, party: author, .priority,
                "\(author)'s root keys have put new keys in force from record \(history.current.from).", &turn)
        }
        turn.show(.assurance)
        return .done
    }

    /// Begins a party's new log. Everything that the old one said keeps warning, and none of it is confirmed until it
    /// is said again.
    mutating func begin(_ log: HeldLog, _ turn: inout Turn, _ authority: inout some Authority) -> Reply {
        if let former = logs[log.party] { formerLogs.append(former) }
        logs[log.party] = log
        if log.party == party {
            sealing.restart(log: log.id)
            // How much of the new log others hold is not known either.
            signing = .unconfirmed
            clear(.behind, subject: party.name, &turn)
        }
        // What was said of versions that only the other history holds waits for nothing.
        deferred.removeAll { record in record.named.contains { $0.notice.party == log.party } }
        for (id, conflict) in conflicts where conflict.involves(log.party) && !conflict.positions.isEmpty {
            conflicts.update(id) { $0.positions = SortedMap() }
            settleState(id, isNewVersion: false, &turn)
        }
        for (id, notice) in notices where notice.owner == log.party && notice.status == .current {
            unschedule(notice)
            notices.update(id) { $0.status = .unconfirmed }
            if let changed = notices[id] { hold(changed) }
            turn.show(.notice(id))
            reconsider(id, &turn, &authority)
        }
        takeDeferred(&turn, &authority)
        clear(.frozen, subject: log.party.name, &turn)
        raise(
            .keys, subject: log.party.name, party: log.party, .immediate,
            "\(log.party)'s root keys have begun epoch \(log.id.epoch) of its log. Its notices stand unconfirmed until it states them again.",
            &turn)
        turn.show(.assurance)
        return .done
    }

    /// The first record under new keys is the statement that put them in force.
    mutating func stateOwnKeys(_ turn: inout Turn, _ authority: inout some Authority) {
        let log = ownLog
        guard let note = log.keys.current.note, log.keys.current.from == log.tree.size else { return }
        author(
            .keyChange(KeyChange(statement: note)), mode: .real, officer: nil,
            audience: terms.parties.map(\.id).filter { $0 != party }, &turn, &authority)
    }

    func understand(_ content: KeyChange, by id: RecordID) -> String? {
        let isInForce = logs[id.party]?.keys.entries.contains { $0.note == content.statement } ?? false
        return isInForce ? nil : "it names keys that are not in force"
    }
}
