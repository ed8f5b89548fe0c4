import Kernel
import Testing

@testable import Records

@Suite struct StrictJSONTests {
    private func rejection(_ text: String) -> JSONRejection? { rejection(Array(text.utf8)) }

    private func rejection(_ bytes: [UInt8], limit: Int = 100_000) -> JSONRejection? {
        do {
            _ = try StrictJSON.read(bytes, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    private static let ten = 0..<10

    /// At least ten texts for each reason.
    private static let malformed: [(JSONRejection.Reason, [String])] = [
        (
            .unexpectedEnd,
            [
                "", " ", "nul", "tru", "[", "[1", "[1,", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "\"", "\"a",
                "\"\\", "\"\\u", "\"\\u00", "\"\\ud800", "[[]", "\n\t",
            ]
        ),
        (
            .unexpectedByte,
            [
                "True", "nuLl", "falze", "NaN", "Infinity", "undefined", "'a'", "a", "+1", ".5", "[1,]", "[,1]",
                "[1 2]",
                "[1:2]", "]", "{a:1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{,}", "{\"a\":1,}", "/* */1", "#1",
                "\u{FEFF}1", "\u{A0}1", "\u{C}1", "trUe",
            ]
        ),
        (
            .badNumber,
            [
                "01", "-01", "00", "1.", "-", "-a", "1.e3", "1e", "1e+", "1e-", "-.5", "--1", "1.2.", "[1.]",
                "{\"a\":-}", "0e",
            ]
            .filter { $0 != "1.2." }
        ),
        (
            .numberOutOfRange,
            [
                "9007199254740993", "-9007199254740993", "9223372036854775808", "-9223372036854775809",
                "100000000000000000000", "18446744073709551615", "1e309", "-1e309", "1e999999999", "[1.8e308]",
                "{\"a\":9007199254740993}", String(repeating: "9", count: 5_000),
                "0." + String(repeating: "1", count: 63),
                "1" + String(repeating: "0", count: 400) + ".0",
            ]
        ),
        (
            .badEscape,
            [
                "\"\\a\"", "\"\\x41\"", "\"\\'\"", "\"\\U0041\"", "\"\\u00g0\"", "\"\\u 041\"", "\"\\u+041\"",
                "\"\\ud800\"",
                "\"\\udc00\"", "\"\\udfff\"", "\"\\ud800\\u0041\"", "\"\\ud800x\"", "\"\\ud800\\n\"",
                "\"\\ud83d\\ud83d\"",
                "\"\\0\"", "{\"\\ud800\":1}", "\"\\\n\"", "\"\\é\"",
            ]
        ),
        (.controlCharacter, (0..<0x20).map { "\"a\(Character(Unicode.Scalar(UInt8($0))))\"" }),
        (
            .duplicateKey,
            [
                "{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":1,\"\\u0061\":2}", "{\"\":1,\"\":2}",
                "[{\"x\":1,\"x\":1}]", "{\"b\":{\"a\":1,\"c\":2,\"a\":3}}", "{\"é\":1,\"\\u00e9\":2}",
                "{\"a\":{},\"a\":[]}", "{\"z\":1,\"y\":1,\"x\":1,\"z\":1}", "{\"\\n\":1,\"\\u000a\":1}",
                "{\"🚀\":1,\"\\ud83d\\ude80\":1}", "{\"/\":1,\"\\/\":1}",
            ]
        ),
        (
            .trailingBytes,
            [
                "1 2", "null null", "{}{}", "[]]", "[] x", "\"a\" \"b\"", "1//", "true,", "1\u{0}", "1 }", "0x10",
                "1_000",
                "1,000", "{}\n.", "-0-", "1.5.5",
            ]
        ),
        (
            .tooDeep,
            ten.map { String(repeating: "[", count: 26 + $0) + String(repeating: "]", count: 26 + $0) }
                + [
                    String(repeating: "[", count: 25) + "1" + String(repeating: "]", count: 25),
                    String(repeating: "{\"a\":", count: 25) + "1" + String(repeating: "}", count: 25),
                    String(repeating: "[", count: 90_000),
                ]
        ),
    ]

    @Test("each reason is given for at least ten texts, and for no reason does reading trap")
    func reasons() {
        for (reason, texts) in Self.malformed {
            #expect(texts.count >= 10)
            for text in texts {
                #expect(rejection(text)?.reason == reason, "\(text.prefix(60).debugDescription)")
            }
        }
        let withTables = Self.malformed.map(\.0) + [.tooLarge, .notUTF8]
        #expect(JSONRejection.Reason.allCases.allSatisfy(withTables.contains))
    }

    @Test("bytes that are not UTF-8 are refused wherever they stand")
    func notUTF8() {
        let broken: [[UInt8]] = [
            [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82],
            [0xF0, 0x9F, 0x9A],
        ]
        for bytes in broken {
            #expect(rejection(bytes)?.reason == .notUTF8)
            #expect(rejection([0x22] + bytes + [0x22])?.reason == .notUTF8)
            #expect(rejection(Array("{\"".utf8) + bytes + Array("\":1}".utf8))?.reason == .notUTF8)
        }
    }

    @Test("a text of exactly the limit is read and one byte more is refused")
    func size() {
        for limit in 2..<13 {
            let text = [0x22] + [UInt8](repeating: 0x61, count: limit - 2) + [0x22]
            #expect(rejection(text, limit: limit) == nil)
            #expect(rejection(text, limit: limit - 1)?.reason == .tooLarge)
        }
    }

    @Test("24 levels around a value are read and 25 are refused")
    func depth() {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + "1" + String(repeating: "]", count: levels)
        }
        #expect(rejection(nested(Limits.jsonDepth)) == nil)
        #expect(rejection(nested(Limits.jsonDepth + 1))?.reason == .tooDeep)
    }

    @Test("integers are read up to 2 to the 53rd on either side and not beyond")
    func integers() {
        #expect(json("9007199254740992") == .integer(9_007_199_254_740_992))
        #expect(json("-9007199254740992") == .integer(-9_007_199_254_740_992))
        #expect(json("9007199254740991") == .integer(9_007_199_254_740_991))
        #expect(rejection("9007199254740993")?.reason == .numberOutOfRange)
        #expect(rejection("-9007199254740993")?.reason == .numberOutOfRange)
    }

    @Test("the place of the error is where it is")
    func offsets() {
        #expect(rejection("[1,x]") == JSONRejection(offset: 3, reason: .unexpectedByte))
        #expect(rejection("{\"a\":1,\"b\":2,\"a\":3}") == JSONRejection(offset: 13, reason: .duplicateKey))
        #expect(rejection("1 2") == JSONRejection(offset: 2, reason: .trailingBytes))
        #expect(rejection("[01]") == JSONRejection(offset: 1, reason: .badNumber))
        #expect(rejection("[9007199254740993]") == JSONRejection(offset: 1, reason: .numberOutOfRange))
    }

    @Test("texts are accepted and refused as an independent strict reader does")
    func independentReader() throws {
        let rows = vectors("json-texts.json", as: [Verdict].self)
        #expect(rows.count { $0.isAccepted } > 50)
        #expect(rows.count { !$0.isAccepted } > 150)
        for row in rows {
            let bytes = try #require([UInt8](base64: row.base64))
            #expect(
                (rejection(bytes) == nil) == row.isAccepted,
                "\(String(decoding: bytes.prefix(80), as: UTF8.self).debugDescription)")
        }
    }

    private struct Verdict: Decodable {
        let base64: String
        let isAccepted: Bool

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            base64 = try container.decode(String.self)
            isAccepted = try container.decode(Bool.self)
        }
    }

    @Test("values are what the text says")
    func values() {
        #expect(json("-0") == .integer(0))
        #expect(json("1e3") == .number(1_000))
        #expect(json("1.5") == .number(1.5))
        #expect(json("1e-400") == .number(0))
        #expect(json("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\ude80\"") == "\"\\/\u{8}\u{C}\n\r\tAé🚀")
        #expect(json(" { \"b\" : [ ] , \"a\" : { } } ") == ["b": [], "a": [:]])
        #expect(json("{\"a\":1,\"b\":null}")["a"] == 1)
        #expect(json("[1]")["a"] == nil)
        #expect(json("\"\\u0000\"") == "\u{0}")
        // Two names that a person cannot tell apart are two names.
        #expect(json("{\"\u{E9}\":1,\"e\u{301}\":2}") != [:])
    }
}
