import Kernel

/// What the core cannot do by itself: the shell fulfils it with keys and entropy, the simulator with seeded
/// twins, and a replay with what the journal kept.
public protocol Authority {
    /// 32 bytes that nobody can guess.
    mutating func salt() -> Hash32
    /// Ed25519 with the node's key, 64 bytes.
    mutating func sign(_ message: [UInt8]) -> [UInt8]
}

/// Keeps whatever the inner authority gave, in order, for the journal.
public struct RecordingAuthority<Inner: Authority>: Authority {
    private var inner: Inner
    public private(set) var given: [Bytes] = []

    public init(_ inner: Inner) { self.inner = inner }

    public mutating func salt() -> Hash32 {
        let salt = inner.salt()
        given.append(Bytes(salt.bytes))
        return salt
    }

    public mutating func sign(_ message: [UInt8]) -> [UInt8] {
        let signature = inner.sign(message)
        given.append(Bytes(signature))
        return signature
    }
}

extension RecordingAuthority: Sendable where Inner: Sendable {}

/// Gives again what a ``RecordingAuthority`` kept.
public struct ReplayingAuthority: Authority, Sendable {
    private var remaining: ArraySlice<Bytes>
    /// Set when the journal does not hold what the core asks for: it was written by another version.
    public private(set) var isExhausted = false

    public init(_ given: [Bytes]) { remaining = given[...] }

    public mutating func salt() -> Hash32 { Hash32(take(32)) ?? Hash32(repeatElement(0, count: 32))! }

    public mutating func sign(_ message: [UInt8]) -> [UInt8] { take(64) }

    private mutating func take(_ count: Int) -> [UInt8] {
        guard let next = remaining.popFirst(), next.array.count == count else {
            isExhausted = true
            return [UInt8](repeating: 0, count: count)
        }
        return next.array
    }

    public var isSpent: Bool { remaining.isEmpty && !isExhausted }
}
