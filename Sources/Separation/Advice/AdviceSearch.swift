import Geodesy
import Kernel

/// A change in whole steps.
struct LatticeChange: Hashable, Sendable {
    let time: Int64
    let height: Int64
    let east: Int32
    let north: Int32
    let cost: Double

    var isPlaceKept: Bool { east == 0 && north == 0 }
}

/// Looks for the cheapest change, with the conflict engine as judge: what it refuses teaches the search which volumes
/// stand in the way, and nothing is left out that was not tested or shown to conflict. `docs/advice.md` has the argument.
struct AdviceSearch: Sendable {
    /// Which steps are open to one search.
    struct Scope: Sendable {
        var times: ClosedRange<Int64>
        var heights: ClosedRange<Int64>
        var isPlaceOpen: Bool
    }

    enum Outcome: Sendable, Equatable {
        case found(LatticeChange)
        case none
        /// Nothing is cheaper than was asked for.
        case notBelow
        case undecided
    }

    /// Steps of work of one search, each some ten nanoseconds.
    static let workMost = 20_000_000

    let index: ConflictIndex
    let request: AdviceRequest
    let mover: ShapeMover?
    private(set) var book: ObstacleBook
    private var place: PlaceTest
    private var probe: ConflictProbe
    private var work = 0
    /// What moving all footprints counts for.
    private let moveWork: Int
    private let stretch: Double
    private let timeCost: Double
    private let heightCost: Double
    private let placeCost: Double

    init(_ index: ConflictIndex, _ request: AdviceRequest) {
        let bounds = request.bounds
        self.index = index
        self.request = request
        let shapes = request.volumes.map(\.footprint)
        mover = bounds.open.contains(.position) ? ShapeMover(shapes) : nil
        moveWork = shapes.reduce(200) { $0 + 60 * $1.vertices.count }
        stretch = mover?.stretch(withinM: bounds.withinM) ?? 1
        let atHome = request.volumes.map { VerticalExtent($0.band, over: $0.footprint, index.reference) }
        var anywhere = atHome
        if mover != nil {
            for (i, volume) in request.volumes.enumerated() {
                let reachM = min(
                    Limits.radiusLargestMetres, volume.footprint.radiusM + bounds.withinM * stretch + ShapeMover.roundingM)
                guard let wide = Footprint(validatedBefore: volume.footprint.core, radiusM: reachM) else { continue }
                anywhere[i] = VerticalExtent(volume.band, over: wide, index.reference)
            }
        }
        book = ObstacleBook(request.volumes, atHome: atHome, anywhere: anywhere, bounds)
        place = PlaceTest(shapes, mover)
        probe = ConflictProbe(tables: request.tables)
        timeCost = request.costs.perMinute * Double(bounds.timeStepMicroseconds) / 60e6
        heightCost = request.costs.per100M * bounds.altitudeStepM / 100
        placeCost = request.costs.perKm * bounds.positionStepM / 1_000
    }

    func cost(time: Int64, height: Int64, east: Int32, north: Int32) -> Double {
        let steps = Double(Int64(east) * Int64(east) + Int64(north) * Int64(north)).squareRoot()
        return Double(time.magnitude) * timeCost + Double(height.magnitude) * heightCost + steps * placeCost
    }

    /// The cheapest change of all within the scope, if it costs less than `below`.
    mutating func cheapest(_ scope: Scope, below: Double = .infinity) -> Outcome {
        work = 0
        var gaps = LatticeGaps(times: scope.times, heights: scope.heights, timeCost: timeCost, heightCost: heightCost)
        let most = scope.isPlaceOpen ? Int32(request.bounds.withinM / request.bounds.positionStepM) : 0
        var heap = PlaceHeap()
        heap.push(PlaceSquare(east: -most...most, north: -most...most, bound: 0, certain: [], open: [], seen: 0))
        var isCut = false
        while var square = heap.pop() {
            guard square.bound < below else { return .notBelow }
            guard work < Self.workMost else { return .undecided }
            look(&square, scope)
            if square.gapOf != square.certain.count {
                let blocks = square.certain.compactMap { block(book.obstacles[Int($0)], scope) } + square.refused
                square.gap = gaps.cheapest(blocks, &work)
                square.gapOf = square.certain.count
            }
            guard let gap = square.gap else { continue }
            square.bound = max(square.bound, gap.cost + square.nearest * placeCost)
            guard square.bound < below else {
                isCut = true
                continue
            }
            if let least = heap.least, least < square.bound {
                heap.push(square)
                continue
            }
            guard square.isSingle else {
                for half in square.halves where half.nearest * request.bounds.positionStepM <= request.bounds.withinM {
                    var half = half
                    half.bound = max(square.bound, gap.cost + half.nearest * placeCost)
                    heap.push(half)
                }
                continue
            }
            let (east, north) = (square.east.lowerBound, square.north.lowerBound)
            let change = LatticeChange(
                time: gap.time, height: gap.height, east: east, north: north,
                cost: cost(time: gap.time, height: gap.height, east: east, north: north))
            switch judge(change) {
            case .clear: return .found(change)
            case .learnt: heap.push(square)
            case .refused:
                square.refused.append(LatticeBlock(times: gap.time...gap.time, heights: gap.height...gap.height))
                square.gapOf = -1
                heap.push(square)
            case .impossible: continue
            }
        }
        return isCut ? .notBelow : .none
    }

    private func block(_ obstacle: Obstacle, _ scope: Scope) -> LatticeBlock? {
        scope.isPlaceOpen ? obstacle.anywhere : obstacle.atHome
    }

