import Kernel
import Notation
import Testing

@Suite struct CoordinateRejectionTests {
    /// The error's name without its details, and texts that earn it.
    static let table: [(name: String, texts: [String])] = [
        ("empty", ["", " ", "  ", "\t", "\t ", "\u{A0}", " \u{A0}", "\u{2009}", "\u{202F} ", "\t\t\t"]),
        (
            "tooLong",
            (0..<10).map { "34.5574N 38.3169E" + String(repeating: " ", count: 48 + $0) }
                + [String(repeating: "9", count: 65), String(repeating: "°", count: 33)]
        ),
        (
            "unknownCharacter",
            [
                "34.5574/38.3169", "34;38", "34.5574N\n38.3169E", "٣٤ ٣٨", "34.5574N 38.3169E\0", "34:33:26N 38:19:00E",
                "(34.5 38.3)", "34.5№ 38.3", "\u{200E}34.5 38.3", "34_5 38", "é", "37SDU37331🚁24174", "37SDU#",
            ]
        ),
        (
            "unknownLetter",
            [
                "34.5574X 38.3169E", "SDU12", "HELLO", "34.5N 38.3O", "lat 34 lon 38", "34d33m26sN", "37IDU3733124174",
                "37SOU3733124174", "37SDI3733124174", "437IK47", "437LO47", "0437LK47", "37SD 3733124174", "CAB12", "ab 12", "0x12 34", "nan nan",
            ]
        ),
        (
            "malformedNumber",
            [
                "34. 38.3", ".5 38.3", "34.5.6 38", "34..5 38", "34.5 38.", "34.5 .3", ". .", "34.N 38.E", "-34. -38", "34. 5N 38E",
                "N34°33.'  E38°19.'",
            ]
        ),
        (
            "latitudeOutOfRange",
            [
                "90.0001 0", "91 0", "-91 0", "100.5 20.5", "343326 0381901", "90.1N 10E", "90°00.001'N 10°00.000'E", "91S 10E",
                "134.5N 38.3E", "90°00'00.1\"N 1°00'00.0\"E", "9001N01000E", "999 999", "38.3E 99N",
            ]
        ),
        (
            "longitudeOutOfRange",
            [
                "0 180.0001", "0 181", "0 -181", "10N 180.1E", "10N 181W", "10°00.000'N 180°00.001'E", "34 3819", "34, 3819.5",
                "1000N18001E", "34.5 999", "999E 34N", "34°00'00\"N 180°00'01\"W",
            ]
        ),
        (
            "minutesOutOfRange",
            [
                "34°60'N 38°19'E", "34°33'N 38°60'E", "34 60 N 38 19 E", "3460N03819E", "3433N03860E", "34°99.9'N 38°19.0'E",
                "34°60.0' 38°19.0'", "34 75, 38 19", "346026N0381901E", "34°60'00\"N 38°19'00\"E", "34°100'N 38°19'E",
            ]
        ),
        (
            "secondsOutOfRange",
            [
                "34°33'60\"N 38°19'01\"E", "34°33'26\"N 38°19'60\"E", "343360N0381901E", "343326N0381960E",
                "34 33 60 N 38 19 1 E", "34 33 26, 38 19 60", "34°33'99.9\"N 38°19'01\"E", "34°33'60.0\" 38°19'01\"",
                "N34°33'75\" E38°19'01\"", "34 33 100 N 38 19 1 E",
            ]
        ),
        (
            "fractionNotLast",
            [
                "34.5°33'N 38°19'E", "34°33'N 38.5°19'E", "34°33.5'26\"N 38°19'01\"E", "34.5 33 N 38 19 E", "34.5 33, 38 19",
                "34 33 26 N 38 19.5 01 E", "N34.1°33' E38°19'", "34.0°33.444'N 38°19.014'E", "34.5°33' 38°19'",
                "34 33.0 26 N 38 19 1 E",
            ]
        ),
        (
            "wrongWidth",
            [
                "34333N03819E", "3433N3819E", "343326N381901E", "034.5N 38.3E", "034.5 38.3", "34.5 0038.3", "3433266N0381901E",
                "3433N003819E", "34°033'N 38°019'E", "34 33 026 N 38 19 001 E", "343326N00381901E", "N034 E038",
            ]
        ),
        (
            "misplacedSymbol",
            [
                "34'N 38'E", "34\"N 38\"E", "34°°N 38°E", "°34N 38E", "34°33°N 38°19°E", "34'33°N 38'19°E", "34°33\"N 38°19\"E", "'",
                "34°33''26'N 38°19'01\"E", "34' 38'", "34° 38° 40°", "°",
            ]
        ),
        (
            "misplacedHemisphere",
            [
                "34.5N E38.3", "N34.5 38.3E", "34NS 38E", "N34N E38E", "34N 38E N", "NSEW", "034N E38", "N34E 38W S", "34N, E38",
                "34N E 38", "NS34 38EW", "1e3 2e1", "N E", "NEW12",
            ]
        ),
        (
            "missingHemisphere",
            [
                "34.5N 38.3", "34.5 E38.3", "N34.5, 38.3", "34.5, 38.3E", "34.5 38.3E", "N34.5 38.3", "34°33'N 38°19'", "343326N 0381901",
                "34 N 38", "S10, 20", "34.5°, 38.3°W",
            ]
        ),
        (
            "sameAxisTwice",
            [
                "34N 38N", "34N 38S", "34E 38W", "N34.5 S38.3", "E34.5 E38.3", "34°33'N 38°19'N", "343326N343326S", "34 n, 38 s", "W10 W20",
                "3433S 03433S", "38.3E 34.5E",
            ]
        ),
        (
            "signWithHemisphere",
            [
                "-34.5N 38.3E", "34.5N -38.3E", "+34.5N +38.3E", "N-34.5 E38.3", "-34.5S -38.3W", "-34°33'N 38°19'E", "N+34 E+38",
                "\u{2212}34N 38E", "34N, -38E", "-343326N0381901E",
            ]
        ),
        (
            "misplacedSign",
            [
                "34.5-38.3", "34.5 - 38.3", "34- 38", "--34 38", "-", "+", "34-33-26N 038-19-01E", "- 34 38", "34°-33' 38°19'", "34 38-", "+-3 4",
                "34 -33, 38 19",
            ]
        ),
        (
            "missingAxis",
            [
                "34.5", "34.5N", "N34.5", "34", "-34.5", "34°33'", "34°33'26\"", "34°33'26\"N", "N", "37S", "34 33 26 N", "34°", "NE34", "343326N",
            ]
        ),
        (
            "tooManyNumbers",
            [
                "34 33 38 19", "34 33 26 38 19 1", "1 2 3", "34 33 26 5 N 38 19 1 2 E", "34.5 38.3 100", "1 2 3 4 5", "34 38 0", "1 2 3 4, 5 6 7 8",
                "N1 2 3 4 E1 2 3 4", "34° 33 26 5", "10 20 30 40 50 60 70",
            ]
        ),
        (
            "mixedShapes",
            [
                "34N 38°19'E", "34°33'N 38E", "34.5, 38 19", "34 33, 38.3", "343326N03819E", "3433N0381901E", "34 33 N 03819E", "34°33'26\"N 38°19'E",
                "34N03819E", "34 33 26 N 38.3 E", "34°33' 38°",
            ]
        ),
        (
            "ambiguousComma",
            [
                "34,5 38,3", "34,5574 38,3169", "34,38", "34,5N 38,3E", ",34 38", "34 38,", ",", "34,,38", "34.5,38.3,", "34, N 38 E", "-34,38",
                "34,5574", "34,5 38",
            ]
        ),
        (
            "malformedGrid",
            [
                "37SDU37331X4174", "37SDU3733.24174", "37SDU,37331", "37SDU-3733", "437LKA", "437LK477", "437LK4777", "437LK47N",
                "437LK.4", "37SDU37331 24174 E", "437LK 4 7 1", "437LK+47",
            ]
        ),
        (
            "unevenGridDigits",
            [
                "37SDU3", "37SDU373", "37SDU 3733 124174", "37SDU 37 3312", "37SDU 373 312 41", "37SDU1 2 3 4", "37SDU 37331 2417",
                "37SDU37331241741", "ZAH123", "ZAH 12 1", "37S DU 1 23",
            ]
        ),
        (
            "gridPrecision",
            [
                "37SDU", "37S DU", "37sdu", "ZAH", "BAN", "32VKN", "37SDU373312241741", "37SDU 373312 241741", "37SDU37331224174100",
                "1NAA", "37SDU000000000000",
            ]
        ),
        (
            "noSuchSquare",
            [
                "61SDU3733124174", "00SDU3733124174", "37ADU3733124174", "37SXX3733124174", "37YDU12", "abc 12", "37ZDU12", "38VMS5050", "ZZZ11",
                "YAB11", "32XMH0000", "34XDG0000", "36XVG0000", "37SDW12", "99NAA11",
            ]
        ),
        (
            "noSuchCell",
            [
                "000LK47", "721LK47", "999LK47", "437RA47", "437ZZ47", "437QZ51", "437LK07", "437LK57", "437LK40", "437LK97", "437LK9", "000AA",
                "721AA", "437SA",
            ]
        ),
    ]

