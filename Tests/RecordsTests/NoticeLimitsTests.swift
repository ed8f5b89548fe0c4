import Geodesy
import Kernel
import Records
import Separation
import Testing

/// The limits of a notice, each on either side.
@Suite struct NoticeLimitsTests {
    private let valid = json(sampleRecord("strike in two volumes").body)
    private let volume = "content.volumes[0]"

    private func rejection(_ body: JSONValue) -> FieldRejection? {
        do throws(BodyRejection) {
            _ = try RecordBody.read(body.bytes)
            return nil
        } catch {
            guard case .field(let rejection) = error else { return FieldRejection(path: "JSON", problem: .missing) }
            return rejection
        }
    }

    private func rejection(_ path: String, _ value: JSONValue?) -> FieldRejection? {
        rejection(valid.with(path, value))
    }

    private func line(_ count: Int) -> JSONValue {
        let positions = (0..<count).map { JSONValue.array([.number(35 + Double($0) / 1_000), .number(33)]) }
        return ["type": "LineString", "coordinates": .array(positions), "radiusM": 10]
    }

    @Test("64 volumes are read, 65 and none are refused")
    func volumes() throws {
        let one = try #require(valid["content"]?["volumes"]).element(0)
        func notice(_ count: Int) -> JSONValue { .array([JSONValue](repeating: one, count: count)) }
        #expect(rejection("content.volumes", notice(Limits.volumesPerNotice)) == nil)
        for count in [0, Limits.volumesPerNotice + 1] {
            let found = rejection("content.volumes", notice(count))
            #expect(found?.path == "content.volumes")
            #expect(found?.name == "outOfRange")
        }
    }

    @Test("1,000 vertices are read and 1,001 are refused, in one footprint and over all")
    func vertices() {
        let alone = valid.with("content.volumes[1]", nil)
        #expect(rejection(alone.with(volume + ".footprint", line(1_000))) == nil)
        #expect(rejection(alone.with(volume + ".footprint", line(1_001)))?.path == volume + ".footprint")
        let long = rejection(alone.with(volume + ".footprint", line(1_002)))
        #expect(long?.path == volume + ".footprint.coordinates")
        #expect(long?.name == "outOfRange")
        // The corridor beside it has three.
        #expect(rejection(volume + ".footprint", line(997)) == nil)
        let all = rejection(volume + ".footprint", line(998))
        #expect(all?.path == "content.volumes")
        #expect(all?.name == "outOfRange")
    }

    @Test("a window of 30 days is read; a microsecond more, or an end before the start, is refused")
    func windows() {
        let start = "2026-11-23T01:00:00.000000Z"
        func ending(_ end: JSONValue) -> FieldRejection? {
            rejection(valid.with(volume + ".start", .string(start)).with(volume + ".end", end))
        }
        #expect(ending("2026-12-23T00:59:59.999999Z") == nil)
        #expect(ending("2026-12-23T01:00:00.000000Z") == nil)
        #expect(ending("2026-12-23T01:00:00.000001Z")?.name == "outOfRange")
        #expect(ending("2026-12-23T01:00:00.000001Z")?.path == volume + ".end")
        #expect(ending("9999-12-31T23:59:59.999999Z")?.name == "outOfRange")
        #expect(ending(.string(start)) == nil)
        #expect(ending("2026-11-23T00:59:59.999999Z")?.name == "notAllowed")
        #expect(ending("0001-01-01T00:00:00Z")?.name == "notAllowed")
    }

    /// One degree of the equator is 6 378 137 π / 180 metres, so 1,000 km are 8.983 152 84 degrees.
    @Test("an edge of 1,000 km is read and a longer one is refused")
    func edges() {
        func edge(_ degrees: Double) -> JSONValue {
            ["type": "LineString", "coordinates": [[10, 0], [.number(10 + degrees), 0]], "radiusM": 1]
        }
        #expect(rejection(volume + ".footprint", edge(8.983_152)) == nil)
        let long = rejection(volume + ".footprint", edge(8.983_153))
        #expect(long?.path == volume + ".footprint")
        #expect(long?.name == "notAllowed")
    }

