import Foundation
import Geodesy
import Kernel
import Notation
import Records
import Testing

@Suite struct GeoJSONTests {
    private func read(_ text: String) throws -> JSONValue {
        try StrictJSON.read(Array(text.utf8), limit: 1 << 20)
    }

    private func footprint(_ text: String) throws -> Footprint {
        try GeoJSON.footprint(from: try read(text))
    }

    @Test("points, lines and polygons are read, bare and as features")
    func shapes() throws {
        let circle = try footprint(#"{"type": "Point", "coordinates": [38.3169, 34.5574], "radiusM": 500}"#)
        #expect(circle.core == .point(Position(34.5574, 38.3169)) && circle.radiusM == 500)
        let line = try footprint(#"{"type": "LineString", "coordinates": [[38, 34], [38.5, 34.25]]}"#)
        #expect(line.core == .line([Position(34, 38), Position(34.25, 38.5)]) && line.radiusM == 0)
        let feature = try footprint(
            #"{"type":"Feature","id":"a","bbox":[0,0,1,1],"properties":{"radiusM":12.5},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}"#)
        #expect(feature.core == .polygon([Position(0, 0), Position(0, 1), Position(1, 1)]) && feature.radiusM == 12.5)
        let bare = try footprint(#"{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[0,0]}}"#)
        #expect(bare.radiusM == 0)
    }

    @Test("written features obey RFC 7946: longitude first, closed, counter-clockwise")
    func writing() throws {
        // Clockwise on input.
        let clockwise = try footprint(#"{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[1,0],[0,0]]],"radiusM":5}"#)
        #expect(
            GeoJSON.json(of: clockwise).text
                == #"{"type":"Feature","properties":{"radiusM":5.0},"geometry":{"type":"Polygon","coordinates":[[[0.0,0.0],[1.0,0.0],[1.0,1.0],[0.0,1.0],[0.0,0.0]]]}}"#)
        let point = try footprint(#"{"type": "Point", "coordinates": [38.3169, 34.5574], "radiusM": 500}"#)
        #expect(
            GeoJSON.geometry(of: point).text == #"{"type":"Point","coordinates":[38.3169,34.5574],"radiusM":500.0}"#)
    }

    @Test(
        "rings are counter-clockwise around their smaller side, at the antimeridian and around the poles too",
        arguments: [
            // Each is given counter-clockwise, seen from above; longitude first.
            [(179.0, 0.0), (-179.0, 0.0), (-179.0, 1.0), (179.0, 1.0)],
            [(0.0, 88.0), (90.0, 88.0), (180.0, 88.0), (-90.0, 88.0)],
            [(0.0, -88.0), (-90.0, -88.0), (180.0, -88.0), (90.0, -88.0)],
            [(37.0, 34.0), (38.0, 34.0), (38.0, 35.0), (37.5, 34.5), (37.0, 35.0)],
        ])
    func orientation(ring: [(Double, Double)]) throws {
        let positions = ring.map { Position($0.1, $0.0) }
        let backwards = Array(positions.prefix(1) + positions.dropFirst().reversed())
        for given in [positions, backwards] {
            let written = GeoJSON.json(of: try Footprint(validating: .polygon(given), radiusM: 0))
            #expect(try GeoJSON.footprint(from: written).core == .polygon(positions))
        }
    }

    @Test("10,000 footprints come back from JSON text unchanged")
    func roundTrips() throws {
        var generator = SeededGenerator(seed: 77)
        for _ in 0..<10_000 {
            let centre = Position(generator.uniform(-89...89), generator.uniform(-180...180))
            func near(_ angle: Double) -> Position {
                let (north, east) = (0.3 * cos(angle), 0.3 * sin(angle) / cos(centre.latitudeDeg * .pi / 180))
                let longitude = centre.longitudeDeg + east
                return Position(
                    centre.latitudeDeg + north, longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude)
            }
            let start = generator.uniform(0...6)
            let core: Footprint.Core = switch generator.below(3) {
            case 0: .point(centre)
            case 1: .line([centre, near(start)])
            // Bearings that fall run counter-clockwise.
            default: .polygon([near(start), near(start - 2), near(start - 4)])
            }
            let footprint = try Footprint(validating: core, radiusM: generator.uniform(0...10_000))
            for json in [GeoJSON.json(of: footprint), GeoJSON.geometry(of: footprint)] {
                #expect(try GeoJSON.footprint(from: try read(json.text)) == footprint)
            }
        }
    }

    static let table: [(name: String, texts: [String])] = [
        (
            "missing",
            [
                "{}", #"{"type":null}"#, #"{"coordinates":[0,0]}"#, #"{"type":"Point"}"#, #"{"type":"LineString"}"#, #"{"type":"Polygon"}"#,
                #"{"type":"Point","coordinates":null}"#, #"{"type":"Feature"}"#, #"{"type":"Feature","properties":{}}"#,
                #"{"type":"Feature","geometry":null}"#, #"{"type":"Feature","geometry":{}}"#,
                #"{"type":"Feature","geometry":{"type":"Point"}}"#,
            ]
        ),
        (
            "unknownMember",
            [
                #"{"type":"Point","coordinates":[0,0],"radius":5}"#, #"{"type":"Point","coordinates":[0,0],"radiusm":5}"#,
                #"{"type":"Point","coordinates":[0,0],"crs":{}}"#, #"{"type":"Point","coordinates":[0,0],"":1}"#,
                #"{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0]},"radiusM":5}"#,
                #"{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0],"radiusM":5}}"#,
                #"{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0]},"properties":{"radius_m":5}}"#,
                #"{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0]},"properties":{"name":"a"}}"#,
                #"{"type":"Feature","crs":null,"geometry":{"type":"Point","coordinates":[0,0]}}"#,
                #"{"type":"LineString","coordinates":[[0,0],[1,1]],"halfWidthM":5}"#,
            ]
        ),
        (
            "wrongType",
            [
                "null", "1", "[]", #""Point""#, "true", #"{"type":5}"#, #"{"type":["Point"]}"#, #"{"type":"LineString","coordinates":5}"#,
                #"{"type":"Polygon","coordinates":{}}"#, #"{"type":"Polygon","coordinates":[5]}"#,
                #"{"type":"Point","coordinates":[0,0],"radiusM":"5"}"#, #"{"type":"Feature","geometry":[]}"#,
                #"{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0]},"properties":[]}"#,
                #"{"type":"Point","coordinates":[0,0],"radiusM":null}"#,
            ]
        ),
        (
            "unsupportedType",
            [
                "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection", "FeatureCollection", "point", "Circle", "", "Topology",
                "Point ",
            ].map { #"{"type":"\#($0)","coordinates":[]}"# }
                + [#"{"type":"Feature","geometry":{"type":"Feature","coordinates":[0,0]}}"#]
        ),
        (
            "notAPosition",
            [
                "[]", "[0]", "5", "{}", #"["0","0"]"#, "[0,null]", "[[0,0]]", "[0,0,0,0]", "[true,false]", #""0,0""#, "[0,[0]]",
            ].map { #"{"type":"Point","coordinates":\#($0)}"# }
        ),
        (
            "unexpectedAltitude",
            ["0", "1", "-5", "100.5", "null", #""5""#, "[]", "1e3", "true", "{}"].map {
                #"{"type":"Point","coordinates":[0,0,\#($0)]}"#
            }
        ),
        (
            "longitudeOutOfRange",
            ["180.0001", "181", "-180.1", "360", "-181", "1e300", "540.5", "-999", "200", "180.00000000001"].map {
                #"{"type":"Point","coordinates":[\#($0),0]}"#
            }
        ),
        (
            "latitudeOutOfRange",
            ["90.0001", "91", "-90.1", "360", "-91", "1e300", "540.5", "-999", "180", "90.00000000001"].map {
                #"{"type":"Point","coordinates":[0,\#($0)]}"#
            }
        ),
        (
            "tooFewPositions",
            [
                #"{"type":"LineString","coordinates":[]}"#, #"{"type":"LineString","coordinates":[[0,0]]}"#,
                #"{"type":"LineString","coordinates":[[181,0]]}"#, #"{"type":"LineString","coordinates":[5]}"#,
                #"{"type":"Polygon","coordinates":[]}"#, #"{"type":"Polygon","coordinates":[[]]}"#,
                #"{"type":"Polygon","coordinates":[[[0,0]]]}"#, #"{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}"#,
                #"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#, #"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1]]]}"#,
            ]
        ),
        (
            "tooManyPositions",
            (0..<10).map { extra in
                let (type, open, close) = extra % 2 == 0 ? ("LineString", "[", "]") : ("Polygon", "[[", "]]")
                let list = (0..<(1_002 + extra)).map { "[\(Double($0) / 1e4),0]" }.joined(separator: ",")
                return #"{"type":"\#(type)","coordinates":\#(open)\#(list)\#(close)}"#
            }
        ),
        (
            "ringNotClosed",
            [
                "[0,0],[1,0],[1,1],[0,1]", "[0,0],[1,0],[1,1],[0,0.0000001]", "[0,0],[1,0],[1,1],[1,1]", "[180,0],[179,0],[179,1],[-180,0]",
                "[0,0],[1,0],[1,1],[0,1],[1,0]", "[0,0],[1,0],[1,1],[1,0]", "[5,5],[6,5],[6,6],[5,6],[5,5.1]", "[0,90],[1,80],[2,80],[1,90]",
                "[0,0],[2,0],[2,2],[0,2]", "[0,0],[0,0],[0,0],[0,1]",
            ].map { #"{"type":"Polygon","coordinates":[[\#($0)]]}"# }
        ),
        (
            "unexpectedHole",
            [
                "[[0.2,0.1],[0.3,0.1],[0.3,0.2],[0.2,0.1]]", "[]", "5", "null", "{}", "[[0,0]]", "[[0,0],[1,1],[0,0]]", "[],[]", "[[0,0,0]]", "true",
            ].map { #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],\#($0)]}"# }
        ),
        (
            "radiusOutOfRange",
            ["-1", "-0.001", "1000000.1", "1000001", "1e300", "-1e300", "2e6", "-5.5", "9007199254740992", "1e7"].map {
                #"{"type":"Point","coordinates":[0,0],"radiusM":\#($0)}"#
            }
        ),
        (
            "geometry",
            [
                #"{"type":"LineString","coordinates":[[0,0],[0,0]]}"#, #"{"type":"LineString","coordinates":[[0,0],[20,0]]}"#,
                #"{"type":"LineString","coordinates":[[180,0],[-180,0]]}"#, #"{"type":"LineString","coordinates":[[0,0],[1,0],[1,0]]}"#,
                #"{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}"#,
                #"{"type":"Polygon","coordinates":[[[0,0],[0,0],[1,1],[0,0]]]}"#,
                #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[2,0],[0,0]]]}"#,
                #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0],[0,0]]]}"#,
                #"{"type":"Polygon","coordinates":[[[0,0],[30,0],[30,30],[0,0]]]}"#,
                #"{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[1,2],[0,0]]]}"#,
                #"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[5,5],[5,5]]}}"#,
            ]
        ),
    ]

    @Test("each malformed geometry gets its own named error", arguments: table)
    func named(name: String, texts: [String]) throws {
        #expect(texts.count >= 10)
        for text in texts {
            let json = try read(text)
            do {
                let footprint = try GeoJSON.footprint(from: json)
                Issue.record("\(text) was read as \(footprint)")
            } catch {
                #expect(String("\(error.reason)".prefix { $0 != "(" }) == name, "\(text): \(error)")
                #expect(!error.explanation.isEmpty)
            }
        }
    }

    @Test("50,000 damaged texts are read or refused")
    func damaged() throws {
        var generator = SeededGenerator(seed: 4)
        let good = [
            #"{"type":"Feature","properties":{"radiusM":12.5},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}"#,
            #"{"type":"LineString","coordinates":[[38,34],[38.5,34.25]],"radiusM":500}"#,
        ]
        var (accepted, refused) = (0, 0)
        for _ in 0..<50_000 {
            var bytes = Array(good[Int(generator.below(2))].utf8)
            for _ in 0...generator.below(2) {
                let at = Int(generator.below(UInt64(bytes.count)))
                let digits = Array("0123456789.-e[]{},".utf8)
                switch generator.below(3) {
                case 0: bytes.remove(at: at)
                case 1: bytes[at] = digits[Int(generator.below(UInt64(digits.count)))]
                default: bytes.swapAt(at, Int(generator.below(UInt64(bytes.count))))
                }
            }
            guard let json = try? StrictJSON.read(bytes, limit: 1_000) else { continue }
            if (try? GeoJSON.footprint(from: json)) != nil { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 1_000 && refused > 1_000)
    }

    @Test("errors name the field by its path")
    func paths() throws {
        func path(_ text: String) throws -> String {
            let json = try read(text)
            do {
                _ = try GeoJSON.footprint(from: json, path: "volumes[0].feature")
                return "accepted"
            } catch {
                return error.path
            }
        }
        let line = #"{"type":"LineString","coordinates":[[0,0],[1,1],[2,2],[3,99]]}"#
        #expect(try path(#"{"type":"Feature","geometry":\#(line)}"#) == "volumes[0].feature.geometry.coordinates[3]")
        #expect(try path(#"{"type":"Point","coordinates":[0,0],"radius":1}"#) == "volumes[0].feature.radius")
        #expect(
            try path(#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1,5],[0,0]]]}"#)
                == "volumes[0].feature.coordinates[0][2]")
        let bare = try read(line)
        do {
            _ = try GeoJSON.footprint(from: bare)
            Issue.record("latitude 99 was read")
        } catch {
            #expect(error.path == "coordinates[3]" && error.reason == .latitudeOutOfRange)
        }
    }

    @Test("1,000 vertices are read")
    func limit() throws {
        let list = (0..<1_000).map { "[\(Double($0) / 1e3),0]" }.joined(separator: ",")
        #expect(try footprint(#"{"type":"LineString","coordinates":[\#(list)]}"#).vertices.count == 1_000)
    }
}
