import Geodesy
import Kernel
import Separation

/// A volume as records and the desk API carry it: GeoJSON coordinates (longitude first) of a point, a line or
/// a closed ring, a radius around them, an altitude band and a window; the officer's own words beside it.
public struct StatedVolume: Hashable, Sendable, Codable {
    public let volume: Volume4D
    /// What the officer wrote or said, in its notation and datum.
    public let original: String?

    public init(volume: Volume4D, original: String?) {
        self.volume = volume
        self.original = original
    }
}

extension StatedVolume {
    public init(_ value: JSONValue, path: String) throws(FieldRejection) {
        var reader = try FieldReader(value, path: path)
        let footprint = try Footprint(json: try reader.value("footprint"), path: reader.path(of: "footprint"))
        let band = try AltitudeBand(json: try reader.value("altitude"), path: reader.path(of: "altitude"))
        let start = try reader.instant("start")
        let end = try reader.instant("end")
        guard let window = TimeWindow(start: start, end: end) else {
            throw reader.rejection("end", .notAllowed(rule: "not before the start"))
        }
        original = try reader.optionalString("original")
        try reader.finish()
        volume = Volume4D(footprint: footprint, band: band, window: window)
    }

    public var json: JSONValue {
        var members = [
            JSONMember("footprint", volume.footprint.json),
            JSONMember("altitude", volume.band.json),
            JSONMember("start", .string(volume.window.start.rfc3339)),
            JSONMember("end", .string(volume.window.end.rfc3339)),
        ]
        if let original { members.append(JSONMember("original", .string(original))) }
        return .object(members)
    }
}

extension Footprint {
    /// - Parameter path: of the footprint's object, for the error.
    public init(json: JSONValue, path: String) throws(FieldRejection) {
        var reader = try FieldReader(json, path: path)
        let type = try reader.string("type", limit: 40)
        let coordinates = try reader.value("coordinates")
        let coordinatesPath = reader.path(of: "coordinates")
        let radius = reader.optional("radiusM") == nil
            ? 0 : try reader.number("radiusM", in: 0...Limits.radiusLargestMetres)
        try reader.finish()
        let core: Core
        switch type {
        case "Point": core = .point(try Position(json: coordinates, path: coordinatesPath))
        case "LineString": core = .line(try Footprint.positions(coordinates, path: coordinatesPath))
        case "Polygon":
            guard case .array(let rings) = coordinates else {
                throw FieldRejection(path: coordinatesPath, problem: .wrongType(expected: "a list of rings"))
            }
            guard rings.count == 1 else {
                throw FieldRejection(path: coordinatesPath, problem: .notAllowed(rule: "one ring, without holes"))
            }
            var ring = try Footprint.positions(rings[0], path: coordinatesPath + "[0]")
            guard ring.count >= 4, ring.first == ring.last else {
                throw FieldRejection(
                    path: coordinatesPath + "[0]", problem: .notAllowed(rule: "a closed ring: the first position again at the end"))
            }
            ring.removeLast()
            core = .polygon(ring)
        default:
            throw reader.rejection("type", .notAllowed(rule: "one of Point, LineString, Polygon"))
        }
        do throws(GeometryRejection) {
            try self.init(validating: core, radiusM: radius)
        } catch {
            throw FieldRejection(path: path, problem: .notAllowed(rule: error.sentence))
        }
    }

    private static func positions(_ json: JSONValue, path: String) throws(FieldRejection) -> [Position] {
        guard case .array(let elements) = json else {
            throw FieldRejection(path: path, problem: .wrongType(expected: "a list of positions"))
        }
        guard elements.count <= Limits.verticesPerNotice + 1 else {
            throw FieldRejection(path: path, problem: .outOfRange(rule: "at most \(Limits.verticesPerNotice) vertices"))
        }
        var positions: [Position] = []
        for (i, element) in elements.enumerated() {
            positions.append(try Position(json: element, path: "\(path)[\(i)]"))
        }
        return positions
    }

    public var json: JSONValue {
        let (type, coordinates): (String, JSONValue) =
            switch core {
            case .point(let position): ("Point", position.json)
            case .line(let positions): ("LineString", .array(positions.map(\.json)))
            case .polygon(let positions): ("Polygon", .array([.array((positions + positions.prefix(1)).map(\.json))]))
            }
        return ["type": .string(type), "coordinates": coordinates, "radiusM": .number(radiusM)]
    }
}

extension Position {
    /// `[longitude, latitude]` in degrees.
    public init(json: JSONValue, path: String) throws(FieldRejection) {
        guard case .array(let pair) = json, pair.count == 2, let longitude = pair[0].asNumber,
            let latitude = pair[1].asNumber
        else { throw FieldRejection(path: path, problem: .wrongType(expected: "[longitude, latitude]")) }
        guard let position = Position(latitudeDeg: latitude, longitudeDeg: longitude) else {
            throw FieldRejection(
                path: path, problem: .outOfRange(rule: "longitude within ±180 and latitude within ±90 degrees"))
        }
        self = position
    }

    public var json: JSONValue { .array([.number(longitudeDeg), .number(latitudeDeg)]) }
}

extension AltitudeBand {
    init(json: JSONValue, path: String) throws(FieldRejection) {
        var reader = try FieldReader(json, path: path)
        let lower = try Altitude(json: try reader.value("lower"), path: reader.path(of: "lower"))
        let upper = try Altitude(json: try reader.value("upper"), path: reader.path(of: "upper"))
        try reader.finish()
        self.init(lower: lower, upper: upper)
    }

    public var json: JSONValue { ["lower": lower.json, "upper": upper.json] }
}

extension Altitude {
    public init(json: JSONValue, path: String) throws(FieldRejection) {
        var reader = try FieldReader(json, path: path)
        let value = try reader.number("value", in: -400_000...400_000)
        let unit = try reader.word("unit", AltitudeUnit.self)
        let datum = try reader.word("datum", AltitudeDatum.self)
        try reader.finish()
        guard let altitude = Altitude(value: value, unit: unit, datum: datum) else {
            throw FieldRejection(
                path: path,
                problem: .outOfRange(rule: "-1 000 to 100 000 m; flight levels 0 to 999 with unit and datum flightLevel"))
        }
        self = altitude
    }

    public var json: JSONValue {
        ["value": .number(value), "unit": .string(unit.rawValue), "datum": .string(datum.rawValue)]
    }
}
