import JointLog
import Kernel
import Mechanism
import Records

/// Opening single records to a mediator, and reading what was opened to us.
extension Node {
    /// What opens one record that this node can read, and no other.
    ///
    /// - Returns: `nil` when there is no such record here, or this node cannot read it.
    public func opening(of id: RecordID) -> Disclosure.Opening? {
        guard let log = mechanism.logs[id.party], let record = stored(id, log) else { return nil }
        let opener = SealOpener(seals: keys.seals)
        let key = record.contentKey(for: party, in: log.id, earlier: { stored(RecordID(party: id.party, index: $0), log) }) {
            var opener = opener
            opener.expect([record.envelope.encoded], in: log.id, for: party)
            return opener.decapsulate($0, info: $1)
        }
        if let key { return .key(key) }
        guard let shown = record.disclosure(contentKey: nil, in: log.id),
            shown.body.base64.utf8.count <= Disclosure.largestBody
        else { return nil }
        return .body(salt: shown.salt, shown.body)
    }

    /// The body that was disclosed, if it is what its author has signed.
    ///
    /// - Returns: `nil` when the record is not mirrored here, or what was given does not open its commitment.
    public func disclosedBody(_ disclosure: Disclosure) -> RecordBody? {
        guard let log = mechanism.logs[disclosure.record.party] else { return nil }
        return stored(disclosure.record, log)?.opened(by: disclosure.opening, in: log.id)
    }

    private func stored(_ id: RecordID, _ log: HeldLog) -> VerifiedRecord? {
        guard id.index >= log.start,
            let entry = try? store.entries(of: log.id, from: id.index - log.start, limit: 1).first
        else { return nil }
        return try? VerifiedRecord(fromOwnJournal: entry.envelope)
    }
}
