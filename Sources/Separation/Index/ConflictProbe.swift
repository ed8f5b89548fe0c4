import Geodesy
import Kernel

/// One volume held against an index, and the memory that this takes, which is used again: in the steady state a query
/// allocates nothing.
///
/// A probe belongs to one index and one list of tables. Each thread that asks has its own.
public struct ConflictProbe: Sendable {
    /// What conflicts with the volume that was asked about last, in no particular order.
    public internal(set) var found: [Found] = []

    public struct Found: Sendable, Equatable {
        /// For ``ConflictIndex/stored(_:)``.
        public let slot: Int
        /// As in ``Verdict/conflict(proven:)``.
        public let isProven: Bool
    }

    /// A conflict under any of them counts. With none there are no conflicts.
    public let tables: [MinimaTable]

    /// When and how high the volume is that is asked about.
    private struct Subject {
        let window: TimeWindow
        let extent: VerticalExtent
    }

    private var rows: [PairLimits] = []
    private var row = 0
    private var chain = FootprintChain()
    private var local = LocalProbe()
    private var subject: Subject?
    private var prepared: PreparedFootprint?
    /// By kind of the stored volume: what its box has to meet.
    private var boxes: [SpaceBox] = []
    private var widestBox = SpaceBox.nothing
    private var candidates: [UInt32] = []

    public init(tables: [MinimaTable]) { self.tables = tables }

    /// Takes a volume that an index may not hold.
    mutating func load(
        _ volume: Volume4D, kind: ActivityKind, _ kinds: [ActivityKind], _ reference: VerticalReference
    ) {
        chain.load(volume.footprint)
        local.load(chain)
        let extent = VerticalExtent(volume.band, over: volume.footprint, reference)
        subject = Subject(window: volume.window, extent: extent)
        prepared = nil
        choose(kind, kinds)
        let ends = SpaceBox.ends(chain, extent)
        boxes.removeAll(keepingCapacity: true)
        for wide in rows[row].widest {
            boxes.append(SpaceBox(query: ends, horizontalM: wide.horizontalM + 1, verticalM: wide.verticalM + 1))
        }
        let wide = rows[row].widestOfAll
        widestBox = SpaceBox(query: ends, horizontalM: wide.horizontalM + 1, verticalM: wide.verticalM + 1)
    }

    private mutating func choose(_ kind: ActivityKind, _ kinds: [ActivityKind]) {
        if rows.isEmpty || rows[row].kind != kind {
            row = rows.firstIndex { $0.kind == kind } ?? rows.count
            if row == rows.count { rows.append(PairLimits(kind: kind)) }
        }
        if rows[row].count < kinds.count { rows[row].extend(to: kinds, tables) }
    }

    /// Finds what conflicts with the loaded volume.
    mutating func search(
        _ store: VolumeStore, mode: Mode, footprint: Footprint, excludingOwner owner: Int32?, after slot: Int
    ) {
        found.removeAll(keepingCapacity: true)
        candidates.removeAll(keepingCapacity: true)
        guard !tables.isEmpty, let subject else { return }
        for level in 0...TimeLevels.openLevel {
            gather(store.shelves.shelves[TimeLevels.shelf(mode, level)], level, subject.window)
        }
        for candidate in candidates where Int(candidate) > slot {
            let stored = store.stored[Int(candidate)]
            if stored.owner == owner { continue }
            if let isProven = test(subject, stored, candidate, store, footprint) {
                found.append(Found(slot: Int(candidate), isProven: isProven))
            }
        }
    }

    private mutating func gather(_ shelf: BucketShelves.Shelf, _ level: Int, _ window: TimeWindow) {
        guard !shelf.buckets.isEmpty else { return }
        let margin = rows[row].widestOfAll.timeMicroseconds
        let numbers = TimeLevels.buckets(level, near: window, marginMicroseconds: margin)
        var at = shelf.place(numbers.lowerBound)
        while at < shelf.buckets.count, shelf.numbers[at] <= numbers.upperBound {
            let number = shelf.numbers[at]
            let start = TimeLevels.secondsDown(
                Double(window.start.microseconds) - Double(margin), level, number)
            let end = TimeLevels.secondsUp(Double(window.end.microseconds) + Double(margin), level, number)
            let when = BlockBucket.When(
                negatedStart: -start, end: end, isFirst: number == numbers.lowerBound)
            shelf.gather(at, widestBox, boxes, when, &candidates)
            at += 1
        }
    }

    /// `nil` when separate under every one of the minima; else whether the conflict is proven under any.
    private mutating func test(
        _ subject: Subject, _ stored: StoredVolume, _ slot: UInt32, _ store: VolumeStore, _ footprint: Footprint
    ) -> Bool? {
        let gapMicroseconds = ConflictTest.gapMicroseconds(subject.window, stored.window)
        var gapM: ClosedRange<Double>?
        var isFound: Bool?
        for i in rows[row].range(Int(stored.kind)) {
            let limit = rows[row].limits[i]
            guard gapMicroseconds <= limit.timeMicroseconds else { continue }
            var vertical = Closeness.closer
            if limit.verticalM < .infinity {
                let gap = gapM ?? subject.extent.gapM(to: stored.extent)
                gapM = gap
                vertical = ConflictTest.vertical(gap, limit.verticalM)
                guard vertical != .farther else { continue }
            }
            var horizontal = local.closeness(to: stored.shape, in: store.arena, thresholdM: limit.horizontalM)
            if horizontal == .undecided {
                horizontal = measure(Int(slot), store, footprint, limit.horizontalM)
            }
            guard horizontal != .farther else { continue }
            isFound = isFound == true || (vertical == .closer && horizontal == .closer)
        }
        return isFound
    }

    /// What the plane leaves open, by the full measurement.
    private mutating func measure(
        _ slot: Int, _ store: VolumeStore, _ footprint: Footprint, _ thresholdM: Double
    ) -> Closeness {
        guard let other = store.volumes[slot] else { return .undecided }
        let mine = prepared ?? PreparedFootprint(footprint)
        prepared = mine
        return mine.closeness(to: PreparedFootprint(other.footprint), thresholdM: thresholdM)
    }
}
