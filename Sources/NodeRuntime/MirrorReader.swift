import Kernel
import Records
import Storage

/// A peer as a reader of the logs that this node holds: what of a record it may have. One rule for what is pushed to
/// it and for what it asks back.
public struct MirrorReader: Sendable {
    let peer: TermsParty
    let sealing: Sealing

    init(_ peer: TermsParty, sealing: Sealing) {
        self.peer = peer
        self.sealing = sealing
    }

    /// All of a record that the peer wrote, that is addressed to it, or that it mirrors without reading; of any other,
    /// header and signature.
    func given(_ envelope: Envelope) throws(StoreError) -> Envelope {
        guard let header = RecordHeader(signed: envelope.signed) else {
            throw .corrupt(detail: "a stored record has no header")
        }
        return mayHold(header) ? envelope : envelope.withheld
    }

    private func mayHold(_ header: RecordHeader) -> Bool {
        guard header.author != peer.id else { return true }
        let isAddressed = header.audience.contains(peer.id)
        // A mediator holds what is sealed, and nothing readable but the terms, which are open to all.
        return peer.role == .mediator ? sealing == .xWing || (header.index == 0 && isAddressed) : isAddressed
    }
}
