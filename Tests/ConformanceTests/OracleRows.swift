import Foundation
import Geodesy

/// The oracle's files: `Tests/Oracle/*.tsv`, as `oracle.py` describes them.
enum OracleRows {
    struct Pair: Sendable {
        let id: Int
        /// Region, scale, way of laying the second beside the first, size class.
        let kind: [String]
        let first: Footprint
        let second: Footprint
        /// Horizontal minimum, metres.
        let minimumM: Double
        /// The true distance lies within.
        let lowerM: Double
        let upperM: Double

        /// All points of each footprint lie within 100 km of one another.
        var isShort: Bool { kind[3] == "short" }
        /// Within ten metres of the threshold. Footprints that overlap anyhow do not count.
        var isNear: Bool { upperM > 0 && abs(lowerM - minimumM) <= 10 }
    }

    struct Place: Sendable {
        let id: Int
        let polygon: Footprint
        let position: Position
        let isInside: Bool
    }

    struct Area: Sendable {
        let id: Int
        let polygon: Footprint
        let squareMetres: Double
    }

    struct Malformed: Error { let line: String }

    static func pairs() throws -> [Pair] {
        try table("pairs.tsv", columns: 7).map { line in
            Pair(
                id: try whole(line[0]), kind: line[1].split(separator: "/").map(String.init),
                first: try footprint(line[2]), second: try footprint(line[3]), minimumM: try number(line[4]),
                lowerM: try number(line[5]), upperM: try number(line[6]))
        }
    }

    static func places() throws -> [Place] {
        try table("points.tsv", columns: 6).map { line in
            Place(
                id: try whole(line[0]), polygon: try footprint(line[1]), position: try position(line[2], line[3]),
                isInside: line[4] == "1")
        }
    }

    static func areas() throws -> [Area] {
        try table("areas.tsv", columns: 3).map { line in
            Area(id: try whole(line[0]), polygon: try footprint(line[1]), squareMetres: try number(line[2]))
        }
    }

    private static func table(_ name: String, columns: Int) throws -> [[Substring]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Oracle").appendingPathComponent(name)
        let text = try String(contentsOf: file, encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == columns else { throw Malformed(line: String(line)) }
            return fields
        }
    }

    /// `kind radius lat lon lat lon …`, through the same door as geometry from a person.
    private static func footprint(_ text: Substring) throws -> Footprint {
        let fields = text.split(separator: " ")
        guard fields.count >= 4, fields.count.isMultiple(of: 2) else { throw Malformed(line: String(text)) }
        let positions = try stride(from: 2, to: fields.count, by: 2).map { try position(fields[$0], fields[$0 + 1]) }
        let core: Footprint.Core =
            switch fields[0] {
            case "P": .point(positions[0])
            case "L": .line(positions)
            case "Z": .polygon(positions)
            default: throw Malformed(line: String(text))
            }
        return try Footprint(validating: core, radiusM: try number(fields[1]))
    }

    private static func position(_ latitude: Substring, _ longitude: Substring) throws -> Position {
        guard let position = Position(latitudeDeg: try number(latitude), longitudeDeg: try number(longitude)) else {
            throw Malformed(line: "\(latitude) \(longitude)")
        }
        return position
    }

    private static func number(_ text: Substring) throws -> Double {
        guard let value = Double(text) else { throw Malformed(line: String(text)) }
        return value
    }

    private static func whole(_ text: Substring) throws -> Int {
        guard let value = Int(text) else { throw Malformed(line: String(text)) }
        return value
    }
}
