import Foundation
import Kernel
import Notation
import Testing

@Suite struct DateTimeGroupTests {
    @Test(
        "groups are the instants that date(1) gives",
        arguments: [
            ("221917ZNOV26", 1_795_375_020), ("010000ZJAN00", 946_684_800), ("010000ZJAN70", 3_155_760_000),
            ("312359ZDEC99", 4_102_444_740), ("290000ZFEB24", 1_709_164_800), ("010000ZMAR00", 951_868_800),
        ] as [(String, Int64)])
    func known(text: String, seconds: Int64) throws {
        let instant = UTCInstant(microseconds: seconds * 1_000_000)
        #expect(try DateTimeGroup.parse(text) == instant)
        #expect(DateTimeGroup.format(instant) == text)
    }

    @Test(
        "spaces, lower case and four-digit years are read",
        arguments: [
            "221917ZNOV26", "221917Z NOV 26", "22 1917 Z NOV 26", "221917znov26", "221917Z Nov 2026", "221917ZNOV2026",
            "  221917ZNOV26  ", "22\t1917Z NOV26", "221917 ZNOV 26", "22 1917ZNOV 2026",
        ])
    func spellings(text: String) throws {
        #expect(try DateTimeGroup.parse(text).rfc3339 == "2026-11-22T19:17:00.000000Z")
    }

    @Test("seconds are cut off, before 1970 too, and other centuries have four digits")
    func cutting() throws {
        let late = try #require(UTCInstant(rfc3339: "2026-11-22T19:17:59.999999Z"))
        #expect(DateTimeGroup.format(late) == "221917ZNOV26")
        let old = try #require(UTCInstant(rfc3339: "1961-04-12T06:07:30.000000Z"))
        #expect(DateTimeGroup.format(old) == "120607ZAPR1961")
        #expect(try DateTimeGroup.parse("120607ZAPR1961").rfc3339 == "1961-04-12T06:07:00.000000Z")
        #expect(DateTimeGroup.format(.distantFuture).contains("Z"))
        #expect(DateTimeGroup.format(.distantPast).contains("Z"))
    }

    @Test("every minute written is read back, on 10,000 instants of 2000 to 2099 that Foundation agrees with")
    func roundTrip() throws {
        let style = Date.VerbatimFormatStyle(
            format: "\(day: .twoDigits)\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)Z\(month: .abbreviated)\(year: .padded(4))",
            locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            let minute = Int64(15_778_080 + generator.below(52_594_560))
            let instant = UTCInstant(microseconds: minute * 60_000_000)
            let text = DateTimeGroup.format(instant)
            #expect(try DateTimeGroup.parse(text) == instant)
            let theirs = Date(timeIntervalSince1970: Double(minute) * 60).formatted(style)
            #expect(try DateTimeGroup.parse(theirs) == instant, "\(theirs)")
        }
    }

    static let table: [(name: String, texts: [String])] = [
        ("empty", ["", " ", "  ", "\t", " \t", "\t ", "   ", "\t\t", "    ", " \t "]),
        ("tooLong", (0..<10).map { "221917ZNOV26" + String(repeating: " ", count: 21 + $0) }),
        (
            "malformed",
            [
                "2219ZNOV26", "22191700ZNOV26", "ZNOV26", "221917", "221917ZNOVEMBER26", "221917ZN26", "22-1917ZNOV26", "221917ZNOV26X", "NOV 22 2026",
                "221917ZNOV26 1", "2026-11-22", "221917ZNOV-26", "22 19 17Z NOV 26", "é",
            ]
        ),
        (
            "noSuchDay",
            [
                "001200ZJAN26", "321200ZJAN26", "300000ZFEB26", "290000ZFEB26", "290000ZFEB2100", "310000ZAPR26", "310000ZJUN26", "310000ZSEP26",
                "310000ZNOV26", "990000ZDEC26",
            ]
        ),
        (
            "hourOutOfRange",
            ["222400ZNOV26", "222500ZNOV26", "229900ZNOV26", "223000ZNOV26", "222401ZNOV26", "222459ZNOV26", "224000ZNOV26", "225000ZNOV26", "226000ZNOV26", "22 2400 Z NOV 26"]
        ),
        (
            "minuteOutOfRange",
            ["221960ZNOV26", "221961ZNOV26", "221999ZNOV26", "220060ZNOV26", "222360ZNOV26", "220090ZNOV26", "221270ZNOV26", "221280ZNOV26", "22 1960 Z NOV 26", "220199ZNOV2026"]
        ),
        ("notZulu", "ABCDEFGHIJKLMNOPQRSTUVWXY".map { "221917\($0)NOV26" } + ["221917cNOV26", "221917 D NOV 26"]),
        (
            "missingZone",
            ["221917NOV26", "221917 NOV 26", "221917JAN26", "221917FEB26", "221917 DEC 2026", "221917mar26", "22 1917 APR 26", "221917MAY", "221917JUN2026", "221917XYZ26"]
        ),
        (
            "unknownMonth",
            ["221917ZNOW26", "221917ZXXX26", "221917ZOKT26", "221917ZMAI26", "221917ZDEZ26", "221917ZJAM26", "221917ZKAS26", "221917ZABC26", "221917Z ZZZ 26", "221917ZMRZ26"]
        ),
        (
            "malformedYear",
            ["221917ZNOV", "221917ZNOV2", "221917ZNOV026", "221917ZNOV02026", "221917ZNOV0000", "221917Z NOV ", "221917ZNOV202", "221917ZNOV20266", "221917ZNOV123456", "221917ZNOV999"]
        ),
    ]

    @Test("each malformed group gets its own named error", arguments: table)
    func named(name: String, texts: [String]) {
        #expect(texts.count >= 10)
        for text in texts {
            do {
                let instant = try DateTimeGroup.parse(text)
                Issue.record("\(text.debugDescription) was read as \(instant.rfc3339)")
            } catch {
                #expect(String("\(error)".prefix { $0 != "(" }) == name, "\(text.debugDescription): \(error)")
                #expect(!error.explanation.isEmpty)
            }
        }
    }

    @Test("the refused zone letter is named")
    func zone() {
        #expect(throws: DateTimeGroupRejection.notZulu("C")) { try DateTimeGroup.parse("221917cNOV26") }
    }

    @Test("100,000 random texts are read or refused")
    func random() {
        var generator = SeededGenerator(seed: 9)
        let likely = Array("0123456789ZNOVJANZ ".unicodeScalars)
        var accepted = 0
        for round in 0..<100_000 {
            var text = ""
            for _ in 0..<generator.below(36) {
                text.unicodeScalars.append(
                    round % 2 == 0
                        ? likely[Int(generator.below(UInt64(likely.count)))]
                        : Unicode.Scalar(UInt8(truncatingIfNeeded: generator.next())))
            }
            // Half of them from a good beginning, or chance would never reach the year.
            if round % 4 == 0 { text = "221917ZNOV" + text }
            if (try? DateTimeGroup.parse(text)) != nil { accepted += 1 }
        }
        #expect(accepted > 20)
    }
}
