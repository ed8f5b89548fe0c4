import Kernel
import Mechanism

/// The second face of a party that shows two histories: another node with the same keys and the same past, which some of
/// its peers meet in the first one's place.
struct Twin: Sendable {
    let party: PartyID
    /// Whom it talks to; everybody else meets the first.
    let victims: SortedSet<PartyID>
    var node: SimulatedNode
}

extension Simulation {
    /// From now on `victims` meet another history of the party's log.
    mutating func split(_ party: PartyID, for victims: SortedSet<PartyID>) {
        guard !twins.contains(where: { $0.party == party }) else { return }
        dishonest.insert(party)
        var node = self[party]
        node.disk = SimulatedDisk()
        twins.append(Twin(party: party, victims: victims, node: node))
    }

    /// Runs something as the second face.
    mutating func asTwin<Value>(_ t: Int, _ body: (inout Simulation, Int) -> Value) -> Value {
        let i = place(of: twins[t].party)
        swap(&nodes[i], &twins[t].node)
        actingTwin = t
        defer {
            actingTwin = nil
            swap(&nodes[i], &twins[t].node)
        }
        return body(&self, i)
    }

    /// Which face of `party` a peer meets; `nil` for the first.
    func twin(of party: PartyID, facing peer: PartyID) -> Int? {
        twins.firstIndex { $0.party == party && $0.victims.contains(peer) }
    }

    /// Whether the face that acts just now is the one that a peer meets.
    func meets(_ peer: PartyID, at i: Int) -> Bool {
        let party = nodes[i].party
        guard let t = twins.firstIndex(where: { $0.party == party }) else { return true }
        return twins[t].victims.contains(peer) == (actingTwin == t)
    }
}
