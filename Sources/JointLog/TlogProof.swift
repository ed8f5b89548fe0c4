import Kernel

/// A proof for offline use that a leaf is in a log: its index, the inclusion proof and the checkpoint with every
/// signature. C2SP `tlog-proof`.
public struct TlogProof: Hashable, Sendable {
    private static let header = "c2sp.org/tlog-proof@v1"

    /// For the application, and not authenticated; not empty.
    public let extra: [UInt8]?
    /// Of the leaf, from 0.
    public let index: UInt64
    /// From the leaf's sibling upwards.
    public let hashes: [Hash32]
    /// The checkpoint's note, verbatim. Its signatures are still to be verified.
    public let note: String
    /// What the note says; proven only together with its signatures.
    public let checkpoint: Checkpoint

    /// - Returns: `nil` when the note is no checkpoint, the index is not below its size, the extra data is empty, or
    ///   the hashes are more than any tree needs.
    public init?(index: UInt64, hashes: [Hash32], note: String, extra: [UInt8]? = nil) {
        guard let parsed = SignedNote(encoded: note), let (checkpoint, _) = Checkpoint.reading(parsed.text),
            index < checkpoint.size, extra?.isEmpty != true, hashes.count <= HashLines.longest
        else { return nil }
        self.extra = extra
        self.index = index
        self.hashes = hashes
        self.note = note
        self.checkpoint = checkpoint
    }

    public var encoded: String {
        let extraLine = extra.map { "extra \($0.base64)\n" } ?? ""
        return "\(TlogProof.header)\n\(extraLine)index \(index)\n\(HashLines.text(hashes))\n\(note)"
    }

    /// Reads exactly what ``encoded`` writes.
    public init?(encoded: String) {
        guard let (head, note) = encoded.byteSplitAtFirstEmptyLine else { return nil }
        var lines = head.byteLines.dropLast()
        guard lines.popFirst()?.hasSameBytes(as: TlogProof.header) == true, var line = lines.popFirst() else {
            return nil
        }
        var extra: [UInt8]?
        if let text = line.value(after: "extra ") {
            guard let bytes = [UInt8](base64: text), let next = lines.popFirst() else { return nil }
            extra = bytes
            line = next
        }
        guard let index = line.value(after: "index ")?.canonicalDecimal, let hashes = HashLines.hashes(lines: lines)
        else { return nil }
        self.init(index: index, hashes: hashes, note: note, extra: extra)
        guard self.encoded.hasSameBytes(as: encoded) else { return nil }
    }

    /// Whether the inclusion proof leads from `leaf` to the root of the note's checkpoint. It proves something only
    /// when the note's signatures are verified too.
    public func includes(leaf: Hash32) -> Bool {
        MerkleProof.isInclusion(leaf: leaf, index: index, size: checkpoint.size, root: checkpoint.root, proof: hashes)
    }
}
