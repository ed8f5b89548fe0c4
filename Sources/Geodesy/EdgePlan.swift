/// The edges of one shape on a plane, eight to a group, so that an edge of another is held against eight at once.
struct EdgePlan: Sendable {
    private struct Group: Sendable {
        /// From p to q, eight edges; where there are fewer, the last place repeated.
        var pu = SIMD8<Float>()
        var pv = SIMD8<Float>()
        var qu = SIMD8<Float>()
        var qv = SIMD8<Float>()
        /// q - p.
        var eu = SIMD8<Float>()
        var ev = SIMD8<Float>()
        /// One over the length squared; 0 for a single place.
        var inverse = SIMD8<Float>()
        var length = SIMD8<Float>()
        var box = Box2D()
    }

    private var groups: [Group] = []
    private(set) var box = Box2D()

    /// - Parameter places: the core's points in order, a polygon's first one repeated at the end.
    mutating func load(_ places: [SIMD2<Float>]) {
        groups.removeAll(keepingCapacity: true)
        box = Box2D()
        let last = places.count - 1
        let edges = Self.edgeCount(places)
        for first in stride(from: 0, to: edges, by: 8) {
            var group = Group()
            for lane in 0..<8 {
                let p = places[min(first + lane, last)]
                let q = places[first + lane < edges ? min(first + lane + 1, last) : min(first + lane, last)]
                group.pu[lane] = p.x
                group.pv[lane] = p.y
                group.qu[lane] = q.x
                group.qv[lane] = q.y
                group.box.add(p)
                group.box.add(q)
            }
            group.eu = group.qu - group.pu
            group.ev = group.qv - group.pv
            let square = group.eu * group.eu + group.ev * group.ev
            group.inverse = (1 / square).replacing(with: 0, where: square .== 0)
            group.length = square.squareRoot()
            box.sides = box.sides.replacing(with: group.box.sides, where: group.box.sides .< box.sides)
            groups.append(group)
        }
    }

    /// Every place begins an edge, so that it is enough to look from each edge's begin: a line's last place stands for
    /// an edge without length. A ring's last place is its first.
    private static func edgeCount(_ places: [SIMD2<Float>]) -> Int {
        places.count > 1 && places[0] == places[places.count - 1] ? places.count - 1 : places.count
    }

    /// By counting crossings of the ray to the east. Right for a place that is farther from every edge than rounding
    /// reaches.
    func encloses(_ place: SIMD2<Float>) -> Bool {
        var crossings = SIMD8<Int32>()
        for group in groups {
            let upward = group.pv .<= place.y
            let straddles = upward .^ (group.qv .<= place.y)
            let side = group.eu * (place.y - group.pv) - group.ev * (place.x - group.pu)
            let isEast = (side .> 0) .^ (group.ev .<= 0)
            crossings.replace(with: crossings &+ 1, where: straddles .& isEast)
        }
        return crossings.wrappedSum() & 1 == 1
    }

    /// The smallest square of the distance from a place to an edge.
    func squareToEdges(_ place: SIMD2<Float>) -> Float {
        var best = SIMD8<Float>(repeating: .infinity)
        for group in groups {
            let wu = place.x - group.pu
            let wv = place.y - group.pv
            let t = Self.unit((wu * group.eu + wv * group.ev) * group.inverse)
            let (ru, rv) = (wu - t * group.eu, wv - t * group.ev)
            let square = ru * ru + rv * rv
            best = best.replacing(with: square, where: square .< best)
        }
        return best.min()
    }

    func closeness(to others: [SIMD2<Float>], _ limits: PlaneLimits) -> Closeness {
        let (near, far) = (limits.closerSquare, limits.fartherSquare)
        var best = SIMD8<Float>(repeating: .infinity)
        let last = others.count - 1
        for j in 0..<Self.edgeCount(others) {
            let a = others[j]
            let b = others[min(j + 1, last)]
            let edge = Box2D(a, b)
            guard edge.comesWithin(limits.farther, of: box) else { continue }
            let d = b - a
            let square = d.x * d.x + d.y * d.y
            let inverse = square > 0 ? 1 / square : 0
            let margin = limits.rounding * square.squareRoot()
            for group in groups {
                guard edge.comesWithin(limits.farther, of: group.box) else { continue }
                let wu = a.x - group.pu
                let wv = a.y - group.pv
                // From a to the eight edges, and from their begins to the edge ab.
                let t = Self.unit((wu * group.eu + wv * group.ev) * group.inverse)
                let s = Self.unit((wu * d.x + wv * d.y) * -inverse)
                let (ru, rv) = (wu - t * group.eu, wv - t * group.ev)
                let (xu, xv) = (wu + s * d.x, wv + s * d.y)
                let (one, two) = (ru * ru + rv * rv, xu * xu + xv * xv)
                let least = one.replacing(with: two, where: two .< one)
                best = best.replacing(with: least, where: least .< best)
                if any(least .<= near) { return .closer }
                // The ends of either lie on opposite sides of the other, farther from it than rounding reaches.
                let a1 = group.eu * wv - group.ev * wu
                let b1 = group.eu * (b.y - group.pv) - group.ev * (b.x - group.pu)
                let p1 = d.y * wu - d.x * wv
                let q1 = d.x * (group.qv - a.y) - d.y * (group.qu - a.x)
                let clear = limits.rounding * group.length
                let isCrossed = Self.areOpposite(a1, b1, clear) .& Self.areOpposite(p1, q1, SIMD8(repeating: margin))
                if any(isCrossed) { return limits.crossingIsCloser ? .closer : .undecided }
            }
        }
        return best.min() > far ? .farther : .undecided
    }

    @inline(__always)
    private static func unit(_ t: SIMD8<Float>) -> SIMD8<Float> {
        let positive = t.replacing(with: 0, where: t .< 0)
        return positive.replacing(with: 1, where: positive .> 1)
    }

    @inline(__always)
    private static func areOpposite(
        _ x: SIMD8<Float>, _ y: SIMD8<Float>, _ margin: SIMD8<Float>
    ) -> SIMDMask<SIMD8<Int32>> {
        ((x .> margin) .& (y .< -margin)) .| ((x .< -margin) .& (y .> margin))
    }
}

/// A box in a plane, closed, held as its lower ends and its negated upper ends.
struct Box2D: Sendable {
    var sides = SIMD4<Float>(repeating: .infinity)

    @inline(__always)
    init() {}

    @inline(__always)
    init(_ a: SIMD2<Float>, _ b: SIMD2<Float>) {
        add(a)
        add(b)
    }

    @inline(__always)
    mutating func add(_ place: SIMD2<Float>) {
        let ends = SIMD4(place.x, place.y, -place.x, -place.y)
        sides = sides.replacing(with: ends, where: ends .< sides)
    }

    /// Whether the gap is at most `metres` on both axes.
    @inline(__always)
    func comesWithin(_ metres: Float, of other: Box2D) -> Bool {
        let theirs = other.sides
        return all(sides .<= metres - SIMD4(theirs.z, theirs.w, theirs.x, theirs.y))
    }
}
