import Kernel

/// Two checkpoints of one log, both signed by its author, that no single history explains: a proof that anybody who
/// knows the author's keys can check, to be kept and handed on.
///
/// With equal sizes the roots differ. With sizes m < n, a consistency proof shows which root the history of the
/// second checkpoint had at size m, and the first checkpoint states another.
///
/// Decoding does not verify: it is for a node's own state. What comes from elsewhere is read as text.
public struct ForkProof: Hashable, Sendable, Codable {
    private static let header = "parley fork v1"

    public let origin: String
    /// The lower of both: by size, then by root.
    public let first: SignedCheckpoint
    public let second: SignedCheckpoint
    /// The root that the second's history had at the first's size; `nil` when the sizes are equal.
    public let impliedRoot: Hash32?
    /// From the first's size to the second's; empty when the sizes are equal.
    public let consistency: [Hash32]

    /// In either order; keeps every line of both notes.
    ///
    /// - Parameters:
    ///   - impliedRoot: `nil` when the sizes are equal.
    ///   - publicKeys: the author's keys before and after changes; either note may be of any of them.
    /// - Returns: `nil` when the notes are not both of the log `origin` and by its author, or prove no fork.
    public init?(
        _ one: String, _ other: String, impliedRoot: Hash32?, consistency: [Hash32], origin: String,
        publicKeys: [Hash32]
    ) {
        guard let one = SignedCheckpoint(note: one, origin: origin, publicKeys: publicKeys),
            let other = SignedCheckpoint(note: other, origin: origin, publicKeys: publicKeys)
        else { return nil }
        let isInOrder =
            (one.checkpoint.size, one.checkpoint.root) < (other.checkpoint.size, other.checkpoint.root)
        first = isInOrder ? one : other
        second = isInOrder ? other : one
        self.origin = origin
        self.impliedRoot = impliedRoot
        self.consistency = consistency
        guard isFork else { return nil }
    }

    private var isFork: Bool {
        let (old, new) = (first.checkpoint, second.checkpoint)
        guard old.size < new.size else {
            return old.root != new.root && impliedRoot == nil && consistency.isEmpty
        }
        guard let impliedRoot, impliedRoot != old.root else { return false }
        // Every history begins with the empty tree, without a proof.
        guard old.size > 0 else { return impliedRoot == MerkleHash.empty && consistency.isEmpty }
        return MerkleProof.isConsistency(
            from: old.size, root: impliedRoot, to: new.size, root: new.root, proof: consistency)
    }

    /// A header, `implied <base64>` and the consistency proof when the sizes differ, and both notes, each after an
    /// empty line.
    public var encoded: String {
        let implied = impliedRoot.map { "implied \($0.bytes.base64)\n" } ?? ""
        return "\(ForkProof.header)\n\(implied)\(HashLines.text(consistency))\n\(first.note)\n\(second.note)"
    }

    /// Reads exactly what ``encoded`` writes, and verifies it.
    public init?(encoded: String, origin: String, publicKeys: [Hash32]) {
        // A checkpoint's text has no empty line, so these five parts are the whole.
        var parts: [String] = []
        var rest = encoded
        while let (head, tail) = rest.byteSplitAtFirstEmptyLine {
            guard parts.count < 4 else { return nil }
            parts.append(head)
            rest = tail
        }
        guard parts.count == 4 else { return nil }
        var lines = parts[0].byteLines.dropLast()
        guard lines.popFirst()?.hasSameBytes(as: ForkProof.header) == true else { return nil }
        var impliedRoot: Hash32?
        if let text = lines.first?.value(after: "implied ") {
            guard let root = [UInt8](base64: text).flatMap({ Hash32($0) }) else { return nil }
            impliedRoot = root
            lines.removeFirst()
        }
        guard let consistency = HashLines.hashes(lines: lines) else { return nil }
        self.init(
            "\(parts[1])\n\(parts[2])", "\(parts[3])\n\(rest)", impliedRoot: impliedRoot, consistency: consistency,
            origin: origin, publicKeys: publicKeys)
        guard self.encoded.hasSameBytes(as: encoded) else { return nil }
    }
}
