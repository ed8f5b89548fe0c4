import JointLog
import Kernel

extension MirrorEntry {
    /// The entry's leaf in its log's tree: SHA-256 of 0x00 and the signed bytes. `nil` when ``envelope`` does not begin
    /// with a length (4 bytes, big-endian) and that many signed bytes.
    ///
    /// The envelope's full shape is the records' business; whichever way that shape grows, its signed bytes come first.
    public var leaf: Hash32? {
        guard envelope.count >= 4 else { return nil }
        let length = envelope[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard envelope.count - 4 >= length else { return nil }
        return MerkleHash.leaf(envelope[4..<(4 + length)])
    }
}
