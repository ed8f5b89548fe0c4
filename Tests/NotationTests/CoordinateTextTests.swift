import Geodesy
import Kernel
import Notation
import Testing

@Suite struct CoordinateTextTests {
    @Test(
        "published places have their published references",
        arguments: [
            (34.5574, 38.3169, "37SDU3733124174"), (60.5, 5.0, "32VKN8035613774"), (78.0, 15.0, "33XWG0000058369"),
            // Khulani Square, Baghdad, from GeoConvert's manual page: UTM 38n 444500 3688500.
            (33.33424, 44.40363, "38SMB4450088500"),
            (90.0, 0.0, "ZAH0000000000"), (-90.0, 0.0, "BAN0000000000"), (0.0, 180.0, "01NAA6602100000"),
            (0.0, -180.0, "01NAA6602100000"),
        ])
    func publishedMGRS(latitude: Double, longitude: Double, reference: String) throws {
        let text = CoordinateText.format(Position(latitude, longitude), as: .mgrs)
        #expect(text == reference)
    }

    @Test("MGRS agrees with NGA's own code on 300 places, Norway, Svalbard and both poles among them")
    func geotrans() throws {
        let lines = geotransPlaces.split(separator: "\n")
        #expect(lines.count == 300)
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            let position = Position(try #require(Double(fields[0])), try #require(Double(fields[1])))
            #expect(CoordinateText.format(position, as: .mgrs) == fields[2], "\(line)")
            let parsed = try CoordinateText.parse(fields[2])
            #expect(Oracle.metresAtMost(parsed.position, position) <= parsed.uncertaintyM, "\(line)")
        }
    }

    @Test("all four polar letters occur on their own sides")
    func polarLetters() {
        for (latitude, longitude, letter) in [
            (85.0, -10.0, "Y"), (85.0, 10.0, "Z"), (-85.0, -10.0, "A"), (-85.0, 10.0, "B"),
        ] {
            #expect(CoordinateText.format(Position(latitude, longitude), as: .mgrs).hasPrefix(letter))
        }
    }

    @Test("a GARS cell is the one of its definition, on 10,000 places and at the edges of the map")
    func garsDefinition() {
        var generator = SeededGenerator(seed: 11)
        var positions = (0..<10_000).map { _ in generator.position() }
        positions += [(90, 0), (-90, 0), (0, 180), (0, -180), (90, 180), (-90, -180)].map { Position($0.0, $0.1) }
        for position in positions {
            #expect(CoordinateText.format(position, as: .gars) == Oracle.gars(position), "\(position)")
        }
        #expect(CoordinateText.format(Position(34.5574, 38.3169), as: .gars) == "437LK47")
    }

    @Test("the NGA's example cell 006AG39 lies where the NGA says")
    func garsExample() throws {
        let parsed = try CoordinateText.parse("006AG39")
        #expect(abs(parsed.position.latitudeDeg - -(86 + 57.5 / 60)) < 1e-9)
        #expect(abs(parsed.position.longitudeDeg - -(177 + 17.5 / 60)) < 1e-9)
    }

    @Test(
        "every usual spelling of Palmyra is Palmyra",
        arguments: [
            "34.5574N 38.3169E", "34.5574 38.3169", "34.5574, 38.3169", "34.5574,38.3169", "+34.5574 +38.3169",
            "N34.5574 E38.3169", "N 34.5574, E 38.3169", "34.5574 n 38.3169 e", "38.3169E 34.5574N",
            "34.5574° 38.3169°", "34.5574°N, 38.3169°E", "34.5574\u{BA}N 38.3169\u{BA}E", "34.5574N38.3169E",
            "N34°33.444' E038°19.014'", "34°33.444'N 38°19.014'E", "34 33.444 N 38 19.014 E",
            "34\u{B0}33.444\u{2032}N 38\u{B0}19.014\u{2032}E", "34°33.444' 38°19.014'", "34 33.444, 38 19.014",
            "N34 33.444 E038 19.014", "3433.444N03819.014E", "N3433.444 E03819.014",
            "34°33'26.6\"N 38°19'00.8\"E", "34°33'26.6''N 38°19'00.8''E", "34 33 26.6 N 38 19 0.8 E",
            "34\u{B0}33\u{2019}26.6\u{201D}N 38\u{B0}19\u{2019}00.8\u{201D}E", "34 33 26.6, 38 19 0.8",
            "343326.6N0381900.8E", "343326N0381901E", "343326N 0381901E", "N343326E0381901", "0381901E343326N",
            "  34.5574\u{A0}38.3169\t", "37SDU3733124174", "37S DU 37331 24174", "37sdu3733124174", "37 S D U 37331 24174",
            "37SDU 3733124174", "37SDU37332417", "37SDU3724", "37S DU 3 2", "437LK47", "437lk47", "437 LK 47", "437LK4 7", "437LK4",
            "437LK",
        ])
    func spellings(text: String) throws {
        let parsed = try CoordinateText.parse(text)
        #expect(Oracle.metresAtMost(parsed.position, Position(34.5574, 38.3169)) <= parsed.uncertaintyM + 1.7)
        #expect(parsed.originalText == text)
    }