    /// Sorts the open obstacles, and those learnt since, into what conflicts everywhere, somewhere and nowhere in the
    /// square.
    private mutating func look(_ square: inout PlaceSquare, _ scope: Scope) {
        // What was looked at before stays as it is, unless the square is a half of one.
        var fresh = square.isLookedAt ? [] : square.open
        var left = square.isLookedAt ? square.open : []
        for i in square.seen..<book.obstacles.count {
            guard let block = block(book.obstacles[i], scope), block.times.overlaps(scope.times),
                block.heights.overlaps(scope.heights)
            else { continue }
            fresh.append(Int32(i))
        }
        square.seen = book.obstacles.count
        square.isLookedAt = true
        guard !fresh.isEmpty else { return }
        let step = request.bounds.positionStepM
        let centre = square.centre
        place.go(eastM: centre.east * step, northM: centre.north * step)
        let reachM = square.reach * step * stretch
        if scope.isPlaceOpen { work += moveWork }
        let before = place.work
        defer { work += place.work - before }
        let isPlaceAlone = scope.times == 0...0 && scope.heights == 0...0
        for number in fresh {
            // One is enough where nothing but the place may change: it leaves no step.
            if isPlaceAlone, !square.certain.isEmpty { return }
            let obstacle = book.obstacles[Int(number)]
            work += obstacle.work
            if square.isSingle {
                if place.conflicts(obstacle, index.store, &book.pairs) { square.certain.append(number) }
                continue
            }
            switch place.closeness(obstacle, reachM: reachM, index.store, &book.pairs) {
            case .closer: square.certain.append(number)
            case .undecided: left.append(number)
            case .farther: break
            }
        }
        square.open = left
    }

    // MARK: The engine's judgement

    private enum Judgement { case clear, learnt, refused, impossible }

    private mutating func judge(_ change: LatticeChange) -> Judgement {
        guard let footprints = footprints(after: change) else { return .impossible }
        guard let volumes = volumes(after: change, footprints) else { return .refused }
        switch conflicts(of: volumes) {
        case .none: return .clear
        case .known: return .refused
        case .new: return .learnt
        }
    }

    private enum Finding { case none, known, new }

    /// Asks the engine, and keeps whatever it finds.
    private mutating func conflicts(of volumes: [Volume4D]) -> Finding {
        var finding = Finding.none
        for (i, volume) in volumes.enumerated() {
            index.search(
                volume, kind: request.kind, mode: request.mode, excluding: request.avoidsOwn ? nil : request.owner, &probe)
            work += 2_000
            for found in probe.found {
                guard let stored = index.stored(found.slot), stored.key != request.notice else { continue }
                let record = index.store.stored[found.slot]
                let kind = index.kinds[Int(record.kind)]
                let corners = index.store.volumes[found.slot]?.footprint.vertices.count ?? 1
                let isNew = book.learn(
                    volume: i, slot: found.slot, record, request.tables.map { $0[request.kind, kind] },
                    work: 40 + 4 * (volume.footprint.vertices.count + corners))
                finding = isNew || finding == .new ? .new : .known
            }
        }
        return finding
    }

    /// Learns what the notice conflicts with as it stands.
    ///
    /// - Returns: whether it does.
    mutating func begin() -> Bool { conflicts(of: request.volumes) != .none }

    /// The notice's volumes after a change; `nil` when they cannot be so.
    func volumes(after change: LatticeChange) -> [Volume4D]? {
        footprints(after: change).flatMap { volumes(after: change, $0) }
    }

    private func volumes(after change: LatticeChange, _ footprints: [Footprint]) -> [Volume4D]? {
        var volumes: [Volume4D] = []
        for (volume, footprint) in zip(request.volumes, footprints) {
            let time = Duration.microseconds(change.time * request.bounds.timeStepMicroseconds)
            guard let band = volume.band.moved(byM: Double(change.height) * request.bounds.altitudeStepM),
                let window = volume.window.moved(by: time)
            else { return nil }
            volumes.append(Volume4D(footprint: footprint, band: band, window: window))
        }
        return volumes
    }

    private func footprints(after change: LatticeChange) -> [Footprint]? {
        guard !change.isPlaceKept else { return request.volumes.map(\.footprint) }
        let step = request.bounds.positionStepM
        guard let mover else { return nil }
        let spot = mover.spot(eastM: Double(change.east) * step, northM: Double(change.north) * step)
        var footprints: [Footprint] = []
        for i in request.volumes.indices {
            guard let moved = mover.footprint(i, at: spot),
                let valid = try? Footprint(validating: moved.core, radiusM: moved.radiusM)
            else { return nil }
            footprints.append(valid)
        }
        return footprints
    }
}

extension TimeWindow {
    /// One without an end keeps none. `nil` beyond the ends of the scale.
    func moved(by time: Duration) -> TimeWindow? {
        TimeWindow(start: start.advanced(by: time), end: end == .distantFuture ? end : end.advanced(by: time))
    }
}

extension AltitudeBand {
    /// Both ends by as much, each in its own unit, to a millionth of it. `nil` beyond what an altitude may be.
    func moved(byM metres: Double) -> AltitudeBand? {
        guard metres != 0 else { return self }
        guard let lower = lower.moved(byM: metres), let upper = upper.moved(byM: metres) else { return nil }
        return AltitudeBand(lower: lower, upper: upper)
    }
}

extension Altitude {
    func moved(byM metres: Double) -> Altitude? {
        let perUnit =
            switch unit {
            case .metres: 1.0
            case .feet: Altitude.metresPerFoot
            case .flightLevel: 100 * Altitude.metresPerFoot
            }
        let moved = ((value + metres / perUnit) * 1e6).rounded() / 1e6
        return Altitude(value: moved, unit: unit, datum: datum)
    }
}
