import Foundation
import Kernel
import Testing

/// What Python's calendar makes of the same texts.
private struct InstantVectors: Decodable {
    struct Row: Decodable {
        let text: String
        let microseconds: Int64

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            text = try container.decode(String.self)
            microseconds = try container.decode(Int64.self)
        }
    }

    let valid: [Row]
    /// With fewer fractional digits, and the same instant as it is written.
    let short: [[String]]
    let malformed: [String]
}

@Suite struct RFC3339Tests {
    @Test("instants are read and written as Python's calendar has them")
    func bothWays() throws {
        let rows = try vectors("rfc3339.json", as: InstantVectors.self).valid
        #expect(rows.count > 400)
        for row in rows {
            #expect(UTCInstant(rfc3339: row.text)?.microseconds == row.microseconds, "\(row.text)")
            #expect(UTCInstant(microseconds: row.microseconds).rfc3339 == row.text)
        }
    }

    @Test("none to six fractional digits are read, always six are written")
    func fractions() throws {
        for row in try vectors("rfc3339.json", as: InstantVectors.self).short {
            #expect(UTCInstant(rfc3339: row[0])?.rfc3339 == row[1])
        }
    }

    @Test("every other form is refused")
    func malformed() throws {
        let texts = try vectors("rfc3339.json", as: InstantVectors.self).malformed
        #expect(texts.count >= 40)
        for text in texts { #expect(UTCInstant(rfc3339: text) == nil, "\(text)") }
    }

    @Test("a text with any one byte replaced is refused or is another instant that is written just so")
    func oneByteChanges() {
        let text = Array("2026-11-22T19:17:05.123456Z".utf8)
        for i in text.indices {
            for byte in UInt8(0x20)...0x7E where byte != text[i] {
                var changed = text
                changed[i] = byte
                let candidate = String(decoding: changed, as: UTF8.self)
                guard let read = UTCInstant(rfc3339: candidate) else { continue }
                #expect(read.rfc3339 == candidate)
            }
        }
    }

    @Test("100,000 seeded instants between years 1 and 9999 come back from their text")
    func seeded() {
        var random = SeededGenerator(seed: 3_339)
        let first = -62_135_596_800_000_000 as Int64
        let span = 253_402_300_799_999_999 - first + 1
        for _ in 0..<100_000 {
            let instant = UTCInstant(microseconds: first + Int64(random.below(UInt64(span))))
            guard UTCInstant(rfc3339: instant.rfc3339) == instant else {
                Issue.record("\(instant.microseconds) became \(instant.rfc3339)")
                return
            }
        }
    }

    @Test("each day of eight centuries follows the one before it in Foundation's calendar")
    func days() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: -100_000 as Int64, through: 200_000, by: 37) {
            let date = CivilDate(daysSince1970: day)
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
            #expect([Int(date.year), Int(date.month), Int(date.day)] == [parts.year, parts.month, parts.day])
            #expect(date.daysSince1970 == day)
        }
    }

    @Test("days that the calendar does not have are refused")
    func calendarLimits() {
        let missing: [(Int64, Int64, Int64)] = [
            (2026, 2, 29), (1900, 2, 29), (2100, 2, 29), (2000, 2, 30), (2026, 4, 31), (2026, 6, 31), (2026, 9, 31),
            (2026, 11, 31), (2026, 1, 32), (2026, 12, 0), (2026, 0, 1), (2026, 13, 1), (2026, -1, 1), (2026, 1, -1),
        ]
        for (year, month, day) in missing { #expect(CivilDate(year: year, month: month, day: day) == nil) }
        #expect(CivilDate(year: 2000, month: 2, day: 29) != nil)
        #expect(CivilDate(year: 2024, month: 2, day: 29) != nil)
    }

    @Test("the ends of the scale have a text, which is not an instant of the wire")
    func ends() {
        #expect(UTCInstant(rfc3339: UTCInstant.distantFuture.rfc3339) == nil)
        #expect(UTCInstant(rfc3339: UTCInstant.distantPast.rfc3339) == nil)
    }
}
