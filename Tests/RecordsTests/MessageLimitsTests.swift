import Kernel
import Records
import Testing

private func rejection(_ json: JSONValue) -> FieldRejection? {
    do throws(FieldRejection) {
        var reader = try FieldReader(json)
        _ = try MessageContent(&reader)
        try reader.finish()
        return nil
    } catch {
        return error
    }
}

/// A hazard with one field.
private func hazard(_ field: String, _ value: JSONValue) -> JSONValue {
    ["role": "watch", "template": "hazard-gnss", "fields": .object([JSONMember("position", here), JSONMember(field, value)])]
}

private let here: JSONValue = ["position": [38.3169, 34.5574]]

private func note(_ text: String) -> JSONValue {
    ["role": "watch", "template": "distress", "fields": ["remarks": ["text": .string(text), "language": "en"]]]
}

private func free(_ text: String) -> JSONValue {
    ["role": "watch", "precedence": "routine", "text": .string(text), "language": "ar"]
}

/// Unicode TR 9's explicit formatting characters, and others that do not show.
private let unseen: [UInt32] = [
    0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0x061C, 0x0000, 0x0007,
    0x000D, 0x001B, 0x007F, 0x0085, 0x009B, 0x00AD, 0x200B, 0x2028, 0x2029, 0x2060, 0xFEFF, 0xFFF9, 0xE0041, 0xFFFE,
]

