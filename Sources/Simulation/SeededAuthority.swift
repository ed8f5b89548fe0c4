import JointLog
import Kernel
import Mechanism
import Records

/// Keys and salts whose whole future is their seed: the simulator's twin of the node's entropy and keys.
///
/// The library draws what an encapsulation is made of by itself, so two runs of one seed would differ. Here a
/// stand-in takes its place: 1 120 seeded bytes, and a key hashed from them, the receiver's public key and `info`. It
/// has the sizes and the behaviour of the real one (another receiver or another `info` gives another key) and keeps
/// nothing secret.
public struct SeededAuthority: Authority, Sendable {
    private var generator: SeededGenerator
    /// A planted defect.
    var reusesContentKey = false
    public let key: Ed25519PrivateKey
    /// For the terms, which hold a real public key.
    public let sealKey: SealPrivateKey
    /// Signs STOP messages and nothing else.
    public let stopKey: Ed25519PrivateKey

    public init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let secret = SeededAuthority.bytes(&generator)
        // A generator of its own: what is drawn for seals must not move what is drawn for salts.
        var sealGenerator = SeededGenerator(seed: seed ^ 0x5EA1)
        var stopGenerator = SeededGenerator(seed: seed ^ 0x5709)
        // Any 32 bytes are a seed of either kind.
        guard let key = Ed25519PrivateKey(seed: secret),
            let sealKey = SealPrivateKey(seed: SeededAuthority.bytes(&sealGenerator)),
            let stopKey = Ed25519PrivateKey(seed: SeededAuthority.bytes(&stopGenerator))
        else { preconditionFailure("a seed has 32 bytes") }
        self.key = key
        self.sealKey = sealKey
        self.stopKey = stopKey
    }

    public mutating func salt() -> Hash32 { secret() }

    public mutating func sign(_ message: [UInt8]) -> [UInt8] { key.sign(message) }

    public mutating func contentKey() -> Hash32 {
        let key = secret()
        return reusesContentKey ? MerkleHash.sha256(self.key.publicKey.bytes) : key
    }

    public mutating func encapsulate(to publicKey: SealPublicKey, info: [UInt8]) -> Encapsulation? {
        let encapsulated = (0..<Encapsulation.byteCount / 32).flatMap { _ in SeededAuthority.bytes(&generator) }
        let key = SeededAuthority.standInKey(encapsulated, publicKey: publicKey, info: info)
        return Encapsulation(encapsulated: encapsulated, key: key)
    }

    public mutating func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32? {
        guard encapsulated.count == Encapsulation.byteCount else { return nil }
        return SeededAuthority.standInKey(encapsulated, publicKey: sealKey.publicKey, info: info)
    }

    private static func standInKey(_ encapsulated: [UInt8], publicKey: SealPublicKey, info: [UInt8]) -> Hash32 {
        MerkleHash.sha256(Array("simulated encapsulation\n".utf8) + publicKey.bytes + encapsulated + info)
    }

    private mutating func secret() -> Hash32 {
        guard let secret = Hash32(SeededAuthority.bytes(&generator)) else {
            preconditionFailure("a secret has 32 bytes")
        }
        return secret
    }

    private static func bytes(_ generator: inout SeededGenerator) -> [UInt8] {
        (0..<4).flatMap { _ -> [UInt8] in
            let word = generator.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
    }
}
