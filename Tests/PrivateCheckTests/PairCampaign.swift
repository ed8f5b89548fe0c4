import Foundation
import Geodesy
import Kernel
import Separation
import Testing

@testable import PrivateCheck

/// Random pairs of plans, each from its seed: what the conflict test says of them against what their covers say.
struct PairCampaign {
    /// A fault put in on purpose, which the campaign has to find.
    enum Fault { case none, halfTheMargin, twoCellsMore }

    struct Tally {
        var pairs = 0
        var conflicts = 0
        var found = 0
        /// Found, and no conflict: the covers meet within the stated bound.
        var vain = 0
        /// Pairs with a minimum set within two metres, or two seconds, of what keeps the two apart.
        var nearMinima = 0
        var conflictsNearMinima = 0
        /// Pairs whose elements were also written out and compared one by one.
        var writtenOut = 0
        var byDatums = SortedMap<String, Int>()
        var byPlace = SortedMap<String, Int>()
        /// What must not be, by its seed: all of them are counted, the first are kept.
        var missed = 0
        var beyondBound = 0
        var failures: [String] = []

        mutating func add(_ other: Tally) {
            pairs += other.pairs
            conflicts += other.conflicts
            found += other.found
            vain += other.vain
            nearMinima += other.nearMinima
            conflictsNearMinima += other.conflictsNearMinima
            writtenOut += other.writtenOut
            for (name, count) in other.byDatums { byDatums[name] = (byDatums[name] ?? 0) + count }
            for (name, count) in other.byPlace { byPlace[name] = (byPlace[name] ?? 0) + count }
            missed += other.missed
            beyondBound += other.beyondBound
            failures = Array((failures + other.failures).prefix(20))
        }

        var text: String {
            """
            covers: \(pairs) pairs, \(conflicts) conflict, \(missed) of these missed; \(found) found, \(vain) in vain, \
            \(beyondBound) beyond the bound; \(nearMinima) near a minimum, \(conflictsNearMinima) of these conflict; \
            \(writtenOut) also element by element
            by datums: \(byDatums.map { "\($0) \($1)" }.joined(separator: ", "))
            by place: \(byPlace.map { "\($0) \($1)" }.joined(separator: ", "))
            """
        }
    }

    var fault = Fault.none

    static let from: Int64 = 1_790_000_000_000_000

