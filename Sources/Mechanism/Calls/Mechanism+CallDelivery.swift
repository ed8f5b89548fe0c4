import Kernel
import Records

/// How far calls of ours have come: the facts that receipts, judgements and a mediator's word state of notices, for
/// messages and queries.
extension Mechanism {
    /// Changes what is known of our calls in these records at one addressee.
    mutating func updateCalls(
        _ records: ClosedRange<LogIndex>, at addressee: PartyID, _ turn: inout Turn,
        _ change: (LogIndex, inout CallFacts) -> Void
    ) {
        let range = RecordID(party: party, index: records.lowerBound)...RecordID(party: party, index: records.upperBound)
        for (id, call) in calls.messages.elements(in: range) where call.facts.contains(addressee) {
            calls.messages.update(id) { $0.facts.update(addressee) { change(id.index, &$0) } }
            turn.show(.call(id))
        }
        for (id, exchange) in calls.presence.elements(in: range) where exchange.facts.contains(addressee) {
            calls.presence.update(id) { $0.facts.update(addressee) { change(id.index, &$0) } }
            turn.show(.presence(id))
        }
    }
}

extension CallFacts {
    mutating func receipt(at utc: UTCInstant) {
        receiptedAt = utc
        lodgedAt = nil
        lodgedWith = nil
    }

    /// Its holder was restored from an old copy and has it no more.
    mutating func loseReceipt() {
        receiptedAt = nil
        evaluatedAt = nil
    }

    mutating func lodge(with mediator: PartyID, at utc: UTCInstant) {
        guard receiptedAt == nil else { return }
        lodgedAt = utc
        lodgedWith = mediator
    }
}
