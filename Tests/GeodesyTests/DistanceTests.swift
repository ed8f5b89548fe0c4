import Foundation
import Kernel
import Testing

@testable import Geodesy

@Suite("Distance between footprints") struct DistanceTests {
    @Test("the interval holds what sampling finds, and is no wider than its stated error", arguments: UInt64(0)..<120)
    func bounds(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let (a, b) = maker.pair(radiusM: 0)
        let found = a.distance(to: b)
        #expect(found.widthM <= DistanceBounds.errorM, "seed \(seed)")
        let sampled = SampledDistance.boundary(a, b)
        #expect(found.lowerM <= sampled + 1e-6, "seed \(seed)")
        let isNested = a.contains(b.vertices[0]) || b.contains(a.vertices[0])
        if isNested {
            #expect(found.lowerM == 0, "seed \(seed)")
        } else {
            // Sampling ends within a millimetre; a crossing it may miss by as much.
            #expect(found.upperM >= sampled - 0.01 || found.upperM == 0 && sampled < 0.01, "seed \(seed)")
            #expect(found.upperM <= sampled + 0.01, "seed \(seed)")
        }
    }

    @Test("it is symmetric", arguments: UInt64(1_000)..<1_200)
    func symmetry(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let (a, b) = maker.pair()
        let there = a.distance(to: b)
        let back = b.distance(to: a)
        #expect(abs(there.lowerM - back.lowerM) <= DistanceBounds.errorM)
        #expect(abs(there.upperM - back.upperM) <= DistanceBounds.errorM)
        #expect(max(there.lowerM, back.lowerM) <= min(there.upperM, back.upperM))
    }

    @Test("a larger radius never makes it larger, and takes off exactly its growth while they are apart",
        arguments: UInt64(2_000)..<2_100)
    func radius(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let (a, b) = maker.pair(radiusM: 0)
        let before = a.distance(to: b)
        for grown in [1, 100, 10_000] as [Double] {
            let after = Footprint(unchecked: a.core, radiusM: grown).distance(to: b)
            #expect(after.upperM <= before.upperM)
            #expect(after.lowerM <= before.lowerM)
            #expect(abs(after.upperM - max(0, before.upperM - grown)) < 1e-6)
        }
    }

    @Test("by way of a point it is never shorter, but for the stated error", arguments: UInt64(3_000)..<3_100)
    func triangle(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let (a, b) = maker.pair()
        let via = maker.offset(maker.anchor(), upToM: 1_000_000)
        let through = a.distance(to: via).upperM + b.distance(to: via).upperM
        #expect(a.distance(to: b).lowerM <= through + 1e-6)
    }

    @Test("what lies inside a polygon is at distance zero, from the pole to the antimeridian",
        arguments: UInt64(4_000)..<4_150)
    func containment(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let anchor = maker.anchor()
        let sizeM = 500 * exp(maker.random.uniform(0...6))
        let vertices = (0..<7).compactMap {
            Geodesic.destination(from: anchor, bearingDeg: Double($0) * 51, distanceM: sizeM)
        }
        let ring = Footprint(unchecked: .polygon(vertices), radiusM: 0)
        let reversed = Footprint(unchecked: .polygon(vertices.reversed()), radiusM: 0)
        let inside = maker.footprint(near: anchor, sizeM: sizeM * 0.5, radiusM: 0)
        for polygon in [ring, reversed] {
            #expect(polygon.distance(to: inside) == DistanceBounds(lowerM: 0, upperM: 0), "seed \(seed)")
            #expect(inside.distance(to: polygon) == DistanceBounds(lowerM: 0, upperM: 0), "seed \(seed)")
            #expect(polygon.contains(anchor))
            #expect(polygon.closeness(to: inside, thresholdM: 0) == .closer)
        }
        let outside = Geodesic.destination(from: anchor, bearingDeg: 33, distanceM: sizeM * 1.01) ?? anchor
        #expect(!ring.contains(outside))
        #expect(!ring.contains(at(-anchor.latitudeDeg, (anchor.longitudeDeg + 180).remainder(dividingBy: 360))))
    }