@Suite struct MessageLimitsTests {
    @Test("characters that turn the direction or do not show are refused wherever an officer writes, by name", arguments: unseen)
    func unseenCharacters(code: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(code))
        let bad = "a" + String(scalar) + "b"
        let hex = String(code, radix: 16, uppercase: true)
        let places: [(JSONValue, String)] = [
            (note(bad), "fields.remarks.text"), (free(bad), "text"),
            (["role": "watch", "template": "distress", "fields": ["unit": .string(bad)]], "fields.unit"),
            (
                ["role": "watch", "template": "distress", "fields": ["position": ["position": [0.0, 0.0], "original": .string(bad)]]],
                "fields.position.original"
            ),
        ]
        for (json, path) in places {
            let found = rejection(json)
            #expect(found?.path == path)
            #expect(found?.sentence.contains(String(repeating: "0", count: max(0, 4 - hex.count)) + hex) == true)
        }
    }

    @Test("letters of every script, their joiners and lines of free text are kept")
    func kept() {
        for text in ["שלום", "مرحبا 12", "می‌خواهم", "क्‍ष", "Ağ, ı, ş", "Привет", "가나", "a\nb", "½ – “quoted”"] {
            #expect(rejection(note(text)) == nil, "\(text)")
            #expect(rejection(free(text)) == nil, "\(text)")
        }
    }

    @Test("a text that shows nothing is refused")
    func empty() {
        for text in ["", " ", "\n", "\u{A0}\u{3000}"] {
            #expect(rejection(note(text))?.path == "fields.remarks.text")
            #expect(rejection(free(text))?.path == "text")
        }
    }

    @Test("a unit's name has one line")
    func oneLine() {
        let json: JSONValue = ["role": "watch", "template": "distress", "fields": ["unit": "a\nb"]]
        #expect(rejection(json)?.path == "fields.unit")
    }

    @Test("texts are taken up to their limit and not beyond it")
    func longTexts() {
        let most = String(repeating: "ж", count: Limits.textBytes / 2)
        #expect(rejection(note(most)) == nil)
        #expect(
            rejection(note(most + "x"))
                == FieldRejection(path: "fields.remarks.text", problem: .tooLong(limit: Limits.textBytes)))
        func unit(_ count: Int) -> JSONValue {
            ["role": "watch", "template": "distress", "fields": ["unit": .string(String(repeating: "x", count: count))]]
        }
        #expect(rejection(unit(MessageContent.unitBytes)) == nil)
        #expect(rejection(unit(MessageContent.unitBytes + 1))?.problem == .tooLong(limit: MessageContent.unitBytes))
    }

    @Test("a message has at most 8 KiB in all, and exactly that many")
    func wholeMessage() throws {
        let around = free("x").bytes.count - 1
        #expect(rejection(free(String(repeating: "x", count: 8_192 - around))) == nil)
        #expect(
            rejection(free(String(repeating: "x", count: 8_193 - around)))
                == FieldRejection(path: "", problem: .tooLong(limit: 8_192)))
    }

    @Test(
        "numbers are taken within their range and not beyond it",
        arguments: [
            ("radius", 1_000_000, 1_000_000.5), ("radius", 0, -0.5), ("frequency", 3_000, 2_999),
            ("frequency", 300_000_000_000, 300_000_000_001),
        ] as [(String, JSONValue, JSONValue)])
    func numbers(field: String, last: JSONValue, beyond: JSONValue) {
        #expect(rejection(hazard(field, last)) == nil)
        #expect(rejection(hazard(field, beyond))?.path == "fields.\(field)")
        #expect(rejection(hazard(field, beyond))?.name == "outOfRange")
    }

    @Test("a course is 0 to 359 whole degrees, a wait at most seven days")
    func courseAndWait() {
        func course(_ value: JSONValue) -> JSONValue {
            ["role": "watch", "template": "aircraft-crossed", "fields": ["course": value]]
        }
        func wait(_ value: JSONValue) -> JSONValue {
            ["role": "watch", "template": "wait-out", "inReplyTo": "israel-1", "fields": ["wait": value]]
        }
        #expect(rejection(course(0)) == nil)
        #expect(rejection(course(359)) == nil)
        #expect(rejection(course(360))?.name == "outOfRange")
        #expect(rejection(course(-1))?.name == "outOfRange")
        #expect(rejection(course(45.5))?.name == "wrongType")
        #expect(rejection(wait(1)) == nil)
        #expect(rejection(wait(604_800)) == nil)
        #expect(rejection(wait(604_801))?.name == "outOfRange")
        #expect(rejection(wait(0))?.name == "outOfRange")
    }

    @Test("a word that belongs to another field is refused")
    func foreignWord() {
        let json: JSONValue = ["role": "watch", "template": "distress", "fields": ["nature": "navigation-error"]]
        #expect(rejection(json)?.path == "fields.nature")
        #expect(rejection(json)?.name == "notAllowed")
        for name in MessageFieldName.allCases { #expect((name.type == .reason) == !name.reasons.isEmpty) }
        #expect(MessageReason.allCases.allSatisfy { word in MessageFieldName.allCases.contains { $0.reasons.contains(word) } })
    }

    @Test("a message has a template or a text, and free text has a precedence and a language")
    func oneBody() {
        #expect(rejection(["role": "watch", "precedence": "flash"])?.path == "text")
        #expect(rejection(free("a").with("language", nil))?.path == "language")
        #expect(rejection(free("a").with("language", "tlh"))?.path == "language")
        #expect(rejection(free("a").with("precedence", nil))?.path == "precedence")
        #expect(rejection(free("a").with("fields", .object([])))?.problem == .unknownField)
        #expect(rejection(note("a").with("text", "b"))?.problem == .unknownField)
        #expect(rejection(note("a").with("template", "hazard"))?.path == "template")
        #expect(rejection(note("a").with("role", "admin"))?.path == "role")
    }

    @Test("10,000 changed messages are each refused or come back from their own text")
    func mutations() throws {
        var generator = SeededGenerator(seed: 77)
        let whole = hazard("remarks", ["text": "עצור 12.5", "language": "he"]).bytes
        var (taken, refused) = (0, 0)
        for _ in 0..<10_000 {
            let bytes = generator.mutated(whole)
            guard let json = try? StrictJSON.read(bytes, limit: Limits.recordBytes),
                var reader = try? FieldReader(json), let content = try? MessageContent(&reader)
            else {
                refused += 1
                continue
            }
            taken += 1
            var again = try FieldReader(content.json)
            #expect(try MessageContent(&again) == content)
        }
        #expect(taken > 100)
        #expect(refused > 1_000)
    }
}
