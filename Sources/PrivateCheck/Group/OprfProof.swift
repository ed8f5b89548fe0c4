import Kernel

/// A proof that one key made a batch of answers and a public key (RFC 9497 section 2.2), 64 bytes.
public struct OprfProof: Hashable, Sendable {
    let challenge: [UInt8]
    let response: [UInt8]

    /// - Returns: `nil` unless these are 64 bytes, of two numbers below the group's order.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 2 * SecretScalar.byteCount else { return nil }
        challenge = Array(bytes[..<32])
        response = Array(bytes[32...])
        for half in [challenge, response] {
            guard SecretScalar(canonical: half) != nil else { return nil }
        }
    }

    init(challenge: [UInt8], response: [UInt8]) {
        self.challenge = challenge
        self.response = response
    }

    public var bytes: [UInt8] { challenge + response }
}

extension OprfSuite {
    /// - Parameter nonce: secret, fresh for every proof.
    public func prove(
        blinded: [GroupPoint], evaluated: [GroupPoint], key: borrowing SecretScalar, nonce: borrowing SecretScalar
    ) throws(Failure) -> OprfProof {
        let publicKey = try publicKey(of: key)
        let weights = try weights(publicKey, blinded, evaluated)
        let m = try sum(blinded, weights)
        guard let z = m.multiplied(by: key), let t2 = GroupPoint.generator.multiplied(by: nonce),
            let t3 = m.multiplied(by: nonce)
        else { throw .proof }
        let c = challenge(publicKey, m, z, t2, t3)
        return OprfProof(challenge: c.exposed(), response: nonce.minus(c.times(key)).exposed())
    }

    /// - Throws: `proof` when the answers were not made with the key of `publicKey`.
    public func verify(
        _ proof: OprfProof, blinded: [GroupPoint], evaluated: [GroupPoint], publicKey: GroupPoint
    ) throws(Failure) {
        let weights = try weights(publicKey, blinded, evaluated)
        let m = try sum(blinded, weights)
        let z = try sum(evaluated, weights)
        guard let c = SecretScalar(canonical: proof.challenge), let s = SecretScalar(canonical: proof.response),
            let t2 = combined(GroupPoint.generator, s, publicKey, c), let t3 = combined(m, s, z, c)
        else { throw .proof }
        guard Sodium.areEqual(challenge(publicKey, m, z, t2, t3).exposed(), proof.challenge) else { throw .proof }
    }

    /// s·a + c·b.
    private func combined(
        _ a: GroupPoint, _ s: borrowing SecretScalar, _ b: GroupPoint, _ c: borrowing SecretScalar
    ) -> GroupPoint? {
        guard let one = a.multiplied(by: s), let two = b.multiplied(by: c) else { return nil }
        return one.plus(two)
    }

    /// One number for each pair of points, which nobody can choose.
    private func weights(
        _ publicKey: GroupPoint, _ blinded: [GroupPoint], _ evaluated: [GroupPoint]
    ) throws(Failure) -> [[UInt8]] {
        guard blinded.count == evaluated.count, (1...Limits.oprfBatch).contains(blinded.count) else { throw .count }
        let seed = Sodium.sha512(Self.sized(publicKey.bytes), Self.sized(Array("Seed-".utf8) + context))
        return zip(blinded, evaluated).enumerated().map { i, pair in
            let place = [UInt8(i >> 8), UInt8(i & 255)]
            let text = Self.sized(seed) + place + Self.sized(pair.0.bytes) + Self.sized(pair.1.bytes)
            return hashToScalar(text + Array("Composite".utf8)).exposed()
        }
    }

    private func sum(_ points: [GroupPoint], _ weights: [[UInt8]]) throws(Failure) -> GroupPoint {
        var sum: GroupPoint?
        for (i, (point, weight)) in zip(points, weights).enumerated() {
            guard let number = SecretScalar(canonical: weight), let part = point.multiplied(by: number) else {
                throw .element(index: i)
            }
            guard let before = sum else {
                sum = part
                continue
            }
            guard let more = before.plus(part) else { throw .element(index: i) }
            sum = more
        }
        guard let sum else { throw .count }
        return sum
    }

    private func challenge(
        _ publicKey: GroupPoint, _ m: GroupPoint, _ z: GroupPoint, _ t2: GroupPoint, _ t3: GroupPoint
    ) -> SecretScalar {
        let text = [publicKey, m, z, t2, t3].flatMap { Self.sized($0.bytes) }
        return hashToScalar(text + Array("Challenge".utf8))
    }
}
