import Kernel
import Storage

let alpha = PartyID("alpha")!
let bravo = PartyID("bravo")!

func root(_ byte: UInt8) -> Hash32 { Hash32([UInt8](repeating: byte, count: 32))! }

func head(_ party: PartyID, _ size: UInt64, root byte: UInt8 = 1) -> HeadState {
    HeadState(party: party, size: size, root: root(byte), checkpoint: Array("\(party) \(size) \(byte)".utf8))
}

func journal(_ range: ClosedRange<UInt64>, bytes: Int = 16) -> [JournalEntry] {
    range.map { JournalEntry(sequence: $0, bytes: sample($0, bytes)) }
}

func entries(_ party: PartyID, _ range: Range<UInt64>, bytes: Int = 16) -> [MirrorEntry] {
    range.map { MirrorEntry(party: party, index: $0, envelope: sample($0 &* 31, bytes)) }
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
