import Kernel
import Records

/// What the core cannot do by itself: the shell fulfils it with keys and entropy, the simulator with seeded
/// twins, and a replay with what the journal kept.
public protocol Authority {
    /// 32 bytes that nobody can guess.
    mutating func salt() -> Hash32
    /// Ed25519 with the node's key, 64 bytes.
    mutating func sign(_ message: [UInt8]) -> [UInt8]
    /// 32 bytes that nobody can guess, to seal one body.
    mutating func contentKey() -> Hash32
    /// A fresh key for the holder of `publicKey`; `nil` only when none can be made.
    mutating func encapsulate(to publicKey: SealPublicKey, info: [UInt8]) -> Encapsulation?
    /// The key that somebody encapsulated to this node; `nil` when the node has no seal key or the bytes are not of
    /// that form.
    mutating func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32?
}

/// Keeps whatever the inner authority gave, in order, for the journal. Among it are keys of sealed bodies: what it
/// kept is as secret as the bodies.
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

    public mutating func contentKey() -> Hash32 {
        let key = inner.contentKey()
        given.append(Bytes(key.bytes))
        return key
    }

    /// Kept as the encapsulated bytes and the key; as nothing for `nil`.
    public mutating func encapsulate(to publicKey: SealPublicKey, info: [UInt8]) -> Encapsulation? {
        let encapsulation = inner.encapsulate(to: publicKey, info: info)
        given.append(Bytes(encapsulation.map { $0.encapsulated + $0.key.bytes } ?? []))
        return encapsulation
    }

    /// Kept as the key; as nothing for `nil`.
    public mutating func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32? {
        let key = inner.decapsulate(encapsulated, info: info)
        given.append(Bytes(key?.bytes ?? []))
        return key
    }
}

extension RecordingAuthority: Sendable where Inner: Sendable {}

/// Gives again what a ``RecordingAuthority`` kept, without any key.
public struct ReplayingAuthority: Authority, Sendable {
    private var remaining: ArraySlice<Bytes>
    /// Set when the journal does not hold what the core asks for: it was written by another version.
    public private(set) var isExhausted = false

    public init(_ given: [Bytes]) { remaining = given[...] }

    public mutating func salt() -> Hash32 { takeHash() }

    public mutating func sign(_ message: [UInt8]) -> [UInt8] { take(64) ?? [UInt8](repeating: 0, count: 64) }

    public mutating func contentKey() -> Hash32 { takeHash() }

    public mutating func encapsulate(to publicKey: SealPublicKey, info: [UInt8]) -> Encapsulation? {
        guard let bytes = take(Encapsulation.byteCount + 32, orNothing: true),
            let key = Hash32(bytes.suffix(32))
        else { return nil }
        return Encapsulation(encapsulated: Array(bytes.dropLast(32)), key: key)
    }

    public mutating func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32? {
        take(32, orNothing: true).flatMap { Hash32($0) }
    }

    private mutating func takeHash() -> Hash32 {
        // 32 bytes by construction.
        Hash32(take(32) ?? [UInt8](repeating: 0, count: 32))!
    }

    /// - Returns: `nil` when nothing was kept and that is allowed, or when the replay is exhausted.
    private mutating func take(_ count: Int, orNothing: Bool = false) -> [UInt8]? {
        guard let next = remaining.popFirst(), next.array.count == count || (orNothing && next.array.isEmpty) else {
            isExhausted = true
            return nil
        }
        return next.array.isEmpty ? nil : next.array
    }

    public var isSpent: Bool { remaining.isEmpty && !isExhausted }
}
