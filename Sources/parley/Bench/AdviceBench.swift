import Foundation
import Geodesy
import Kernel
import Separation

/// Times advice for notices in conflict with twenty others at once, among many volumes.
struct AdviceBench {
    struct Figures {
        var milliseconds: [Double] = []
        /// Of this thread alone, without what it waited for a core.
        var processorMilliseconds: [Double] = []
        var conflicts: [Int] = []
        var advised = 0
        var options = 0
        var undecided = 0
        /// Combinations of axes by what their search came to.
        var results: [AdviceSearched.Result: Int] = [:]
        /// Offers that a query of the index finds in conflict: none, or the engine is broken.
        var unclear = 0
        /// What-if checks of one volume that is moved a little every time, in a second.
        var checksPerSecond = 0.0
    }

    /// How the twenty lie that the notice conflicts with.
    enum Setting: String, CaseIterable {
        /// Put around the notice, as where several units work at one place.
        case crowd
        /// As they come: the notice is made so large that it meets twenty.
        case spread
    }

    static let conflictsWanted = 20

    private let index: ConflictIndex
    private let table: MinimaTable
    private var random: SeededGenerator
    private let own: PartyID
    private let other: PartyID
    private var crowded: ConflictIndex
    private let clock = ContinuousClock()

    /// Metres and minutes that keep kinds apart, in the order of ``kinds``.
    private static let horizontalM: [[Double]] = [
        [9_300, 5_000, 5_000, 3_000], [5_000, 3_000, 2_000, 3_000], [5_000, 2_000, 1_000, 2_000],
        [3_000, 3_000, 2_000, 0],
    ]
    private static let kinds: [ActivityKind] = [.airOperation, .searchAndRescue, .unmannedAircraft, .artilleryFire]

    init?(volumes: Int, seed: UInt64) {
        guard let own = PartyID("alpha"), let other = PartyID("bravo") else { return nil }
        var rows: [MinimaTable.Row] = []
        for i in Self.kinds.indices {
            for j in i..<Self.kinds.count {
                let vertical = i == 3 && j == 3 ? 0 : 300.0
                guard let minima = Minima(horizontalM: Self.horizontalM[i][j], vertical: .metres(vertical), time: .minutes(5))
                else { return nil }
                rows.append(.init(Self.kinds[i], Self.kinds[j], minima))
            }
        }
        guard let table = MinimaTable(rows: rows) else { return nil }
        self.own = own
        self.other = other
        self.table = table
        random = SeededGenerator(seed: seed)
        var index = ConflictIndex(reference: .anywhere)
        for i in 0..<volumes {
            guard let anchor = Self.place(&random),
                let volume = Self.volume(&random, at: anchor, start: Double(random.below(30 * 86_400)))
            else { continue }
            index.insert(
                NoticeID(party: other, index: UInt64(i)), owner: other, kind: Self.kinds[i % 4], mode: .real,
                volumes: [volume])
        }
        self.index = index
        crowded = index
    }

    /// - Parameter count: notices.
    mutating func measure(_ setting: Setting, count: Int) -> Figures {
        var figures = Figures()
        for _ in 0..<count {
            guard let (volume, kind) = notice(setting), let bounds = Self.bounds else { continue }
            let request = AdviceRequest(
                volumes: [volume], kind: kind, mode: .real, owner: own, notice: nil, tables: [table], bounds: bounds)
            let (start, busy) = (clock.now, Self.processorMilliseconds)
            let report = crowded.advice(request)
            let (took, worked) = (clock.now - start, Self.processorMilliseconds - busy)
            guard !report.conflicts.isEmpty else { continue }
            figures.milliseconds.append(took.inSeconds * 1_000)
            figures.processorMilliseconds.append(worked)
            figures.conflicts.append(report.conflicts.count)
            figures.options += report.advice.count
            if !report.advice.isEmpty { figures.advised += 1 }
            for searched in report.searched { figures.results[searched.result, default: 0] += 1 }
            if report.searched.contains(where: { $0.result == .undecided }) { figures.undecided += 1 }
            for advice in report.advice {
                let hits = crowded.query(advice.volumes, kind: kind, mode: .real, excluding: own, tables: [table])
                if !hits.isEmpty { figures.unclear += 1 }
            }
        }
        figures.checksPerSecond = checksPerSecond()
        return figures
    }

