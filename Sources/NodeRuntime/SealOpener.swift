import JointLog
import Kernel
import Records

/// Opens what others sealed to this node, also to a sealing key that was replaced since: somebody who has not heard of
/// the change still seals to the old one.
struct SealOpener: Sendable {
    /// The one in force, then those that it followed.
    private let seals: [SealPrivateKey]
    /// Keys that one of the retired sealing keys gives, by the encapsulated bytes.
    private var retired = SortedMap<Hash32, Hash32>()

    init(seals: [SealPrivateKey]) { self.seals = seals }

    /// Finds out which of several sealing keys each encapsulation is for: any key gives something for any encapsulation,
    /// and only the right one opens what is wrapped.
    mutating func expect(_ envelopes: some Sequence<[UInt8]>, in log: LogID, for reader: PartyID) {
        retired = SortedMap()
        guard seals.count > 1 else { return }
        for envelope in envelopes {
            guard let record = try? VerifiedRecord(fromOwnJournal: envelope),
                let entry = record.sealEntry(for: reader), case .fresh(let bytes) = entry.source
            else { continue }
            let binding = record.sealBinding(in: log)
            for seal in seals.dropFirst() {
                guard let key = seal.decapsulate(bytes, info: binding.encapsulationInfo(for: reader)),
                    entry.contentKey(under: key, binding: binding) != nil
                else { continue }
                retired[MerkleHash.sha256(bytes)] = key
            }
        }
    }

    func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32? {
        retired[MerkleHash.sha256(encapsulated)] ?? seals.first?.decapsulate(encapsulated, info: info)
    }
}
