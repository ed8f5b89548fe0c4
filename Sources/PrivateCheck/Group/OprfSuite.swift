/// RFC 9497 over ristretto255 with SHA-512: what its modes share.
///
/// A server holds a key, a client an input; the client learns a function of both, the server nothing. In the
/// verifiable mode the client also learns that the key is the one that the server has committed to.
public struct OprfSuite: Hashable, Sendable {
    public enum Mode: UInt8, Sendable {
        case oprf = 0
        case voprf = 1
    }

    public let mode: Mode
    let context: [UInt8]

    public init(_ mode: Mode) {
        self.mode = mode
        context = Array("OPRFV1-".utf8) + [mode.rawValue] + Array("-ristretto255-SHA512".utf8)
    }

    /// Why an operation of the protocol fails; each on input of the other side, or with a chance that never comes.
    public enum Failure: Error, Hashable, Sendable {
        /// The input hashes to the identity.
        case input
        /// No key follows from this seed.
        case keyDerivation
        /// An element that is no point.
        case element(index: Int)
        /// As many elements must come back as went out, at least one and at most ``Limits/oprfBatch``.
        case count
        /// The server did not use the key that it has committed to.
        case proof
    }

    static let inputBytes = 65_535

    func hashToGroup(_ input: [UInt8]) throws(Failure) -> GroupPoint {
        let point = GroupPoint(hashing: input, tag: Array("HashToGroup-".utf8) + context)
        guard point.encoding != SIMD32() else { throw .input }
        return point
    }

    func hashToScalar(_ input: [UInt8], tag: String = "HashToScalar-") -> SecretScalar {
        guard let uniform = ExpandMessage.xmdSHA512(input, tag: Array(tag.utf8) + context, count: 64) else {
            preconditionFailure("64 bytes can be asked for")
        }
        return SecretScalar(reducing: uniform)
    }

    /// Section 3.2.1.
    ///
    /// - Parameters:
    ///   - seed: 32 secret bytes.
    ///   - info: public, at most 65 535 bytes.
    public func deriveKey(seed: [UInt8], info: [UInt8]) throws(Failure) -> SecretScalar {
        guard seed.count == 32, info.count <= Self.inputBytes else { throw .keyDerivation }
        for counter: UInt8 in 0...255 {
            let key = hashToScalar(seed + Self.sized(info) + [counter], tag: "DeriveKeyPair")
            if !key.isZero { return key }
        }
        throw .keyDerivation
    }

    /// The public half of a key, which the server commits to.
    public func publicKey(of key: borrowing SecretScalar) throws(Failure) -> GroupPoint {
        guard let point = GroupPoint.generator.multiplied(by: key) else { throw .keyDerivation }
        return point
    }

    /// Length in two bytes, then the bytes.
    static func sized(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes }
}
