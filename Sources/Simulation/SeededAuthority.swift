import JointLog
import Kernel
import Mechanism

/// Keys and salts whose whole future is their seed: the simulator's twin of the node's entropy and key.
public struct SeededAuthority: Authority, Sendable {
    private var generator: SeededGenerator
    public let key: Ed25519PrivateKey

    public init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let secret = SeededAuthority.bytes(&generator)
        // Any 32 bytes are an Ed25519 seed.
        guard let key = Ed25519PrivateKey(seed: secret) else { preconditionFailure("an Ed25519 seed has 32 bytes") }
        self.key = key
    }

    public mutating func salt() -> Hash32 {
        guard let salt = Hash32(SeededAuthority.bytes(&generator)) else {
            preconditionFailure("a salt has 32 bytes")
        }
        return salt
    }

    public mutating func sign(_ message: [UInt8]) -> [UInt8] { key.sign(message) }

    private static func bytes(_ generator: inout SeededGenerator) -> [UInt8] {
        (0..<4).flatMap { _ -> [UInt8] in
            let word = generator.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
    }
}
