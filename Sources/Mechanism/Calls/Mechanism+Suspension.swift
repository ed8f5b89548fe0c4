import Kernel
import Records

/// What a suspension stops: new notices, presence queries and ordinary messages between principals. STOP, reports of
/// danger, checks of the line, ends, amendments, acknowledgements and positions go on (April 2017).
extension Mechanism {
    /// - Throws: ``Refusal/suspended(by:)`` while we or a principal of the audience have suspended.
    func mustNotBeSuspended(_ audience: [PartyID]) throws(Refusal) {
        let principals = audience.filter { terms.party($0)?.role == .principal }
        // Whoever mediates may speak to both, and both to it: that is how a suspension ends.
        guard role == .principal, !principals.isEmpty else { return }
        for member in [party] + principals where isSuspended(by: member) { throw .suspended(by: member) }
    }

    /// By its records, or by what its node says: its answer can come before the record that it tells of. A record by
    /// which it resumed outweighs what it said before it.
    func isSuspended(by member: PartyID) -> Bool {
        if suspendedBy.contains(member) { return true }
        guard let link = links[member], let answer = link.answer else { return false }
        return answer.suspended && answer.logSize >= link.resumedAtSize
    }
}
