/// What one batch has shown. Nothing found says only that these cells are not in this list: no list is complete, and it
/// is of a day.
public struct SiteFinding: Hashable, Sendable {
    /// Number and date of the list.
    public let list: UInt64
    public let date: String
    /// Own cells that were asked, without dummies.
    public let asked: Int
    /// Own cells that the list has, sorted.
    public let matches: [Cell]

    /// What an officer reads.
    public var sentence: String {
        guard !matches.isEmpty else { return "No match in list \(list) of \(date)." }
        return "Match in list \(list) of \(date): \(matches.count) of \(asked) cells."
    }
}
