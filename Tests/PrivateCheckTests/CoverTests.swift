import Geodesy
import Kernel
import Separation
import Testing

@testable import PrivateCheck

@Suite("covers against the conflict test")
struct CoverTests {
    private static let from: Int64 = 1_790_000_000_000_000

    private func grid(level: Int) throws -> CheckGrid {
        let slot = Self.from / 300_000_000
        return try CheckGrid(level: level, bands: -4...60, slots: slot - 100...slot + 200)
    }

    @Test("footprints exactly at their minimum share a cell, all over the earth")
    func touching() throws {
        var maker = PairMaker(seed: 5)
        var found = 0
        for _ in 0..<cases(2_000) {
            let grid = try grid(level: 9 + Int(maker.random.below(5)))
            let here = maker.anchor()
            let bearing = maker.random.uniform(0...360)
            let there = try #require(
                Geodesic.destination(from: here, bearingDeg: bearing, distanceM: maker.random.uniform(1_000...20_000)))
            let apart = Geodesic.distanceM(here, there)
            let radius = apart * maker.random.uniform(0...0.4)
            let one = try Footprint(validating: .point(here), radiusM: radius)
            let two = try Footprint(validating: .point(there), radiusM: 0)
            let share = (apart - radius) * maker.random.unit()
            let a = try FootprintCover.cells(of: one, marginM: share, grid: grid, room: 1 << 20)
            let b = try FootprintCover.cells(of: two, marginM: apart - radius - share, grid: grid, room: 1 << 20)
            if SortedSet(a).elements.contains(where: { b.contains($0) }) { found += 1 }
        }
        #expect(found == cases(2_000))
    }

    @Test("a place on a boundary of cells, bands or slots is in what lies on either side")
    func boundaries() throws {
        let grid = try grid(level: 10)
        // The pole is a corner of four cells, 0 N 45 E lies on the edge of two faces, 0 N 0 E in the middle of one.
        for (place, least) in [(at(90, 17), 4), (at(-90, 0), 4), (at(0, 45), 4), (at(0, 0), 4), (at(0, 180), 4)] {
            let cells = try FootprintCover.cells(
                of: try Footprint(validating: .point(place), radiusM: 0), marginM: 0, grid: grid, room: 100)
            #expect(cells.count >= least, "\(place)")
        }
        let thousandFeet = Volume4D(
            footprint: try Footprint(validating: .point(at(10, 10)), radiusM: 0), band: try metres(304.8, 609.6),
            window: try window(Self.from / 300_000_000 * 300_000_000, Self.from / 300_000_000 * 300_000_000))
        #expect(PlanCover.bands(of: thousandFeet, marginM: 0, grid: grid, .anywhere) == 0...2)
        #expect(PlanCover.bands(of: thousandFeet, marginM: .infinity, grid: grid, .anywhere) == -4...60)
        #expect(PlanCover.bands(of: thousandFeet, marginM: 1e6, grid: grid, .anywhere) == -4...60)
        let slot = Self.from / 300_000_000
        #expect(PlanCover.slots(of: thousandFeet.window, marginMicroseconds: 0, grid: grid) == slot - 1...slot)
        #expect(PlanCover.slots(of: thousandFeet.window, marginMicroseconds: 1, grid: grid) == slot - 1...slot)
        let endless = thousandFeet.window.openEnded
        #expect(PlanCover.slots(of: endless, marginMicroseconds: .max, grid: grid) == slot - 100...slot + 200)
        #expect(PlanCover.slots(of: try window(0, 0), marginMicroseconds: 0, grid: grid) == nil)
    }

    @Test("flight levels that are near by pressure meet although the geoid lifts one of them")
    func flightLevels() throws {
        let reference = try #require(
            VerticalReference(
                terrainFloorM: 0, terrainCeilingM: 0, pressureDeviationM: 0, grid: try steppedGeoid()))
        let grid = try grid(level: 8)
        func volume(_ longitude: Double, _ lower: Double, _ upper: Double) throws -> Volume4D {
            Volume4D(
                footprint: try Footprint(validating: .point(at(0, longitude)), radiusM: 0),
                band: try metres(lower, upper, .flightLevel), window: try window(Self.from, Self.from))
        }
        let below = try volume(85.5, 90, 100)
        let above = try volume(95.5, 100, 110)
        // They touch by pressure, so that the conflict test does not find them separate by altitude.
        let wide = try minima(1_000_000, .metres(0), .zero)
        #expect(ConflictTest.conflict(below, above, minima: wide, reference: reference) != .separate(by: .vertical))
        // By height the one ends at 3 048 - 105 m, in band 9, and the other begins at 3 048 + 85 m, in band 10.
        let lower = PlanCover.bands(of: below, marginM: 0, grid: grid, reference)
        let upper = PlanCover.bands(of: above, marginM: 0, grid: grid, reference)
        #expect(lower.overlaps(upper), "\(lower), \(upper)")
    }

    @Test("a cover holds no cell outside the region, and is refused when it needs more than there is room for")
    func limits() throws {
        let home = try #require(Cell.faces[0].children.first)
        let slot = Self.from / 300_000_000
        let grid = try CheckGrid(level: 8, region: [home], bands: 0...1, slots: slot...slot)
        let wide = try Footprint(validating: .point(at(0, 0)), radiusM: 500_000)
        let cells = try FootprintCover.cells(of: wide, marginM: 0, grid: grid, room: 1 << 20)
        #expect(!cells.isEmpty && cells.allSatisfy { home.contains($0) })
        #expect(zip(cells, cells.dropFirst()).allSatisfy(<))
        #expect(throws: CoverRejection.tooManyElements(allowed: cells.count - 1)) {
            try FootprintCover.cells(of: wide, marginM: 0, grid: grid, room: cells.count - 1)
        }
        #expect(throws: Never.self) { try FootprintCover.cells(of: wide, marginM: 0, grid: grid, room: cells.count) }
        for margin in [-1, Double.nan, .infinity, 1_000_001] {
            #expect(throws: CoverRejection.margin) {
                try FootprintCover.cells(of: wide, marginM: margin, grid: grid, room: 10)
            }
        }
    }

    @Test("grids out of range are refused by name")
    func grids() throws {
        let child = Cell.faces[0].children[0]
        #expect(throws: CheckGrid.Rejection.level(5)) { try CheckGrid(level: 5, bands: 0...1, slots: 0...1) }
        #expect(throws: CheckGrid.Rejection.level(17)) { try CheckGrid(level: 17, bands: 0...1, slots: 0...1) }
        for region in [[], [Cell.faces[1], Cell.faces[0]], [Cell.faces[0], child], [child, child]] {
            #expect(throws: CheckGrid.Rejection.region) {
                try CheckGrid(level: 8, region: region, bands: 0...1, slots: 0...1)
            }
        }
        let fine = try #require(Cell(face: 0, level: 9, i: 0, j: 0))
        #expect(throws: CheckGrid.Rejection.regionFinerThanLevel(fine)) {
            try CheckGrid(level: 8, region: [fine], bands: 0...1, slots: 0...1)
        }
        #expect(throws: CheckGrid.Rejection.bands) { try CheckGrid(level: 8, bands: -5...1, slots: 0...1) }
        #expect(throws: CheckGrid.Rejection.slots) { try CheckGrid(level: 8, bands: 0...1, slots: 0...8_640) }
        #expect(throws: Never.self) { try CheckGrid(level: 8, bands: 0...1, slots: 0...8_639) }
        #expect(throws: CheckGrid.Rejection.slots) { try CheckGrid(level: 8, bands: 0...1, slots: -1...2) }
    }
}
