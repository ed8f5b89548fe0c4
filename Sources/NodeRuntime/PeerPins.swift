import Kernel
import Mechanism
import Synchronization

/// The TLS keys of a node's peers: those of the terms until a party's root keys put others in force. Asked on every
/// connection and on every request, so that a key that was replaced opens nothing any more.
public final class PeerPins: Sendable {
    private let hashes: Mutex<SortedMap<PartyID, Hash32>>

    init(_ mechanism: Mechanism) { hashes = Mutex(PeerPins.hashes(mechanism)) }

    func update(_ mechanism: Mechanism) {
        let now = PeerPins.hashes(mechanism)
        hashes.withLock { $0 = now }
    }

    /// The peer whose key this is the hash of.
    func party(of hash: Hash32) -> PartyID? { hashes.withLock { $0.first { $0.value == hash }?.key } }

    private static func hashes(_ mechanism: Mechanism) -> SortedMap<PartyID, Hash32> {
        var hashes = SortedMap<PartyID, Hash32>()
        for peer in mechanism.links.keys { hashes[peer] = mechanism.keys(of: peer).tls }
        return hashes
    }
}
