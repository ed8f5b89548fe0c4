import Kernel
import Testing

@Suite("Packed bytes")
struct PackedTests {
    @Test("give back every number, at the edges too")
    func numbers() throws {
        let whole: [UInt64] = [0, 1, 127, 128, 16_383, 16_384, UInt64(Int64.max), .max - 1, .max]
        let signed: [Int64] = [0, 1, -1, 63, 64, -64, -65, .max, .min]
        let real = [0, -0.0, 1.5, .infinity, -.greatestFiniteMagnitude, .leastNonzeroMagnitude]
        var writer = PackedWriter()
        for value in whole { writer.put(value) }
        for value in signed { writer.put(value) }
        for value in real { writer.put(value) }
        var reader = PackedReader(writer.bytes)
        for value in whole { #expect(try reader.number() == value) }
        for value in signed { #expect(try reader.signed() == value) }
        for value in real { #expect(try reader.double().bitPattern == value.bitPattern) }
        #expect(reader.isAtEnd)
    }

    @Test("are as LEB128 and zigzag are defined")
    func knownBytes() {
        var writer = PackedWriter()
        // From the DWARF standard's appendix C and Protocol Buffers' table of zigzag values.
        for value in [UInt64(2), 127, 128, 129, 12_857] { writer.put(value) }
        for value in [Int64(0), -1, 1, -2, 2_147_483_647] { writer.put(value) }
        #expect(
            writer.bytes == [
                0x02, 0x7F, 0x80, 0x01, 0x81, 0x01, 0xB9, 0x64, 0, 1, 2, 3, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F,
            ])
    }

    @Test("write a word in full once")
    func words() throws {
        var writer = PackedWriter()
        for word in ["turkiye", "israel", "turkiye", "", "israel", ""] { writer.put(word: word) }
        #expect(writer.bytes.count == 1 + 8 + 1 + 7 + 1 + 1 + 1 + 1 + 1)
        var reader = PackedReader(writer.bytes)
        for word in ["turkiye", "israel", "turkiye", "", "israel", ""] { #expect(try reader.word() == word) }
        #expect(reader.isAtEnd)
    }

    @Test("keep each spelling of a word that Unicode calls the same")
    func spellings() throws {
        let words = ["\u{E9}", "e\u{301}", "K", "\u{212A}", "\u{E9}"]
        var writer = PackedWriter()
        for word in words { writer.put(word: word) }
        var reader = PackedReader(writer.bytes)
        for word in words { #expect(Array(try reader.word().utf8) == Array(word.utf8)) }
    }

    @Test("hold text, nothing, and values in a row")
    func containers() throws {
        var writer = PackedWriter()
        writer.put(text: "Şırnak \u{202E}")
        writer.put(Int64?.none) { $0.put($1) }
        writer.put(Int64?.some(-7)) { $0.put($1) }
        writer.put([3, 2, 1] as [UInt64]) { $0.put($1) }
        var reader = PackedReader(writer.bytes)
        #expect(try reader.text() == "Şırnak \u{202E}")
        #expect(try reader.optional { reader throws(PackedRejection) in try reader.signed() } == nil)
        #expect(try reader.optional { reader throws(PackedRejection) in try reader.signed() } == -7)
        #expect(try reader.array { reader throws(PackedRejection) in try reader.number() } == [3, 2, 1])
    }

    @Test("that are cut, too large or of something else are refused")
    func refused() {
        #expect(throws: PackedRejection.self) { var reader = PackedReader([]); _ = try reader.number() }
        #expect(throws: PackedRejection.self) { var reader = PackedReader([0x80]); _ = try reader.number() }
        let tooLarge = [UInt8](repeating: 0xFF, count: 9) + [0x02]
        #expect(throws: PackedRejection.self) { var reader = PackedReader(tooLarge); _ = try reader.number() }
        #expect(throws: PackedRejection.self) { var reader = PackedReader([2]); _ = try reader.flag() }
        #expect(throws: PackedRejection.self) { var reader = PackedReader([1, 2, 3]); _ = try reader.double() }
        #expect(throws: PackedRejection.self) { var reader = PackedReader([3, 65, 66]); _ = try reader.text() }
        #expect(throws: PackedRejection.self) { var reader = PackedReader([1, 1, 65]); _ = try reader.word() }
        #expect(throws: PackedRejection.self) { var reader = PackedReader([UInt8](repeating: 7, count: 31)); _ = try reader.hash() }
        // Four thousand million values in five bytes.
        #expect(throws: PackedRejection.self) {
            var reader = PackedReader([0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
            _ = try reader.array { reader throws(PackedRejection) in try reader.number() }
        }
    }
}
