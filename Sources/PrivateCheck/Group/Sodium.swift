import CSodium

/// libsodium, initialised once. Every function used is one that runs in constant time where it meets a secret.
enum Sodium {
    private static let isReady = sodium_init() >= 0

    static func start() { precondition(isReady, "libsodium could not be initialised") }

    static func sha512(_ parts: [UInt8]...) -> [UInt8] {
        var state = crypto_hash_sha512_state()
        crypto_hash_sha512_init(&state)
        for part in parts { crypto_hash_sha512_update(&state, part, UInt64(part.count)) }
        return [UInt8](unsafeUninitializedCapacity: 64) { bytes, count in
            guard let start = bytes.baseAddress else { return }
            crypto_hash_sha512_final(&state, start)
            count = 64
        }
    }

    static func sha256(_ parts: [UInt8]...) -> [UInt8] {
        var state = crypto_hash_sha256_state()
        crypto_hash_sha256_init(&state)
        for part in parts { crypto_hash_sha256_update(&state, part, UInt64(part.count)) }
        return [UInt8](unsafeUninitializedCapacity: 32) { bytes, count in
            guard let start = bytes.baseAddress else { return }
            crypto_hash_sha256_final(&state, start)
            count = 32
        }
    }

    /// In constant time.
    static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.count == b.count && sodium_memcmp(a, b, a.count) == 0 }
}
