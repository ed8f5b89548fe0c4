import JointLog
import Kernel
import Records

extension NodeKeys {
    /// A head of our own log under our keys: Ed25519, and ML-DSA-65 where the terms name such a key of ours.
    func sign(_ checkpoint: Checkpoint, as party: TermsParty) -> SignedCheckpoint {
        SignedCheckpoint.signing(
            checkpoint, publicKey: node.publicKey, postQuantum: party.postQuantumKeyHash == nil ? nil : postQuantum,
            sign: { node.sign($0) })
    }

    /// What our acceptance of the terms carries: our ML-DSA-65 public key where the terms name its hash.
    func postQuantumKey(shownAs party: TermsParty) -> Bytes? {
        party.postQuantumKeyHash == nil ? nil : Bytes(postQuantum.publicKey.bytes)
    }
}
