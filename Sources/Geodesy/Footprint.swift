import Kernel

/// The area of a volume on the WGS 84 ellipsoid: every point within `radiusM` of its core.
///
/// A circle is a point with a radius, a corridor a line with its half-width. Edges are geodesics. DESIGN's
/// geometry section is normative; `docs/geometry.md` has the error bound.
public struct Footprint: Hashable, Sendable, Codable {
    public enum Core: Hashable, Sendable, Codable {
        case point(Position)
        /// Two or more vertices, consecutive ones distinct.
        case line([Position])
        /// Three or more vertices of a simple ring, the first not repeated at the end, in either sense of
        /// rotation. The interior is the smaller side.
        case polygon([Position])
    }

    public let core: Core
    /// Metres, 0 … ``Limits/radiusLargestMetres``.
    public let radiusM: Double

    /// For geometry that was validated before.
    /// Anything from outside goes through ``init(validating:radiusM:)``.
    init(unchecked core: Core, radiusM: Double) {
        self.core = core
        self.radiusM = radiusM
    }

    public var vertices: [Position] {
        switch core {
        case .point(let position): [position]
        case .line(let positions), .polygon(let positions): positions
        }
    }

    private enum CodingKeys: String, CodingKey { case core, radiusM }

    /// Reads what this node wrote: geometry that it has validated before. Only what every use relies on is checked
    /// again.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let core = try container.decode(Core.self, forKey: .core)
        let radiusM = try container.decode(Double.self, forKey: .radiusM)
        guard let footprint = Footprint(validatedBefore: core, radiusM: radiusM) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "footprint"))
        }
        self = footprint
    }

    /// Geometry that went through ``init(validating:radiusM:)`` once, from where nobody else writes. Only what every
    /// use relies on is checked again.
    ///
    /// - Returns: `nil` with too few vertices or a radius out of range.
    public init?(validatedBefore core: Core, radiusM: Double) {
        let needed =
            switch core {
            case .point: 1
            case .line: 2
            case .polygon: 3
            }
        self.init(unchecked: core, radiusM: radiusM)
        guard vertices.count >= needed, (0...Limits.radiusLargestMetres).contains(radiusM) else { return nil }
    }
}
