import Foundation
import JointLog
import Kernel

/// The folder of other people's test vectors beside the package; `nil`, said once, when it is missing.
func sharedVectors(_ name: String) -> URL? {
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.deletingLastPathComponent().appendingPathComponent("shared/vectors/\(name)")
    guard FileManager.default.fileExists(atPath: file.path) else {
        print("skipped: no vectors at \(file.path)")
        return nil
    }
    return file
}

func party(_ name: String) -> PartyID {
    guard let party = PartyID(name) else { preconditionFailure("a test's party is valid") }
    return party
}

func signer(_ byte: UInt8) -> Ed25519PrivateKey {
    guard let key = Ed25519PrivateKey(seed: [UInt8](repeating: byte, count: 32)) else {
        preconditionFailure("a test's seed has 32 bytes")
    }
    return key
}

func leaves(_ count: Int, salt: UInt8 = 0) -> [Hash32] {
    (0..<count).map { MerkleHash.leaf([salt, UInt8($0 >> 16), UInt8($0 >> 8 & 0xFF), UInt8($0 & 0xFF)]) }
}

/// RFC 6962, section 2.1, by its recursive definitions over all leaf hashes; shares no code with what is tested.
enum Definition {
    private static func node(_ left: Hash32, _ right: Hash32) -> Hash32 {
        MerkleHash.sha256([1] + left.bytes + right.bytes)
    }

    /// The largest power of two below the count.
    private static func split(_ count: Int) -> Int {
        var split = 1
        while split * 2 < count { split *= 2 }
        return split
    }

    static func root(_ leaves: ArraySlice<Hash32>) -> Hash32 {
        guard let first = leaves.first else { return MerkleHash.sha256([]) }
        guard leaves.count > 1 else { return first }
        let middle = leaves.startIndex + split(leaves.count)
        return node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    /// PATH(m, D[n]).
    static func path(_ index: Int, _ leaves: ArraySlice<Hash32>) -> [Hash32] {
        guard leaves.count > 1 else { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        return leaves.startIndex + index < middle
            ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
            : path(index - split(leaves.count), leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// SUBTREE_PROOF(start, end, D[n]) of draft-ietf-plants-merkle-tree-certs; with a start of 0, PROOF(end, D[n]).
    static func proof(_ start: Int, _ end: Int, _ leaves: ArraySlice<Hash32>, isWhole: Bool = true) -> [Hash32] {
        if start == 0, end == leaves.count { return isWhole ? [] : [root(leaves)] }
        let half = split(leaves.count)
        let (left, right) = (leaves.prefix(half), leaves.dropFirst(half))
        if end <= half { return proof(start, end, left, isWhole: isWhole) + [root(right)] }
        if half <= start { return proof(start - half, end - half, right, isWhole: isWhole) + [root(left)] }
        return proof(0, end - half, right, isWhole: false) + [root(left)]
    }
}
