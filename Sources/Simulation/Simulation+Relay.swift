import JointLog
import Kernel
import Mechanism
import Records

/// A mediator's node hands on what principals lack of each other's logs.
extension Simulation {
    /// What the peer lacked at two answers in a row: what goes directly comes sooner.
    mutating func relay(_ heads: [ShownHead], to peer: PartyID, at i: Int) {
        guard nodes[i].mechanism.role == .mediator else { return }
        var lacking = SortedSet<PartyID>()
        for (author, log) in relayable(to: peer, at: i) {
            let sizes = heads.filter { $0.log == log.id }.compactMap { Checkpoint(note: $0.note)?.size }
            let theirs = log.start + (sizes.max() ?? 0)
            nodes[i].exchange.shown[peer, default: SortedMap()][author] = theirs
            if theirs < log.size { lacking.insert(author) }
        }
        for author in lacking where nodes[i].exchange.lacked[peer]?.contains(author) == true {
            relay(author, to: peer, at: i)
        }
        nodes[i].exchange.lacked[peer] = lacking
    }

    /// One run of another party's log; the answer to it asks for the next.
    mutating func relay(_ author: PartyID, to peer: PartyID, at i: Int) {
        let first = nodes[i].exchange.shown[peer]?[author] ?? 0
        guard let push = nodes[i].push(of: author, from: first, to: peer) else { return }
        send(push, to: peer, from: i)
    }

    mutating func goOn(_ i: Int, relaying author: PartyID, _ peer: PartyID, _ size: UInt64) {
        guard nodes[i].exchange.shown[peer]?[author] ?? 0 < size else { return }
        nodes[i].exchange.shown[peer, default: SortedMap()][author] = size
        relay(author, to: peer, at: i)
    }

    /// Before the next challenge: when the last one is not answered, every log of which the peer is not known to hold
    /// all was tried in vain. Noted at powers of two.
    mutating func noteFailedRelays(to peer: PartyID, at i: Int) {
        guard nodes[i].mechanism.role == .mediator, nodes[i].exchange.challenges[peer]?.isEmpty == false else { return }
        let now = nodes[i].clock.now(at: timeNs).utc
        for (author, log) in relayable(to: peer, at: i)
        where nodes[i].exchange.shown[peer]?[author] ?? 0 < log.size {
            let before = nodes[i].exchange.failed[peer]?[author]
            let attempts = PushAttempts(
                to: peer, log: log.id, attempts: (before?.attempts ?? 0) + 1, firstAt: before?.firstAt ?? now,
                lastAt: now)
            nodes[i].exchange.failed[peer, default: SortedMap()][author] = attempts
            guard attempts.attempts & (attempts.attempts - 1) == 0 else { continue }
            _ = try? take(.attempts(attempts), at: i)
        }
    }

    private func relayable(to peer: PartyID, at i: Int) -> [(PartyID, HeldLog)] {
        // Of bodies that are not sealed a mediator has none to hand on.
        guard terms.sealing == .xWing else { return [] }
        return nodes[i].mechanism.logs.filter { $0.key != nodes[i].party && $0.key != peer && $0.value.fork == nil }
            .map { ($0.key, $0.value) }
    }
}
