import JointLog
import Kernel
import Mechanism
import Records

/// The real authority: this node's keys and the system's entropy.
struct NodeAuthority: Authority {
    let key: Ed25519PrivateKey
    /// `nil` where the terms do not seal.
    let opener: SealOpener?
    private var random = SystemRandom()

    init(key: Ed25519PrivateKey, opener: SealOpener? = nil) {
        self.key = key
        self.opener = opener
    }

    mutating func salt() -> Hash32 { secret() }

    mutating func sign(_ message: [UInt8]) -> [UInt8] { key.sign(message) }

    mutating func contentKey() -> Hash32 { secret() }

    mutating func encapsulate(to publicKey: SealPublicKey, info: [UInt8]) -> Encapsulation? {
        publicKey.encapsulate(info: info)
    }

    mutating func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32? {
        opener?.decapsulate(encapsulated, info: info)
    }

    private mutating func secret() -> Hash32 {
        // Each number is one call of the system. 32 bytes by construction.
        let numbers = (random.next(), random.next(), random.next(), random.next())
        return withUnsafeBytes(of: numbers) { Hash32(Array($0)) }!
    }
}
