import CSodium
import Kernel

/// The 32 secret bytes of one session, from which everything that a party draws follows: key, dummies, order, salts.
/// A session with the same seed and input says the same again, byte for byte, so that it can be taken up after a crash
/// and, if the terms want it, opened and recomputed later.
///
/// The memory is overwritten when the last reference goes. Encoded it is plain: whoever stores it seals it.
public final class SecretSeed: @unchecked Sendable, Codable {
    // Written once, in the initialiser: hence sendable.
    private let memory: UnsafeMutablePointer<UInt8>

    public static let byteCount = 32

    /// - Parameter bytes: 32, uniform, never used before.
    /// - Returns: `nil` for another length.
    public convenience init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(counted: bytes)
    }

    private init(counted bytes: [UInt8]) {
        Sodium.start()
        memory = .allocate(capacity: Self.byteCount)
        memory.initialize(from: bytes, count: Self.byteCount)
    }

    deinit {
        sodium_memzero(memory, Self.byteCount)
        memory.deallocate()
    }

    public convenience init(from decoder: any Decoder) throws {
        let bytes = try decoder.singleValueContainer().decode(Bytes.self)
        guard bytes.array.count == Self.byteCount else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "seed"))
        }
        self.init(counted: bytes.array)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Bytes(exposed()))
    }

    /// A copy that nobody erases.
    func exposed() -> [UInt8] { [UInt8](UnsafeBufferPointer(start: memory, count: Self.byteCount)) }

    /// 32 bytes for one purpose, which say nothing about the seed or about other purposes.
    func derived(_ purpose: String) -> [UInt8] {
        Sodium.sha512(Array("parley private check seed 1 ".utf8), exposed(), Array(purpose.utf8)).prefix(32).map { $0 }
    }

    /// The session's key. Zero with a chance of 2⁻²⁵², and then refused by every multiplication.
    func key() -> SecretScalar {
        SecretScalar(
            reducing: Sodium.sha512(Array("parley private check key 1 ".utf8), exposed()))
    }
}

/// ChaCha20 as a source of numbers: the same for the same 32 bytes, on every machine and in every release.
struct SeedGenerator {
    private let key: [UInt8]
    private var block: UInt32 = 0
    private var waiting: [UInt8] = []
    private var at = 0

    init(_ key: [UInt8]) {
        precondition(key.count == 32, "a stream's key has 32 bytes")
        self.key = key
    }

    mutating func next() -> UInt64 {
        if at == waiting.count {
            waiting = [UInt8](repeating: 0, count: 1_024)
            let nonce = [UInt8](repeating: 0, count: 12)
            let zeros = waiting
            _ = crypto_stream_chacha20_ietf_xor_ic(&waiting, zeros, UInt64(zeros.count), nonce, block, key)
            block += 16
            at = 0
        }
        defer { at += 8 }
        return (0..<8).reduce(0) { $0 | UInt64(waiting[at + $1]) << (8 * UInt64($1)) }
    }

    /// Within `0 ..< bound`, without bias.
    mutating func below(_ bound: UInt64) -> UInt64 {
        let unusable = (0 &- bound) % bound
        while true {
            let (high, low) = next().multipliedFullWidth(by: bound)
            if low >= unusable { return high }
        }
    }

    /// 0 ..< `count` in an order of which all are as likely (Fisher and Yates, from the end).
    mutating func order(_ count: Int) -> [UInt32] {
        var order = (0..<UInt32(count)).map { $0 }
        for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, Int(below(UInt64(i + 1)))) }
        return order
    }
}