    @Test("each malformed text gets its own named error", arguments: table)
    func named(name: String, texts: [String]) {
        #expect(texts.count >= 10, "\(name) needs ten texts")
        for text in texts {
            do {
                let parsed = try CoordinateText.parse(text)
                Issue.record("\(text.debugDescription) was read as \(parsed), not refused as \(name)")
            } catch {
                #expect(String("\(error)".prefix { $0 != "(" }) == name, "\(text.debugDescription): \(error)")
                #expect(!error.explanation.isEmpty)
            }
        }
    }

    @Test("offsets count bytes")
    func offsets() {
        #expect(throws: CoordinateRejection.unknownLetter(offset: 4)) { try CoordinateText.parse("34°X 38°E") }
        #expect(throws: CoordinateRejection.unknownCharacter(offset: 7)) { try CoordinateText.parse("34° 38;") }
        #expect(throws: CoordinateRejection.tooLong(bytes: 65)) {
            try CoordinateText.parse(String(repeating: "1", count: 65))
        }
    }

    @Test("64 bytes are read, 65 are not")
    func limit() throws {
        let text = "34.5574N 38.3169E"
        _ = try CoordinateText.parse(text + String(repeating: " ", count: CoordinateText.longestBytes - text.utf8.count))
        #expect(CoordinateText.longestBytes == 64)
    }

    @Test("100,000 random texts are read or refused, and what is read lies on the globe")
    func random() {
        var generator = SeededGenerator(seed: 42)
        let likely = Array("0123456789NSEWABZXLKDU°'\" .,-+nse".unicodeScalars)
        var accepted = 0
        for round in 0..<100_000 {
            let length = Int(generator.below(round % 2 == 0 ? 24 : 80))
            var text = ""
            if round % 2 == 0 {
                for _ in 0..<length { text.unicodeScalars.append(likely[Int(generator.below(UInt64(likely.count)))]) }
            } else {
                let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
                text = String(decoding: bytes, as: UTF8.self)
            }
            if let parsed = try? CoordinateText.parse(text) {
                accepted += 1
                if !(parsed.uncertaintyM > 0 && parsed.uncertaintyM.isFinite && abs(parsed.position.latitudeDeg) <= 90) {
                    Issue.record("\(text.debugDescription) became \(parsed)")
                }
            }
        }
        // Otherwise the alphabet would be too far from any notation to test anything.
        #expect(accepted > 20)
    }

    @Test("100,000 damaged references are read or refused")
    func damaged() {
        var generator = SeededGenerator(seed: 43)
        let good = [
            "34.5574N 38.3169E", "N34°33.444' E038°19.014'", "343326N0381901E", "37SDU3733124174", "437LK47", "ZAH0000000000", "-34.5, -38.3",
        ]
        var (accepted, refused) = (0, 0)
        for _ in 0..<100_000 {
            var scalars = Array(good[Int(generator.below(UInt64(good.count)))].unicodeScalars)
            for _ in 0...generator.below(3) where !scalars.isEmpty {
                let at = Int(generator.below(UInt64(scalars.count)))
                switch generator.below(4) {
                case 0: scalars.remove(at: at)
                case 1: scalars.insert(Unicode.Scalar(UInt8(generator.below(128))), at: at)
                case 2: scalars[at] = Unicode.Scalar(UInt8(generator.below(128)))
                default: scalars.swapAt(at, Int(generator.below(UInt64(scalars.count))))
                }
            }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            if (try? CoordinateText.parse(text)) != nil { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 1_000 && refused > 1_000)
    }
}