    @Test("radius, position and altitude are read up to their limits and not beyond")
    func ranges() {
        let radius = volume + ".footprint.radiusM"
        for value in [0, 1_000_000, 0.5] as [JSONValue] { #expect(rejection(radius, value) == nil) }
        for value in [-0.001, -1, 1_000_000.001, 1e300] as [JSONValue] {
            #expect(rejection(radius, value)?.name == "outOfRange")
        }
        #expect(rejection(radius, .null) == nil)
        let position = volume + ".footprint.coordinates"
        for value in [[180, 90], [-180, -90], [0, 0]] as [JSONValue] { #expect(rejection(position, value) == nil) }
        for value in [[180.000_001, 0], [-180.000_001, 0], [0, 90.000_001], [0, -90.000_001], [1e300, 0]] as [JSONValue]
        {
            #expect(rejection(position, value)?.name == "outOfRange")
        }
        func altitude(_ value: JSONValue, _ unit: JSONValue, _ datum: JSONValue) -> FieldRejection? {
            rejection(volume + ".altitude.upper", ["value": value, "unit": unit, "datum": datum])
        }
        #expect(altitude(100_000, "metres", "amsl") == nil)
        #expect(altitude(100_000.1, "metres", "amsl")?.name == "outOfRange")
        #expect(altitude(-1_000, "metres", "ellipsoid") == nil)
        #expect(altitude(-1_000.1, "metres", "ellipsoid")?.name == "outOfRange")
        #expect(altitude(328_083, "feet", "agl") == nil)
        #expect(altitude(328_084, "feet", "agl")?.name == "outOfRange")
        #expect(altitude(999, "flightLevel", "flightLevel") == nil)
        #expect(altitude(1_000, "flightLevel", "flightLevel")?.name == "outOfRange")
        #expect(altitude(-1, "flightLevel", "flightLevel")?.name == "outOfRange")
        #expect(altitude(100, "feet", "flightLevel")?.name == "outOfRange")
        #expect(altitude(100, "flightLevel", "amsl")?.name == "outOfRange")
        #expect(altitude(100, "fathoms", "amsl")?.name == "notAllowed")
        #expect(altitude(100, "feet", "msl")?.name == "notAllowed")
        #expect(altitude("100", "feet", "amsl")?.name == "wrongType")
    }

    @Test("texts are read up to 2,000 bytes, a contact must not be empty, and a version fits its notice")
    func fields() {
        let longest = String(repeating: "é", count: Limits.textBytes / 2)
        for field in ["content.contact", "content.remarks", "content.onBehalfOf", volume + ".original"] {
            #expect(rejection(field, .string(longest)) == nil)
            #expect(
                rejection(field, .string(longest + "x")) == FieldRejection(path: field, problem: .tooLong(limit: 2_000))
            )
        }
        #expect(rejection("content.contact", "")?.name == "notAllowed")
        #expect(rejection("content.version", 2)?.name == "notAllowed")
        #expect(rejection("content.notice", "israel-1")?.path == "content.version")
        #expect(rejection("content.notice", "israel")?.path == "content.notice")
        #expect(rejection(valid.with("content.notice", "israel-1").with("content.version", 1_000_000)) == nil)
        #expect(
            rejection(valid.with("content.notice", "israel-1").with("content.version", 1_000_001))?.name == "outOfRange"
        )
        for kind in ["", "Strike", "1strike", "strike ", "str_ike", String(repeating: "s", count: 41)] {
            #expect(rejection("content.kind", .string(kind))?.path == "content.kind")
        }
        #expect(rejection("content.kind", .string(String(repeating: "s", count: 40))) == nil)
        #expect(rejection("content.reviewBy", "tomorrow")?.name == "notAllowed")
    }

    @Test(
        "a geometry that is none is refused at its footprint",
        arguments: [
            "[]", "[[35,33],[36,33],[36,34]]", "[[[35,33],[36,33],[36,34]]]", "[[[35,33],[36,33],[36,34],[35,33.1]]]",
            "[[[35,33],[36,33],[35,33]]]",
            "[[[35,33],[36,33],[36,34],[35,33]],[[35.1,33.1],[35.2,33.1],[35.2,33.2],[35.1,33.1]]]",
            "[[[35,33],[36,34],[36,33],[35,34],[35,33]]]", "[[[35,33],[35.5,33],[35,33],[35,33]]]",
            "[[[35,33],[36,33],[36,33],[36,34],[35,33]]]", "[[[35,33],[36,33],[36,91],[35,33]]]",
            "[[[35,33],[36,33],[36,null],[35,33]]]", "[[[35,33,0],[36,33,0],[36,34,0],[35,33,0]]]", "\"x\"", "{}",
            "[[1]]",
            "[[[35,33],[35,33],[35,33],[35,33]]]",
        ])
    func geometry(coordinates: String) {
        let footprint: JSONValue = ["type": "Polygon", "coordinates": json(coordinates)]
        let found = rejection(volume + ".footprint", footprint)
        #expect(found?.path.hasPrefix(volume + ".footprint") == true, "\(found?.sentence ?? "read")")
    }

    @Test("types of geometry that are not known are refused")
    func types() {
        for type in ["point", "MultiPoint", "MultiPolygon", "GeometryCollection", "Feature", "Circle", "", "POLYGON"] {
            #expect(rejection(volume + ".footprint.type", .string(type))?.name == "notAllowed")
        }
        #expect(
            rejection(volume + ".footprint.type", "LineString")?.path.hasPrefix(volume + ".footprint.coordinates")
                == true)
    }
}

extension JSONValue {
    fileprivate func element(_ i: Int) -> JSONValue {
        guard case .array(let elements) = self else { return .null }
        return elements[i]
    }
}
