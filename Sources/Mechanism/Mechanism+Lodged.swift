import JointLog
import Kernel
import Records

/// What a mediator tried in vain, and when it last said so.
struct Lodging: Sendable, Codable, Equatable {
    var attempts: PushAttempts
    var statedSize: UInt64 = 0
    var statedAttempts: UInt64 = 0
    var statedAt: MonotonicInstant?
}

/// Whose records wait for whom.
struct LodgingID: Comparable, Hashable, Sendable, Codable {
    let log: PartyID
    let to: PartyID

    static func < (a: Self, b: Self) -> Bool { (a.log, a.to) < (b.log, b.to) }
}

/// Records for a party that keeps silent: the mediator holds them and says so. That is no receipt.
extension Mechanism {
    func prepare(_ attempts: PushAttempts) throws(Refusal) -> PreparedEvent {
        guard role == .mediator else { throw .notARelay(party) }
        guard links.contains(attempts.to), links.contains(attempts.log.party), attempts.to != attempts.log.party,
            attempts.attempts > 0
        else { throw .unknownPeer(attempts.to) }
        return .attempts(attempts)
    }

    mutating func apply(_ attempts: PushAttempts, _ turn: inout Turn, _ authority: inout some Authority) -> Reply {
        let id = LodgingID(log: attempts.log.party, to: attempts.to)
        if lodgings.contains(id) {
            lodgings.update(id) { $0.attempts = attempts }
        } else {
            lodgings[id] = Lodging(attempts: attempts)
        }
        return .done
    }

    /// Says what it holds for silent parties: at once when there is more of it or it has tried twice as often, and at
    /// most once a heartbeat for each.
    mutating func stateLodgings(_ turn: inout Turn, _ authority: inout some Authority) {
        guard role == .mediator, maySign else { return }
        for (id, lodging) in lodgings {
            guard let log = logs[id.log], log.tree.size > 0, isSilent(id.to), log.size > log.receiptedBy[id.to] ?? 0
            else {
                if let link = links[id.to], link.state != .down { lodgings[id] = nil }
                continue
            }
            guard lodging.statedSize < log.size || lodging.statedAttempts * 2 <= lodging.attempts.attempts else {
                continue
            }
            if let statedAt = lodging.statedAt, turn.now.monotonic.duration(since: statedAt) < terms.timing.heartbeat {
                continue
            }
            let tried = lodging.attempts
            lodgings.update(id) {
                $0.statedSize = log.size
                $0.statedAttempts = tried.attempts
                $0.statedAt = turn.now.monotonic
            }
            let lastContact = links[id.to]?.freshAt.map {
                turn.now.utc.advanced(by: .zero - turn.now.monotonic.duration(since: $0))
            }
            author(
                .lodged(
                    Lodged(
                        party: id.log, size: log.size, root: log.tree.root, silent: id.to, attempts: tried.attempts,
                        firstAttemptAt: tried.firstAt, lastAttemptAt: max(tried.firstAt, tried.lastAt),
                        lastContactAt: lastContact)),
                mode: .real, officer: nil, audience: counterparts, &turn, &authority)
        }
    }

    private func isSilent(_ peer: PartyID) -> Bool { links[peer]?.state == .down }

    /// When the next statement that waits for its heartbeat is due.
    var lodgingDeadlines: [MonotonicInstant] {
        guard role == .mediator else { return [] }
        return lodgings.compactMap { id, lodging in
            guard let log = logs[id.log], lodging.statedSize < log.size, isSilent(id.to),
                let statedAt = lodging.statedAt
            else { return nil }
            return statedAt.advanced(by: terms.timing.heartbeat)
        }
    }

    mutating func understand(_ content: Lodged, _ body: RecordBody, by id: RecordID, _ turn: inout Turn) -> String? {
        guard terms.party(id.party)?.role == .mediator else { return "only a mediator holds records for others" }
        guard content.party == party else { return nil }
        guard content.size <= ownLog.size else { return "it holds records that we have not written" }
        guard content.size <= ownLog.start || content.size != ownLog.size || content.root == ownLog.tree.root else {
            return "it holds another history of our log"
        }
        guard content.size > 0 else { return nil }
        let from = links[content.silent]?.receipted ?? 0
        guard from < content.size else { return nil }
        for (_, notice) in ownRecords.elements(in: from...(content.size - 1)) {
            notices.update(notice) { notice in
                guard notice.facts[content.silent]?.receiptedAt == nil else { return }
                notice.facts.update(content.silent) { facts in
                    facts.lodgedAt = body.createdAt
                    facts.lodgedWith = id.party
                }
            }
            turn.show(.notice(notice))
        }
        updateCalls(from...(content.size - 1), at: content.silent, &turn) { _, facts in
            facts.lodge(with: id.party, at: body.createdAt)
        }
        return nil
    }
}
