/// A footprint laid out on the plane that touches the earth near its middle, to be held against many ``LocalShape``s.
///
/// A point of the earth falls straight down on that plane (its east and north parts). Near the middle that hardly
/// shortens anything, and a geodesic is hardly bent: `docs/geometry.md` has the bounds. What they leave open is
/// ``Closeness/undecided``, and ``PreparedFootprint`` decides it.
public struct LocalProbe: Sendable {
    var origin = Vector3()
    private(set) var east = Vector3()
    private(set) var north = Vector3()
    /// A place of the surface under (or above) `origin`, whose upright the plane stands across.
    private var touching = Vector3()
    private var radiusM = 0.0
    private var reachM = 0.0
    private var bowM = 0.0
    private var isPolygon = false
    private var plan = EdgePlan()
    private var points: [SIMD2<Float>] = []
    /// The other shape, laid out on the same plane.
    private var others: [SIMD2<Float>] = []

    public init() {}

    public mutating func load(_ chain: FootprintChain) {
        settle(chain.centre, chain.radiusM, chain.reachM, chain.bowM, chain.isPolygon)
        points.removeAll(keepingCapacity: true)
        for point in chain.points {
            let from = point - origin
            points.append(SIMD2<Float>(SIMD2<Double>(from.dot(east), from.dot(north))))
        }
        plan.load(points)
    }

    /// A shape of the arena that is itself the one to be held against others.
    public mutating func load(_ shape: LocalShape, in arena: ShapeArena) {
        settle(shape.centre, shape.radiusM, shape.reachM, shape.bowM, shape.isPolygon)
        lay(shape, in: arena, onto: &points)
        plan.load(points)
    }

    private mutating func settle(
        _ centre: Vector3, _ radiusM: Double, _ reachM: Double, _ bowM: Double, _ isPolygon: Bool
    ) {
        origin = centre
        self.radiusM = radiusM
        self.reachM = reachM
        self.bowM = bowM
        self.isPolygon = isPolygon
        let (a, b) = (Ellipsoid.semiMajorM, Ellipsoid.semiMinorM)
        let scaled = Vector3(centre.x / a, centre.y / a, centre.z / b)
        let depth = scaled.length
        // A core around half the earth may have its middle at the centre: then nothing is near enough to be judged.
        touching = depth > 0.1 ? centre / depth : Vector3()
        let up = depth > 0.1 ? Ellipsoid.upright(centre) : [0, 0, 1]
        let upright = up / up.length
        let across = (upright.x * upright.x + upright.y * upright.y).squareRoot()
        east = across > 1e-9 ? Vector3(-upright.y, upright.x, 0) / across : [0, 1, 0]
        north = upright.cross(east)
    }

    private func lay(_ shape: LocalShape, in arena: ShapeArena, onto places: inout [SIMD2<Float>]) {
        let base = shape.centre - origin
        let (u0, v0) = (Float(base.dot(east)), Float(base.dot(north)))
        let e = SIMD3<Float>(east)
        let n = SIMD3<Float>(north)
        places.removeAll(keepingCapacity: true)
        let page = Int(shape.page)
        var at = Int(shape.offset)
        for _ in 0..<shape.groups {
            let x = arena.pages[page][at]
            let y = arena.pages[page][at + 1]
            let z = arena.pages[page][at + 2]
            at += 3
            let u = u0 + (e.x * x + e.y * y + e.z * z)
            let v = v0 + (n.x * x + n.y * y + n.z * z)
            places.append(SIMD2(u[0], v[0]))
            places.append(SIMD2(u[1], v[1]))
            places.append(SIMD2(u[2], v[2]))
            places.append(SIMD2(u[3], v[3]))
        }
        places.removeLast(shape.groups * 4 - Int(shape.count))
    }

    /// As ``PreparedFootprint/closeness(to:thresholdM:)``, quickly; `undecided` also where that one would know.
    ///
    /// - Parameter thresholdM: finite and not negative; anything else is `undecided`.
    public mutating func closeness(to shape: LocalShape, in arena: ShapeArena, thresholdM: Double) -> Closeness {
        let cut = thresholdM + radiusM + shape.radiusM
        guard cut >= 0, cut < Self.farthestM else { return .undecided }
        let apart = (shape.centre - origin).length
        // A chord is never longer than the way over the surface.
        if apart - reachM - shape.reachM > cut + Ellipsoid.roundingM { return .farther }
        let offCentre = (touching - origin).length
        let limits = PlaneLimits(
            cutM: cut, reachM: max(reachM, apart + shape.reachM) + offCentre, bowM: bowM + shape.bowM)
        guard let limits else { return .undecided }
        lay(shape, in: arena, onto: &others)
        return judge(isPolygon: shape.isPolygon, limits)
    }

    static let farthestM = 1_000_000.0

    private func judge(isPolygon othersArePolygon: Bool, _ limits: PlaneLimits) -> Closeness {
        var box = Box2D()
        for place in others { box.add(place) }
        guard box.comesWithin(limits.farther, of: plan.box) else { return .farther }
        if isPolygon, plan.encloses(others[0]) {
            return limits.crossingIsCloser || plan.squareToEdges(others[0]) > limits.clearSquare ? .closer : .undecided
        }
        if othersArePolygon, Self.encloses(others, points[0]) {
            return limits.crossingIsCloser || Self.square(from: points[0], toEdgesOf: others) > limits.clearSquare
                ? .closer : .undecided
        }
        return plan.closeness(to: others, limits)
    }

    /// As ``EdgePlan/encloses(_:)``.
    private static func encloses(_ ring: [SIMD2<Float>], _ place: SIMD2<Float>) -> Bool {
        var isInside = false
        var before = ring[ring.count - 1]
        for corner in ring {
            if (before.y <= place.y) != (corner.y <= place.y) {
                let edge = corner - before
                let side = edge.x * (place.y - before.y) - edge.y * (place.x - before.x)
                if (side > 0) != (edge.y <= 0) { isInside.toggle() }
            }
            before = corner
        }
        return isInside
    }

    private static func square(from place: SIMD2<Float>, toEdgesOf ring: [SIMD2<Float>]) -> Float {
        var best = Float.infinity
        var before = ring[ring.count - 1]
        for corner in ring {
            let edge = corner - before
            let from = place - before
            let square = edge.x * edge.x + edge.y * edge.y
            let t = square > 0 ? min(1, max(0, (from.x * edge.x + from.y * edge.y) / square)) : 0
            let rest = from - t * edge
            best = min(best, rest.x * rest.x + rest.y * rest.y)
            before = corner
        }
        return best
    }
}
