import Foundation
import Kernel
import Testing

@testable import Geodesy

@Suite("Validation of footprints") struct ValidationTests {
    private func rejection(_ core: Footprint.Core, radiusM: Double = 0) -> GeometryRejection? {
        do {
            _ = try Footprint(validating: core, radiusM: radiusM)
            return nil
        } catch {
            return error
        }
    }

    @Test("a coordinate that is no number or out of range is refused with its vertex")
    func coordinates() {
        func rejection(_ latitude: Double, _ longitude: Double) -> GeometryRejection? {
            do {
                _ = try Position(vertex: 7, latitudeDeg: latitude, longitudeDeg: longitude)
                return nil
            } catch {
                return error
            }
        }
        for bad in [Double.nan, .infinity, -.infinity, .signalingNaN] {
            #expect(rejection(bad, 0) == .notANumber(vertex: 7))
            #expect(rejection(0, bad) == .notANumber(vertex: 7))
        }
        for (latitude, longitude) in [(90.000001, 0), (-91, 0), (0, 180.000001), (0, -1e300), (1e300, 0)] {
            #expect(rejection(latitude, longitude) == .outOfRange(vertex: 7))
        }
        for (latitude, longitude) in [(90.0, 180.0), (-90, -180), (0, 0), (-0.0, -0.0)] {
            #expect(rejection(latitude, longitude) == nil)
        }
    }

