import Testing

@testable import StorageSQLite

@Suite("CRC-32C")
struct ChecksumTests {
    @Test("the examples of RFC 3720 appendix B.4, and the usual check value")
    func vectors() {
        func crc(_ bytes: [UInt8]) -> Int64 {
            var sum = Checksum()
            bytes.withUnsafeBytes { sum.add(raw: $0) }
            return sum.value
        }
        #expect(crc([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(crc([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(crc(Array(0..<32)) == 0x46DD_794E)
        #expect(crc((0..<32).reversed()) == 0x113F_DB5C)
        #expect(crc(Array("123456789".utf8)) == 0xE306_9283)
    }

    @Test("a row does not pass in another place")
    func places() {
        #expect(Checksum.journal(1, [7]) != Checksum.journal(2, [7]))
        #expect(Checksum.entry("a", 1, [7]) != Checksum.entry("b", 1, [7]))
        #expect(Checksum.entry("a", 1, [7]) != Checksum.journal(1, [7]))
        #expect(Checksum.snapshotPart(0, through: 1, [7]) != Checksum.snapshotPart(0, through: 2, [7]))
    }
}
