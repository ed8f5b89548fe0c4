import Kernel
import Records

/// Whether officers of two desks still reach each other, which heartbeats of their nodes do not show.
extension Mechanism {
    /// From the first start on, a check with every other principal is expected.
    mutating func expectChecks(_ now: Now) {
        for member in counterparts where calls.checksDue[member] == nil {
            calls.checksDue[member] = now.monotonic.advanced(by: terms.timing.commCheck)
        }
    }

    mutating func ringForChecks(_ turn: inout Turn) {
        guard role == .principal else { return }
        for (member, due) in calls.checksDue where due <= turn.now.monotonic {
            calls.checksDue[member] = turn.now.monotonic.advanced(by: terms.timing.commCheck)
            raise(
                .commCheck, subject: member.name, party: member, .priority,
                "No communication check with \(member) has been answered for \(Int64(terms.timing.commCheck.inSeconds / 60)) min. Make one.",
                &turn)
        }
    }

    /// An officer has answered a check, there or here. How long it took is stated by who called.
    mutating func checked(_ call: Call, by reader: PartyID, at utc: UTCInstant, _ turn: inout Turn) {
        if call.id.party == party {
            let took = turn.now.utc.duration(since: call.createdAt).wholeMicroseconds / 1_000
            calls.unstated.append(
                .checked(CommCheck(party: reader, message: call.id, answeredAfterMs: max(0, took))))
        }
        guard call.id.party == party || reader == party else { return }
        let other = reader == party ? call.id.party : reader
        guard calls.checksDue.contains(other) else { return }
        // Given back after a loss, it may be of long ago.
        let age = max(.zero, turn.now.utc.duration(since: utc))
        let due = turn.now.monotonic.advanced(by: terms.timing.commCheck - age)
        guard due > turn.now.monotonic else { return }
        calls.checksDue.update(other) { $0 = max($0, due) }
        clear(.commCheck, subject: other.name, &turn)
    }
}