    @Test("south and west are negative, with letters and with signs")
    func southWest() throws {
        let ushuaia = Position(-54.8, -68.3)
        for text in ["-54.8 -68.3", "54.8S 68.3W", "\u{2212}54.8, \u{2212}68.3", "S54°48' W068°18'", "5448S06818W", "-54°48' -68°18'"] {
            #expect(Oracle.metresAtMost(try CoordinateText.parse(text).position, ushuaia) < 1e-6, "\(text)")
        }
    }

    @Test("without letters latitude stands first")
    func order() throws {
        let parsed = try CoordinateText.parse("10 20")
        #expect(parsed.position == Position(10, 20))
        #expect(throws: CoordinateRejection.latitudeOutOfRange) { try CoordinateText.parse("100.5 20.5") }
    }

    @Test("a leading zero of an MGRS zone may be left out, and a band's neighbour letter is read")
    func zoneSpelling() throws {
        #expect(try CoordinateText.parse("1NAA6602100000").position == CoordinateText.parse("01NAA6602100000").position)
        // 64° N runs through 38[VW]LS.
        #expect(try CoordinateText.parse("38VLS5050").position == CoordinateText.parse("38WLS5050").position)
        #expect(throws: CoordinateRejection.noSuchSquare) { try CoordinateText.parse("38VMS5050") }
    }

    @Test("degrees are written to their precision, with carries")
    func formats() {
        let palmyra = Position(34.5574, 38.3169)
        #expect(CoordinateText.format(palmyra, as: .decimalDegrees) == "34.55740N 38.31690E")
        #expect(CoordinateText.format(palmyra, as: .decimalDegrees, precision: 0) == "35N 38E")
        #expect(CoordinateText.format(palmyra, as: .degreesMinutes) == "34°33.444'N 038°19.014'E")
        #expect(CoordinateText.format(palmyra, as: .degreesMinutesSeconds) == "34°33'26.6\"N 038°19'00.8\"E")
        #expect(CoordinateText.format(palmyra, as: .mgrs, precision: 3) == "37SDU373241")
        #expect(CoordinateText.format(palmyra, as: .gars, precision: 0) == "437LK")
        let almost = Position(-0.999_999_99, -179.999_999_99)
        #expect(CoordinateText.format(almost, as: .degreesMinutesSeconds) == "01°00'00.0\"S 180°00'00.0\"W")
        #expect(CoordinateText.format(almost, as: .degreesMinutes) == "01°00.000'S 180°00.000'W")
        #expect(CoordinateText.format(Position(0, 0), as: .decimalDegrees, precision: 99) == "0.000000000N 0.000000000E")
    }

    @Test("what is written is read back within its own uncertainty, in every notation and precision, on 10,000 places")
    func roundTrips() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<10_000 {
            let position = generator.position()
            for notation in CoordinateNotation.allCases {
                let span = UInt64(notation.precisions.count)
                let precision = notation.precisions.lowerBound + Int(generator.below(span))
                let text = CoordinateText.format(position, as: notation, precision: precision)
                let parsed = try CoordinateText.parse(text)
                #expect(parsed.notation == notation, "\(text)")
                // A micrometre for the arithmetic of the oracle.
                #expect(
                    Oracle.metresAtMost(parsed.position, position) <= parsed.uncertaintyM + 1e-6,
                    "\(position) \(text)")
            }
        }
    }

    @Test("places on and beside every zone and band boundary have references that read back")
    func boundaries() throws {
        let latitudes = (Array(stride(from: -88.0, through: 88, by: 8)) + [-90, -80, 0, 56, 64, 72, 84, 90])
            .flatMap { [$0, $0.nextUp, $0.nextDown] }.filter { abs($0) <= 90 }
        let longitudes = stride(from: -180.0, through: 180, by: 3).flatMap { [$0, $0.nextUp, $0.nextDown] }
            .filter { abs($0) <= 180 }
        for latitude in latitudes {
            for longitude in longitudes {
                let position = Position(latitude, longitude)
                for notation in [CoordinateNotation.mgrs, .gars] {
                    let text = CoordinateText.format(position, as: notation)
                    let parsed = try CoordinateText.parse(text)
                    // GeographicLib moves places within a few nanometres of a boundary across it.
                    #expect(
                        Oracle.metresAtMost(parsed.position, position) <= parsed.uncertaintyM + 1e-6,
                        "\(position) \(text)")
                }
            }
        }
    }

    @Test("uncertainties are those of the squares and digits")
    func uncertainties() throws {
        for (text, metres, tolerance) in [
            ("37SDU3733124174", 0.7071, 0.002), ("37SDU3724", 707.1, 2), ("34N 38E", 71_800, 1_500),
            ("34.5574N 38.3169E", 7.2, 0.2), ("437LK47", 6_000, 100), ("BAN0000000000", 0.7113, 0.002),
        ] {
            #expect(abs(try CoordinateText.parse(text).uncertaintyM - metres) <= tolerance, "\(text)")
        }
    }

    @Test("a spoken position says every notation")
    func spoken() {
        let spoken = SpokenPosition.describe(Position(34.5574, 38.3169))
        #expect(
            spoken.lines.map(\.text) == [
                "34.55740N 38.31690E", "34°33.444'N 038°19.014'E", "34°33'26.6\"N 038°19'00.8\"E", "37SDU3733124174",
                "437LK47",
            ])
        #expect(spoken[.gars] == "437LK47")
    }
}
