import CSodium

/// An element of ristretto255 (RFC 9496) other than the identity, by its one encoding. The group has prime order, so
/// there are no small subgroups to look out for.
public struct GroupPoint: Hashable, Comparable, Sendable {
    var encoding: SIMD32<UInt8>

    public static let byteCount = 32

    public enum Rejection: Error, Hashable, Sendable {
        case length(Int)
        /// No encoding that RFC 9496 section 4.3.1 accepts.
        case notCanonical
        /// The identity, which no honest party ever sends.
        case identity
    }

    /// - Parameter bytes: 32, from anybody.
    public init(_ bytes: ArraySlice<UInt8>) throws(Rejection) {
        guard bytes.count == Self.byteCount else { throw .length(bytes.count) }
        self.init(unchecked: bytes)
        guard encoding != SIMD32() else { throw .identity }
        guard isCanonical else { throw .notCanonical }
    }

    /// 32 bytes that have not been looked at: for points that are multiplied next, which refuses what is no point.
    init(unchecked bytes: some Collection<UInt8>) {
        encoding = SIMD32()
        for (i, byte) in bytes.enumerated() where i < Self.byteCount { encoding[i] = byte }
    }

    init(encoding: SIMD32<UInt8>) { self.encoding = encoding }

    private var isCanonical: Bool { withBytes { crypto_core_ristretto255_is_valid_point($0) == 1 } }

    /// The group's generator.
    static let generator: GroupPoint = {
        Sodium.start()
        var one = [UInt8](repeating: 0, count: 32)
        one[0] = 1
        var point = GroupPoint(encoding: SIMD32())
        let status = point.withMutableBytes { crypto_scalarmult_ristretto255_base($0, one) }
        precondition(status == 0, "once the generator is the generator")
        return point
    }()

    /// RFC 9380's hash_to_ristretto255 (appendix B): uniform bytes by ``ExpandMessage``, then the group's own map.
    public init(hashing message: [UInt8], tag: [UInt8]) {
        guard let uniform = ExpandMessage.xmdSHA512(message, tag: tag, count: 64) else {
            preconditionFailure("64 bytes can be asked for")
        }
        self.init(uniform: uniform)
    }

    /// - Parameter uniform: 64 bytes.
    init(uniform: [UInt8]) {
        precondition(uniform.count == 64, "the map takes 64 bytes")
        Sodium.start()
        encoding = SIMD32()
        _ = withMutableBytes { crypto_core_ristretto255_from_hash($0, uniform) }
    }

    /// In constant time for the scalar.
    ///
    /// - Returns: `nil` when this is no valid encoding or the product is the identity.
    func multiplied(by scalar: borrowing SecretScalar) -> GroupPoint? {
        scalar.withBytes { multiplied(by: $0) }
    }

    /// The same with the scalar's 32 bytes, which may be read on several threads at once.
    func multiplied(by scalar: UnsafePointer<UInt8>) -> GroupPoint? {
        var product = GroupPoint(encoding: SIMD32())
        let status = withBytes { point in
            product.withMutableBytes { crypto_scalarmult_ristretto255($0, scalar, point) }
        }
        return status == 0 ? product : nil
    }

    /// - Returns: `nil` when one is no valid encoding. The sum may be the identity, encoded as zeros.
    func plus(_ other: GroupPoint) -> GroupPoint? {
        var sum = GroupPoint(encoding: SIMD32())
        let status = withBytes { a in
            other.withBytes { b in sum.withMutableBytes { crypto_core_ristretto255_add($0, a, b) } }
        }
        return status == 0 ? sum : nil
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: encoding) { [UInt8]($0) } }

    /// One order that is the same everywhere; it means nothing.
    public static func < (a: Self, b: Self) -> Bool {
        let x = unsafeBitCast(a.encoding, to: SIMD4<UInt64>.self)
        let y = unsafeBitCast(b.encoding, to: SIMD4<UInt64>.self)
        for i in 0..<4 where x[i] != y[i] { return x[i].littleEndian < y[i].littleEndian }
        return false
    }

    func withBytes<R>(_ body: (UnsafePointer<UInt8>) -> R) -> R {
        withUnsafePointer(to: encoding) { whole in
            whole.withMemoryRebound(to: UInt8.self, capacity: Self.byteCount) { body($0) }
        }
    }

    mutating func withMutableBytes<R>(_ body: (UnsafeMutablePointer<UInt8>) -> R) -> R {
        withUnsafeMutablePointer(to: &encoding) { whole in
            whole.withMemoryRebound(to: UInt8.self, capacity: Self.byteCount) { body($0) }
        }
    }
}
