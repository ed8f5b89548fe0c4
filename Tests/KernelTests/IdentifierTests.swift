import Foundation
import Kernel
import Testing

@Suite struct IdentifierTests {
    @Test(
        "a party's name has 1 to 32 small letters, digits and hyphens and begins with a letter",
        arguments: ["a", "turkiye", "a-1", "a--", "north-2-b", "a" + String(repeating: "9", count: 31)])
    func party(name: String) { #expect(PartyID(name)?.name == name) }

    @Test(
        "every other party name is refused",
        arguments: [
            "", "A", "Turkiye", "türkiye", "1a", "-a", "a b", " a", "a ", "a\n", "a_b", "a.b", "a,b", "a/b", "a\u{0}",
            "a\u{301}", "ａ", "a" + String(repeating: "b", count: 32),
        ])
    func malformedParty(name: String) { #expect(PartyID(name) == nil) }

    @Test("a record's name is its party and its index, and only as it is written")
    func record() {
        #expect(RecordID("turkiye-12")?.description == "turkiye-12")
        #expect(RecordID("a-1-0")?.party.name == "a-1")
        #expect(RecordID("a-0")?.index == 0)
        #expect(RecordID("a-9007199254740992")?.index == 9_007_199_254_740_992)
    }

    @Test(
        "every other record name is refused",
        arguments: [
            "", "-", "a", "a-", "-1", "a-01", "a-00", "a-+1", "a--1x", "a-1 ", " a-1", "a-1\n", "a-1.0", "a-x", "A-1",
            "a-9007199254740993", "a-18446744073709551616", "a-１", "a−1", "a- 1", "a-1-", "1-1",
        ])
    func malformedRecord(name: String) { #expect(RecordID(name) == nil) }

    @Test("records are in order of party, then of index as a number")
    func order() throws {
        let names = ["a-2", "a-10", "a-b-1", "b-0"]
        let records = try names.reversed().map { try #require(RecordID($0)) }.sorted()
        #expect(records.map(\.description) == names)
    }

    @Test("a hash is 32 bytes and 64 small hexadecimal digits")
    func hash() throws {
        let text = String(repeating: "0f", count: 32)
        let hash = try #require(Hash32(hex: text))
        #expect(hash.hex == text)
        #expect(hash.description == text)
        #expect(Hash32(hash.bytes) == hash)
        for malformed in [
            "", "0f", text.uppercased(), text + "00", String(text.dropLast()), " " + text.dropLast(),
            text.dropLast() + "g",
        ] { #expect(Hash32(hex: String(malformed)) == nil) }
        #expect(Hash32([UInt8](repeating: 1, count: 31)) == nil)
        #expect(Hash32([UInt8](repeating: 1, count: 33)) == nil)
        let greater = try #require(Hash32([1] + [UInt8](repeating: 0, count: 31)))
        #expect(hash > greater)
    }

    @Test("names are coded as their texts and refused when they are none")
    func coding() throws {
        let id = try #require(RecordID("turkiye-12"))
        #expect(try JSONDecoder().decode([RecordID].self, from: JSONEncoder().encode([id])) == [id])
        for text in [#"["a"]"#, #"["a-01"]"#, "[1]"] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode([RecordID].self, from: Data(text.utf8)) }
        }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([PartyID].self, from: Data(#"["A"]"#.utf8)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Hash32].self, from: Data(#"["0f"]"#.utf8)) }
    }

    @Test("precedence falls from FLASH to ROUTINE and rises one step at a time")
    func precedence() {
        #expect(Precedence.allCases.sorted() == [.flash, .immediate, .priority, .routine])
        #expect(Precedence.allCases.map(\.raised) == [.flash, .flash, .immediate, .priority])
    }
}
