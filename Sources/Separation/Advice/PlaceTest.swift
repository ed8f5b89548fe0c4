import Geodesy
import Kernel

/// The notice's footprints at one place, held against stored ones: on a plane where that tells, in full where not.
struct PlaceTest: Sendable {
    private let mover: ShapeMover?
    private let shapes: [Footprint]
    private var chain = FootprintChain()
    private var probes: [LocalProbe]
    private var footprints: [Footprint?]
    private var prepared: [PreparedFootprint?]
    private var witnesses: [[FootprintWitness]?]
    private var spot: ShapeMover.Spot?
    /// What full measurements and new discs have counted for so far, in the search's steps of work.
    private(set) var work = 0
    private static let measureWork = 400
    private static let discsWork = 10_000

    init(_ shapes: [Footprint], _ mover: ShapeMover?) {
        self.shapes = shapes
        self.mover = mover
        probes = Array(repeating: LocalProbe(), count: shapes.count)
        footprints = Array(repeating: nil, count: shapes.count)
        prepared = Array(repeating: nil, count: shapes.count)
        witnesses = Array(repeating: nil, count: shapes.count)
    }

    /// Goes to a place. Footprints are laid out when they are first asked about there.
    mutating func go(eastM: Double, northM: Double) {
        spot = mover?.spot(eastM: eastM, northM: northM)
        for i in shapes.indices {
            footprints[i] = nil
            prepared[i] = nil
            witnesses[i] = nil
        }
    }

    /// `nil` when it cannot be computed.
    mutating func footprint(_ volume: Int) -> Footprint? {
        if let footprint = footprints[volume] { return footprint }
        let moved: Footprint?
        if let mover, let spot { moved = mover.footprint(volume, at: spot) } else { moved = shapes[volume] }
        guard let moved else { return nil }
        footprints[volume] = moved
        chain.load(moved)
        probes[volume].load(chain)
        return moved
    }

    /// Whether the footprints conflict just here: all that is not proven farther does.
    mutating func conflicts(_ obstacle: Obstacle, _ store: VolumeStore, _ pairs: inout [ObstacleBook.Pair]) -> Bool {
        guard let footprint = footprint(obstacle.volume) else { return true }
        let quick = probes[obstacle.volume].closeness(
            to: store.stored[obstacle.slot].shape, in: store.arena, thresholdM: obstacle.horizontalM)
        guard quick == .undecided else { return quick == .closer }
        return measure(obstacle, footprint, store, &pairs, obstacle.horizontalM) != .farther
    }

    /// What holds at every place from which no part of the notice is farther than `reachM` from where it is here.
    ///
    /// - Returns: `closer`: in conflict everywhere there; `farther`: nowhere; `undecided`: either, or both.
    mutating func closeness(
        _ obstacle: Obstacle, reachM: Double, _ store: VolumeStore, _ pairs: inout [ObstacleBook.Pair]
    ) -> Closeness {
        guard let footprint = footprint(obstacle.volume) else { return .undecided }
        let slack = reachM + ShapeMover.roundingM
        let shape = store.stored[obstacle.slot].shape
        let far = probes[obstacle.volume].closeness(to: shape, in: store.arena, thresholdM: obstacle.horizontalM + slack)
        if far == .farther { return .farther }
        if far == .closer,
            probes[obstacle.volume].closeness(to: shape, in: store.arena, thresholdM: obstacle.horizontalM - slack) == .closer
        {
            return .closer
        }
        if witness(obstacle, slack, store, &pairs) { return .closer }
        // Too far for a plane, or just at the limit: only then is it worth to measure in full.
        guard far == .undecided else { return .undecided }
        if measure(obstacle, footprint, store, &pairs, obstacle.horizontalM + slack) == .farther { return .farther }
        guard obstacle.horizontalM >= slack else { return .undecided }
        return measure(obstacle, footprint, store, &pairs, obstacle.horizontalM - slack) == .closer ? .closer : .undecided
    }

    private mutating func measure(
        _ obstacle: Obstacle, _ footprint: Footprint, _ store: VolumeStore, _ pairs: inout [ObstacleBook.Pair],
        _ thresholdM: Double
    ) -> Closeness {
        guard let other = store.volumes[obstacle.slot] else { return .undecided }
        work += Self.measureWork
        let mine = prepared[obstacle.volume] ?? PreparedFootprint(footprint)
        prepared[obstacle.volume] = mine
        let theirs = pairs[obstacle.pair].prepared ?? PreparedFootprint(other.footprint)
        pairs[obstacle.pair].prepared = theirs
        return mine.closeness(to: theirs, thresholdM: thresholdM)
    }

    /// Whether discs that both certainly hold stay within the minimum.
    private mutating func witness(
        _ obstacle: Obstacle, _ slack: Double, _ store: VolumeStore, _ pairs: inout [ObstacleBook.Pair]
    ) -> Bool {
        guard let mover, let spot, let other = store.volumes[obstacle.slot] else { return false }
        let mine = witnesses[obstacle.volume] ?? mover.witnesses(obstacle.volume, at: spot)
        witnesses[obstacle.volume] = mine
        if pairs[obstacle.pair].witnesses == nil { work += Self.discsWork }
        let theirs = pairs[obstacle.pair].witnesses ?? FootprintWitness.all(in: other.footprint)
        pairs[obstacle.pair].witnesses = theirs
        for a in mine {
            for b in theirs {
                let reach = a.radiusM + b.radiusM + obstacle.horizontalM - slack
                if a.place.isCertainlyWithin(reach, of: b.place) { return true }
            }
        }
        return false
    }
}
