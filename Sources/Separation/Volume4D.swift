import Geodesy
import Kernel

/// Area × altitude band × time window, the unit of every notice (ASTM F3548's `Volume4D`).
public struct Volume4D: Hashable, Sendable, Codable {
    public let footprint: Footprint
    public let band: AltitudeBand
    public let window: TimeWindow

    public init(footprint: Footprint, band: AltitudeBand, window: TimeWindow) {
        self.footprint = footprint
        self.band = band
        self.window = window
    }
}

/// A closed interval of UTC.
public struct TimeWindow: Hashable, Sendable, Codable {
    public let start: UTCInstant
    /// Inclusive, not before `start`.
    public let end: UTCInstant

    /// - Returns: `nil` when reversed.
    public init?(start: UTCInstant, end: UTCInstant) {
        guard start <= end else { return nil }
        self.start = start
        self.end = end
    }

    /// The window of a notice past its end whose owner has not said that it is over.
    public var openEnded: TimeWindow {
        // `start <= distantFuture` always holds.
        TimeWindow(uncheckedStart: start, end: .distantFuture)
    }

    private enum CodingKeys: String, CodingKey { case start, end }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let start = try container.decode(UTCInstant.self, forKey: .start)
        guard let window = TimeWindow(start: start, end: try container.decode(UTCInstant.self, forKey: .end)) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "time window"))
        }
        self = window
    }

    private init(uncheckedStart start: UTCInstant, end: UTCInstant) {
        self.start = start
        self.end = end
    }
}
