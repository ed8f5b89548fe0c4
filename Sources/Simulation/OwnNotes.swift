import JointLog
import Kernel
import Synchronization

/// Checkpoints that a node has signed: it shows the same ones again and again, and a signature is the dearest thing that a
/// simulation does. The same key over the same text always signs the same, so that copies of a node may share them.
final class OwnNotes: Sendable {
    private let signed = Mutex(SortedMap<String, String>())

    func note(over checkpoint: Checkpoint, by key: Ed25519PrivateKey) -> String {
        let name = key.publicKey.hex + checkpoint.text
        if let known = signed.withLock({ $0[name] }) { return known }
        let note = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: { key.sign($0) }).note
        signed.withLock { $0[name] = note }
        return note
    }
}
