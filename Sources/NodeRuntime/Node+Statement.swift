import JointLog
import Kernel
import Mechanism
import Records

extension Node {
    /// A statement of assurance, signed by this node.
    ///
    /// - Parameter notice: `nil` for the mechanism as a whole.
    /// - Returns: `nil` unless the answer is NO KNOWN CONFLICT, with conditions or without.
    public func assuranceStatement(of notice: NoticeID?) -> SignedNote? {
        mechanism.assuranceStatement(of: notice, now: clock.now)?
            .note(publicKey: keys.node.publicKey, sign: { keys.node.sign($0) })
    }
}
