import Foundation
import Kernel
import Testing

@Suite struct BytesTests {
    /// RFC 4648, section 10.
    private static let published = [
        ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
        ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"), ("foobar", "Zm9vYmFy", "666f6f626172"),
    ]

    @Test("base64 and hexadecimal are those of RFC 4648")
    func vectors() {
        for (text, base64, hex) in Self.published {
            let bytes = Array(text.utf8)
            #expect(bytes.base64 == base64)
            #expect(bytes.hex == hex)
            #expect([UInt8](base64: base64) == bytes)
            #expect([UInt8](hex: hex) == bytes)
        }
    }

    @Test("seeded bytes are written as Foundation writes them and come back")
    func seeded() {
        var random = SeededGenerator(seed: 4_648)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(bytes.base64 == Data(bytes).base64EncodedString())
            #expect([UInt8](base64: bytes.base64) == bytes)
            #expect([UInt8](hex: bytes.hex) == bytes)
            #expect(bytes.hex == bytes.map { String(format: "%02x", Int($0)) }.joined())
        }
    }

    @Test(
        "base64 that nobody would write is refused",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "=Zg=", "Zh==", "Zi==", "Zm9=", "Zm8", "Zm8==", "====", "Zm9vZg==Zm9v", "Zg==\n",
            " Zg==", "Z g=", "Zm9v-_==", "Zm-v", "Zm_v", "Zm9v\u{0}aaa", "Zm\u{212A}v", "Zm9vé", "Zg=A", "Z===", "AA=A",
        ])
    func malformedBase64(text: String) { #expect([UInt8](base64: text) == nil) }

    @Test(
        "hexadecimal in upper case, of odd length or with anything else in it is refused",
        arguments: [
            "0", "abc", "AB", "aB", "0x12", "g0", "0g", " 12", "12 ", "1\n", "-1", "+1", "é", "1\u{0}", "：：", "00zz",
        ])
    func malformedHex(text: String) { #expect([UInt8](hex: text) == nil) }

    @Test("bytes that read as base64 are written back as the same text")
    func canonical() {
        var random = SeededGenerator(seed: 64)
        let alphabet = Array("ABCDwxyz0189+/=".utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            let count = Int(random.below(3)) * 4
            let bytes = (0..<count).map { _ in alphabet[Int(random.below(UInt64(alphabet.count)))] }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let read = [UInt8](base64: text) else { continue }
            accepted += 1
            #expect(read.base64 == text)
        }
        #expect(accepted > 1_000)
    }

    @Test("opaque bytes are coded as one base64 text, and another text is refused")
    func coding() throws {
        let bytes = Bytes([0, 255, 7])
        let data = try JSONEncoder().encode([bytes])
        #expect(try JSONDecoder().decode([String].self, from: data) == ["AP8H"])
        #expect(try JSONDecoder().decode([Bytes].self, from: data) == [bytes])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Bytes].self, from: Data(#"["AP8"]"#.utf8)) }
    }
}
