import CSodium

/// A number below the order of ristretto255, in memory of its own that is overwritten when it goes.
public struct SecretScalar: ~Copyable {
    private let memory: UnsafeMutablePointer<UInt8>

    public static let byteCount = 32

    private init() {
        Sodium.start()
        memory = .allocate(capacity: Self.byteCount)
        memory.initialize(repeating: 0, count: Self.byteCount)
    }

    deinit {
        sodium_memzero(memory, Self.byteCount)
        memory.deallocate()
    }

    /// - Parameter uniform: 64 bytes, little-endian, reduced: as good as uniform.
    init(reducing uniform: [UInt8]) {
        precondition(uniform.count == 64, "64 bytes are reduced")
        self.init()
        crypto_core_ristretto255_scalar_reduce(memory, uniform)
    }

    /// - Returns: `nil` unless these are 32 bytes, little-endian, of a number below the order.
    init?(canonical bytes: [UInt8]) {
        self.init()
        guard bytes.count == Self.byteCount else { return nil }
        crypto_core_ristretto255_scalar_reduce(memory, bytes + [UInt8](repeating: 0, count: 32))
        guard sodium_memcmp(memory, bytes, Self.byteCount) == 0 else { return nil }
    }

    var isZero: Bool { sodium_is_zero(memory, Self.byteCount) == 1 }

    /// - Returns: `nil` for zero.
    func inverse() -> SecretScalar? {
        let inverse = SecretScalar()
        guard crypto_core_ristretto255_scalar_invert(inverse.memory, memory) == 0 else { return nil }
        return inverse
    }

    func times(_ other: borrowing SecretScalar) -> SecretScalar {
        let product = SecretScalar()
        crypto_core_ristretto255_scalar_mul(product.memory, memory, other.memory)
        return product
    }

    func minus(_ other: borrowing SecretScalar) -> SecretScalar {
        let difference = SecretScalar()
        crypto_core_ristretto255_scalar_sub(difference.memory, memory, other.memory)
        return difference
    }

    func plus(_ other: borrowing SecretScalar) -> SecretScalar {
        let sum = SecretScalar()
        crypto_core_ristretto255_scalar_add(sum.memory, memory, other.memory)
        return sum
    }

    func withBytes<R>(_ body: (UnsafePointer<UInt8>) -> R) -> R { body(UnsafePointer(memory)) }

    /// A copy that nobody erases: for scalars that are sent, and for storing what is sealed afterwards.
    func exposed() -> [UInt8] { [UInt8](UnsafeBufferPointer(start: memory, count: Self.byteCount)) }
}