    @Test("deciding against a threshold agrees with the distance on both sides of it",
        arguments: UInt64(5_000)..<5_200)
    func closeness(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let (a, b) = maker.pair()
        let bounds = a.distance(to: b)
        for factor in [0, 0.5, 0.99, 1.01, 2] as [Double] {
            let threshold = bounds.upperM * factor
            switch a.closeness(to: b, thresholdM: threshold) {
            case .closer: #expect(bounds.lowerM <= threshold, "seed \(seed)")
            case .farther: #expect(bounds.upperM > threshold, "seed \(seed)")
            case .undecided:
                #expect(abs(bounds.upperM - threshold) <= DistanceBounds.errorM, "seed \(seed)")
            }
        }
        #expect(a.closeness(to: b, thresholdM: bounds.upperM + 1) == .closer)
        if bounds.lowerM > 1 { #expect(a.closeness(to: b, thresholdM: bounds.lowerM - 1) == .farther) }
    }

    @Test("a threshold that is no distance decides nothing", arguments: [Double.nan, .infinity, -1])
    func badThreshold(_ metres: Double) {
        #expect(point(0, 0).closeness(to: point(1, 1), thresholdM: metres) == .undecided)
    }

    @Test("a 300 km leg bows north of its parallel: the true distance, not the map's")
    func bow() throws {
        // On a sphere the middle of a great circle between two places of one latitude lies L² tan(latitude) / 8R north
        // of it: 3.06 km here; the ellipsoid changes that by less than one part in a hundred.
        let leg = try Footprint(validating: .line([at(60, 10), at(60, 15.4)]), radiusM: 0)
        let metres = Geodesic.distanceM(at(60, 10), at(60, 15.4))
        let expected = metres * metres * 3.0.squareRoot() / 8 / 6_371_000
        #expect(abs(leg.minimumDistanceM(to: at(60, 12.7)) - expected) < expected / 100)
        #expect(leg.minimumDistanceM(to: at(60, 12.7)) > 3_000)
    }

    @Test("crossing lines are at distance zero, proven")
    func crossing() {
        let a = Footprint(unchecked: .line([at(0, -1), at(0, 1)]), radiusM: 0)
        let b = Footprint(unchecked: .line([at(-1, 0.01), at(1.1, 0)]), radiusM: 0)
        #expect(a.distance(to: b) == DistanceBounds(lowerM: 0, upperM: 0))
        #expect(a.closeness(to: b, thresholdM: 0) == .closer)
    }

    @Test("a shared border is within a millimetre of touching and is never farther than nothing")
    func sharedBorder() {
        let west = Footprint(unchecked: .polygon([at(34, 38), at(34, 39), at(35, 39), at(35, 38)]), radiusM: 0)
        let east = Footprint(unchecked: .polygon([at(34, 39), at(34, 40), at(35, 40), at(35, 39)]), radiusM: 0)
        let found = west.distance(to: east)
        #expect(found.lowerM == 0 && found.upperM <= 0.002)
        #expect(west.closeness(to: east, thresholdM: 0) != .farther)
    }

    @Test("circles at exactly the sum of their radii and the threshold are never called farther")
    func touchingCircles() {
        let apart = Geodesic.distanceM(at(34, 38), at(34, 39))
        let a = point(34, 38, radiusM: 40_000)
        let b = point(34, 39, radiusM: apart - 45_000)
        #expect(a.closeness(to: b, thresholdM: 5_000) != .farther)
        #expect(a.closeness(to: b, thresholdM: 5_000.05) == .closer)
        #expect(a.closeness(to: b, thresholdM: 4_999.95) == .farther)
    }

    @Test("across the antimeridian and over the pole distances are short")
    func seams() {
        #expect(point(10, 179.999).minimumDistanceM(to: at(10, -179.999)) < 220)
        #expect(point(89.999, 0).minimumDistanceM(to: at(89.999, 180)) < 224)
        let overPole = Footprint(unchecked: .line([at(89, 20), at(89, -160)]), radiusM: 0)
        #expect(overPole.minimumDistanceM(to: at(90, 55)) < 0.001)
        let aroundPole = Footprint(unchecked: .polygon([at(85, 0), at(85, 90), at(85, 180), at(85, -90)]), radiusM: 0)
        #expect(aroundPole.contains(at(90, 0)))
        #expect(aroundPole.contains(at(89, -135)))
        #expect(!aroundPole.contains(at(80, 0)))
    }

    @Test("points on opposite sides of the earth have an exact distance, lines there a sound one")
    func antipodes() {
        let metres = Geodesic.distanceM(at(1, 2), at(-1.5, -177))
        #expect(abs(point(1, 2).distance(to: at(-1.5, -177)).upperM - metres) < 1e-5)
        let a = Footprint(unchecked: .line([at(0, 0), at(0, 5)]), radiusM: 0)
        let b = Footprint(unchecked: .line([at(0, 170), at(5, 172)]), radiusM: 0)
        #expect(a.distance(to: b).contains(Geodesic.distanceM(at(0, 5), at(0, 170))) || a.distance(to: b).widthM > 1)
        #expect(a.distance(to: b).lowerM <= Geodesic.distanceM(at(0, 5), at(0, 170)))
    }

    @Test("closest points lie on their footprints and that far apart", arguments: UInt64(6_000)..<6_080)
    func closestPoints(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let (a, b) = maker.pair()
        let (p, q, metres) = a.closestPoints(to: b)
        #expect(a.minimumDistanceM(to: p) <= 0.2, "seed \(seed)")
        #expect(b.minimumDistanceM(to: q) <= 0.2, "seed \(seed)")
        #expect(abs(Geodesic.distanceM(p, q) - metres) <= 0.2, "seed \(seed)")
        #expect(a.distance(to: b).lowerM <= metres + 1e-9)
    }

    @Test("a millimetre from an edge is a millimetre: lines that end just off it, beside a pole or 300 km long",
        arguments: UInt64(7_000)..<7_150)
    func nearTouches(seed: UInt64) throws {
        var maker = FootprintMaker(seed: seed)
        let start = maker.anchor()
        let lengthM = 100 * exp(maker.random.uniform(0...8))
        let bearing = maker.random.uniform(0...360)
        let end = try #require(Geodesic.destination(from: start, bearingDeg: bearing, distanceM: lengthM))
        let foot = try #require(
            Geodesic.destination(
                from: start, bearingDeg: bearing, distanceM: lengthM * maker.random.uniform(0.1...0.9)))
        let across = Geodesic.bearingDeg(from: foot, to: end) + 90
        for gapM in [0.002, 0.02, 0.2, 2, 20] as [Double] {
            let near = try #require(Geodesic.destination(from: foot, bearingDeg: across, distanceM: gapM))
            let far = try #require(
                Geodesic.destination(from: foot, bearingDeg: across + maker.random.uniform(-60...60), distanceM: 5_000))
            let edge = Footprint(unchecked: .line([start, end]), radiusM: 0)
            let spur = Footprint(unchecked: .line([near, far]), radiusM: 0)
            let found = edge.distance(to: spur)
            #expect(found.lowerM <= gapM + 1e-5 && found.upperM >= gapM - 1e-5, "seed \(seed), gap \(gapM)")
            #expect(found.widthM <= DistanceBounds.errorM, "seed \(seed), gap \(gapM)")
            #expect(edge.closeness(to: spur, thresholdM: gapM - 0.001) == .farther, "seed \(seed), gap \(gapM)")
            #expect(edge.closeness(to: spur, thresholdM: gapM + 0.002) == .closer, "seed \(seed), gap \(gapM)")
        }
        let crossing = try #require(Geodesic.destination(from: foot, bearingDeg: across + 180, distanceM: 500))
        let beyond = try #require(Geodesic.destination(from: foot, bearingDeg: across, distanceM: 700))
        let cut = Footprint(unchecked: .line([crossing, beyond]), radiusM: 0)
        #expect(cut.distance(to: Footprint(unchecked: .line([start, end]), radiusM: 0)).upperM <= 0.001, "seed \(seed)")
    }
}
