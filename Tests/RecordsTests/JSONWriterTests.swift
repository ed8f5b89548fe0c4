import Foundation
import Kernel
import Records
import Testing

@Suite struct JSONWriterTests {
    private func randomValue(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch random.below(depth > 3 ? 5 : 7) {
        case 0: return .null
        case 1: return .bool(random.below(2) == 0)
        case 2: return .integer(Int64(random.below(1 << 54)) - 1 << 53)
        case 3:
            let double = Double(bitPattern: random.next())
            return .number(double.isFinite && double != 0 ? double : 0.1)
        case 4: return .string(randomText(&random))
        case 5: return .array((0..<random.below(5)).map { _ in randomValue(&random, depth: depth + 1) })
        default:
            return .object(
                (0..<random.below(5)).map { i in
                    JSONMember("\(i)" + randomText(&random), randomValue(&random, depth: depth + 1))
                })
        }
    }

    private func randomText(_ random: inout SeededGenerator) -> String {
        let scalars = (0..<random.below(8)).compactMap { _ in
            Unicode.Scalar(UInt32(random.below(random.below(2) == 0 ? 0x80 : 0x110000)))
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test("5,000 seeded values come back from their compact and from their indented text")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 8_259)
        for i in 0..<5_000 {
            let value = randomValue(&random, depth: 0)
            #expect(try StrictJSON.read(value.bytes, limit: 1 << 20) == value, "value \(i): \(value.text)")
            #expect(try StrictJSON.read(Array(value.prettyText.utf8), limit: 1 << 20) == value, "value \(i)")
        }
    }

    @Test("Foundation reads what is written, and means the same")
    func foundation() throws {
        let value: JSONValue = ["a": [1, 2.5, "x\u{1}\u{2028}\"\\é🚀"], "b": .null, "c": true, "d": [:], "e": []]
        let object = try JSONSerialization.jsonObject(with: Data(value.bytes))
        let expected: NSDictionary = [
            "a": [1, 2.5, "x\u{1}\u{2028}\"\\é🚀"], "b": NSNull(), "c": true, "d": [:], "e": [],
        ]
        #expect(object as? NSDictionary == expected)
    }

    @Test("the compact text has no space and the members keep their order")
    func compact() {
        let value: JSONValue = ["z": 1, "a": [1, 2.0, 0.1, -0.0], "m": ["x": "\n\r\t\u{7}\u{7f}"]]
        #expect(value.text == "{\"z\":1,\"a\":[1,2.0,0.1,0.0],\"m\":{\"x\":\"\\n\\r\\t\\u0007\u{7f}\"}}")
    }

    @Test("the indented text puts members on lines of their own and ends with a newline")
    func pretty() {
        let value: JSONValue = ["a": [1, 2], "b": [["c": 3]], "d": [:], "e": []]
        #expect(
            value.prettyText == """
                {
                  "a": [1, 2],
                  "b": [
                    {
                      "c": 3
                    }
                  ],
                  "d": {},
                  "e": []
                }

                """)
    }

    @Test("a number that is not finite is written as null rather than as no JSON")
    func notFinite() {
        #expect(JSONValue.array([.number(.nan), .number(.infinity)]).text == "[null,null]")
    }

    @Test("a whole number with a fraction part stays one, of any size")
    func wholeNumbers() throws {
        for number in [1, -1, 1e15, 1e16, 1e17, 0x1p53 + 2, 1e300, .leastNonzeroMagnitude, 0.1 + 0.2] {
            let value = JSONValue.number(number)
            #expect(try StrictJSON.read(value.bytes, limit: 100) == value)
        }
    }
}
