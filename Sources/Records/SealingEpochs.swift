import JointLog
import Kernel

/// To whom a body is sealed.
public struct SealRecipient: Hashable, Sendable {
    public let party: PartyID
    public let key: SealPublicKey

    public init(_ party: PartyID, _ key: SealPublicKey) {
        self.party = party
        self.key = key
    }
}

/// The author's side of sealing epochs: which of its records carries the encapsulation that each reader's content
/// keys are wrapped under now. A new epoch of a reader begins with the first record to it, after
/// ``Limits/sealingEpochRecords``, under another key of the reader, and after ``restart(log:)``.
public struct SealingEpochs: Equatable, Sendable, Codable {
    private struct Epoch: Equatable, Sendable, Codable {
        /// SHA-256 of the reader's public key.
        let recipient: Hash32
        /// The record that carries the encapsulation.
        let record: LogIndex
        let key: Hash32
        /// The newest record that was sealed under it.
        var last: LogIndex
        /// Records that it may still seal.
        var left: UInt64
    }

    public private(set) var log: LogID
    private var epochs = SortedMap<PartyID, Epoch>()

    public init(log: LogID) { self.log = log }

    /// At each start of the node, and for each new log: what was in use before is not used again, because a node
    /// that was put back to an older state would use a nonce twice.
    public mutating func restart(log: LogID) { self = SealingEpochs(log: log) }

    /// How to seal the record at `index`. The record must then be written: later plans refer to it.
    /// - Parameters:
    ///   - index: above every index planned before.
    ///   - recipients: the record's audience and its author, each once.
    ///   - encapsulate: to a public key, with HPKE's `info`.
    /// - Returns: `nil`, with nothing changed, when an encapsulation fails or the recipients are not of that form.
    public mutating func plan(
        mechanism: MechanismID, index: LogIndex, recipients: [SealRecipient], contentKey: Hash32,
        encapsulate: (SealPublicKey, [UInt8]) -> Encapsulation?
    ) -> SealPlan? {
        let binding = SealBinding(mechanism: mechanism, log: log, index: index)
        var next = epochs
        var readers: [SealPlan.Reader] = []
        for recipient in recipients {
            let identity = MerkleHash.sha256(recipient.key.bytes)
            if var epoch = next[recipient.party], epoch.recipient == identity, epoch.left > 0 {
                precondition(index > epoch.last, "a record is sealed once")
                epoch.last = index
                epoch.left -= 1
                next[recipient.party] = epoch
                readers.append(SealPlan.Reader(recipient.party, .earlier(epoch.record, key: epoch.key)))
                continue
            }
            guard
                let encapsulation = encapsulate(
                    recipient.key, binding.encapsulationInfo(for: recipient.party))
            else { return nil }
            next[recipient.party] = Epoch(
                recipient: identity, record: index, key: encapsulation.key, last: index,
                left: Limits.sealingEpochRecords - 1)
            readers.append(SealPlan.Reader(recipient.party, .fresh(encapsulation)))
        }
        guard let plan = SealPlan(binding: binding, contentKey: contentKey, readers: readers) else { return nil }
        epochs = next
        return plan
    }
}

extension SealingEpochs: CustomStringConvertible, CustomReflectable {
    public var description: String { "sealing epochs of \(log) for \(epochs.keys)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
