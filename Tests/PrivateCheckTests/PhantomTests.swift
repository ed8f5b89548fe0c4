import Geodesy
import Kernel
import Separation
import Testing

@testable import PrivateCheck

@Suite("phantom plans")
struct PhantomTests {
    private let start: Int64 = 1_500_000_000_000_000

    private func shapes() throws -> [(volume: Volume4D, margin: HalfBuffers.Margin)] {
        let minima = try minima(9_000, .metres(300), .minutes(10))
        let kind = ActivityKind.strike
        let table = try #require(MinimaTable(rows: [.init(kind, kind, minima)]))
        let margin = HalfBuffers(table: table, kinds: [kind])[kind]
        let area = try Footprint(validating: .polygon([at(34, 38), at(34, 38.2), at(34.2, 38.1)]), radiusM: 0)
        let way = try Footprint(validating: .line([at(34.5, 38), at(34.7, 38.6)]), radiusM: 2_000)
        let spot = try Footprint(validating: .point(at(35, 39)), radiusM: 500)
        let chosen: [(Footprint, Int64, Int64)] = [(area, 0, 5_400), (way, 7_200, 3_600), (spot, 3_600, 61)]
        return try chosen.map { shape in
            let window = try PrivateCheckTests.window(
                start + shape.1 * 1_000_000, start + (shape.1 + shape.2) * 1_000_000)
            return (Volume4D(footprint: shape.0, band: try metres(1_000, 2_000), window: window), margin)
        }
    }

    private func drawn(_ count: Int, seed: UInt8) throws -> [(volume: Volume4D, margin: HalfBuffers.Margin)] {
        let cell = try #require(Cell(face: 0, level: 24, i: 8_000_000, j: 8_000_000)).ancestor(atLevel: 4)
        return PhantomPlans.drawn(
            like: try shapes(), count: count, region: [try #require(cell)],
            window: try window(start, start + 86_400_000_000), seed: try siteSeed(seed))
    }

    @Test("they have the sizes, heights and lengths of plans, lie in region and window, and stay where they are")
    func likePlans() throws {
        let shapes = try shapes()
        let drawn = try drawn(60, seed: 1)
        #expect(drawn.count == 60)
        #expect(try self.drawn(60, seed: 1).map(\.volume) == drawn.map(\.volume))
        #expect(try self.drawn(60, seed: 2).map(\.volume) != drawn.map(\.volume))
        let region = try #require(Cell(face: 0, level: 24, i: 8_000_000, j: 8_000_000)?.ancestor(atLevel: 4))
        for (index, phantom) in drawn.enumerated() {
            let shape = shapes[index % shapes.count]
            #expect(phantom.volume.band == shape.volume.band && phantom.margin == shape.margin)
            let (new, old) = (phantom.volume.window, shape.volume.window)
            #expect(new.end.duration(since: new.start) == old.end.duration(since: old.start))
            #expect(new.start.microseconds >= start && new.end.microseconds <= start + 86_400_000_000)
            let (moved, from) = (phantom.volume.footprint, shape.volume.footprint)
            #expect(moved.radiusM == from.radiusM)
            for (a, b) in zip(moved.vertices, from.vertices) {
                let distances = (
                    Geodesic.distanceM(moved.referencePoint, a), Geodesic.distanceM(from.referencePoint, b)
                )
                #expect(abs(distances.0 - distances.1) < 50)
            }
            let cell = try SiteCover.cells(
                of: [(try Footprint(validating: .point(moved.referencePoint), radiusM: 0), 0)], level: 6, room: 9)
            #expect(cell.contains { region.contains($0) })
        }
        #expect(Set(drawn.map(\.volume)).count == 60)
    }

    @Test("they are counted, and their hours stand in what is committed to")
    func counted() throws {
        let shapes = try shapes()
        let phantoms = try drawn(6, seed: 1)
        let plans = CheckPlans(plans: shapes, phantoms: phantoms)
        #expect(plans.phantomCount == 6 && plans.volumes.count == 9)
        #expect(plans.plans.map(\.volume) == shapes.map(\.volume))
        #expect(plans.phantoms.map(\.volume) == phantoms.map(\.volume))
        // An hour and a half is two, an hour one, a minute one.
        #expect(CheckPlans(plans: shapes, phantoms: []).volumeHours == 4)
        #expect(plans.volumeHours == 12 && plans.phantomHours == 8)
    }

    @Test("a phantom is found as a plan is: a match does not tell")
    func found() throws {
        let phantoms = try drawn(3, seed: 1)
        let grid = try CheckGrid(
            level: 10, bands: 0...9, slots: start / 300_000_000...start / 300_000_000 + 288)
        let reference = try #require(VerticalReference(
            terrainFloorM: -450, terrainCeilingM: 3_200, pressureDeviationM: 300))
        func cover(_ volumes: [(volume: Volume4D, margin: HalfBuffers.Margin)]) throws -> [CheckElement] {
            try PlanCover.elements(of: volumes, grid: grid, reference: reference, room: 100_000)
        }
        let plans = CheckPlans(plans: try shapes(), phantoms: phantoms)
        let (all, ours) = (try cover(plans.volumes), try cover(Array(plans.plans)))
        #expect(Set(all).isSuperset(of: ours) && all.count > ours.count)
        // Whoever asks in a phantom's place gets a hit.
        #expect(!Set(try cover(phantoms)).isDisjoint(with: all))
    }

    @Test("without shapes, or with none wanted, there are none")
    func none() throws {
        let window = try window(0, 1_000)
        #expect(PhantomPlans.drawn(
            like: [], count: 5, region: Cell.faces, window: window, seed: try siteSeed(1)).isEmpty)
        #expect(PhantomPlans.drawn(
            like: try shapes(), count: 0, region: Cell.faces, window: window, seed: try siteSeed(1)).isEmpty)
        // A plan longer than the window begins with it.
        let long = PhantomPlans.drawn(
            like: try shapes(), count: 1, region: Cell.faces, window: window, seed: try siteSeed(1))
        #expect(long.first?.volume.window.start == window.start)
    }
}
