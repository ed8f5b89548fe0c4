import Kernel

/// How two principals may check plans against each other without showing them. Fixed for all, so that a proposal tells
/// nothing, and nobody chooses a finer question than was agreed.
public struct TermsPrivateCheck: Hashable, Sendable {
    /// What a hit shows.
    public enum Output: String, Hashable, Sendable, Codable, CaseIterable { case cells, count, coarse }

    /// What either side may be asked in a day, in points: every check counts whole, whatever is put in.
    public var pointsPerDay: Int { perDay << sizeClass }

    /// Of the cells: ``Limits/privateCheckLevels``.
    public let level: Int
    /// Thousands of feet above the ellipsoid; what lies beyond counts as in the outermost band.
    public let bands: ClosedRange<Int16>
    /// Both sides put in 2 to the power of this: ``Limits/privateCheckClasses``.
    public let sizeClass: Int
    /// Elements that a side may put in.
    public let cap: Int
    public let output: Output
    /// Of the cells that are shown where `output` is `coarse`; coarser than `level`.
    public let coarseLevel: Int?
    /// From when it is proposed, how far ahead plans are compared.
    public let window: Duration
    /// From when it is proposed; afterwards it is `unknown`.
    public let within: Duration
    /// The party of the pair whose name comes first proposes one so often; `nil` when only officers do.
    public let every: Duration?
    /// Checks that a pair may propose in one day of UTC; each counts whole, whatever is put in.
    public let perDay: Int
    /// Whether answers stay locked until a mediator gives both keys out together.
    public let throughMediator: Bool

    init(_ outer: inout FieldReader, hasMediator: Bool) throws(FieldRejection) {
        var reader = try outer.object("privateCheck")
        let levels = Limits.privateCheckLevels
        level = Int(try reader.integer("level", in: Int64(levels.lowerBound)...Int64(levels.upperBound)))
        let low = Int16(try reader.integer("lowestBand", in: -4...329))
        let high = Int16(try reader.integer("highestBand", in: Int64(low)...329))
        bands = low...high
        let classes = Limits.privateCheckClasses
        sizeClass = Int(try reader.integer("sizeClass", in: Int64(classes.lowerBound)...Int64(classes.upperBound)))
        cap = Int(try reader.integer("cap", in: 1...Int64((1 << sizeClass) - Limits.privateCheckCanaries)))
        output = try reader.word("output", Output.self)
        if output == .coarse {
            coarseLevel = Int(try reader.integer("coarseLevel", in: 0...Int64(level - 1)))
        } else {
            coarseLevel = nil
        }
        window = try reader.seconds("windowS", in: 300...Limits.privateCheckWindow.wholeMicroseconds / 1_000_000 - 600)
        within = try reader.seconds("withinS", in: 10...86_400)
        every = reader.optional("everyS") == nil ? nil : try reader.seconds("everyS", in: 60...604_800)
        perDay = Int(try reader.integer("perDay", in: 1...Int64(Limits.privateCheckPointsPerDay >> sizeClass)))
        throughMediator = try reader.bool("throughMediator")
        guard !throughMediator || hasMediator else {
            throw reader.rejection("throughMediator", .notAllowed(rule: "false where there is no mediator"))
        }
        try reader.finish()
    }
}
