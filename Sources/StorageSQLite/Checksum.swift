import Kernel
import Storage

/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), kept beside every row so that bytes which rotted are noticed on
/// reading. It finds damage, not malice: signatures are for that.
struct Checksum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
    }

    private var register: UInt32 = .max

    var value: Int64 { Int64(~register) }

    init() {}

    /// Begins with what kind of row it is, so that a row that strays into another table does not pass.
    init(_ table: StaticString) {
        table.withUTF8Buffer { add(raw: UnsafeRawBufferPointer($0)) }
    }

    /// The bytes alone, without their length.
    mutating func add(raw bytes: UnsafeRawBufferPointer) {
        var crc = register
        Checksum.table.withUnsafeBufferPointer { table in
            for byte in bytes { crc = crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xFF)] }
        }
        register = crc
    }

    mutating func add(_ number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { add(raw: $0) }
    }

    /// The length, then the bytes, so that two neighbouring fields cannot trade bytes.
    mutating func add(_ bytes: [UInt8]) {
        add(UInt64(bytes.count))
        bytes.withUnsafeBytes { add(raw: $0) }
    }

    static func journal(_ sequence: UInt64, _ bytes: [UInt8]) -> Int64 {
        var sum = Checksum("journal")
        sum.add(sequence)
        sum.add(bytes)
        return sum.value
    }

    static func entry(_ log: String, _ index: UInt64, _ envelope: [UInt8]) -> Int64 {
        var sum = Checksum("entry")
        sum.add(Array(log.utf8))
        sum.add(index)
        sum.add(envelope)
        return sum.value
    }

    static func tile(_ log: String, level: Int, _ index: UInt64, _ hashes: [UInt8]) -> Int64 {
        var sum = Checksum("tile")
        sum.add(Array(log.utf8))
        sum.add(UInt64(level))
        sum.add(index)
        sum.add(hashes)
        return sum.value
    }

    static func note(_ note: NoteWrite, arrival: UInt64) -> Int64 {
        var sum = Checksum("note")
        sum.add(Array(note.log.description.utf8))
        sum.add(note.size)
        sum.add(arrival)
        sum.add(Array(note.signer.utf8))
        sum.add(note.note)
        return sum.value
    }

    static func snapshotPart(_ part: UInt64, through sequence: UInt64, _ bytes: [UInt8]) -> Int64 {
        var sum = Checksum("snapshot")
        sum.add(sequence)
        sum.add(part)
        sum.add(bytes)
        return sum.value
    }
}
