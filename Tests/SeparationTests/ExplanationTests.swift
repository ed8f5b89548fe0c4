import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("What a conflict lacks on each axis") struct ExplanationTests {
    private func volume(_ longitude: Double, _ lower: Double, _ start: Int64, _ end: Int64) throws -> Volume4D {
        Volume4D(
            footprint: try circle(34, longitude, radiusM: 1_000), band: try metres(lower, lower + 100),
            window: try seconds(start, end))
    }

    @Test("moved by what is lacking the two just touch, by a little more they are apart, axis by axis")
    func lacks() throws {
        let limits = try minima(30_000, .metres(500), .seconds(60))
        let one = try volume(38, 0, 1_000, 2_000)
        let other = try volume(38.1, 50, 1_500, 1_700)
        let why = Explanation(one, other, minima: limits, reference: .anywhere)
        #expect(why.verdict == .conflict(proven: true))
        #expect(why.verticalLackM == 550)
        // Until the other begins 60 s after the first ends: 2 060 - 1 500; to the front it would be 760.
        #expect(why.timeLack == .seconds(560))
        let later = try volume(38.1, 50, 2_060, 2_260)
        #expect(Explanation(one, later, minima: limits, reference: .anywhere).verdict.isConflict)
        #expect(Explanation(one, later, minima: limits, reference: .anywhere).timeLack == .zero)
        #expect(abs(why.horizontalLackM - (30_000 - (Geodesic.distanceM(at(34, 38), at(34, 38.1)) - 2_000))) < 0.05)
    }

    @Test("what has no end is no longer than it can be moved past, and two without an end cannot be parted in time")
    func openEnded() throws {
        let limits = try minima(30_000, .all, .zero)
        let one = try volume(38, 0, 1_000, 2_000)
        let endless = Volume4D(footprint: one.footprint, band: one.band, window: try seconds(1_200, 1_300).openEnded)
        let why = Explanation(one, endless, minima: limits, reference: .anywhere)
        #expect(why.timeLack == .seconds(800))
        #expect(why.verticalLackM == nil)
        #expect(Explanation(endless, endless, minima: limits, reference: .anywhere).timeLack == nil)
    }
}
