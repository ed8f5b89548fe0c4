import Geodesy
import Records

/// Coasts, borders, lakes and rivers of one region, for the ground of a picture.
public struct PictureBaseMap: Sendable {
    enum Layer: String, Sendable, CaseIterable {
        case countries, lakes, rivers, coastline, borders

        var isArea: Bool { self == .countries || self == .lakes }
    }

    struct Line: Sendable {
        let layer: Layer
        let positions: [Position]
        /// South-west and north-east corner; no line of the map crosses the antimeridian.
        let low: Position
        let high: Position
    }

    let lines: [Line]
    /// Such as airfields.
    let places: [NamedPlace]
    /// Printed with the map.
    public let credit: String
    /// What the data covers: south-west and north-east corner.
    let coverage: (low: Position, high: Position)?

    /// No data: plans show the graticule only.
    public static let empty = PictureBaseMap(lines: [], places: [], credit: "", coverage: nil)

    private init(lines: [Line], places: [NamedPlace], credit: String, coverage: (low: Position, high: Position)?) {
        self.lines = lines
        self.places = places
        self.credit = credit
        self.coverage = coverage
    }

    /// - Parameters:
    ///   - files: GeoJSON feature collections by the name of their layer: `countries`, `lakes`, `rivers`,
    ///     `coastline`, `borders`. What cannot be read is left out.
    ///   - places: what is marked with its name.
    ///   - coverage: west, south, east, north in degrees.
    public init(
        files: [(name: String, bytes: [UInt8])], places: [NamedPlace],
        coverage: (west: Double, south: Double, east: Double, north: Double), credit: String
    ) {
        var lines: [Line] = []
        for layer in Layer.allCases {
            guard let file = files.first(where: { $0.name == layer.rawValue }),
                let value = try? StrictJSON.read(file.bytes, limit: Self.fileBytes)
            else { continue }
            for feature in value.items("features") {
                guard let geometry = feature["geometry"] else { continue }
                lines += Self.paths(geometry).compactMap { Self.line(layer, $0) }
            }
        }
        let low = Position(latitudeDeg: coverage.south, longitudeDeg: coverage.west)
        let high = Position(latitudeDeg: coverage.north, longitudeDeg: coverage.east)
        if let low, let high, !lines.isEmpty {
            self.init(lines: lines, places: places, credit: credit, coverage: (low, high))
        } else {
            self = .empty
        }
    }

    private static let fileBytes = 4 << 20

    private static func line(_ layer: Layer, _ positions: [Position]) -> Line? {
        let latitudes = positions.map(\.latitudeDeg)
        let longitudes = positions.map(\.longitudeDeg)
        guard positions.count >= 2, let south = latitudes.min(), let north = latitudes.max(), let west = longitudes.min(),
            let east = longitudes.max(), let low = Position(latitudeDeg: south, longitudeDeg: west),
            let high = Position(latitudeDeg: north, longitudeDeg: east)
        else { return nil }
        return Line(layer: layer, positions: positions, low: low, high: high)
    }

    private static func paths(_ geometry: JSONValue) -> [[Position]] {
        guard case .array(let coordinates)? = geometry["coordinates"] else { return [] }
        return switch geometry.words("type") {
        case "LineString": [positions(.array(coordinates))]
        case "MultiLineString", "Polygon": coordinates.map(positions)
        case "MultiPolygon": coordinates.flatMap { polygon -> [[Position]] in
            guard case .array(let rings) = polygon else { return [] }
            return rings.map(positions)
        }
        default: []
        }
    }

    private static func positions(_ value: JSONValue) -> [Position] {
        guard case .array(let elements) = value else { return [] }
        return elements.compactMap { try? Position(json: $0, path: "") }
    }
}

/// What of a base map a view shows, in metres of its plane.
struct BaseMapView {
    let areas: [(layer: PictureBaseMap.Layer, ring: [PlanePoint])]
    let lines: [(layer: PictureBaseMap.Layer, line: [PlanePoint])]
    /// The part of the view for which there is data; empty when there is none.
    let ground: [PlanePoint]

    init(_ map: PictureBaseMap, _ plane: PlaneProjection, _ box: PlaneBox, finestM: Double) {
        var areas: [(PictureBaseMap.Layer, [PlanePoint])] = []
        var lines: [(PictureBaseMap.Layer, [PlanePoint])] = []
        ground = map.coverage.map { box.cut(ring: Self.outline($0.low, $0.high).map(plane.place)) } ?? []
        if !ground.isEmpty {
            for line in map.lines {
                let reach = Self.outline(line.low, line.high).map(plane.place)
                guard let bounds = PlaneBox(around: reach), bounds.grown(by: bounds.width * 0.05).meets(box) else { continue }
                let path = Self.thinned(line.positions.map(plane.place), finestM)
                if line.layer.isArea {
                    let ring = box.cut(ring: path)
                    if !ring.isEmpty { areas.append((line.layer, ring)) }
                } else {
                    lines += box.cut(line: path).map { (line.layer, $0) }
                }
            }
        }
        self.areas = areas
        self.lines = lines
    }

    /// Along parallels and meridians, with points enough that it bends as they do.
    private static func outline(_ low: Position, _ high: Position) -> [Position] {
        let corners = [
            (low.longitudeDeg, low.latitudeDeg), (high.longitudeDeg, low.latitudeDeg),
            (high.longitudeDeg, high.latitudeDeg), (low.longitudeDeg, high.latitudeDeg),
        ]
        return corners.indices.flatMap { i in
            let (a, b) = (corners[i], corners[(i + 1) % 4])
            return (0..<12).compactMap { k in
                let share = Double(k) / 12
                return Position(latitudeDeg: a.1 + (b.1 - a.1) * share, longitudeDeg: a.0 + (b.0 - a.0) * share)
            }
        }
    }

    /// Without points that lie so near the one before that nobody could tell them apart.
    private static func thinned(_ points: [PlanePoint], _ finestM: Double) -> [PlanePoint] {
        var kept: [PlanePoint] = []
        for (i, point) in points.enumerated() {
            guard let last = kept.last, i < points.count - 1 else {
                kept.append(point)
                continue
            }
            if (point - last).length >= finestM { kept.append(point) }
        }
        return kept
    }
}
