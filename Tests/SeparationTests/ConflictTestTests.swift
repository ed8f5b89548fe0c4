import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Conflict of two volumes") struct ConflictTestTests {
    private let reference = VerticalReference.anywhere

    private func verdict(
        _ a: Volume4D, _ b: Volume4D, _ minima: Minima, _ reference: VerticalReference = .anywhere
    ) -> Verdict {
        let there = ConflictTest.conflict(a, b, minima: minima, reference: reference)
        #expect(there == ConflictTest.conflict(b, a, minima: minima, reference: reference))
        return there
    }

    @Test("windows that touch at the minimum conflict, a microsecond more separates them")
    func time() throws {
        let place = try circle(34, 38, radiusM: 1_000)
        let band = try metres(0, 100)
        let a = Volume4D(footprint: place, band: band, window: try seconds(0, 100))
        func b(_ start: Int64) throws -> Volume4D {
            Volume4D(
                footprint: place, band: band,
                window: try #require(
                    TimeWindow(
                        start: UTCInstant(microseconds: start), end: UTCInstant(microseconds: start + 1_000_000))))
        }
        let minute = try minima(0, .metres(0), .seconds(60))
        #expect(verdict(a, try b(160_000_000), minute) == .conflict(proven: true))
        #expect(verdict(a, try b(160_000_001), minute) == .separate(by: .time))
        let none = try minima(0, .metres(0), .zero)
        #expect(verdict(a, try b(100_000_000), none) == .conflict(proven: true))
        #expect(verdict(a, try b(100_000_001), none) == .separate(by: .time))
    }

    @Test("an open-ended window never ends, and the ends of the scale do not trap")
    func openEnded() throws {
        let place = try circle(34, 38)
        let band = try metres(0, 100)
        let a = Volume4D(footprint: place, band: band, window: try seconds(0, 100).openEnded)
        let later = Volume4D(footprint: place, band: band, window: try seconds(9_000_000_000, 9_000_000_001))
        let none = try minima(0, .metres(0), .zero)
        #expect(verdict(a, later, none) == .conflict(proven: true))
        let before = Volume4D(footprint: place, band: band, window: try seconds(-100, -1))
        #expect(verdict(a, before, none) == .separate(by: .time))
        let first = Volume4D(
            footprint: place, band: band, window: try #require(TimeWindow(start: .distantPast, end: .distantPast)))
        let last = Volume4D(
            footprint: place, band: band, window: try #require(TimeWindow(start: .distantFuture, end: .distantFuture)))
        #expect(verdict(first, last, try minima(0, .all, .hours(720))) == .separate(by: .time))
    }

    @Test("bands that touch at the minimum conflict, a millimetre more separates them")
    func vertical() throws {
        let place = try circle(34, 38)
        let window = try seconds(0, 100)
        let a = Volume4D(footprint: place, band: try metres(0, 1_000), window: window)
        func b(_ lower: Double) throws -> Volume4D {
            Volume4D(footprint: place, band: try metres(lower, lower + 50), window: window)
        }
        let v = try minima(0, .metres(300), .zero)
        #expect(verdict(a, try b(1_300), v) == .conflict(proven: true))
        #expect(verdict(a, try b(1_300.001), v) == .separate(by: .vertical))
        #expect(verdict(a, try b(50_000), try minima(0, .all, .zero)) == .conflict(proven: true))
    }

    @Test("two flight levels a thousand feet apart touch at 304.8 m, exactly")
    func flightLevels() throws {
        let place = try circle(34, 38)
        let window = try seconds(0, 100)
        let a = Volume4D(footprint: place, band: try metres(100, 200, .flightLevel), window: window)
        let b = Volume4D(footprint: place, band: try metres(210, 300, .flightLevel), window: window)
        #expect(verdict(a, b, try minima(0, .metres(304.8), .zero)) == .conflict(proven: true))
        #expect(verdict(a, b, try minima(0, .metres(304.7), .zero)) == .separate(by: .vertical))
    }

    @Test("a height in doubt is a conflict that is not proven")
    func uncertainHeight() throws {
        let place = try circle(34, 38)
        let window = try seconds(0, 100)
        let above = Volume4D(footprint: place, band: try metres(2_000, 3_000, .amsl), window: window)
        let ground = Volume4D(footprint: place, band: try metres(0, 500, .agl), window: window)
        let v = try minima(0, .metres(100), .zero)
        #expect(verdict(above, ground, v) == .conflict(proven: false))
        let plain = try #require(VerticalReference(terrainFloorM: 0, terrainCeilingM: 100, pressureDeviationM: 0))
        #expect(verdict(above, ground, v, plain) == .separate(by: .vertical))
    }

    @Test("footprints at the minimum conflict, five centimetres more separates them")
    func horizontal() throws {
        let window = try seconds(0, 100)
        let band = try metres(0, 100)
        let apart = Geodesic.distanceM(at(34, 38), at(34, 38.5))
        let a = Volume4D(footprint: try circle(34, 38, radiusM: 10_000), band: band, window: window)
        let b = Volume4D(footprint: try circle(34, 38.5, radiusM: 20_000), band: band, window: window)
        let rest = apart - 30_000
        #expect(verdict(a, b, try minima(rest, .metres(0), .zero)).isConflict)
        #expect(verdict(a, b, try minima(rest + 0.05, .metres(0), .zero)) == .conflict(proven: true))
        #expect(verdict(a, b, try minima(rest - 0.05, .metres(0), .zero)) == .separate(by: .horizontal))
    }

    @Test("a table's missing pair takes the worst value of every axis")
    func worst() throws {
        let table = try #require(
            MinimaTable(rows: [
                .init(.strike, .airOperation, try minima(5_000, .all, .seconds(60))),
                .init(.strike, .strike, try minima(9_000, .metres(10), .seconds(5))),
            ]))
        let missing = table[.airOperation, .groundMovement]
        #expect(missing == (try minima(9_000, .all, .seconds(60))))
        #expect(table[.airOperation, .strike] == (try minima(5_000, .all, .seconds(60))))
        #expect(MinimaTable(rows: []) == nil)
    }

    @Test("between two tables the stricter value of every axis holds, whichever table has the pair")
    func stricter() throws {
        let old = try #require(
            MinimaTable(rows: [.init(.strike, .strike, try minima(9_000, .metres(10), .seconds(5)))]))
        let new = try #require(
            MinimaTable(rows: [.init(.strike, .airOperation, try minima(5_000, .all, .seconds(60)))]))
        for (a, b) in [(old, new), (new, old)] {
            let merged = a.stricter(b)
            #expect(merged[.strike, .strike] == (try minima(9_000, .all, .seconds(60))))
            #expect(merged[.strike, .airOperation] == (try minima(9_000, .all, .seconds(60))))
        }
    }

    @Test("minima must be finite and within their ranges")
    func badMinima() {
        for bad in [Double.nan, .infinity, -1, 1_000_000.1] {
            #expect(Minima(horizontalM: bad, vertical: .all, time: .zero) == nil)
            #expect(Minima(horizontalM: 0, vertical: .metres(bad), time: .zero) == nil)
        }
        #expect(Minima(horizontalM: 0, vertical: .all, time: .seconds(-1)) == nil)
        #expect(Minima(horizontalM: 0, vertical: .all, time: .hours(721)) == nil)
    }

    @Test("an explanation gives distance, nearest points, gap and overlap")
    func explanation() throws {
        let a = Volume4D(
            footprint: try circle(34, 38, radiusM: 10_000), band: try metres(0, 1_000), window: try seconds(0, 100))
        let b = Volume4D(
            footprint: try circle(34, 38.5, radiusM: 20_000), band: try metres(1_200, 2_000),
            window: try seconds(50, 500))
        let found = Explanation(a, b, minima: try minima(20_000, .metres(300), .zero), reference: .anywhere)
        let rest = Geodesic.distanceM(at(34, 38), at(34, 38.5)) - 30_000
        #expect(found.horizontal.contains(rest))
        #expect(abs(Geodesic.distanceM(found.nearestOnFirst, found.nearestOnSecond) - rest) < 0.01)
        #expect(found.verticalGapM == 200...200)
        #expect(found.timeGap == .zero)
        #expect(found.timeOverlap == (try seconds(50, 100)))
        #expect(found.verdict == .conflict(proven: true))
        let later = Volume4D(footprint: b.footprint, band: b.band, window: try seconds(160, 500))
        let apart = Explanation(a, later, minima: try minima(20_000, .metres(300), .zero), reference: .anywhere)
        #expect(apart.timeGap == .seconds(60) && apart.timeOverlap == nil)
        #expect(apart.verdict == .separate(by: .time))
    }
}
