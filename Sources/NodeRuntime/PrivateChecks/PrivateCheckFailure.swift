import Kernel
import Mechanism
import PrivateCheck

/// Why a private check was not proposed, accepted or declined.
public enum PrivateCheckFailure: Error, Sendable {
    case node(NodeError)
    /// Our own sealed plans do not fit into a check of the terms' size.
    case plans(CoverRejection)
    /// No proposal of the other side waits under this name.
    case notWaiting(Hash32)
    /// The proposal is not what the terms say; it can only be declined.
    case notAgreed(Hash32)
    case deadlinePassed(Hash32)
    /// The check's own file could not be written.
    case notStored(String)
}
