import Kernel
import Records

@testable import JointLog

/// Notes, checkpoints, cosignatures, proofs and tiles: C2SP's formats, from any peer.
let logTargets: [FuzzTarget] = [
    FuzzTarget("note", words: ["\u{2014} ", "\n\n"], seeds: { texts(allNotes) }) { bytes in
        guard let text = text(bytes) else { return }
        guard let note = SignedNote(encoded: text) else { return }
        require(note.encoded.utf8.elementsEqual(text.utf8), "a note has one form")
        require(note.text.utf8.last == 0x0A, "a note's text ends its line")
        require(note.signatures.count <= SignedNote.mostSignatures, "signatures within their limit")
        let twice = SignedNote.merging([note, note])
        require(twice.map { $0.signatures.count <= note.signatures.count } ?? false, "merging with itself adds nothing")
        _ = note.signers(among: authorKeys)
    },
    FuzzTarget("checkpoint", words: ["parley/", "\n", "18446744073709551615"], seeds: { texts(allNotes + checkpointTexts) }) {
        guard let text = text($0) else { return }
        if let checkpoint = Checkpoint(text: text) {
            require(checkpoint.text.utf8.elementsEqual(text.utf8), "a checkpoint has one form")
            require(checkpoint.size <= Limits.largestInteger, "its size is within 2^53")
            if let log = Checkpoint.log(origin: checkpoint.origin, mechanism: Samples.terms.mechanism) {
                let origin = Checkpoint.origin(mechanism: Samples.terms.mechanism, log: log)
                require(origin.utf8.elementsEqual(checkpoint.origin.utf8), "an origin names one log")
            }
        }
        if let (checkpoint, lines) = Checkpoint.reading(text) {
            let written = checkpoint.text + lines.map { $0 + "\n" }.joined()
            require(written.utf8.elementsEqual(text.utf8), "a checkpoint with extension lines has one form")
        }
        for party in Samples.terms.parties {
            let origin = Checkpoint.origin(mechanism: Samples.terms.mechanism, party: party.id)
            guard let signed = SignedCheckpoint(note: text, origin: origin, publicKey: party.nodeKey) else { continue }
            require(
                signed.checkpoint.origin.utf8.elementsEqual(origin.utf8), "a signed checkpoint is of the log asked for")
        }
    },
    FuzzTarget("cosignature", words: ["\u{2014} "], seeds: { texts(receiptNotes) + [[UInt8](repeating: 7, count: 72)] }) {
        if let cosignature = Cosignature(blob: $0) {
            require(cosignature.blob == $0, "a cosignature has one form")
        }
        guard let text = text($0) else { return }
        let holders = Samples.terms.parties.map { ($0.id, $0.nodeKey) }
        for party in Samples.terms.parties {
            let origin = Checkpoint.origin(mechanism: Samples.terms.mechanism, party: party.id)
            for receipt in Receipt.receipts(in: text, origin: origin, holders: holders) {
                guard let key = Samples.terms.party(receipt.holder)?.nodeKey else { continue }
                let again = Receipt(
                    note: receipt.note(publicKey: key), origin: origin, holder: receipt.holder, publicKey: key)
                require(again == receipt, "a receipt that was read is written and read as the same")
            }
        }
    },
    FuzzTarget("proof", words: ["index ", "extra ", "implied ", "parley fork v1\n", "\n\n"], seeds: { texts(proofTexts) }) {
        guard let text = text($0) else { return }
        if let proof = TlogProof(encoded: text) {
            require(proof.encoded.utf8.elementsEqual(text.utf8), "a proof has one form")
            require(proof.index < proof.checkpoint.size, "its index lies in its tree")
            _ = proof.includes(leaf: MerkleHash.empty)
        }
        if let hashes = HashLines.hashes(in: text) {
            require(HashLines.text(hashes).utf8.elementsEqual(text.utf8), "hash lines have one form")
        }
        for party in Samples.terms.parties {
            let origin = Checkpoint.origin(mechanism: Samples.terms.mechanism, party: party.id)
            if let fork = ForkProof(encoded: text, origin: origin, publicKeys: [party.nodeKey]) {
                require(fork.encoded.utf8.elementsEqual(text.utf8), "a proof of a fork has one form")
            }
        }
    },
    FuzzTarget("merkle", seeds: { merkleSeeds }) { bytes in
        var input = InputBytes(bytes)
        let (a, b) = (input.integer(), input.integer())
        var hashes: [Hash32] = []
        while hashes.count < 70, !input.isEmpty, let hash = Hash32(input.take(32)) { hashes.append(hash) }
        let leaf = hashes.popLast() ?? MerkleHash.empty
        if let root = MerkleProof.inclusionRoot(leaf: leaf, index: a, size: b, proof: hashes) {
            require(a < b, "only leaves of the tree are included")
            require(hashes.count <= 64, "a proof is no longer than a tree is high")
            let isIncluded = MerkleProof.isInclusion(leaf: leaf, index: a, size: b, root: root, proof: hashes)
            require(isIncluded, "the root that a proof leads to is the root that it proves")
        }
        if let roots = MerkleProof.consistencyRoots(from: a, to: b, oldRootIfPowerOfTwo: leaf, proof: hashes) {
            require(0 < a && a <= b, "only from a smaller tree to a larger one")
            require(hashes.count <= 65, "a proof is no longer than a tree is high")
            _ = MerkleProof.isConsistency(from: a, root: roots.old, to: b, root: roots.new, proof: hashes)
        }
    },
    FuzzTarget("tile", longest: 16_384, words: ["tile/", "entries/", ".p/", "x001/"], seeds: { tileSeeds }) { bytes in
        if let hashes = Tile.decode(bytes) { require(Tile.encode(hashes) == bytes, "a tile has one form") }
        if let entries = EntryBundle.decode(bytes) {
            require(EntryBundle.encode(entries) == bytes, "an entry bundle has one form")
        }
        guard let text = text(bytes) else { return }
        if let tile = Tile(path: text) { require(tile.path.utf8.elementsEqual(text.utf8), "a tile has one path") }
        if let bundle = EntryBundle(path: text) {
            require(bundle.path.utf8.elementsEqual(text.utf8), "a bundle has one path")
        }
    },
    FuzzTarget("policy", words: ["log ", "witness ", "group ", "quorum ", " any ", " all ", "none"], seeds: { texts(policies) }) {
        guard let text = text($0) else { return }
        if let key = VerifierKey(text) {
            require(key.text.utf8.elementsEqual(text.utf8), "a verifier key has one form")
            _ = key.noteKey
        }
        guard let policy = LogPolicy(text: text) else { return }
        require(LogPolicy(text: policy.text) == policy, "a policy that was read is written and read as the same")
        for note in allNotes.prefix(2) { _ = policy.evaluate(note) }
    },
]

