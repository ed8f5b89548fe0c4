import Foundation
import Kernel
import Testing

@testable import Geodesy

/// Places are laid off an edge by the direct geodesic problem: so far to its right or left, and no farther from any
/// other edge.
@Suite("Which side of an edge a place is on") struct NestingTests {
    static let gapsM = [0.001, 0.01, 0.03, 0.26, 1, 3, 6.5, 9]

    @Test("a millimetre inside is inside and a millimetre outside is outside, on edges up to 760 km",
        arguments: UInt64(8_000)..<8_100)
    func besideEdge(seed: UInt64) throws {
        var maker = FootprintMaker(seed: seed)
        let vertices = convexRing(&maker)
        let clockwise = Footprint(unchecked: .polygon(vertices), radiusM: 0)
        let reversed = Footprint(unchecked: .polygon(vertices.reversed()), radiusM: 0)
        for (start, end) in SampledDistance.edges(clockwise) {
            let way = Geodesic.inverse(start, end)
            let foot = try place(start, way.startBearingDeg, way.distanceM * maker.random.uniform(0.2...0.8))
            let ahead = Geodesic.bearingDeg(from: foot, to: end)
            for gapM in Self.gapsM {
                let inside = try place(foot, ahead + 90, gapM)
                let outside = try place(foot, ahead - 90, gapM)
                for polygon in [clockwise, reversed] {
                    let label: Comment = "seed \(seed), gap \(gapM)"
                    #expect(polygon.contains(inside) && !polygon.contains(outside), label)
                    #expect(polygon.distance(to: inside) == DistanceBounds(lowerM: 0, upperM: 0), label)
                    let found = polygon.distance(to: outside)
                    #expect(found.lowerM <= gapM + 1e-6 && found.upperM >= gapM - 1e-6, label)
                    #expect(found.widthM <= 1e-4, label)
                    for threshold in [0, gapM * 0.9] {
                        let here = Footprint(unchecked: .point(inside), radiusM: 0)
                        let there = Footprint(unchecked: .point(outside), radiusM: 0)
                        #expect(polygon.closeness(to: here, thresholdM: threshold) == .closer, label)
                        #expect(here.closeness(to: polygon, thresholdM: threshold) == .closer, label)
                        #expect(polygon.closeness(to: there, thresholdM: threshold) == .farther, label)
                        #expect(there.closeness(to: polygon, thresholdM: threshold) == .farther, label)
                    }
                }
            }
        }
    }

    @Test("a whole footprint close along an edge is at distance zero inside it and apart outside it",
        arguments: UInt64(8_200)..<8_260)
    func wholeBesideEdge(seed: UInt64) throws {
        var maker = FootprintMaker(seed: seed)
        let polygon = Footprint(unchecked: .polygon(convexRing(&maker)), radiusM: 0)
        for (start, end) in SampledDistance.edges(polygon) {
            let way = Geodesic.inverse(start, end)
            let first = try place(start, way.startBearingDeg, way.distanceM * 0.45)
            let second = try place(start, way.startBearingDeg, way.distanceM * 0.45 + 10)
            for gapM in Self.gapsM {
                for (side, isInside) in [(90.0, true), (-90, false)] {
                    // Ten metres of a geodesic bow by two micrometres.
                    let near = try [first, second].map {
                        try place($0, Geodesic.bearingDeg(from: $0, to: end) + side, gapM)
                    }
                    let off = try place(first, Geodesic.bearingDeg(from: first, to: end) + side, gapM + 7)
                    for core in [.line(near), .polygon(near + [off])] as [Footprint.Core] {
                        let other = Footprint(unchecked: core, radiusM: 0)
                        for found in [polygon.distance(to: other), other.distance(to: polygon)] {
                            let expected = isInside ? 0 : gapM
                            let label: Comment = "seed \(seed), gap \(gapM), inside \(isInside): \(found)"
                            #expect(abs(found.lowerM - expected) <= 5e-5, label)
                            #expect(abs(found.upperM - expected) <= 5e-5, label)
                        }
                    }
                }
            }
        }
    }

    @Test("a place on an edge belongs to the polygon", arguments: UInt64(8_300)..<8_340)
    func onEdge(seed: UInt64) throws {
        var maker = FootprintMaker(seed: seed)
        let polygon = Footprint(unchecked: .polygon(convexRing(&maker)), radiusM: 0)
        for (start, end) in SampledDistance.edges(polygon) {
            let way = Geodesic.inverse(start, end)
            let foot = try place(start, way.startBearingDeg, way.distanceM * maker.random.unit())
            let found = polygon.distance(to: foot)
            #expect(found.lowerM == 0 && found.upperM <= 0.001, "seed \(seed): \(found)")
            #expect(polygon.contains(foot) && polygon.contains(start), "seed \(seed)")
            let here = Footprint(unchecked: .point(foot), radiusM: 0)
            #expect(polygon.closeness(to: here, thresholdM: 0) != .farther, "seed \(seed)")
        }
    }

    /// Clockwise, seen from above, with edges of 60 m to 760 km.
    private func convexRing(_ maker: inout FootprintMaker) -> [Position] {
        let anchor = maker.anchor()
        let sizeM = 80 * exp2(maker.random.uniform(0...12.7))
        let turn = maker.random.uniform(0...360)
        return (0..<5).compactMap {
            Geodesic.destination(
                from: anchor, bearingDeg: turn + 72 * Double($0) + maker.random.uniform(-10...10), distanceM: sizeM)
        }
    }

    private func place(_ from: Position, _ bearingDeg: Double, _ distanceM: Double) throws -> Position {
        try #require(Geodesic.destination(from: from, bearingDeg: bearingDeg, distanceM: distanceM))
    }
}