    @Test("a position read from bytes is held to its range")
    func decoding() throws {
        let good = try JSONDecoder().decode(Position.self, from: JSONEncoder().encode(at(34.5, 38.25)))
        #expect(good == at(34.5, 38.25))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Position.self, from: Data(#"{"latitudeDeg":91,"longitudeDeg":0}"#.utf8))
        }
    }

    @Test("a radius must be a number from 0 to 1 000 km")
    func radius() {
        let core = Footprint.Core.point(at(0, 0))
        #expect(rejection(core, radiusM: .nan) == .radiusNotANumber)
        for bad in [-0.001, -1, 1_000_000.1, .infinity, -.infinity] as [Double] {
            #expect(rejection(core, radiusM: bad) == .radiusOutOfRange(metres: bad))
        }
        for good in [0, -0.0, 1e-300, 1_000_000] as [Double] { #expect(rejection(core, radiusM: good) == nil) }
    }

    @Test("too few vertices are refused")
    func tooFew() {
        #expect(rejection(.line([])) == .tooFewVertices(found: 0, needed: 2))
        #expect(rejection(.line([at(0, 0)])) == .tooFewVertices(found: 1, needed: 2))
        #expect(rejection(.polygon([])) == .tooFewVertices(found: 0, needed: 3))
        #expect(rejection(.polygon([at(0, 0), at(1, 1)])) == .tooFewVertices(found: 2, needed: 3))
    }

    @Test("a thousand vertices pass and one more is refused")
    func tooMany() {
        func ring(_ count: Int) -> [Position] {
            (0..<count).compactMap {
                Geodesic.destination(
                    from: at(34, 38), bearingDeg: 360 * Double($0) / Double(count), distanceM: 20_000)
            }
        }
        #expect(rejection(.polygon(ring(1_000))) == nil)
        #expect(rejection(.polygon(ring(1_001))) == .tooManyVertices(found: 1_001, allowed: 1_000))
        #expect(rejection(.line(ring(1_001))) == .tooManyVertices(found: 1_001, allowed: 1_000))
    }

    @Test("a repeated vertex is refused by its index, also under a meridian's other name and at a pole")
    func repeated() {
        #expect(rejection(.line([at(0, 0), at(1, 0), at(1, 0)])) == .repeatedVertex(index: 2))
        #expect(rejection(.line([at(0, 180), at(0, -180)])) == .repeatedVertex(index: 1))
        #expect(rejection(.line([at(80, 0), at(90, 0), at(90, 77)])) == .repeatedVertex(index: 2))
        #expect(rejection(.polygon([at(0, 0), at(0, 1), at(1, 0), at(0, 0)])) == .repeatedVertex(index: 3))
        #expect(rejection(.polygon([at(0, 0), at(0, 1), at(0, 1), at(1, 0)])) == .repeatedVertex(index: 2))
        #expect(rejection(.line([at(0, 0), at(1, 0), at(0, 0)])) == nil)
    }

    @Test("an edge may be 1 000 km long and not a metre more")
    func longEdge() throws {
        let start = at(34, 38)
        let near = try #require(Geodesic.destination(from: start, bearingDeg: 70, distanceM: 999_999.9))
        let far = try #require(Geodesic.destination(from: start, bearingDeg: 70, distanceM: 1_000_001))
        #expect(rejection(.line([start, near])) == nil)
        guard case .edgeTooLong(index: 0, let metres) = rejection(.line([start, far])) else {
            Issue.record("not refused")
            return
        }
        #expect(abs(metres - 1_000_001) < 0.001)
        let closing = try #require(Geodesic.destination(from: start, bearingDeg: 90, distanceM: 999_000))
        let apex = try #require(Geodesic.destination(from: start, bearingDeg: 300, distanceM: 400_000))
        guard case .edgeTooLong(index: 1, _) = rejection(.polygon([start, closing, apex])) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("edges that cross, overlap or touch are refused by their indices")
    func selfCrossing() {
        #expect(
            rejection(.polygon([at(0, 0), at(1, 1), at(1, 0), at(0, 1)])) == .selfCrossing(edge: 0, with: 2))
        // A vertex on another edge, which here is the equator: both edges at that vertex touch it.
        let touching = rejection(.polygon([at(0, 0), at(0, 2), at(1, 2), at(0, 1), at(1, 0)]))
        #expect(touching == .selfCrossing(edge: 0, with: 2) || touching == .selfCrossing(edge: 0, with: 3))
        // There and back on the same way.
        #expect(
            rejection(.polygon([at(0, 0), at(0, 2), at(0, 1), at(1, 1)])) == .selfCrossing(edge: 0, with: 1))
        // The same vertex twice, not in a row.
        #expect(rejection(.polygon([at(0, 0), at(0, 1), at(1, 1), at(0, 0.5), at(1, 0), at(0, 0.5), at(-1, 0)])) != nil)
        // Straight on the map, crossing on the earth: 300 km at 60 N bow by 3 km.
        let dented = rejection(.polygon([at(60, 10), at(60, 15.4), at(60.2, 15.4), at(60.02, 12.7), at(60.2, 10)]))
        #expect(dented == .selfCrossing(edge: 0, with: 2) || dented == .selfCrossing(edge: 0, with: 3))
        #expect(
            rejection(.polygon([at(60, 10), at(60, 15.4), at(60.2, 15.4), at(60.04, 12.7), at(60.2, 10)])) == nil)
    }

    @Test("crossings are found at the pole, across the antimeridian, and in seeded bow ties of every size",
        arguments: UInt64(0)..<100)
    func bowTies(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let anchor = maker.anchor()
        let sizeM = 10 * exp(maker.random.uniform(0...10))
        let corners = (0..<4).compactMap {
            Geodesic.destination(
                from: anchor, bearingDeg: Double($0) * 90 + maker.random.uniform(-30...30), distanceM: sizeM)
        }
        #expect(rejection(.polygon(corners)) == nil, "seed \(seed)")
        #expect(
            rejection(.polygon([corners[0], corners[2], corners[1], corners[3]])) == .selfCrossing(edge: 0, with: 2),
            "seed \(seed)")
    }

    @Test("a polygon without area is refused")
    func zeroArea() {
        #expect(rejection(.polygon([at(0, 0), at(0, 1), at(0, 2)])) == .zeroArea)
        #expect(rejection(.polygon([at(10, 5), at(11, 5), at(12, 5)])) == .zeroArea)
        #expect(rejection(.polygon([at(0, 0), at(0, 0.000_008), at(0.000_008, 0)])) == .zeroArea)
        #expect(rejection(.polygon([at(0, 0), at(0, 0.000_02), at(0.000_02, 0)])) == nil)
    }

    @Test("a polygon that spans more than a third of the way round is refused")
    func tooWide() {
        let equator = (0..<60).map { at(0, Double($0) * 6 - 180) }
        #expect(rejection(.polygon(equator)) == .tooWide)
        let belt = (0..<60).map { at(31, Double($0) * 6 - 180) }
        #expect(rejection(.polygon(belt)) == nil)
    }

    @Test("what is refused in one sense of rotation is refused in the other", arguments: UInt64(200)..<300)
    func rotation(seed: UInt64) {
        var maker = FootprintMaker(seed: seed)
        let anchor = maker.anchor()
        let vertices = (0..<6).map { _ in maker.offset(anchor, upToM: 40_000) }
        #expect((rejection(.polygon(vertices)) == nil) == (rejection(.polygon(vertices.reversed())) == nil))
    }

    @Test("validation never traps, whatever the numbers", arguments: UInt64(0)..<50)
    func anyNumbers(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let vertices = (0..<6).compactMap { _ in
                Position(
                    latitudeDeg: random.below(3) == 0 ? 90 : Double(bitPattern: random.next()),
                    longitudeDeg: random.below(3) == 0 ? -180 : Double(bitPattern: random.next()))
            }
            let radius = Double(bitPattern: random.next())
            for core in [Footprint.Core.line(vertices), .polygon(vertices)] {
                if let footprint = try? Footprint(validating: core, radiusM: radius) {
                    #expect(footprint.distance(to: point(0, 0)).upperM.isFinite)
                    #expect(!footprint.boxes.isEmpty)
                }
            }
        }
    }
}