private let checkpointNotes: [String] = (Samples.notes["checkpoints"]?.items ?? []).map { $0.text("note") }
private let receiptNotes: [String] = (Samples.notes["receipts"]?.items ?? []).map { $0.text("note") }
private let allNotes: [String] = Array(checkpointNotes.prefix(6) + receiptNotes.prefix(6))
private let checkpointTexts: [String] = allNotes.compactMap { SignedNote(encoded: $0)?.text }
private let authorKeys = Samples.terms.parties.flatMap { party -> [NoteKey] in
    let origin = Checkpoint.origin(mechanism: Samples.terms.mechanism, party: party.id)
    return [
        NoteKey(name: origin, algorithm: .ed25519, publicKey: party.nodeKey),
        Receipt.key(of: party.id, publicKey: party.nodeKey),
    ]
}

private let proofTexts: [String] = {
    let hash = MerkleHash.sha256([1])
    let proofs = checkpointNotes.prefix(4).compactMap { note in
        TlogProof(index: 0, hashes: [hash, hash], note: note, extra: Array("extra".utf8))?.encoded
    }
    let one = checkpointNotes.first ?? ""
    let two = checkpointNotes.dropFirst().first ?? ""
    let fork = "parley fork v1\nimplied \(hash.bytes.base64)\n\(HashLines.text([hash]))\n\(one)\n\(two)"
    return proofs + [HashLines.text([hash, hash]), fork] + forkTexts
}()

/// Proofs of forks that hold, as a party would have signed them.
private let forkTexts: [String] = {
    let party = Samples.party
    let key = Samples.nodeKey(of: party)
    let origin = Checkpoint.origin(mechanism: Samples.terms.mechanism, party: party)
    func signed(_ size: UInt64, _ root: Hash32) -> String {
        let checkpoint = Checkpoint(origin: origin, size: size, root: root)
        return SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: { key.sign($0) }).note
    }
    let (a, b) = (MerkleHash.sha256([1]), MerkleHash.sha256([2]))
    let two = MerkleHash.node(a, b)
    return [
        ForkProof(signed(2, a), signed(2, b), impliedRoot: nil, consistency: [], origin: origin, publicKeys: [key.publicKey]),
        ForkProof(signed(1, b), signed(2, two), impliedRoot: a, consistency: [b], origin: origin, publicKeys: [key.publicKey]),
        ForkProof(signed(0, b), signed(2, two), impliedRoot: MerkleHash.empty, consistency: [], origin: origin, publicKeys: [key.publicKey]),
    ].compactMap { $0?.encoded }
}()

private let merkleShapes: [(UInt64, UInt64, Int)] = [(3, 7, 4), (0, 1, 1), (6, 7, 3), (1 << 40, 1 << 53, 60), (4, 8, 2)]
private let merkleSeeds: [[UInt8]] = merkleShapes.map { index, size, count in
    func bytes(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) } }
    var seed: [UInt8] = bytes(index) + bytes(size)
    for number in 0..<count { seed += MerkleHash.sha256([UInt8(number)]).bytes }
    return seed
}

private let tileSeeds: [[UInt8]] = {
    let hashes = (0..<5).map { MerkleHash.sha256([UInt8($0)]) }
    let bundle = EntryBundle.encode(Samples.envelopes.prefix(2).map { Array($0.prefix(700)) }) ?? []
    let paths = ["tile/0/x001/x234/067", "tile/5/000.p/255", "tile/entries/x001/000.p/7", "tile/entries/000"]
    return [Tile.encode(hashes), bundle, [0, 0], [0, 1, 65, 0, 2, 66, 67]] + texts(paths)
}()

private let policies: [String] = {
    let keys: [String] = authorKeys.map { VerifierKey($0).text }
    let names: [String] = ["alpha", "bravo", "charlie"]
    var lines: [String] = []
    for (key, name) in zip(keys, names) { lines.append("witness \(name) \(key) https://\(name).example/\n") }
    let witnesses: String = lines.joined()
    let small: String = "log \(keys[0]) https://log.example/\n" + witnesses + "group both all alpha bravo\nquorum both\n"
    let groups: String = "group some 2 alpha bravo charlie\ngroup any-of any some\nquorum any-of\n"
    let large: String = "# a comment\n\nlog \(keys[0])\n" + witnesses + groups
    return [small, large, "quorum none\n"] + keys
}()
