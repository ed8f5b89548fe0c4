import Kernel

/// What both sides of one private check agree on before either puts anything in.
public struct CheckParameters: Hashable, Sendable, Codable {
    /// What a check that finds something shows.
    public enum Output: Hashable, Sendable, Codable {
        /// Each side learns which of its own elements the other has too.
        case cells
        /// Each side learns how many. Which ones, the answers do not say.
        case count
        /// As `count`; and where a side consents afterwards, it opens the order of its answers, and the other learns
        /// which of its own elements they are.
        case countThenCells
        /// As `cells`, shown as cells of a coarser level. Only the program keeps the rest from its own officer: a
        /// party that changes its program learns what `cells` shows.
        case coarse(level: Int)

        /// Whether answers are sorted, so that nobody can tell which answers which.
        var isCounted: Bool {
            switch self {
            case .count, .countThenCells: true
            case .cells, .coarse: false
            }
        }
    }

    /// Of the mechanism, the pair and the mode: elements of one context never equal those of another.
    public let context: Hash32
    public let grid: CheckGrid
    /// Both sets are padded to 2 to the power of this: ``Limits/privateCheckClasses``.
    public let sizeClass: Int
    /// Elements that a side may put in, 1 … what the class has room for beside the canaries.
    public let cap: Int
    public let output: Output
    /// A session that is not over then ends as `unknown`.
    public let deadline: UTCInstant
    /// Points instead of the size class's, see ``unpadded(elements:)``.
    private var unpaddedCount: Int?

    // Without the count of a measurement: what is stored is of the protocol.
    private enum CodingKeys: String, CodingKey { case context, grid, sizeClass, cap, output, deadline }

    public enum Rejection: Error, Hashable, Sendable {
        case sizeClass(Int)
        case cap(Int, allowed: Int)
        /// Not coarser than the grid's level.
        case coarseLevel(Int)
    }

    public init(
        context: Hash32, grid: CheckGrid, sizeClass: Int, cap: Int, output: Output, deadline: UTCInstant
    ) throws(Rejection) {
        guard Limits.privateCheckClasses.contains(sizeClass) else { throw .sizeClass(sizeClass) }
        let room = (1 << sizeClass) - Limits.privateCheckCanaries
        guard (1...room).contains(cap) else { throw .cap(cap, allowed: room) }
        if case .coarse(let level) = output {
            guard (0..<grid.level).contains(level) else { throw .coarseLevel(level) }
        }
        self.context = context
        self.grid = grid
        self.sizeClass = sizeClass
        self.cap = cap
        self.output = output
        self.deadline = deadline
    }

    /// Points that either side sends.
    var pointCount: Int { unpaddedCount ?? 1 << sizeClass }
    /// Elements, real and dummy, beside the canaries.
    var fillCount: Int { pointCount - Limits.privateCheckCanaries }

    /// The same with no dummies: to measure what the elements alone cost, and for nothing else, since the lengths of
    /// the messages then tell their number. It is no part of what is sent or stored, so the protocol cannot ask for it;
    /// both sides have to be told.
    ///
    /// - Parameter elements: 0 … what the size class has room for, as many as either side puts in.
    package func unpadded(elements: Int) -> CheckParameters {
        var parameters = self
        parameters.unpaddedCount = min(max(0, elements), (1 << sizeClass) - Limits.privateCheckCanaries)
            + Limits.privateCheckCanaries
        return parameters
    }
}

extension CheckParameters {
    /// One form: fixed fields, big-endian.
    var bytes: [UInt8] {
        var out = MessageWriter()
        out.put(context.bytes)
        out.put(UInt8(grid.level))
        out.put(UInt8(grid.region.count))
        for cell in grid.region { out.put(cell.id) }
        out.put(UInt64(bitPattern: Int64(grid.bands.lowerBound)))
        out.put(UInt64(bitPattern: Int64(grid.bands.upperBound)))
        out.put(UInt64(bitPattern: grid.slots.lowerBound))
        out.put(UInt64(bitPattern: grid.slots.upperBound))
        out.put(UInt8(sizeClass))
        out.put(UInt64(cap))
        switch output {
        case .cells: out.put([0, 0])
        case .count: out.put([1, 0])
        case .coarse(let level): out.put([2, UInt8(level)])
        case .countThenCells: out.put([3, 0])
        }
        out.put(UInt64(bitPattern: deadline.microseconds))
        return out.bytes
    }

    /// - Throws: `malformed` for bytes that are no parameters, or parameters out of range.
    init(_ reader: inout MessageReader) throws(CheckRefusal) {
        let context = try reader.hash()
        let level = Int(try reader.byte())
        var region: [Cell] = []
        for _ in 0..<Int(try reader.byte()) {
            guard let cell = Cell(id: try reader.number()) else { throw .malformed }
            region.append(cell)
        }
        let bands = try reader.range()
        let slots = try reader.range()
        let sizeClass = Int(try reader.byte())
        let cap = try reader.number()
        let mode = (try reader.byte(), Int(try reader.byte()))
        let deadline = UTCInstant(microseconds: Int64(bitPattern: try reader.number()))
        let output: Output
        switch mode {
        case (0, 0): output = .cells
        case (1, 0): output = .count
        case (2, let level): output = .coarse(level: level)
        case (3, 0): output = .countThenCells
        default: throw .malformed
        }
        guard let low = Int16(exactly: bands.lowerBound), let high = Int16(exactly: bands.upperBound),
            let cap = Int(exactly: cap),
            let grid = try? CheckGrid(level: level, region: region, bands: low...high, slots: slots),
            let parameters = try? CheckParameters(
                context: context, grid: grid, sizeClass: sizeClass, cap: cap, output: output, deadline: deadline)
        else { throw .malformed }
        self = parameters
    }
}
