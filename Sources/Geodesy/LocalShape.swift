/// A footprint as an index keeps it by the million: where its core's points are, relative to its centre and in single
/// precision. The points themselves lie in a ``ShapeArena``.
///
/// It decides what is clearly near or clearly far (``LocalProbe``); the rest is for ``PreparedFootprint``.
public struct LocalShape: Sendable {
    private let x: Double
    private let y: Double
    private let z: Double
    let radiusM: Double
    /// From the centre to the farthest place of the core, in metres of straight line.
    let reachM: Double
    /// How far any piece strays from its chord at most.
    let bowM: Double
    let page: Int32
    /// First vector of its points in the page.
    let offset: Int32
    let count: Int32
    let isPolygon: Bool

    var centre: Vector3 { [x, y, z] }
    var groups: Int { (Int(count) + 3) / 4 }

    init(_ chain: FootprintChain, page: Int, offset: Int) {
        x = chain.centre.x
        y = chain.centre.y
        z = chain.centre.z
        radiusM = chain.radiusM
        reachM = chain.reachM
        bowM = chain.bowM
        self.page = Int32(page)
        self.offset = Int32(offset)
        count = Int32(chain.points.count)
        isPolygon = chain.isPolygon
    }
}

/// The points of many shapes, four to a group: three vectors for their x, y and z. A last group that is not full
/// repeats the last point.
public struct ShapeArena: Sendable {
    private(set) var pages: [[SIMD4<Float>]] = []
    /// First free vector of the page that is being filled.
    private var filled = 0
    private var filling = -1
    /// Places that shapes of as many groups have left.
    private var free: [[Place]] = Array(repeating: [], count: largestShared + 1)
    /// Pages that large shapes have left.
    private var freePages: [Int] = []

    private struct Place: Sendable {
        let page: Int
        let offset: Int
    }

    /// Shapes of more groups have a page each.
    private static let largestShared = 64
    /// The first page is small, as most indexes are; each further one twice as large, up to a limit.
    private static func pageVectors(_ page: Int) -> Int { 3 * largestShared << min(page, 6) }

    public init() {}

    public mutating func insert(_ chain: FootprintChain) -> LocalShape {
        let place = place(groups: (chain.points.count + 3) / 4)
        let shape = LocalShape(chain, page: place.page, offset: place.offset)
        let last = chain.points.count - 1
        for group in 0..<shape.groups {
            var x = SIMD4<Float>()
            var y = SIMD4<Float>()
            var z = SIMD4<Float>()
            for lane in 0..<4 {
                let from = SIMD3<Float>(chain.points[min(group * 4 + lane, last)] - chain.centre)
                x[lane] = from.x
                y[lane] = from.y
                z[lane] = from.z
            }
            let at = place.offset + group * 3
            pages[place.page][at] = x
            pages[place.page][at + 1] = y
            pages[place.page][at + 2] = z
        }
        return shape
    }

    /// Gives the place back. The shape must not be used any more.
    public mutating func remove(_ shape: LocalShape) {
        let place = Place(page: Int(shape.page), offset: Int(shape.offset))
        if shape.groups <= Self.largestShared {
            free[shape.groups].append(place)
        } else {
            pages[place.page] = []
            freePages.append(place.page)
        }
    }

    private mutating func place(groups: Int) -> Place {
        if groups > Self.largestShared {
            let page = freePages.popLast() ?? pages.count
            if page == pages.count { pages.append([]) }
            pages[page] = Array(repeating: SIMD4(), count: 3 * groups)
            return Place(page: page, offset: 0)
        }
        if let left = free[groups].popLast() { return left }
        if filling < 0 || filled + 3 * groups > pages[filling].count {
            filling = pages.count
            filled = 0
            pages.append(Array(repeating: SIMD4(), count: Self.pageVectors(filling)))
        }
        defer { filled += 3 * groups }
        return Place(page: filling, offset: filled)
    }
}
