import Geodesy
import Kernel
import PrivateCheck
import Separation

/// One simulated day of a party's plans, as cells: what an attacker on the other side of a private check is after.
///
/// Minima are those of the field where they are known: 20 NM, 1,000 ft and 10 min between aircraft; 5 km, every height
/// and 30 min around a strike. Numbers, sizes and lengths of the plans are assumed.
struct MappingDay {
    /// One plan, grown by its half-buffers: all its cells at all its heights in all its slots.
    struct Plan {
        /// Of ``finestLevel``, sorted.
        let cells: [Cell]
        /// Bands of 1,000 ft.
        let bands: ClosedRange<Int16>
        /// 0 ..< 288 of the day.
        let slots: ClosedRange<Int>
    }

    /// Cells of about 40 km and of about 5 km.
    static let coarsestLevel = 8
    static let finestLevel = 11
    static let slotsPerDay = 288
    static let bands: ClosedRange<Int16> = 0...29
    static let plansPerDay = Shape.day.count

    let plans: [Plan]
    let phantoms: [Plan]

    /// - Parameters:
    ///   - seed: of the plans and the phantoms.
    ///   - phantomsPerPlan: how many phantoms there are for each plan.
    init(seed: UInt64, phantomsPerPlan: Int) {
        var random = SeededGenerator(seed: seed)
        let own = Shape.day.compactMap { $0.volume(&random) }
        // What the party usually does, not what it does today.
        var other = SeededGenerator(seed: seed ^ 0xA5A5_5A5A)
        let usual = Shape.day.compactMap { $0.volume(&other) }
        let secret = SecretSeed((0..<32).map { UInt8(truncatingIfNeeded: seed >> (8 * ($0 % 8))) ^ UInt8($0) })
        let drawn = secret.map {
            PhantomPlans.drawn(
                like: usual, count: phantomsPerPlan * own.count, region: Self.region, window: Self.window, seed: $0)
        }
        let both = CheckPlans(plans: own, phantoms: drawn ?? [])
        plans = both.plans.compactMap(Self.covered)
        phantoms = both.phantoms.compactMap(Self.covered)
    }

    init(plans: [Plan], phantoms: [Plan]) {
        self.plans = plans
        self.phantoms = phantoms
    }

    /// Cells of about 160 km that hold a box of some 500 km by 550 km.
    static let region: [Cell] = {
        let corners = [(32.5, 36.0), (32.5, 42.0), (37.0, 42.0), (37.0, 36.0)].compactMap {
            Position(latitudeDeg: $0.0, longitudeDeg: $0.1)
        }
        guard let box = try? Footprint(validating: .polygon(corners), radiusM: 0),
            let cells = try? SiteCover.cells(of: [(box, 0)], level: 6, room: Limits.privateCheckRegionCells)
        else { preconditionFailure("the region of the simulated day is one") }
        return cells
    }()

    /// Cells of the coarsest level in the region.
    static let coarseCells: [Cell] = region.flatMap { cell in
        (cell.level..<coarsestLevel).reduce([cell]) { cells, _ in cells.flatMap(\.children) }
    }

    private static let firstSlot: Int64 = 5_700_096
    static let window: TimeWindow = {
        let start = UTCInstant(microseconds: firstSlot * CheckGrid.slotMicroseconds)
        guard let window = TimeWindow(start: start, end: start.advanced(by: .hours(24) - .seconds(1))) else {
            preconditionFailure("a day has an end")
        }
        return window
    }()

    private static func covered(_ each: (volume: Volume4D, margin: HalfBuffers.Margin)) -> Plan? {
        guard
            let grid = try? CheckGrid(
                level: 6, region: region, bands: bands, slots: firstSlot...firstSlot + Int64(slotsPerDay) - 1),
            let reference = VerticalReference(terrainFloorM: 0, terrainCeilingM: 3_200, pressureDeviationM: 0),
            let elements = try? PlanCover.elements(
                of: each.volume, margin: each.margin, grid: grid, reference: reference, room: 1 << 20),
            let cells = try? SiteCover.cells(
                of: [(each.volume.footprint, each.margin.horizontalM)], level: finestLevel, room: 1 << 20)
        else { return nil }
        let (bands, slots) = (elements.map(\.band), elements.map { Int($0.slot - firstSlot) })
        guard let low = bands.min(), let high = bands.max(), let first = slots.min(), let last = slots.max() else {
            return nil
        }
        let inside = cells.filter { cell in region.contains { $0.contains(cell) } }
        return inside.isEmpty ? nil : Plan(cells: inside, bands: low...high, slots: first...last)
    }
}
