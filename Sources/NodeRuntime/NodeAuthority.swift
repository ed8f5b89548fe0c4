import JointLog
import Kernel
import Mechanism

/// The real authority: this node's key and the system's entropy.
struct NodeAuthority: Authority {
    let key: Ed25519PrivateKey
    private var random = SystemRandomNumberGenerator()

    init(key: Ed25519PrivateKey) { self.key = key }

    mutating func salt() -> Hash32 {
        // 32 bytes by construction.
        Hash32((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })!
    }

    mutating func sign(_ message: [UInt8]) -> [UInt8] { key.sign(message) }
}
