import CGeographicLib
import Geodesy
import Kernel
import Records

/// Footprints as GeoJSON (RFC 7946): Point, LineString and Polygon with one ring, alone or as a Feature.
///
/// ```json
/// {"type": "Feature", "properties": {"radiusM": 500},
///  "geometry": {"type": "LineString", "coordinates": [[38.3169, 34.5574], [37.63, 34.52]]}}
/// ```
///
/// Where it says more than RFC 7946:
/// - `radiusM`, in `properties` of a Feature or beside `coordinates` of a bare geometry, is the radius in metres
///   around the geometry, 0 when absent: circles and corridors.
/// - Edges are geodesics, so one from 179° to -179° is short, and nothing is cut at the antimeridian.
/// - A ring's interior is the smaller side, so either sense of rotation is read; written ones are
///   counter-clockwise around it.
/// - `id` and `bbox` are allowed and not read; any other member is refused, never dropped.
public enum GeoJSON {
    /// - Parameter path: of `json` in what it was taken from, for the errors.
    public static func footprint(
        from json: JSONValue, path: String = ""
    ) throws(GeometryJSONRejection) -> Footprint {
        let object = try Members(json, path: path)
        guard try object.type() == "Feature" else { return try bareGeometry(object, allowsRadius: true, radiusM: 0) }
        try object.allow(["type", "geometry", "properties", "id", "bbox"])
        var radiusM = 0.0
        if let properties = object["properties"], properties != .null {
            let members = try Members(properties, path: object.path(of: "properties"))
            try members.allow(["radiusM"])
            radiusM = try members.radiusM()
        }
        let geometry = try Members(try object.value("geometry"), path: object.path(of: "geometry"))
        return try bareGeometry(geometry, allowsRadius: false, radiusM: radiusM)
    }

    /// A Feature with the property `radiusM`.
    public static func json(of footprint: Footprint) -> JSONValue {
        [
            "type": "Feature",
            "properties": ["radiusM": .number(footprint.radiusM)],
            "geometry": .object(geometryMembers(footprint)),
        ]
    }

    /// A bare geometry with the extension member `radiusM`.
    public static func geometry(of footprint: Footprint) -> JSONValue {
        .object(geometryMembers(footprint) + [JSONMember("radiusM", .number(footprint.radiusM))])
    }

    // MARK: Reading

    private static func bareGeometry(
        _ object: Members, allowsRadius: Bool, radiusM inherited: Double
    ) throws(GeometryJSONRejection) -> Footprint {
        let type = try object.type()
        let path = object.path(of: "coordinates")
        let core: Footprint.Core
        switch type {
        case "Point": core = .point(try position(try object.value("coordinates"), path: path))
        case "LineString": core = .line(try positions(try object.value("coordinates"), atLeast: 2, path: path))
        case "Polygon": core = .polygon(try ring(try object.value("coordinates"), path: path))
        default: throw GeometryJSONRejection(path: object.path(of: "type"), reason: .unsupportedType(type))
        }
        try object.allow(["type", "coordinates", "bbox"] + (allowsRadius ? ["radiusM", "id"] : []))
        let radiusM = allowsRadius ? try object.radiusM() : inherited
        do throws(GeometryRejection) {
            return try Footprint(validating: core, radiusM: radiusM)
        } catch {
            throw GeometryJSONRejection(path: object.path, reason: .geometry(error))
        }
    }

    private static func ring(_ json: JSONValue, path: String) throws(GeometryJSONRejection) -> [Position] {
        guard case .array(let rings) = json else {
            throw GeometryJSONRejection(path: path, reason: .wrongType(expected: "a list of rings"))
        }
        guard let outer = rings.first else {
            throw GeometryJSONRejection(path: path, reason: .tooFewPositions(atLeast: 4))
        }
        guard rings.count == 1 else { throw GeometryJSONRejection(path: "\(path)[1]", reason: .unexpectedHole) }
        var vertices = try positions(outer, atLeast: 4, path: "\(path)[0]")
        guard vertices.first == vertices.last else {
            throw GeometryJSONRejection(path: "\(path)[0]", reason: .ringNotClosed)
        }
        vertices.removeLast()
        return vertices
    }

    private static func positions(
        _ json: JSONValue, atLeast least: Int, path: String
    ) throws(GeometryJSONRejection) -> [Position] {
        guard case .array(let elements) = json else {
            throw GeometryJSONRejection(path: path, reason: .wrongType(expected: "a list of positions"))
        }
        guard elements.count >= least else {
            throw GeometryJSONRejection(path: path, reason: .tooFewPositions(atLeast: least))
        }
        // A ring repeats its first position.
        let limit = Limits.verticesPerNotice + (least == 4 ? 1 : 0)
        guard elements.count <= limit else {
            throw GeometryJSONRejection(path: path, reason: .tooManyPositions(limit: limit))
        }
        var positions: [Position] = []
        for (i, element) in elements.enumerated() {
            positions.append(try position(element, path: "\(path)[\(i)]"))
        }
        return positions
    }

    private static func position(_ json: JSONValue, path: String) throws(GeometryJSONRejection) -> Position {
        func rejection(_ reason: GeometryJSONRejection.Reason) -> GeometryJSONRejection {
            GeometryJSONRejection(path: path, reason: reason)
        }
        guard case .array(let elements) = json, elements.count >= 2, let longitude = elements[0].asNumber,
            let latitude = elements[1].asNumber
        else { throw rejection(.notAPosition) }
        guard elements.count == 2 else { throw rejection(elements.count == 3 ? .unexpectedAltitude : .notAPosition) }
        guard (-180...180).contains(longitude) else { throw rejection(.longitudeOutOfRange) }
        guard let position = Position(latitudeDeg: latitude, longitudeDeg: longitude) else {
            throw rejection(.latitudeOutOfRange)
        }
        return position
    }

    // MARK: Writing

    private static func geometryMembers(_ footprint: Footprint) -> [JSONMember] {
        func pair(_ position: Position) -> JSONValue {
            .array([.number(position.longitudeDeg), .number(position.latitudeDeg)])
        }
        let (type, coordinates): (JSONValue, JSONValue) =
            switch footprint.core {
            case .point(let position): ("Point", pair(position))
            case .line(let positions): ("LineString", .array(positions.map(pair)))
            case .polygon(let ring):
                ("Polygon", .array([.array((counterClockwise(ring) + ring.prefix(1)).map(pair))]))
            }
        return [JSONMember("type", type), JSONMember("coordinates", coordinates)]
    }

    /// The ring as it is, or backwards from the same first vertex.
    private static func counterClockwise(_ ring: [Position]) -> [Position] {
        var areaM2 = 0.0
        let status = parley_ring_signed_area(
            ring.map(\.latitudeDeg), ring.map(\.longitudeDeg), ring.count, &areaM2, nil, 0)
        guard status == PARLEY_GRID_OK, areaM2 < 0 else { return ring }
        return ring.prefix(1) + ring.dropFirst().reversed()
    }
}
