import Foundation
import Kernel
import Testing

@testable import Geodesy

@Suite("Measures of a footprint") struct MeasuresTests {
    @Test("the area of one degree square at the equator is that of the zone's share")
    func area() {
        // A zone of the ellipsoid between the equator and 1 N, over 360, in closed form (Snyder 1987, eq. 3-12). The
        // northern edge as a geodesic bows outside the parallel by a little.
        let e = Ellipsoid.eccentricitySquared.squareRoot()
        let s = sin(Double.pi / 180)
        let q = s / (1 - e * e * s * s) + atanh(e * s) / e
        let zone = Double.pi * Ellipsoid.semiMinorM * Ellipsoid.semiMinorM * q / 360
        let square = Footprint(unchecked: .polygon([at(0, 0), at(0, 1), at(1, 1), at(1, 0)]), radiusM: 0)
        #expect(abs(square.areaM2 - zone) / zone < 1e-3)
        #expect(abs(point(0, 0, radiusM: 100).areaM2 - Double.pi * 10_000) < 1e-6)
        let corridor = Footprint(unchecked: .line([at(0, 0), at(0, 1)]), radiusM: 1_000)
        #expect(abs(corridor.areaM2 - (Double.pi * 1e6 + 2_000 * 111_319.4908)) < 1)
    }

    @Test("the reference point: a point itself, a line's first vertex, a polygon's mean direction")
    func reference() {
        #expect(point(34, 38, radiusM: 5).referencePoint == at(34, 38))
        #expect(Footprint(unchecked: .line([at(1, 2), at(3, 4)]), radiusM: 0).referencePoint == at(1, 2))
        let overSeam = Footprint(unchecked: .polygon([at(-1, 179), at(-1, -179), at(1, -179), at(1, 179)]), radiusM: 0)
        #expect(abs(overSeam.referencePoint.latitudeDeg) < 1e-9)
        #expect(abs(abs(overSeam.referencePoint.longitudeDeg) - 180) < 1e-9)
    }

    @Test("the cap and the boxes hold every place of the footprint", arguments: UInt64(0)..<200)
    func holds(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let anchor = maker.anchor()
        let sizeM = 100 * exp(maker.random.uniform(0...8))
        let footprint = maker.footprint(near: anchor, sizeM: sizeM)
        let cap = footprint.boundingCap
        let boxes = footprint.boxes
        #expect(boxes.count <= 2)
        for edge in SampledDistance.edges(footprint) {
            for step in 0...10 {
                let way = Geodesic.inverse(edge.0, edge.1)
                let onEdge = Geodesic.destination(
                    from: edge.0, bearingDeg: way.startBearingDeg, distanceM: way.distanceM * Double(step) / 10)
                for bearing in stride(from: 0, to: 360, by: 30.0) {
                    guard let onEdge,
                        let place = Geodesic.destination(
                            from: onEdge, bearingDeg: bearing, distanceM: footprint.radiusM)
                    else { continue }
                    #expect(Geodesic.distanceM(cap.centre, place) <= cap.radiusM + 1e-6, "seed \(seed)")
                    #expect(boxes.contains { $0.contains(place) }, "seed \(seed)")
                }
            }
        }
        if case .polygon = footprint.core { #expect(boxes.contains { $0.contains(anchor) }, "seed \(seed)") }
    }

    @Test("a box is not much larger than its footprint away from the poles")
    func tight() throws {
        let box = try #require(point(34, 38, radiusM: 11_000).boxes.first)
        #expect(abs(box.northDeg - box.southDeg - 0.198) < 0.002)
        #expect(abs(box.eastDeg - box.westDeg - 0.238) < 0.002)
    }

    @Test("across the antimeridian there are two boxes, around a pole one of all longitudes")
    func seams() {
        #expect(point(0, 179.99, radiusM: 5_000).boxes.count == 2)
        let polar = point(-89.99, 30, radiusM: 5_000).boxes
        #expect(polar.count == 1 && polar[0].westDeg == -180 && polar[0].eastDeg == 180 && polar[0].southDeg == -90)
        let ring = Footprint(unchecked: .polygon([at(85, 0), at(85, 90), at(85, 180), at(85, -90)]), radiusM: 0).boxes
        #expect(ring.count == 1 && ring[0].northDeg == 90)
    }

    @Test("the nearest place comes with distance and bearing from it, equally near ones in the order of names")
    func gazetteer() throws {
        let places = [
            NamedPlace(name: "Tiyas", position: at(34.5225, 37.6267)),
            NamedPlace(name: "Palmyra", position: at(34.5574, 38.3169)),
            NamedPlace(name: "Hama", position: at(35.1318, 36.7578)),
        ]
        let found = try #require(Gazetteer(places).nearest(to: at(34.7, 38.3169)))
        #expect(found.place.name == "Palmyra")
        #expect(abs(found.distanceM - 15_820) < 20)
        #expect(found.bearingDeg == 0)
        #expect(Gazetteer([]).nearest(to: at(0, 0)) == nil)
        let twins = Gazetteer([NamedPlace(name: "b", position: at(1, 1)), NamedPlace(name: "a", position: at(1, 1))])
        #expect(twins.nearest(to: at(0, 0))?.place.name == "a")
    }

    @Test("the nearest place is that of looking at all of them", arguments: UInt64(0)..<50)
    func nearest(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let places = (0..<100).map { NamedPlace(name: "p\($0)", position: maker.anchor()) }
        let gazetteer = Gazetteer(places)
        for _ in 0..<10 {
            let here = maker.anchor()
            let expected = places.map { Geodesic.distanceM($0.position, here) }.min()
            #expect(gazetteer.nearest(to: here)?.distanceM == expected)
        }
    }
}
