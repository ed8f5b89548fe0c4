import Geodesy

/// One position in every notation, so that the officer at the other end of a telephone can be given the one on
/// the map in front of them.
public struct SpokenPosition: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
        public let notation: CoordinateNotation
        public let text: String
    }

    public let position: Position
    /// One line per notation at its usual precision, in the order of ``CoordinateNotation/allCases``.
    public let lines: [Line]

    public static func describe(_ position: Position) -> SpokenPosition {
        SpokenPosition(
            position: position,
            lines: CoordinateNotation.allCases.map {
                Line(notation: $0, text: CoordinateText.format(position, as: $0))
            })
    }

    public subscript(notation: CoordinateNotation) -> String {
        CoordinateText.format(position, as: notation)
    }
}
