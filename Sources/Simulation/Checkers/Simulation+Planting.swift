import Kernel
import Records

/// Defects that lie deeper than what a node sends and shows.
extension Simulation {
    mutating func plantFromTheStart() {
        network.isUnseeded = mutation == .unseeded
        guard mutation == .reusesContentKey, let mutated else { return }
        nodes[place(of: mutated)].reuseContentKey()
    }

    /// Each answer to a push is answered by two pushes of the whole log.
    mutating func breed(_ i: Int, _ peer: PartyID) {
        guard let push = nodes[i].push(of: nodes[i].party, from: nodes[i].mechanism.ownLog.start, to: peer) else { return }
        for _ in 0..<2 { send(push, to: peer, from: i) }
    }

    /// A disk that gives back another record than it was given.
    mutating func plantRewriting(at i: Int) {
        let party = nodes[i].party
        guard mutation == .rewritesLog, party == mutated, let records = nodes[i].held[party], records.count > 1,
            let last = Envelope(encoded: records[records.count - 1])
        else { return }
        let other = Envelope(signed: last.signed + Array("\n".utf8), signature: last.signature, sealed: last.sealed)
        nodes[i].held.update(party) { $0[records.count - 1] = other.encoded }
    }
}
