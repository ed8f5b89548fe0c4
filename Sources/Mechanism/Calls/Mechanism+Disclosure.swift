import Kernel
import Records

/// A principal opens single records to a mediator, by a signed act. What it opens is checked by whoever holds the
/// record: see ``VerifiedRecord/opened(by:in:)``.
extension Mechanism {
    func prepareDisclosure(
        _ content: Disclosure, to mediator: PartyID, officer: String
    ) throws(Refusal) -> PreparedCall {
        try mayWrite()
        guard terms.party(mediator)?.role == .mediator else { throw .unknownAudience(mediator) }
        guard let log = logs[content.record.party], content.record.index < log.size else {
            throw .noSuchRecord(content.record)
        }
        return PreparedCall(content: .disclosure(content), mode: .real, audience: [mediator], officer: officer)
    }

    mutating func understand(
        _ content: Disclosure, _ body: RecordBody, id: RecordID, audience: [PartyID], _ turn: inout Turn
    ) -> String? {
        guard terms.party(id.party)?.role == .principal else { return "only principals disclose" }
        guard audience.count == 1, terms.party(audience[0])?.role == .mediator else {
            return "a disclosure is addressed to one mediator"
        }
        if calls.disclosures.count >= Limits.disclosures,
            let oldest = calls.disclosures.min(by: { ($0.value.at, $0.key) < ($1.value.at, $1.key) })
        {
            calls.disclosures[oldest.key] = nil
        }
        calls.disclosures[id] = Disclosed(
            disclosure: content, by: id.party, to: audience[0], officer: body.officer, at: body.createdAt)
        turn.show(.call(id))
        if id.party != party {
            raise(
                .disclosed, subject: id.description, party: id.party, .priority,
                "\(id.party) discloses record \(content.record) to you.", &turn)
        }
        return nil
    }
}
