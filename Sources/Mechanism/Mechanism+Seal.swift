import Kernel
import Records

/// Sealing what we write to its audience, and opening what others sealed to us.
extension Mechanism {
    /// How to seal our record at `index`; `nil` where the terms do not seal.
    mutating func sealPlan(
        _ index: LogIndex, to audience: [PartyID], _ authority: inout some Authority
    ) -> SealPlan? {
        guard terms.sealing == .xWing else { return nil }
        let recipients = SealPlan.readers(audience: audience, author: party).compactMap { reader in
            keys(of: reader).seal.map { SealRecipient(reader, $0) }
        }
        let contentKey = authority.contentKey()
        let plan = sealing.plan(
            mechanism: terms.mechanism, index: index, recipients: recipients, contentKey: contentKey,
            encapsulate: { authority.encapsulate(to: $0, info: $1) })
        // Terms that seal give every party a key, the audience is of the terms, and our indices only rise.
        guard let plan else { preconditionFailure("a record of ours cannot be sealed") }
        return plan
    }

    /// Keeps the key under which we seal for ourselves now: our own records, given back after a loss, refer to it.
    mutating func rememberOwnSeal(_ envelope: Envelope, _ plan: SealPlan?) {
        guard let own = plan?.readers.first(where: { $0.party == party }), case .fresh(let encapsulation) = own.key,
            let record = try? VerifiedRecord(fromOwnJournal: envelope.encoded), let entry = record.sealEntry(for: party)
        else { return }
        _ = opened.key(for: entry, binding: record.sealBinding(in: ownLog.id)) { _, _ in encapsulation.key }
    }

    mutating func open(_ record: VerifiedRecord, _ authority: inout some Authority) -> VerifiedRecord.OpenedBody {
        guard let log = logs[record.header.author]?.id else { return .withheld }
        return record.opened(by: party, in: log, sealing: terms.sealing, epochs: &opened) {
            authority.decapsulate($0, info: $1)
        }
    }
}
