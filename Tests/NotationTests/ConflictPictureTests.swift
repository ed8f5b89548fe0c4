import Foundation
import Geodesy
import Kernel
import Notation
import Records
import Separation
import Testing

@Suite("The picture of a conflict") struct ConflictPictureTests {
    /// A degree of the equator, and of a meridian at the pole (there its radius of curvature is a²/b), from the
    /// defining constants of WGS 84.
    private static let equatorM = 6_378_137.0 * Double.pi / 180
    private static let poleM = 6_378_137.0 * 6_378_137.0 / 6_356_752.314245 * Double.pi / 180

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let first: (Double, Double)
        let second: (Double, Double)
        let metres: Double
    }

    static let cases = [
        Case(testDescription: "the equator", first: (0, 38), second: (0, 38.1), metres: 0.1 * equatorM - 2_000),
        Case(testDescription: "the antimeridian", first: (0, 179.95), second: (0, -179.95), metres: 0.1 * equatorM - 2_000),
        Case(testDescription: "the north pole", first: (89.95, 0), second: (89.95, 180), metres: 0.1 * poleM - 2_000),
        Case(testDescription: "the south pole", first: (-89.95, 20), second: (-89.95, -160), metres: 0.1 * poleM - 2_000),
    ]

    @Test("the line between the nearest points is as long, by the scale bar, as the distance that is stated", arguments: cases)
    func scale(_ each: Case) throws {
        let a = try volume(try circle(each.first.0, each.first.1))
        let b = try volume(try circle(each.second.0, each.second.1))
        let picture = drawn(try account([a], [b]))
        #expect(picture.error == nil)
        let metres = try picture.length("nearest") * picture.metresPerUnit()
        // The page has hundredths of a unit.
        #expect(abs(metres - each.metres) < 0.02 * (try picture.metresPerUnit()) + 1)
        #expect(picture.texts.contains { $0 == "9.13 km apart" || $0 == "9.16 km apart" })
        #expect(picture.texts.contains("minimum 20.00 km"))
    }

    @Test("a circle is drawn with its radius to scale, and round, wherever it lies", arguments: cases)
    func radius(_ each: Case) throws {
        let a = try volume(try circle(each.first.0, each.first.1, radiusM: 3_000))
        let b = try volume(try circle(each.second.0, each.second.1))
        let picture = drawn(try account([a], [b]))
        let path = try #require(try picture.element("outline-A").attributes["d"])
        let numbers = path.split { "MLZ ".contains($0) }.compactMap { Double($0) }
        try #require(numbers.count > 40)
        let xs = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
        let ys = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
        let scale = try picture.metresPerUnit()
        #expect(abs((try #require(xs.max()) - (try #require(xs.min()))) * scale - 6_000) < 0.3 * scale + 15)
        #expect(abs((try #require(ys.max()) - (try #require(ys.min()))) * scale - 6_000) < 0.3 * scale + 15)
    }

    @Test("it is one file that runs nothing, fetches nothing and is never permission")
    func selfContained() throws {
        let picture = drawn(try account([try volume(try circle(34, 38))], [try volume(try circle(34, 38.05))]))
        #expect(picture.error == nil)
        let allowed = Set(["svg", "title", "desc", "defs", "pattern", "path", "circle", "rect", "line", "text", "g", "clipPath", "mask"])
        #expect(Set(picture.elements.map(\.name)).subtracting(allowed) == [])
        for element in picture.elements {
            for (name, value) in element.attributes {
                #expect(!name.lowercased().hasPrefix("on") && !name.contains("href") && name != "style")
                #expect(!value.contains("url(") || value.hasPrefix("url(#"))
            }
        }
        #expect(picture.texts.contains { $0.contains("neither permission nor immunity") })
    }

    @Test("whatever a party calls itself is text, and turns nothing around it")
    func hostile() throws {
        let name = "</text><script>alert(1)</script>\" onload=\"x\u{202E}gnihton\u{0000}]]>&#x202E;"
        let picture = drawn(
            try account([try volume(try circle(34, 38))], [try volume(try circle(34, 38.05))], names: ("Alpha", name)))
        #expect(picture.error == nil)
        #expect(!picture.elements.contains { $0.name == "script" })
        #expect(picture.texts.contains { $0.contains("</text><script>alert(1)</script>") })
        #expect(!picture.source.unicodeScalars.contains("\u{202E}") && !picture.source.unicodeScalars.contains("\u{0000}"))
        #expect(picture.texts.allSatisfy { !$0.unicodeScalars.contains("\u{202E}") })
    }

    @Test("a very long name leaves the line in its frame")
    func longName() throws {
        let picture = drawn(
            try account(
                [try volume(try circle(34, 38))], [try volume(try circle(34, 38.05))],
                names: (String(repeating: "W", count: 8_192), "Bravo")))
        #expect(picture.texts.allSatisfy { $0.count < 120 })
    }

    @Test("the gap of the bands and of the windows are to scale beside bands and windows")
    func axes() throws {
        let a = try volume(try circle(34, 38), metres: 0...1_000, minutes: 0...60)
        let b = try volume(try circle(34, 38.05), metres: 1_500...2_500, minutes: 30...90)
        let picture = drawn(try account([a], [b]))
        let unit = try picture.number("band-A", "height") / 1_000
        #expect(abs(try picture.length("altitude-gap") - 500 * unit) < 0.1)
        #expect(abs(try picture.number("altitude-minimum", "height") - 800 * unit) < 0.1)
        let minute = try picture.number("window-A", "width") / 60
        #expect(abs(try picture.number("time-overlap", "width") - 30 * minute) < 0.1)
        #expect(abs(try picture.number("time-overlap", "x") - picture.number("window-B", "x")) < 0.1)

        let later = try volume(try circle(34, 38.05), minutes: 75...135)
        let apart = drawn(try account([a], [later], time: .minutes(20)))
        let unitMinute = try apart.number("window-A", "width") / 60
        #expect(abs(try apart.length("time-gap") - 15 * unitMinute) < 0.1)
        #expect(abs(try apart.number("time-minimum", "width") - 20 * unitMinute) < 0.1)
    }

    @Test("the two sides are told apart without colour, and paper and screen show the same drawing")
    func sides() throws {
        let account = try account([try volume(try circle(34, 38))], [try volume(try circle(34, 38.05))])
        let light = drawn(account)
        #expect(try light.element("outline-A").attributes["stroke-dasharray"] == nil)
        #expect(try light.element("outline-B").attributes["stroke-dasharray"] != nil)
        #expect(light.texts.contains("A") && light.texts.contains("B"))
        #expect(light.texts.contains { $0.contains("AIR OPERATION") && $0.contains("alpha-3") } && light.texts.contains("Alpha (ours)"))
        #expect(light.texts.contains { $0.contains("UNMANNED AIRCRAFT") && $0.contains("bravo-7") } && light.texts.contains("Bravo"))
        func bare(_ source: String) -> String { source.replacing(/#[0-9a-f]{6}/, with: "") }
        #expect(bare(light.source) == bare(drawn(account, .dark).source))
        #expect(light.source != drawn(account, .dark).source)
    }

    @Test("shapes of every kind anywhere give finite numbers and a file of bounded size")
    func anywhere() throws {
        var shapes: [Footprint] = []
        for (latitude, longitude) in [(0.0, 0.0), (0, 180), (89.9, 10), (-89.9, -170), (90, 0), (-90, 0), (60, -179.99)] {
            shapes.append(try circle(latitude, longitude, radiusM: 0))
            shapes.append(try circle(latitude, longitude, radiusM: 200_000))
        }
        func at(_ latitude: Double, _ longitude: Double) throws -> Position {
            try #require(Position(latitudeDeg: latitude, longitudeDeg: longitude))
        }
        shapes.append(try Footprint(validating: .line([try at(0, 176), try at(1, -177)]), radiusM: 0))
        shapes.append(try Footprint(validating: .line([try at(88, 0), try at(88, 120)]), radiusM: 30_000))
        shapes.append(try Footprint(validating: .polygon([try at(88, 0), try at(88, 120), try at(88, -120)]), radiusM: 0))
        let ring = try (0..<900).map { i in
            try #require(Geodesic.destination(from: try at(34, 38), bearingDeg: Double(i) * 0.4, distanceM: i % 2 == 0 ? 40_000 : 45_000))
        }
        shapes.append(try Footprint(validating: .polygon(ring), radiusM: 500))
        let here = try volume(try circle(34, 38))
        for shape in shapes {
            for pair in [(try volume(shape), here), (here, try volume(shape)), (try volume(shape), try volume(shape))] {
                let picture = drawn(try account([pair.0], [pair.1]))
                #expect(picture.error == nil)
                #expect(!picture.source.contains("nan") && !picture.source.contains("inf"))
                #expect(picture.source.utf8.count < 2 << 20)
            }
        }
    }
}

@Suite("The base map of a picture") struct PictureBaseMapTests {
    private static let square = """
        {"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":
         {"type":"Polygon","coordinates":[[[37,33],[39,33],[39,35],[37,35],[37,33]]]}}]}
        """

    @Test("land is drawn where the data has it, its credit is printed, and elsewhere the plan says that there is none")
    func coverage() throws {
        let place = NamedPlace(name: "Tiyas (T4)", position: try #require(Position(latitudeDeg: 34.01, longitudeDeg: 38.02)))
        let map = PictureBaseMap(
            files: [("countries", Array(Self.square.utf8))], places: [place], coverage: (33, 30, 46, 40), credit: "Someone, public domain")
        let here = drawn(try account([try volume(try circle(34, 38))], [try volume(try circle(34, 38.05))]), map: map)
        #expect(here.texts.contains { $0.hasSuffix("Someone, public domain") } && here.texts.contains("Tiyas (T4)"))
        #expect(here.elements.contains { $0.name == "path" && $0.attributes["fill"] == "#f6f3ea" })
        #expect(!here.texts.contains("no base map data here"))
        let away = drawn(try account([try volume(try circle(-34, 38))], [try volume(try circle(-34, 38.05))]), map: map)
        #expect(away.texts.contains("no base map data here") && !away.texts.contains("Tiyas (T4)"))
        #expect(!away.elements.contains { $0.attributes["fill"] == "#f6f3ea" })
    }

    @Test("data that cannot be read leaves a plan without it")
    func unreadable() throws {
        let map = PictureBaseMap(
            files: [("countries", Array("{".utf8)), ("rivers", Array(#"{"features":[{"geometry":{"type":"Point"}},7]}"#.utf8))], places: [],
            coverage: (33, 30, 46, 40), credit: "x")
        let picture = drawn(try account([try volume(try circle(34, 38))], [try volume(try circle(34, 38.05))]), map: map)
        #expect(picture.error == nil && picture.texts.contains("no base map data here"))
    }
}
