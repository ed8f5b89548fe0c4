import Geodesy
import Kernel
import Notation
import Testing

@Suite struct AltitudeTextTests {
    @Test(
        "altitudes are read with their unit and datum",
        arguments: [
            ("FL250", 250, .flightLevel, .flightLevel), ("fl 250", 250, .flightLevel, .flightLevel), ("FL5", 5, .flightLevel, .flightLevel),
            ("FL000", 0, .flightLevel, .flightLevel), ("3500 ft AMSL", 3500, .feet, .amsl), ("3500ft amsl", 3500, .feet, .amsl),
            ("3500 feet MSL", 3500, .feet, .amsl), ("1200 m AGL", 1200, .metres, .agl),
            ("500m ellipsoid", 500, .metres, .ellipsoid), ("500 metres HAE", 500, .metres, .ellipsoid), ("-50.5 m AMSL", -50.5, .metres, .amsl),
            ("+10 m agl", 10, .metres, .agl), ("GND", 0, .metres, .agl), ("sfc", 0, .metres, .agl), (" GND ", 0, .metres, .agl),
        ] as [(String, Double, AltitudeUnit, AltitudeDatum)])
    func spellings(text: String, value: Double, unit: AltitudeUnit, datum: AltitudeDatum) throws {
        #expect(try AltitudeText.parse(text) == Altitude(value: value, unit: unit, datum: datum))
    }

    @Test("altitudes are written as they are read")
    func formats() throws {
        for text in ["FL250", "FL005", "3500 ft AMSL", "1200 m AGL", "500 m ellipsoid", "GND", "0 ft AGL", "-50.5 m AMSL", "0 m AMSL", "100000 m AGL"] {
            #expect(AltitudeText.format(try AltitudeText.parse(text)) == text)
        }
    }

    @Test("what is written is read back, on 10,000 altitudes")
    func roundTrips() throws {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<10_000 {
            let datum = AltitudeDatum.allCases[Int(generator.below(4))]
            let unit: AltitudeUnit = datum == .flightLevel ? .flightLevel : generator.below(2) == 0 ? .metres : .feet
            let value = switch generator.below(3) {
            case 0: generator.uniform(-900...90_000)
            case 1: Double(generator.below(90_000)) - 900
            default: Double(generator.below(2_000_000)) / 100 - 900
            }
            let altitude = try #require(
                Altitude(value: unit == .flightLevel ? Double(generator.below(1_000)) : value, unit: unit, datum: datum))
            #expect(try AltitudeText.parse(AltitudeText.format(altitude)) == altitude)
        }
        let tiny = try #require(Altitude(value: 1e-9, unit: .metres, datum: .agl))
        #expect(AltitudeText.format(tiny) == "GND")
    }

    static let table: [(name: String, texts: [String])] = [
        ("empty", ["", " ", "  ", "\t", "\u{A0}", " \t", "\t ", "   ", "\t\t", " \u{A0}"]),
        ("tooLong", (0..<10).map { "FL250" + String(repeating: " ", count: 44 + $0) }),
        (
            "malformedNumber",
            [
                "3,500 ft AMSL", "3.500.5 m AGL", "3500. ft AMSL", ".5 m AGL", "--5 m AGL", "5- m AGL", "+-5 m AGL", "ft AMSL", "m", "AGL", "1 200 m AGL",
                "1200 m 5 AGL", "12 - m AGL", "- m AGL",
            ]
        ),
        ("missingUnit", ["3500", "-5", "0", "3500 AMSL", "3500 AGL", "100 MSL", "100 HAE", "12.5", "100 ellipsoid", "99999 amsl"]),
        ("missingDatum", ["3500 ft", "3500ft", "1200 m", "1200 metres", "0 m", "-5 m", "12.5 feet", "100 meters", "100 m m", "100 ft ft", "3500 FEET"]),
        (
            "unknownWord",
            [
                "UNL", "3500 yd AMSL", "3500 ft QNH", "3500 km AGL", "GND 5", "SFC AGL", "ground", "1200 m AGL now", "1200mAGL", "1200 m AGL 5", "F250", "A045",
                "1e3 m AGL", "１００ m AGL", "3500' AMSL", "nan m AGL",
            ]
        ),
        ("malformedFlightLevel", ["FL", "FL-5", "FL2500", "FL25.5", "FL250.", "FL 250 ft", "FL 250 AMSL", "FL 25 0", "FL+25", "FL,5", "FL FL", "FL2,5"]),
        (
            "outOfRange",
            [
                "-1001 m AMSL", "100001 m AGL", "400000 ft AMSL", "-4000 ft AMSL", "99999999 m AGL", "100000.1 m ellipsoid", "-1000.1 m HAE", "328085 ft AGL",
                "-3281 ft MSL", "123456789012345678901234567890 m AGL",
            ]
        ),
    ]

    @Test("each malformed altitude gets its own named error", arguments: table)
    func named(name: String, texts: [String]) {
        #expect(texts.count >= 10)
        for text in texts {
            do {
                let altitude = try AltitudeText.parse(text)
                Issue.record("\(text.debugDescription) was read as \(altitude)")
            } catch {
                #expect(String("\(error)".prefix { $0 != "(" }) == name, "\(text.debugDescription): \(error)")
                #expect(!error.explanation.isEmpty)
            }
        }
    }

    @Test("100,000 random texts are read or refused")
    func random() {
        var generator = SeededGenerator(seed: 10)
        let likely = Array("0123456789 ftmAGLMSFl.-,".unicodeScalars)
        var accepted = 0
        for round in 0..<100_000 {
            var text = ""
            for _ in 0..<generator.below(52) {
                text.unicodeScalars.append(
                    round % 2 == 0
                        ? likely[Int(generator.below(UInt64(likely.count)))]
                        : Unicode.Scalar(UInt8(truncatingIfNeeded: generator.next())))
            }
            if round % 4 == 0 { text = String(text.prefix(4)) + " m AGL" }
            if (try? AltitudeText.parse(text)) != nil { accepted += 1 }
        }
        #expect(accepted > 20)
    }
}
