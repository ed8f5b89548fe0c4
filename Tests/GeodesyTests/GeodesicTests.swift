import Foundation
import Testing

@testable import Geodesy

@Suite("Geodesics") struct GeodesicTests {
    @Test("distance and azimuths agree with GeodTest to 1 µm and a hundred-millionth of a degree")
    func geodTest() throws {
        guard let path = vectors("geodesic/GeodTest-100.dat") else { return }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count >= 100)
        for line in lines {
            let n = line.split(separator: " ").compactMap { Double($0) }
            try #require(n.count == 10)
            let a = try #require(Position(latitudeDeg: n[0], longitudeDeg: n[1]))
            let b = try #require(Position(latitudeDeg: n[3], longitudeDeg: n[4].remainder(dividingBy: 360)))
            let way = Geodesic.inverse(a, b)
            #expect(abs(way.distanceM - n[6]) < 1e-6, "\(line)")
            // Between nearly opposite points an azimuth hangs on the last digit of the longitude.
            if n[7] < 175 {
                #expect(abs((way.startBearingDeg - n[2]).remainder(dividingBy: 360)) < 1e-8, "\(line)")
                #expect(abs((way.endBearingDeg - n[5]).remainder(dividingBy: 360)) < 1e-8, "\(line)")
            }
            let reached = try #require(Geodesic.destination(from: a, bearingDeg: n[2], distanceM: n[6]))
            #expect(Geodesic.distanceM(reached, b) < 1e-6, "\(line)")
        }
    }

    @Test("bearings run from 0 to below 360")
    func bearings() {
        #expect(Geodesic.bearingDeg(from: at(0, 0), to: at(1, 0)) == 0)
        #expect(Geodesic.bearingDeg(from: at(0, 0), to: at(0, 1)) == 90)
        #expect(Geodesic.bearingDeg(from: at(0, 0), to: at(-1, 0)) == 180)
        #expect(Geodesic.bearingDeg(from: at(0, 0), to: at(0, -1)) == 270)
    }

    @Test("a destination needs finite numbers", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ value: Double) {
        #expect(Geodesic.destination(from: at(0, 0), bearingDeg: value, distanceM: 1) == nil)
        #expect(Geodesic.destination(from: at(0, 0), bearingDeg: 0, distanceM: value) == nil)
    }

    @Test("a destination across the antimeridian or beyond the pole is a position")
    func wraps() throws {
        let east = try #require(Geodesic.destination(from: at(0, 179.9), bearingDeg: 90, distanceM: 50_000))
        #expect(east.longitudeDeg < -179)
        let beyond = try #require(Geodesic.destination(from: at(89.9, 10), bearingDeg: 0, distanceM: 50_000))
        #expect(abs(beyond.longitudeDeg - -170) < 1e-9)
    }

    @Test("chords bound surface distances from both sides, everywhere")
    func chords() {
        var maker = FootprintMaker(seed: 1)
        for _ in 0..<3_000 {
            let a = maker.anchor()
            let b = maker.offset(a, upToM: Foundation.exp(maker.random.uniform(0...16)))
            let chord = (a.cartesian - b.cartesian).length
            let metres = Geodesic.distanceM(a, b)
            #expect(Ellipsoid.surfaceAtLeastM(chordM: chord - 1e-6) <= metres + 1e-6)
            #expect(Ellipsoid.surfaceAtMostM(chordM: chord + 1e-6) >= metres - 1e-6)
            #expect(Ellipsoid.chordBeyondM(surfaceM: metres) >= chord - 1e-6)
            #expect(Ellipsoid.chordWithinM(surfaceM: metres) <= chord + 1e-6)
        }
    }

    @Test("a piece of 20 km strays from its chord and its plane by no more than the stated bounds")
    func strays() {
        var maker = FootprintMaker(seed: 2)
        for _ in 0..<1_000 {
            let a = maker.anchor()
            let b = Geodesic.destination(
                from: a, bearingDeg: maker.random.uniform(0...360), distanceM: maker.random.uniform(10...20_000)) ?? a
            let (p, q) = (a.cartesian, b.cartesian)
            let square = (q - p).lengthSquared
            let arc = GeodesicArc(a, b)
            let normal = p.cross(q - p)
            for step in 0...8 {
                let x = arc.point(atM: arc.lengthM * Double(step) / 8).position.cartesian
                #expect(Chords.distance(x, p, q) <= Ellipsoid.bowM(chordSquared: square) + 1e-6)
                #expect(abs((x - p).dot(normal)) / normal.length <= Ellipsoid.planeStrayM(chordSquared: square))
            }
            #expect(Ellipsoid.planeStrayM(chordSquared: square) <= Ellipsoid.strayLargestM)
        }
    }
}
