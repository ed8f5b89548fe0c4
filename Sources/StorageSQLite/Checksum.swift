import Kernel
import Storage

/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), kept beside every row so that bytes which rotted are noticed on
/// reading. It finds damage, not malice: signatures are for that.
struct Checksum {
    /// What a byte adds that stands 0 … 7 bytes before the end of what is added at once, each for 256 bytes.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        for i in 256..<(8 * 256) { tables.append(tables[i - 256] >> 8 ^ tables[Int(tables[i - 256] & 0xFF)]) }
        return tables
    }()

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
        Checksum.tables.withUnsafeBufferPointer { tables in
            var at = 0
            while at + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) ^ UInt64(crc)
                crc = 0
                for i in 0..<8 { crc ^= tables[(7 - i) << 8 | Int(word >> (8 * UInt64(i)) & 0xFF)] }
                at += 8
            }
            while at < bytes.count {
                crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[at])) & 0xFF)]
                at += 1
            }
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