    /// Pairs one after the other, spread over the cores in parts.
    func run(_ count: Int, seed: UInt64) async throws -> Tally {
        try await withThrowingTaskGroup(of: Tally.self) { group in
            let part = 500
            var next = 0
            func add() {
                let range = next..<min(count, next + part)
                next = range.upperBound
                group.addTask {
                    var tally = Tally()
                    for i in range { try judge(seed &+ UInt64(i), &tally) }
                    return tally
                }
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount where next < count { add() }
            var tally = Tally()
            while let done = try await group.next() {
                tally.add(done)
                if tally.pairs % 50_000 == 0 { print("\(tally.pairs) pairs, \(tally.missed) missed") }
                if next < count { add() }
            }
            return tally
        }
    }

    private struct Pair {
        let a, b: Volume4D
        let grid: CheckGrid
        let needed: Minima
        let buffers: (HalfBuffers.Margin, HalfBuffers.Margin)
        let reference: VerticalReference
        let isNear: Bool
        let place: String
    }

    func judge(_ seed: UInt64, _ tally: inout Tally) throws {
        // Neighbouring seeds of the generator are unrelated from its first number on.
        var maker = PairMaker(seed: seed)
        let pair = try make(&maker)
        let (a, b, grid, reference) = (pair.a, pair.b, pair.grid, pair.reference)
        let mine = try Cover(a, planted(pair.buffers.0, grid), grid, reference)
        let others = try Cover(b, planted(pair.buffers.1, grid), grid, reference)
        let shared = mine.meets(others)
        if seed % 8 == 0, mine.size < 40_000, others.size < 40_000 {
            let first = try PlanCover.elements(
                of: a, margin: planted(pair.buffers.0, grid), grid: grid, reference: reference, room: 1 << 20)
            let second = try PlanCover.elements(
                of: b, margin: planted(pair.buffers.1, grid), grid: grid, reference: reference, room: 1 << 20)
            tally.writtenOut += 1
            if Self.meet(first, second) != shared { tally.failures.append("seed \(seed): elements say otherwise") }
        }
        let verdict = ConflictTest.conflict(a, b, minima: pair.needed, reference: reference)
        tally.pairs += 1
        let datums = [a.band.lower.datum, b.band.lower.datum].map { "\($0)" }.sorted().joined(separator: "+")
        tally.byDatums[datums] = (tally.byDatums[datums] ?? 0) + 1
        tally.byPlace[pair.place] = (tally.byPlace[pair.place] ?? 0) + 1
        if pair.isNear { tally.nearMinima += 1 }
        if verdict.isConflict {
            tally.conflicts += 1
            if pair.isNear { tally.conflictsNearMinima += 1 }
            if !shared {
                tally.missed += 1
                tally.failures.append("seed \(seed) conflicts and is not found")
            }
        }
        guard shared else { return }
        tally.found += 1
        guard !verdict.isConflict else { return }
        tally.vain += 1
        for reason in beyond(pair) {
            tally.beyondBound += 1
            tally.failures.append("seed \(seed): found, and \(reason)")
        }
    }

    /// On which axes two that were found in vain are farther apart than `docs/private-check.md` says they can be.
    private func beyond(_ pair: Pair) -> [String] {
        let (a, b, x, y) = (pair.a, pair.b, pair.buffers.0, pair.buffers.1)
        var reasons: [String] = []
        let apart = a.footprint.distance(to: b.footprint).lowerM
        let widest = CheckGrid.cellWidestM(level: pair.grid.level)
        if apart > x.horizontalM + y.horizontalM + widest + 4 * DistanceBounds.errorM {
            reasons.append("\(apart) m apart")
        }
        let gap = max(a.window.start.microseconds, b.window.start.microseconds)
            - min(a.window.end.microseconds, b.window.end.microseconds)
        if gap > x.microseconds + y.microseconds + CheckGrid.slotMicroseconds { reasons.append("\(gap) µs apart") }
        let heights = VerticalExtent(a.band, over: a.footprint, pair.reference)
            .gapM(to: VerticalExtent(b.band, over: b.footprint, pair.reference)).lowerBound
        // Ends that are flight levels are moved by the rest, and two of them compare by pressure.
        let levels = [a, b].filter { $0.band.lower.datum == .flightLevel }.count
        let deviation = pair.reference.pressureDeviationM
        let moved = Double(levels) * max(0, PlanCover.geoidDifferenceM / 2 - deviation)
        let byPressure = levels == 2 ? 2 * deviation + PlanCover.geoidDifferenceM : 0
        if heights > x.verticalM + y.verticalM + CheckGrid.bandM + 2 * PlanCover.roundingM + moved + byPressure {
            reasons.append("\(heights) m apart in height")
        }
        return reasons
    }

    private func planted(_ margin: HalfBuffers.Margin, _ grid: CheckGrid) -> HalfBuffers.Margin {
        switch fault {
        case .none: margin
        case .halfTheMargin:
            .init(
                horizontalM: margin.horizontalM / 2, verticalM: margin.verticalM / 2,
                microseconds: margin.microseconds / 2)
        case .twoCellsMore:
            .init(
                horizontalM: min(1_000_000, margin.horizontalM + 2 * CheckGrid.cellWidestM(level: grid.level)),
                verticalM: margin.verticalM, microseconds: margin.microseconds)
        }
    }

    /// A cover as what it is the product of.
    private struct Cover {
        let cells: [Cell]
        let bands: ClosedRange<Int16>
        let slots: ClosedRange<Int64>?

        init(
            _ volume: Volume4D, _ margin: HalfBuffers.Margin, _ grid: CheckGrid, _ reference: VerticalReference
        ) throws {
            cells = try FootprintCover.cells(
                of: volume.footprint, marginM: margin.horizontalM, grid: grid, room: 1 << 20)
            bands = PlanCover.bands(of: volume, marginM: margin.verticalM, grid: grid, reference)
            slots = PlanCover.slots(of: volume.window, marginMicroseconds: margin.microseconds, grid: grid)
        }

        var size: Int { cells.count * bands.count * (slots?.count ?? 0) }

        func meets(_ other: Cover) -> Bool {
            guard let slots, let theirs = other.slots, slots.overlaps(theirs), bands.overlaps(other.bands) else {
                return false
            }
            return PairCampaign.meet(cells, other.cells)
        }
    }

    /// Whether two sorted lists have something in common.
    static func meet<Each: Comparable>(_ a: [Each], _ b: [Each]) -> Bool {
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            if a[i] == b[j] { return true }
            if a[i] < b[j] { i += 1 } else { j += 1 }
        }
        return false
    }

    // MARK: Making a pair

