import ArgumentParser
import Foundation
import Geodesy
import Kernel
import Notation
import Records
import Separation

/// What an officer states in a notice, as options. What is given is read here, in any notation; whether the
/// terms and the geometry allow it is the node's to say.
struct NoticeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Such as strike, air-operation, standing-presence.", valueName: "kind"))
    var kind: String?

    @Option(help: ArgumentHelp("A point, or the centre of a circle with --radius-m, in any notation.", valueName: "position"))
    var at: String?

    @Option(help: ArgumentHelp("Two or more positions divided by semicolons.", valueName: "positions"))
    var line: String?

    @Option(help: ArgumentHelp("Three or more corners divided by semicolons.", valueName: "positions"))
    var polygon: String?

    @Option(help: ArgumentHelp("A GeoJSON geometry, Feature or FeatureCollection.", valueName: "file"))
    var geojson: String?

    @Option(help: ArgumentHelp("Around the point, line or polygon.", valueName: "m"))
    var radiusM: Double?

    @Option(help: ArgumentHelp("Lower limit, such as GND, \"3500 ft AMSL\", FL250.", valueName: "altitude"))
    var lower: String?

    @Option(help: ArgumentHelp("Upper limit.", valueName: "altitude"))
    var upper: String?

    @Option(name: .customLong("from"), help: ArgumentHelp("Start: 221917ZNOV26, RFC 3339, now or +90m.", valueName: "time"))
    var start: String?

    @Option(name: .customLong("to"), help: ArgumentHelp("End, likewise.", valueName: "time"))
    var end: String?

    @Option(help: "How to reach whoever is responsible.")
    var contact: String?

    @Option(help: "Anything else that the other side should know.")
    var remarks: String?

    @Option(help: ArgumentHelp("For standing kinds: confirmed anew by this time.", valueName: "time"))
    var reviewBy: String?

    @Option(help: ArgumentHelp("Affiliated forces for whom the party speaks.", valueName: "forces"))
    var onBehalfOf: String?

    @Option(help: ArgumentHelp("The place that the position is said to be at; refused when more than 500 m off.", valueName: "name"))
    var place: String?

    @Flag(help: "The stated place is right although the gazetteer does not bear it out.")
    var confirmPlace = false

    @Option(help: ArgumentHelp("All fields, as the desk API takes them, instead of the options.", valueName: "file"))
    var fields: String?

    var hasGeometry: Bool { at != nil || line != nil || polygon != nil || geojson != nil }

    /// The request's fields.
    ///
    /// - Parameter base: the present version when a notice is amended: what no option changes stays as it is.
    func request(base: JSONValue? = nil) throws -> [JSONMember] {
        if let fields {
            let bytes = try usingFiles { try File.read(fields) }
            let value = try usingFiles { try StrictJSON.read(bytes, limit: Limits.requestBytes) }
            guard case .object(let members) = value else {
                throw CommandFailure(.usage, "wrongType", "\(fields) must hold an object", field: "--fields")
            }
            return members
        }
        let review = try reviewBy.map { JSONValue.string(try TimeText.parse($0, option: "--review-by").rfc3339) }
        let members: [(String, JSONValue?)] = [
            ("kind", .string(try kind ?? base?.string("kind") ?? missing("--kind"))),
            ("onBehalfOf", (onBehalfOf ?? base?.string("onBehalfOf")).map(JSONValue.string)),
            ("volumes", .array(try volumes(base: base?.array("volumes") ?? []))),
            ("contact", .string(try contact ?? base?.string("contact") ?? missing("--contact"))),
            ("remarks", (remarks ?? base?.string("remarks")).map(JSONValue.string)),
            ("reviewBy", review ?? base?.string("reviewBy").map(JSONValue.string)),
            (
                "statedPlace",
                place.map { .members([("name", .string($0)), ("confirmed", confirmPlace ? true : nil)]) }
            ),
        ]
        return members.compactMap { name, value in value.map { JSONMember(name, $0) } }
    }

    private func missing(_ option: String) throws -> String {
        throw CommandFailure(.usage, "missing", "\(option) is needed", field: option)
    }

    private func volumes(base: [JSONValue]) throws -> [JSONValue] {
        let start = try start.map { try TimeText.parse($0, option: "--from").rfc3339 }
        let end = try end.map { try TimeText.parse($0, option: "--to").rfc3339 }
        let lower = try lower.map { try NoticeOptions.altitude($0, option: "--lower") }
        let upper = try upper.map { try NoticeOptions.altitude($0, option: "--upper") }
        guard hasGeometry || !base.isEmpty else {
            throw CommandFailure(
                .usage, "missing", "say where: --at, --line, --polygon or --geojson", field: "--at")
        }
        let shapes: [(footprint: JSONValue, original: String?)] =
            try hasGeometry
            ? geometry() : base.map { ($0["footprint"] ?? .null, $0.string("original")) }
        return try shapes.enumerated().map { i, shape in
            let old = i < base.count ? base[i] : base.first
            return .members([
                ("footprint", shape.footprint),
                (
                    "altitude",
                    [
                        "lower": try lower ?? old?["altitude"]?["lower"] ?? .string(missing("--lower")),
                        "upper": try upper ?? old?["altitude"]?["upper"] ?? .string(missing("--upper")),
                    ]
                ),
                ("start", .string(try start ?? old?.string("start") ?? missing("--from"))),
                ("end", .string(try end ?? old?.string("end") ?? missing("--to"))),
                ("original", shape.original.map(JSONValue.string)),
            ])
        }
    }

    private func geometry() throws -> [(footprint: JSONValue, original: String?)] {
        let given = [at, line, polygon, geojson].count { $0 != nil }
        guard given == 1 else {
            throw CommandFailure(
                .usage, "geometryTwice", "give one of --at, --line, --polygon and --geojson", field: "--at")
        }
        if let geojson { return try NoticeOptions.shapes(ofFile: geojson, radiusM: radiusM) }
        let option = at != nil ? "--at" : line != nil ? "--line" : "--polygon"
        let text = at ?? line ?? polygon ?? ""
        let positions = try NoticeOptions.positions(text, option: option)
        let type: String
        let coordinates: JSONValue
        if at != nil {
            guard positions.count == 1 else {
                throw CommandFailure(.usage, "tooManyPositions", "--at takes one position", field: "--at")
            }
            (type, coordinates) = ("Point", positions[0].json)
        } else if line != nil {
            (type, coordinates) = ("LineString", .array(positions.map(\.json)))
        } else {
            let closed = positions.first == positions.last ? positions : positions + positions.prefix(1)
            (type, coordinates) = ("Polygon", .array([.array(closed.map(\.json))]))
        }
        // The officer's own words stay beside the numbers, as long as there is room for them.
        let original = text.utf8.count <= Limits.textBytes ? text : nil
        return [
            (["type": .string(type), "coordinates": coordinates, "radiusM": .number(radiusM ?? 0)], original)
        ]
    }

    private static func shapes(ofFile path: String, radiusM: Double?) throws -> [(JSONValue, String?)] {
        let bytes = try usingFiles { try File.read(path) }
        let json = try usingFiles { try StrictJSON.read(bytes, limit: Limits.requestBytes) }
        let features = json.string("type") == "FeatureCollection" ? json.array("features") : [json]
        return try features.enumerated().map { i, feature in
            do throws(GeometryJSONRejection) {
                let path = features.count > 1 ? "features[\(i)]" : ""
                let footprint = try GeoJSON.footprint(from: feature, path: path)
                var shape = footprint.json
                if let radiusM { shape = shape.with("radiusM", .number(radiusM)) }
                return (shape, nil)
            } catch {
                throw CommandFailure.value("--geojson", error.reason, error.explanation)
            }
        }
    }

    private static func positions(_ text: String, option: String) throws -> [Position] {
        try text.split(separator: ";", omittingEmptySubsequences: false).map { part in
            do throws(CoordinateRejection) {
                return try CoordinateText.parse(String(part)).position
            } catch {
                throw CommandFailure.value(option, error, error.explanation)
            }
        }
    }

    private static func altitude(_ text: String, option: String) throws -> JSONValue {
        do throws(AltitudeRejection) {
            return try AltitudeText.parse(text).json
        } catch {
            throw CommandFailure.value(option, error, error.explanation)
        }
    }
}
