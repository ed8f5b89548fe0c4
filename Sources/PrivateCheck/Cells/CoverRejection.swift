/// Why no cover is made.
public enum CoverRejection: Error, Hashable, Sendable {
    /// More elements than the size class has room for, or more cells to look at than
    /// ``Limits/privateCheckCellsVisited``.
    case tooManyElements(allowed: Int)
    /// A margin that is negative or not finite, or more than the 1 000 km that minima may be.
    case margin
    /// Outside ``Limits/privateCheckLevels``.
    case level(Int)
}
