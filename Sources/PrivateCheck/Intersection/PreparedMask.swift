import Kernel

/// The points of a session that do not depend on the other side, made ahead of time: the elements and the dummies that
/// fill the size class, hashed to the group and multiplied by the session's key.
///
/// A dummy is hashed from secret bytes in the same way and so takes the same time: how long masking takes says nothing
/// about how much was put in.
public struct PreparedMask: Sendable {
    let points: [GroupPoint]

    /// - Parameter input: at most as many elements as the size class has room for.
    public init(_ input: CheckInput, parameters: CheckParameters) {
        let secret = input.seed.derived("dummies")
        let elements = input.elements
        let context = parameters.context.bytes
        let key = input.seed.key()
        points = key.withBytes { bytes in
            nonisolated(unsafe) let key = bytes
            return AllCores.map(parameters.fillCount) { i in
                i < elements.count
                    ? Self.mask([1] + context + elements[i].bytes, key)
                    : Self.mask([3] + secret + Self.number(i), key)
            }
        }
    }

    /// Elements that both sides put in and nobody else knows, so that dropped answers show.
    static func canaries(session: Hash32, seed: SecretSeed) -> [GroupPoint] {
        seed.key().withBytes { bytes in
            nonisolated(unsafe) let key = bytes
            return AllCores.map(Limits.privateCheckCanaries) { i in mask([2] + session.bytes + number(i), key) }
        }
    }

    /// Our own tag, as RFC 9380 section 3.1 asks for.
    static let tag = Array("PARLEY-V01-PSI-with-ristretto255_XMD:SHA-512_R255MAP_RO_".utf8)

    private static func mask(_ message: [UInt8], _ key: UnsafePointer<UInt8>) -> GroupPoint {
        GroupPoint(hashing: message, tag: tag).multiplied(by: key) ?? GroupPoint(encoding: SIMD32())
    }

    private static func number(_ i: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: i >> 24), UInt8(truncatingIfNeeded: i >> 16), UInt8(truncatingIfNeeded: i >> 8),
         UInt8(truncatingIfNeeded: i)]
    }
}

/// Where the points of one side stand in its MASK: places that only its seed knows.
struct MaskOrder {
    /// For each place, which point stands there: first the canaries, then the elements, then the dummies.
    let sources: [UInt32]

    init(seed: SecretSeed, count: Int) {
        var generator = SeedGenerator(seed.derived("order"))
        sources = generator.order(count)
    }
}
