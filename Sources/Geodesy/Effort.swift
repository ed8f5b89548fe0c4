/// What may still be spent on one question about geometry, counted in steps and not by a clock, so that every node
/// stops at the same place. A step is about two nanoseconds.
struct Effort {
    private(set) var left: Int

    init(_ steps: Int = Effort.perQuestion) { left = steps }

    var isSpent: Bool { left <= 0 }

    @inline(__always)
    mutating func spend(_ steps: Int) { left -= steps }

    /// Room for every pair of pieces of two boundaries of 2 500 pieces each.
    static let perQuestion = 150_000_000
    /// Bounds of one pair of pieces by their chords.
    static let pair = 20
    /// A first look at whether two pieces meet.
    static let crossing = 60
    /// Halving a pair of pieces.
    static let halving = 3_000
    /// Walking one arc to the place nearest to a point.
    static let walk = 2_500
}