    private static var processorMilliseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
    }

    private static var bounds: AdviceBounds? {
        AdviceBounds(
            earlier: .hours(2), later: .hours(6), timeStep: .minutes(1), downM: 2_000, upM: 8_000, altitudeStepM: 10,
            withinM: 20_000, positionStepM: 100)
    }

    /// A notice of half an hour to two hours, and what it is to conflict with.
    private mutating func notice(_ setting: Setting) -> (Volume4D, ActivityKind)? {
        crowded = index
        let start = Double(random.below(29 * 86_400))
        guard let anchor = Self.place(&random), let volume = Self.volume(&random, at: anchor, start: start, isOwn: true)
        else { return nil }
        let kind = Self.kinds[Int(random.below(3))]
        switch setting {
        case .crowd:
            var added: UInt64 = 0
            for attempt in 0..<10_000 where hits(volume, kind) < Self.conflictsWanted {
                guard let near = Geodesic.destination(
                    from: anchor, bearingDeg: random.uniform(0...360), distanceM: random.uniform(0...12_000)),
                    let one = Self.volume(&random, at: near, start: start + random.uniform(-5_400...5_400))
                else { continue }
                added += 1
                crowded.insert(
                    NoticeID(party: other, index: 10_000_000 + added), owner: other, kind: Self.kinds[attempt % 4],
                    mode: .real, volumes: [one])
            }
            return (volume, kind)
        case .spread:
            var large = volume
            var radiusM = large.footprint.radiusM
            while hits(large, kind) < Self.conflictsWanted, radiusM < 200_000 {
                radiusM += 1_000
                guard let footprint = Footprint(validatedBefore: large.footprint.core, radiusM: radiusM) else { return nil }
                large = Volume4D(footprint: footprint, band: large.band, window: large.window)
            }
            return (large, kind)
        }
    }

    private func hits(_ volume: Volume4D, _ kind: ActivityKind) -> Int {
        crowded.query([volume], kind: kind, mode: .real, excluding: own, tables: [table]).count
    }

    /// As while a shape is dragged over the map.
    private mutating func checksPerSecond() -> Double {
        guard let anchor = Self.place(&random) else { return 0 }
        var random = random
        guard let volume = Self.volume(&random, at: anchor, start: 86_400, isOwn: true) else { return 0 }
        let corners = volume.footprint.vertices
        let count = 20_000
        var found = 0
        let start = clock.now
        for i in 0..<count {
            let shift = Double(i) * 1e-5
            let moved = corners.compactMap {
                Position(latitudeDeg: $0.latitudeDeg + shift, longitudeDeg: $0.longitudeDeg + shift)
            }
            guard let footprint = try? Footprint(validating: .polygon(moved), radiusM: volume.footprint.radiusM) else {
                continue
            }
            found += hits(Volume4D(footprint: footprint, band: volume.band, window: volume.window), .airOperation)
        }
        return found < 0 ? 0 : Double(count) / (clock.now - start).inSeconds
    }

    // MARK: Volumes

    private static func place(_ random: inout SeededGenerator) -> Position? {
        Position(latitudeDeg: random.uniform(32.3...37.3), longitudeDeg: random.uniform(35.7...42.4))
    }

    /// A polygon of four to twelve corners, a circle or a corridor of some kilometres, for half an hour to some hours.
    private static func volume(
        _ random: inout SeededGenerator, at anchor: Position, start: Double, isOwn: Bool = false
    ) -> Volume4D? {
        let sizeM = random.uniform(1_000...9_000)
        let core: Footprint.Core
        var radiusM = 0.0
        switch isOwn ? 2 : random.below(3) {
        case 0:
            core = .point(anchor)
            radiusM = sizeM
        case 1:
            guard let end = Geodesic.destination(
                from: anchor, bearingDeg: random.uniform(0...360), distanceM: random.uniform(5_000...60_000))
            else { return nil }
            core = .line([anchor, end])
            radiusM = random.uniform(150...2_500)
        default:
            let count = 4 + Int(random.below(9))
            core = .polygon(
                (0..<count).compactMap { i in
                    Geodesic.destination(
                        from: anchor, bearingDeg: 360 * Double(i) / Double(count),
                        distanceM: sizeM * random.uniform(0.5...1))
                })
        }
        let low = isOwn ? random.uniform(2_000...4_000) : random.uniform(0...9_000)
        let from = 1_767_225_600 + Int64(start)
        let lasts = Int64(random.uniform(1_800...7_200))
        guard let footprint = try? Footprint(validating: core, radiusM: radiusM),
            let lower = Altitude(value: low.rounded(), unit: .metres, datum: .ellipsoid),
            let upper = Altitude(value: (low + random.uniform(100...1_500)).rounded(), unit: .metres, datum: .ellipsoid),
            let window = TimeWindow(
                start: UTCInstant(microseconds: from * 1_000_000), end: UTCInstant(microseconds: (from + lasts) * 1_000_000))
        else { return nil }
        return Volume4D(footprint: footprint, band: AltitudeBand(lower: lower, upper: upper), window: window)
    }
}
