import Foundation
import JointLog
import Kernel
import Testing

/// The cases of transparency-dev/merkle, valid and broken.
@Suite struct MerkleVectorTests {
    private struct Case: Decodable {
        let leafIdx: UInt64?
        let treeSize: UInt64?
        let size1: UInt64?
        let size2: UInt64?
        let start: UInt64?
        let end: UInt64?
        let size: UInt64?
        let root: String?
        let leafHash: String?
        let root1: String?
        let root2: String?
        let proof: [String?]?
        let wantErr: Bool

        /// `nil` when any is not a hash of 32 bytes.
        var hashes: [Hash32]? {
            let hashes = (proof ?? []).compactMap { Self.hash($0 ?? "") }
            return hashes.count == (proof ?? []).count ? hashes : nil
        }

        static func hash(_ base64: String?) -> Hash32? { base64.flatMap { [UInt8](base64: $0) }.flatMap { Hash32($0) } }
    }

    /// Every case below the folder with its path.
    private func cases(_ folder: String) throws -> [(String, Case)]? {
        guard let root = sharedVectors("merkle") else { return nil }
        let base = root.appendingPathComponent(folder)
        let paths = try #require(FileManager.default.enumerator(atPath: base.path)).compactMap { $0 as? String }
        return try paths.filter { $0.hasSuffix(".json") }.sorted().map {
            let data = try Data(contentsOf: base.appendingPathComponent($0))
            return ("\(folder)/\($0)", try JSONDecoder().decode(Case.self, from: data))
        }
    }

    /// Judges each case and counts the accepted. A case with a hash of another length than 32 bytes is refused before
    /// any verification: no such hash can be written here. `exceptions` are the cases with such hashes that the
    /// publisher's library accepts, because it compares roots of any length.
    private func judge(
        _ folder: String, count: Int, accepted: Int, exceptions: [String], _ verify: (Case, [Hash32]) -> Bool?
    ) throws {
        guard let cases = try cases(folder) else { return }
        #expect(cases.count == count)
        var found = 0
        var excepted: [String] = []
        for (path, test) in cases {
            let isAccepted = test.hashes.flatMap { verify(test, $0) } ?? false
            if exceptions.contains(path) {
                excepted.append(path)
                #expect(!isAccepted && !test.wantErr, "\(path)")
            } else {
                #expect(isAccepted == !test.wantErr, "\(path)")
            }
            found += isAccepted ? 1 : 0
        }
        #expect(found == accepted)
        #expect(excepted == exceptions)
    }

    @Test("all 98 published inclusion cases are judged as published")
    func inclusion() throws {
        try judge("inclusion", count: 98, accepted: 6, exceptions: []) { test, proof in
            guard let leaf = Case.hash(test.leafHash), let root = Case.hash(test.root), let index = test.leafIdx,
                let size = test.treeSize
            else { return nil }
            return MerkleProof.isInclusion(leaf: leaf, index: index, size: size, root: root, proof: proof)
        }
    }

    @Test("all 98 published consistency cases are judged as published, but for one whose roots are not 32 bytes")
    func consistency() throws {
        let exception = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
        try judge("consistency", count: 98, accepted: 5, exceptions: [exception]) { test, proof in
            guard let old = Case.hash(test.root1), let new = Case.hash(test.root2), let from = test.size1,
                let to = test.size2
            else { return nil }
            return MerkleProof.isConsistency(from: from, root: old, to: to, root: new, proof: proof)
        }
    }

    @Test("all 204 published subtree inclusion cases are judged as published")
    func subtreeInclusion() throws {
        try judge("subtreeinclusion", count: 204, accepted: 12, exceptions: []) { test, proof in
            guard let leaf = Case.hash(test.leafHash), let root = Case.hash(test.root), let index = test.leafIdx,
                let start = test.start, let end = test.end
            else { return nil }
            return MerkleProof.isSubtreeInclusion(
                leaf: leaf, index: index, start: start, end: end, root: root, proof: proof)
        }
    }

    @Test("all 118 published subtree consistency cases are judged so, but for three whose roots are not 32 bytes")
    func subtreeConsistency() throws {
        let folder = "subtreeconsistency/additional/"
        let exceptions = [
            "sizes-are-equal-one-and-proof-is-empty.json",
            "subtree-is-empty-sizes-are-equal-one-subtree-root-valid-tree-root-random-proof-is-empty.json",
            "subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-tree-root-random-proof-is-empty.json",
        ].map { folder + $0 }
        try judge("subtreeconsistency", count: 118, accepted: 9, exceptions: exceptions) { test, proof in
            guard let old = Case.hash(test.root1), let new = Case.hash(test.root2), let start = test.start,
                let end = test.end, let size = test.size
            else { return nil }
            return MerkleProof.isSubtreeConsistency(
                start: start, end: end, root: old, size: size, root: new, proof: proof)
        }
    }
}
