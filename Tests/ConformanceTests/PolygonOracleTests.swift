import Geodesy
import Testing

/// Which places a polygon holds and how large it is, against the oracle's winding numbers and quadrature.
@Suite("Polygons agree with an independent oracle")
struct PolygonOracleTests {
    @Test("a polygon holds exactly the places that the oracle puts inside it")
    func contains() throws {
        let places = try OracleRows.places()
        let wrong = places.filter { $0.polygon.contains($0.position) != $0.isInside }.map(\.id)
        #expect(wrong.isEmpty, "rows \(wrong)")
        #expect(places.count >= 500)
        #expect(places.count(where: \.isInside) >= 200)
        #expect(places.count { !$0.isInside } >= 200)
    }

    @Test("the area of a polygon is the oracle's to a tenth of a square metre an edge")
    func areas() throws {
        let areas = try OracleRows.areas()
        var worst = 0.0
        var wrong: [Int] = []
        for row in areas {
            // A choice of this test, not a proven bound. Near a pole, rounding alone costs about a hundredth.
            let offM2 = abs(row.polygon.areaM2 - row.squareMetres)
            let edges = Double(row.polygon.vertices.count)
            worst = max(worst, offM2 / edges)
            if !(offM2 <= 0.1 * edges) { wrong.append(row.id) }
        }
        print("areas: worst difference \(worst) square metres an edge")
        #expect(areas.count >= 50)
        #expect(wrong.isEmpty, "rows \(wrong)")
    }
}
