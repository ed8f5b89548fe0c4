import Kernel
import Testing

@testable import Geodesy

/// Shapes made to keep a validator busy: long edges side by side, each nearly parallel to all others.
@Suite("Intricate footprints") struct IntricateTests {
    /// Teeth of `lengthM`, neighbouring edges `gapM` apart at their ends, round a corner and closed.
    private func comb(_ edges: Int, lengthM: Double, gapM: Double, movedTip: Int? = nil) -> [Position] {
        var vertices = teeth(edges, lengthM: lengthM, gapM: gapM, movedTip: movedTip)
        let side = place(at(34, 38), 135, Double(edges) * gapM + 1_000)
        vertices.append(place(side, 45, lengthM + 1_000))
        vertices.append(place(side, 225, 1_000))
        vertices.append(place(at(34, 38), 225, 1_000))
        return vertices
    }

    private func teeth(
        _ edges: Int, lengthM: Double, gapM: Double, from start: Position = at(34, 38), movedTip: Int? = nil
    ) -> [Position] {
        (0...edges).map { i in
            let foot = place(start, 135, (Double(i) + (i == movedTip ? 2.5 : 0)) * gapM)
            return i % 2 == 0 ? foot : place(foot, 45, lengthM)
        }
    }

    private func place(_ start: Position, _ bearingDeg: Double, _ metres: Double) -> Position {
        Geodesic.destination(from: start, bearingDeg: bearingDeg, distanceM: metres) ?? start
    }

    private func rejection(_ vertices: [Position], effort: Effort = Effort()) -> GeometryRejection? {
        do {
            try SimpleRing.check(vertices, effort: effort)
            return nil
        } catch {
            return error
        }
    }

    @Test("a comb of long teeth millimetres apart is simple", arguments: [0.0012, 0.002, 0.02, 0.5])
    func accepted(gapM: Double) throws {
        let vertices = comb(100, lengthM: 19_000, gapM: gapM)
        #expect(throws: Never.self) { try Footprint(validating: .polygon(vertices), radiusM: 0) }
    }

    @Test("one tip bent over its neighbours is found among a hundred teeth", arguments: [0.002, 0.02, 0.5])
    func bentTip(gapM: Double) {
        let found = rejection(comb(100, lengthM: 19_000, gapM: gapM, movedTip: 51))
        guard case .selfCrossing(let edge, let other) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect((50...53).contains(edge) && (50...53).contains(other))
    }

    @Test("edges nearer than a millimetre are refused, however short or long", arguments: [5.0, 500, 19_000])
    func tooNear(lengthM: Double) throws {
        // A slit whose bottom is wide, so that no corner of it is sharp. Its ends are two edges in line, a gap apart.
        let start = at(34, 38)
        func corner(_ acrossM: Double, _ alongM: Double) -> Position { place(place(start, 90, acrossM), 0, alongM) }
        func slit(_ widthM: Double) -> [Position] {
            [
                corner(-9, 0), corner(9, 0), corner(9, lengthM), corner(widthM, lengthM), corner(widthM, 2),
                corner(2, 2), corner(2, 1), corner(-2, 1), corner(-2, 2), corner(0, 2), corner(0, lengthM),
                corner(-9, lengthM),
            ]
        }
        // The end of edge 2 is the slit's corner, as near to the far side as edge 3 is.
        #expect([2, 3].contains { rejection(slit(0.000_6)) == .selfCrossing(edge: $0, with: 9) })
        #expect(rejection(slit(0.005)) == nil)
    }

    @Test("a ring that is not proven simple with the effort allowed is refused by name")
    func tooIntricate() {
        let vertices = comb(60, lengthM: 19_000, gapM: 0.02)
        #expect(rejection(vertices) == nil)
        #expect(rejection(vertices, effort: Effort(20_000)) == .tooIntricate)
    }

    @Test("what cannot be measured with the effort allowed is undecided, and bounds still hold the distance")
    func distances() {
        func prepared(_ start: Position) -> PreparedFootprint {
            let vertices = teeth(30, lengthM: 2_000, gapM: 0.02, from: start)
            return PreparedFootprint(Footprint(unchecked: .line(vertices), radiusM: 0))
        }
        let one = prepared(at(34, 38))
        // The tips of the other face the feet of this one, 100 m away.
        let other = prepared(place(at(34, 38), 225, 2_100))
        let exact = one.distance(to: other)
        #expect(exact.widthM < DistanceBounds.errorM && abs(exact.upperM - 100) < 0.1)
        #expect(one.closeness(to: other, thresholdM: exact.lowerM - 0.01) == .farther)
        #expect(one.closeness(to: other, thresholdM: exact.upperM + 0.01) == .closer)
        var undecided = 0
        for steps in [0, 1_000, 20_000, 30_000, 100_000, 1_000_000] {
            let effort = Effort(steps)
            let rough = one.coreDistance(to: other, effort: effort)
            #expect(rough.lowerM <= exact.upperM && rough.upperM >= exact.lowerM, "\(steps) steps")
            for (metres, truth) in [(-0.01, Closeness.farther), (0.01, .closer)] {
                let answer = one.closeness(to: other, thresholdM: exact.lowerM + metres, effort: effort)
                #expect(answer == truth || answer == .undecided, "\(steps) steps")
                if answer == .undecided { undecided += 1 }
            }
        }
        #expect(undecided > 0)
    }
}
