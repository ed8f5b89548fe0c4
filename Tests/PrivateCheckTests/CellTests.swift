import Foundation
import Geodesy
import Kernel
import Testing

@testable import PrivateCheck

@Suite("cells of the quadtree")
struct CellTests {
    @Test("identifiers are S2's for whole faces, and children take a quarter of their parent's range each")
    func identifiers() throws {
        // S2CellId::FromFace(f).id() = (f << 61) + (1 << 60).
        #expect(
            Cell.faces.map(\.id) == [
                0x1000_0000_0000_0000, 0x3000_0000_0000_0000, 0x5000_0000_0000_0000, 0x7000_0000_0000_0000,
                0x9000_0000_0000_0000, 0xB000_0000_0000_0000,
            ])
        // S2CellId 0x1000000000000000's children: 0x04…, 0x0c…, 0x14…, 0x1c….
        #expect(
            Cell.faces[0].children.map(\.id) == [
                0x0400_0000_0000_0000, 0x0C00_0000_0000_0000, 0x1400_0000_0000_0000, 0x1C00_0000_0000_0000,
            ])
    }

    @Test("face, level and place lead to an identifier and back, and a child's place is twice its parent's or one more")
    func places() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<5_000 {
            let level = Int(random.below(25))
            let face = Int(random.below(6))
            let i = UInt32(random.below(1 << UInt64(level)))
            let j = UInt32(random.below(1 << UInt64(level)))
            let cell = try #require(Cell(face: face, level: level, i: i, j: j))
            #expect(cell.face == face && cell.level == level && cell.place == (i, j) && Cell(id: cell.id) == cell)
            for (n, child) in cell.children.enumerated() {
                #expect(child.place == (2 * i + UInt32(n / 2), 2 * j + UInt32(n % 2)) && child.level == level + 1)
                #expect(cell.contains(child) && !child.contains(cell) && child.ancestor(atLevel: level) == cell)
            }
        }
    }

    @Test("numbers that are no cell are refused", arguments: [
        0, 0xD000_0000_0000_0000, 0xF000_0000_0000_0000, 0x2000_0000_0000_0000, 0x1000_0000_0000_0002,
        0x1000_0000_0000_0001, 0x0800_0000_0000_0000,
    ] as [UInt64])
    func refused(id: UInt64) { #expect(Cell(id: id) == nil) }

    @Test("cells that touch on a face, and faces that touch, share their corners to a nanometre")
    func corners() throws {
        for face in 0..<6 {
            for s in [0.0, 0.25, 0.5, 1] {
                let u = CellShape.faceCoordinate(s)
                #expect(u == -CellShape.faceCoordinate(1 - s))
                // The edge u = 1 of a face runs on the face of the next axis, where it has the coordinate v = 1 or -1.
                let here = CellShape.direction(face: face, 1, u)
                let isUpper = face < 3
                let there = CellShape.direction(face: (face + 1) % 3, u, isUpper ? 1 : -1)
                #expect((here - there).max() < 1e-15 && (here - there).min() > -1e-15)
            }
        }
        #expect(CellShape.faceCoordinate(0) == -1 && CellShape.faceCoordinate(0.5) == 0)
    }

    @Test("every place of a cell lies within its reach, and the reach is no more than the earth's shape asks for")
    func reach() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<cases(3_000) {
            let level = Int(random.below(18))
            let (i, j) = (UInt32(random.below(1 << UInt64(level))), UInt32(random.below(1 << UInt64(level))))
            let cell = try #require(Cell(face: Int(random.below(6)), level: level, i: i, j: j))
            let shape = CellShape(cell)
            var farthest = 0.0
            for k in 0..<13 {
                // Corners, then places within.
                let s = k < 4 ? Double(k / 2) : random.unit()
                let t = k < 4 ? Double(k % 2) : random.unit()
                let size = Double(UInt64(1) << level)
                let place = placeOnEllipsoid(
                    CellShape.direction(
                        face: cell.face, CellShape.faceCoordinate((Double(i) + s) / size),
                        CellShape.faceCoordinate((Double(j) + t) / size)))
                farthest = max(farthest, Geodesic.distanceM(shape.centre, place))
            }
            #expect(farthest <= shape.reachM, "\(cell)")
            #expect(shape.reachM <= farthest * 1.007 + 0.002, "\(cell)")
            #expect(2 * shape.reachM <= CheckGrid.cellWidestM(level: level) || level < 6, "\(cell)")
        }
    }

    /// By the ellipsoid's equation, then Bowring's closed form of the latitude, exact on the surface.
    private func placeOnEllipsoid(_ d: SIMD3<Double>) -> Position {
        let (a, b) = (6_378_137.0, 6_356_752.314245179)
        let r = 1 / ((d.x * d.x + d.y * d.y) / (a * a) + d.z * d.z / (b * b)).squareRoot()
        let (x, y, z) = (r * d.x, r * d.y, r * d.z)
        let latitude = atan2(z * a * a, (x * x + y * y).squareRoot() * b * b)
        return at(latitude * 180 / .pi, atan2(y, x) * 180 / .pi)
    }
}