    private func make(_ maker: inout PairMaker) throws -> Pair {
        let level = 6 + Int(maker.random.below(9))
        let widest = CheckGrid.cellWidestM(level: level)
        let sizeM = widest * maker.random.uniform(0.05...2)
        let anchor = maker.anchor()
        let place = abs(anchor.latitudeDeg) > 88 ? "pole" : abs(anchor.longitudeDeg) > 178.5 ? "antimeridian" : "elsewhere"
        func volume(_ place: Position) throws -> Volume4D {
            Volume4D(
                footprint: maker.footprint(near: place, sizeM: sizeM), band: try maker.band(),
                window: try maker.window(near: Self.from))
        }
        let a = try volume(anchor)
        let b = try volume(maker.offset(anchor, upToM: 4 * sizeM))
        let reference = try #require(References.all[Int(maker.random.below(UInt64(References.all.count)))])
        // Every kind that has a name, and now and then one that the terms do not name.
        let kinds = (0..<2 + Int(maker.random.below(4))).map { _ in
            ActivityKind.wellKnown[Int(maker.random.below(UInt64(ActivityKind.wellKnown.count)))]
        }
        let named = SortedSet(kinds).elements
        let one = named[Int(maker.random.below(UInt64(named.count)))]
        let two = maker.random.below(12) == 0
            ? try #require(ActivityKind.wellKnown.first { !named.contains($0) })
            : named[Int(maker.random.below(UInt64(named.count)))]
        let isNear = maker.random.below(2) == 0
        var rows: [MinimaTable.Row] = []
        for (i, kind) in named.enumerated() {
            for other in named[i...] where maker.random.below(5) > 0 {
                rows.append(.init(kind, other, try minima(&maker, widest, isNear ? (a, b, reference) : nil)))
            }
        }
        if rows.isEmpty { rows = [.init(one, one, try minima(&maker, widest, isNear ? (a, b, reference) : nil))] }
        let table = try #require(MinimaTable(rows: rows))
        let buffers = HalfBuffers(table: table, kinds: named)
        let isUniform = maker.random.below(10) == 0 && named.contains(two)
        let slot = Self.from / CheckGrid.slotMicroseconds
        return Pair(
            a: a, b: b, grid: try CheckGrid(level: level, bands: -4...100, slots: slot - 300...slot + 400),
            needed: table[one, two],
            buffers: isUniform ? (buffers.uniform, buffers.uniform) : (buffers[one], buffers[two]),
            reference: reference, isNear: isNear, place: place)
    }

    /// At random, or on some axes within a little of what keeps the two apart, on either side.
    private func minima(
        _ maker: inout PairMaker, _ widest: Double, _ near: (Volume4D, Volume4D, VerticalReference)?
    ) throws -> Minima {
        var horizontal = widest * maker.random.uniform(0...1.5)
        var vertical = maker.vertical()
        var time = Int64(maker.random.below(1_200_000_000))
        if let (a, b, reference) = near {
            func nudge(_ size: Double) -> Double {
                maker.random.below(4) == 0 ? 0 : maker.random.uniform(-size...size) * maker.random.unit()
            }
            let apart = a.footprint.distance(to: b.footprint)
            if maker.random.below(3) > 0 { horizontal = (maker.random.below(2) == 0 ? apart.lowerM : apart.upperM) + nudge(2) }
            let gap = VerticalExtent(a.band, over: a.footprint, reference)
                .gapM(to: VerticalExtent(b.band, over: b.footprint, reference)).lowerBound
            if maker.random.below(3) > 0 { vertical = .metres(min(100_000, max(0, gap + nudge(2)))) }
            let wait = max(a.window.start.microseconds, b.window.start.microseconds)
                - min(a.window.end.microseconds, b.window.end.microseconds)
            if maker.random.below(3) > 0 { time = wait + Int64(nudge(2_000_000)) }
        }
        return try PrivateCheckTests.minima(
            min(1_000_000, max(0, horizontal)), vertical, .microseconds(max(0, time)))
    }
}

/// What altitudes are related to: a deviation of flight levels that hides the geoid, one that does not, none, and a
/// geoid that steps by as much as it may.
private enum References {
    static let all: [VerticalReference?] = [
        VerticalReference(terrainFloorM: 0, terrainCeilingM: 900, pressureDeviationM: 300),
        VerticalReference(terrainFloorM: -400, terrainCeilingM: 3_000, pressureDeviationM: 40),
        VerticalReference(terrainFloorM: 0, terrainCeilingM: 0, pressureDeviationM: 0),
        (try? steppedGeoid()).flatMap {
            VerticalReference(terrainFloorM: 0, terrainCeilingM: 500, pressureDeviationM: 0, grid: $0)
        },
    ]
}
