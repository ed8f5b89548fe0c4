import Geodesy
import Records

/// What is wrong with a GeoJSON geometry, and where.
public struct GeometryJSONRejection: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        case missing
        /// A member that nobody here would read. A misspelt radius must not vanish, nor another datum.
        case unknownMember
        case wrongType(expected: String)
        /// A `type` other than Point, LineString, Polygon, or a Feature of one of them.
        case unsupportedType(String)
        /// Not two numbers, longitude first.
        case notAPosition
        /// A third number: altitudes have bands of their own, with a datum.
        case unexpectedAltitude
        case longitudeOutOfRange
        case latitudeOutOfRange
        /// A line needs two positions, a closed ring four.
        case tooFewPositions(atLeast: Int)
        /// More than ``Kernel/Limits/verticesPerNotice``.
        case tooManyPositions(limit: Int)
        /// The last position of a ring is not its first.
        case ringNotClosed
        /// A second ring.
        case unexpectedHole
        /// Negative, or more than ``Kernel/Limits/radiusLargestMetres``.
        case radiusOutOfRange
        /// Well-formed, but not a footprint.
        case geometry(GeometryRejection)
    }

    /// Such as `volumes[0].geometry.coordinates[3]`; empty for the whole value.
    public let path: String
    public let reason: Reason

    /// One plain sentence for the one who wrote it.
    public var explanation: String {
        let field = path.isEmpty ? "the geometry" : path
        return switch reason {
        case .missing: "\(field) is missing."
        case .unknownMember: "\(field) is not a member that is read here."
        case .wrongType(let expected): "\(field) must be \(expected)."
        case .unsupportedType(let type): "\(field): \"\(type)\" is not one of Point, LineString, Polygon and Feature."
        case .notAPosition: "\(field) must be [longitude, latitude]."
        case .unexpectedAltitude: "\(field) has an altitude; give a band with its datum instead."
        case .longitudeOutOfRange: "\(field): the longitude lies beyond 180 degrees."
        case .latitudeOutOfRange: "\(field): the latitude lies beyond 90 degrees."
        case .tooFewPositions(let least): "\(field) needs at least \(least) positions."
        case .tooManyPositions(let limit): "\(field) has more than \(limit) positions."
        case .ringNotClosed: "\(field): the last position must repeat the first."
        case .unexpectedHole: "\(field): holes are not supported; describe the area by several volumes."
        case .radiusOutOfRange: "\(field) must lie between 0 and the largest radius."
        case .geometry(let rejection): "\(field): \(rejection.sentence)."
        }
    }
}
