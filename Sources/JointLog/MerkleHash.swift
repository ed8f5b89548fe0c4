import Crypto
import Kernel

/// RFC 6962 hashing: leaves and nodes have prefixes of their own, so that neither can pass for the other.
public enum MerkleHash {
    /// Hash of the empty tree.
    public static let empty = sha256([])

    public static func leaf(_ data: [UInt8]) -> Hash32 { sha256([0x00] + data) }

    public static func node(_ left: Hash32, _ right: Hash32) -> Hash32 {
        var data: [UInt8] = []
        data.reserveCapacity(65)
        data.append(0x01)
        data.append(contentsOf: left.bytes)
        data.append(contentsOf: right.bytes)
        return sha256(data)
    }

    /// Plain SHA-256.
    public static func sha256(_ data: [UInt8]) -> Hash32 {
        // SHA-256 has 32 bytes, so the conversion cannot fail.
        Hash32(SHA256.hash(data: data).withUnsafeBytes { Array($0) })!
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
