import Kernel
import Testing

@testable import Geodesy

/// The plane decides quickly, the full measurement decides everything: where the plane decides, they agree.
@Suite("Closeness on a plane near the probe") struct LocalProbeTests {
    private func closeness(_ one: Footprint, _ other: Footprint, _ thresholdM: Double) -> Closeness {
        var arena = ShapeArena()
        var chain = FootprintChain()
        chain.load(other)
        let shape = arena.insert(chain)
        var probe = LocalProbe()
        chain.load(one)
        probe.load(chain)
        let there = probe.closeness(to: shape, in: arena, thresholdM: thresholdM)
        var stored = LocalProbe()
        stored.load(arena.insert(chain), in: arena)
        let back = stored.closeness(to: shape, in: arena, thresholdM: thresholdM)
        // The same footprint from the arena is as good but for rounding: never the opposite.
        #expect(!(there == .closer && back == .farther) && !(there == .farther && back == .closer))
        return there
    }

    @Test("what it decides is so: thresholds millimetres to kilometres around the true distance, all over the earth",
        arguments: UInt64(0)..<12)
    func agrees(seed: UInt64) {
        var maker = FootprintMaker(seed: 900 + seed)
        var decided = 0
        var near = 0
        for _ in 0..<60 {
            let (one, other) = maker.pair()
            let bounds = one.distance(to: other)
            for shift in [1e-3, 0.01, 0.1, 1, 10, 100, 10_000] {
                for sign in [-1.0, 1] {
                    let threshold = bounds.upperM + sign * shift * maker.random.uniform(0.5...1)
                    guard threshold >= 0, threshold <= 1_000_000 else { continue }
                    let found = closeness(one, other, threshold)
                    if found == .closer { #expect(bounds.lowerM <= threshold) }
                    if found == .farther { #expect(bounds.upperM > threshold) }
                    if shift >= 100 { near += 1 }
                    if shift >= 100, found != .undecided { decided += 1 }
                }
            }
        }
        #expect(decided * 10 > near * 6, "\(decided) of \(near) are decided a hundred metres off")
    }

    @Test("over distances as minima are, it leaves open two metres beyond the limit and three within",
        arguments: UInt64(0)..<8)
    func isSharp(seed: UInt64) {
        var maker = FootprintMaker(seed: 7_000 + seed)
        var asked = 0
        for _ in 0..<80 {
            let anchor = maker.anchor()
            let sizeM = maker.random.uniform(100...25_000)
            let one = maker.footprint(near: anchor, sizeM: sizeM, radiusM: 0)
            let other = maker.footprint(
                near: maker.offset(anchor, upToM: 40_000), sizeM: maker.random.uniform(100...20_000), radiusM: 0)
            let bounds = one.distance(to: other)
            guard bounds.lowerM > 2, bounds.upperM < 10_000 else { continue }
            asked += 1
            #expect(closeness(one, other, bounds.upperM + 3) == .closer)
            #expect(closeness(one, other, bounds.lowerM - 2) == .farther)
        }
        #expect(asked > 10)
    }

    /// On the plane a long edge bulges away from the middle, towards what lies outside.
    @Test("a place just within the limit of a bulging edge is not farther")
    func bulge() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<40 {
            let centre = at(random.uniform(-60...60), random.uniform(-170...170))
            let turn = random.uniform(0...360)
            let corners = (0..<4).map { corner(centre, turn + 90 * Double($0), 35_000) }
            let square = Footprint(unchecked: .polygon(corners), radiusM: 0)
            let along = Geodesic.inverse(corners[0], corners[1])
            let middle = corner(corners[0], along.startBearingDeg, along.distanceM / 2)
            let onward = Geodesic.bearingDeg(from: middle, to: corners[1])
            // Corners go clockwise about the centre: outside is to the left.
            let outside = Footprint(unchecked: .point(corner(middle, onward - 90, 100)), radiusM: 0)
            #expect(abs(square.distance(to: outside).upperM - 100) < 0.001)
            #expect(closeness(square, outside, 100.02) != .farther)
            #expect(closeness(outside, square, 100.02) != .farther)
            #expect(closeness(square, outside, 98) == .farther, "the bulge is known to within metres")
        }
    }

    /// Across the way from the middle nothing is shortened: only rounding is left.
    @Test("far from the middle a place a millimetre within the limit is not farther")
    func rounding() {
        var random = SeededGenerator(seed: 6)
        for _ in 0..<60 {
            let centre = at(random.uniform(-60...60), random.uniform(-170...170))
            let bearing = random.uniform(0...360)
            // Vertices a kilometre apart: nothing bows.
            let line = Footprint(
                unchecked: .line((-150...150).map { corner(centre, bearing, 1_000 * Double($0)) }), radiusM: 0)
            let foot = corner(centre, bearing, random.uniform(100_000...149_000))
            let across = Geodesic.bearingDeg(from: foot, to: corner(centre, bearing, 150_000)) + 90
            let metres = random.uniform(50...500)
            let place = Footprint(unchecked: .point(corner(foot, across, metres)), radiusM: 0)
            #expect(closeness(line, place, metres + 0.001) != .farther)
        }
    }

    private func corner(_ from: Position, _ bearingDeg: Double, _ metres: Double) -> Position {
        Geodesic.destination(from: from, bearingDeg: bearingDeg, distanceM: metres) ?? from
    }

    @Test("a long leg is the geodesic and not the straight line of a chart")
    func longLeg() throws {
        // Due east along 60 N, 300 km: the geodesic bows north of the parallel by about 3 km.
        let leg = try Footprint(validating: .line([at(60, 10), at(60, 15.4)]), radiusM: 0)
        let middle = Geodesic.destination(from: at(60, 10), bearingDeg: 87.66, distanceM: 150_000)
        let place = try #require(middle)
        #expect(place.latitudeDeg > 60.02)
        let on = try Footprint(validating: .point(place), radiusM: 0)
        let chart = try Footprint(validating: .point(at(60, 12.7)), radiusM: 0)
        #expect(closeness(leg, on, 100) == .closer)
        #expect(closeness(leg, chart, 2_000) == .farther)
        #expect(closeness(chart, leg, 2_000) == .farther)
    }

    @Test("one inside another, and one on top of itself, are closer at any threshold that is not tiny")
    func nested() throws {
        func square(_ half: Double) throws -> Footprint {
            try Footprint(
                validating: .polygon([
                    at(34 - half, 38 - half), at(34 - half, 38 + half), at(34 + half, 38 + half),
                    at(34 + half, 38 - half),
                ]), radiusM: 0)
        }
        let (large, small) = (try square(0.2), try square(0.01))
        #expect(closeness(large, small, 0) == .closer, "deep inside, so that no rounding matters")
        #expect(closeness(small, large, 0) == .closer)
        #expect(closeness(large, large, 1) == .closer)
        let place = try Footprint(validating: .point(at(34, 38)), radiusM: 0)
        #expect(closeness(place, place, 1) == .closer)
        #expect(closeness(place, large, 0) == .closer)
        let moved = try Footprint(validating: .point(at(34, 38.3)), radiusM: 0)
        #expect(closeness(moved, large, 0) == .farther)
    }

    @Test("what reaches too far for a plane, or is asked about too far, is left open")
    func farReaching() throws {
        let long = try Footprint(validating: .line([at(10, 10), at(10, 18), at(10, 26), at(10, 34)]), radiusM: 0)
        let place = try Footprint(validating: .point(at(10.5, 22)), radiusM: 0)
        #expect(closeness(long, place, 100_000) == .undecided)
        #expect(closeness(place, place, 1_000_001) == .undecided)
        #expect(closeness(place, place, .nan) == .undecided)
        #expect(closeness(place, place, -1) == .undecided)
    }

    @Test("a thousand vertices fill more than a page's share, and the place is used again")
    func large() throws {
        var arena = ShapeArena()
        var chain = FootprintChain()
        let vertices = (0..<1_000).compactMap { i in
            Geodesic.destination(from: at(34, 38), bearingDeg: 0.36 * Double(i), distanceM: 40_000)
        }
        chain.load(Footprint(unchecked: .polygon(vertices), radiusM: 0))
        let first = arena.insert(chain)
        let pages = arena.pages.count
        arena.remove(first)
        let again = arena.insert(chain)
        #expect(arena.pages.count == pages)
        var probe = LocalProbe()
        let far = try #require(Geodesic.destination(from: at(34, 38), bearingDeg: 77, distanceM: 45_000))
        chain.load(Footprint(unchecked: .point(far), radiusM: 0))
        probe.load(chain)
        // A chord between two of the vertices lies 0.2 m within the circle.
        #expect(probe.closeness(to: again, in: arena, thresholdM: 5_002) == .closer)
        #expect(probe.closeness(to: again, in: arena, thresholdM: 4_998) == .farther)
    }
}

@Suite("Chain of a footprint") struct FootprintChainTests {
    @Test("it has the full preparation's points where no edge is cut, and holds all of them", arguments: UInt64(0)..<6)
    func equals(seed: UInt64) {
        var maker = FootprintMaker(seed: 40 + seed)
        var chain = FootprintChain()
        var equal = 0
        for _ in 0..<50 {
            let anchor = maker.anchor()
            let footprint = maker.footprint(near: anchor, sizeM: 100 * exp10(maker.random.uniform(0...3.6)))
            let full = PreparedFootprint(footprint)
            chain.load(footprint)
            if chain.points.count == full.points.count {
                for (a, b) in zip(chain.points, full.points) { #expect((a - b).length < 5e-9) }
                equal += 1
            } else {
                #expect(full.points.count > chain.points.count)
            }
            for point in full.points { #expect((point - chain.centre).length <= chain.reachM) }
            let (low, high) = chain.spatialBounds(marginM: 7)
            for point in full.points {
                #expect(all(point - 7 .>= low) && all(point + 7 .<= high))
            }
        }
        #expect(equal > 10)
    }

    private func exp10(_ x: Double) -> Double {
        var result = 1.0
        for _ in 0..<Int(x * 10) { result *= 1.258_925_411_794 }
        return result
    }
}
