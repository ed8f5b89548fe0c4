import Crypto
import Kernel

/// RFC 6962 hashing: leaves and nodes have prefixes of their own, so that neither can pass for the other.
public enum MerkleHash {
    /// Hash of the empty tree.
    public static let empty = sha256([])

    public static func leaf(_ data: [UInt8]) -> Hash32 { leaf(data[...]) }

    public static func leaf(_ data: ArraySlice<UInt8>) -> Hash32 { sha256(after: 0x00, data) }

    public static func node(_ left: Hash32, _ right: Hash32) -> Hash32 {
        sha256(after: 0x01, left.bytes[...], right.bytes[...])
    }

    /// Plain SHA-256.
    public static func sha256(_ data: [UInt8]) -> Hash32 {
        var hash = SHA256()
        data.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return finish(hash)
    }

    private static func sha256(after prefix: UInt8, _ parts: ArraySlice<UInt8>...) -> Hash32 {
        var hash = SHA256()
        withUnsafeBytes(of: prefix) { hash.update(bufferPointer: $0) }
        for part in parts { part.withUnsafeBytes { hash.update(bufferPointer: $0) } }
        return finish(hash)
    }

    private static func finish(_ hash: SHA256) -> Hash32 {
        // SHA-256 has 32 bytes, so the conversion cannot fail.
        Hash32(hash.finalize().withUnsafeBytes { Array($0) })!
    }

    /// Root of the perfect tree over a power of two of hashes; at least one.
    static func perfectRoot(_ hashes: ArraySlice<Hash32>) -> Hash32 {
        var level = Array(hashes)
        while level.count > 1 {
            level = stride(from: 0, to: level.count - 1, by: 2).map { node(level[$0], level[$0 + 1]) }
        }
        return level[0]
    }
}
