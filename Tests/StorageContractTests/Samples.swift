import JointLog
import Kernel
import Storage

let alpha = PartyID("alpha")!
let bravo = PartyID("bravo")!
let alphaLog = LogID(party: alpha)
let bravoLog = LogID(party: bravo)
let alphaAgain = LogID(party: alpha, epoch: 1)

func journal(_ range: ClosedRange<UInt64>, bytes: Int = 16) -> [JournalEntry] {
    range.map { JournalEntry(sequence: $0, bytes: sample($0, bytes)) }
}

/// Signed bytes of the entry at an index: a few that differ from index to index and from log to log.
func signedBytes(_ log: LogID, _ index: UInt64) -> [UInt8] { Array("\(log) \(index)".utf8) }

/// - Parameter bytes: what follows the signed bytes, as the signature and the sealed body do.
func entries(_ log: LogID, _ range: Range<UInt64>, bytes: Int = 16) -> [MirrorEntry] {
    range.map { index in
        let signed = signedBytes(log, index)
        return MirrorEntry(
            log: log, index: index,
            envelope: [0, 0, 0, UInt8(signed.count)] + signed + sample(index &* 31, bytes))
    }
}

func entries(_ party: PartyID, _ range: Range<UInt64>, bytes: Int = 16) -> [MirrorEntry] {
    entries(LogID(party: party), range, bytes: bytes)
}

/// The definition of RFC 6962, section 2.1, word by word.
func treeHash(_ leaves: ArraySlice<[UInt8]>) -> Hash32 {
    guard let first = leaves.first else { return MerkleHash.sha256([]) }
    guard leaves.count > 1 else { return MerkleHash.sha256([0] + first) }
    var k = 1
    while k * 2 < leaves.count { k *= 2 }
    let middle = leaves.startIndex + k
    return MerkleHash.sha256([1] + treeHash(leaves[..<middle]).bytes + treeHash(leaves[middle...]).bytes)
}

/// Root over the first `size` sample entries of a log.
func sampleRoot(_ log: LogID, _ size: UInt64) -> Hash32 { treeHash((0..<size).map { signedBytes(log, $0) }[...]) }

func checkpoint(_ log: LogID, _ size: UInt64, _ root: Hash32) -> [UInt8] {
    Array("parley/\(String(repeating: "ab", count: 32))/\(log)\n\(size)\n\(root.bytes.base64)\n".utf8)
}

/// The head of the sample log; `root` makes it another history's.
func head(_ log: LogID, _ size: UInt64, root byte: UInt8? = nil) -> HeadState {
    let root = byte.flatMap { Hash32([UInt8](repeating: $0, count: 32)) } ?? sampleRoot(log, size)
    return HeadState(log: log, size: size, root: root, checkpoint: checkpoint(log, size, root))
}

func head(_ party: PartyID, _ size: UInt64, root byte: UInt8? = nil) -> HeadState {
    head(LogID(party: party), size, root: byte)
}

/// A note over the sample log with one signature line, whose bytes only the signer could check.
func note(_ log: LogID, _ size: UInt64, by signer: String, signature: UInt8 = 7) -> NoteWrite {
    let line = "\u{2014} \(signer) \([UInt8](repeating: signature, count: 68).base64)\n"
    return NoteWrite(
        log: log, size: size, signer: signer, note: checkpoint(log, size, sampleRoot(log, size)) + Array("\n\(line)".utf8))
}

/// Full tiles at level 0 over the sample log, by the definition.
func leafTiles(_ log: LogID, _ range: Range<UInt64>) -> [TileWrite] {
    range.map { index in
        let leaves = ((index * 256)..<((index + 1) * 256)).flatMap { treeHash([signedBytes(log, $0)]).bytes }
        return TileWrite(log: log, level: 0, index: index, hashes: leaves)
    }
}

/// Bytes that differ from number to number.
func sample(_ number: UInt64, _ count: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: number)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
}

/// The error that `body` throws; `nil` when it throws none.
func error(of body: () throws(StoreError) -> Void) -> StoreError? {
    do {
        try body()
        return nil
    } catch { return error }
}
