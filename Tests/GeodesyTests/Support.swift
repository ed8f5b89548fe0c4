import Foundation
import Kernel

@testable import Geodesy

/// The folder of test vectors beside the package; `nil`, said once, when it is missing.
func vectors(_ path: String) -> String? {
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.deletingLastPathComponent().appendingPathComponent("shared/vectors/\(path)").path
    guard FileManager.default.fileExists(atPath: file) else {
        print("skipped: no vectors at \(file)")
        return nil
    }
    return file
}

func at(_ latitude: Double, _ longitude: Double) -> Position {
    guard let position = Position(latitudeDeg: latitude, longitudeDeg: longitude) else {
        preconditionFailure("a test's position is valid")
    }
    return position
}

func point(_ latitude: Double, _ longitude: Double, radiusM: Double = 0) -> Footprint {
    Footprint(unchecked: .point(at(latitude, longitude)), radiusM: radiusM)
}

/// Seeded footprints anywhere on earth, with a liking for poles, the antimeridian and long edges.
struct FootprintMaker {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func anchor() -> Position {
        switch random.below(4) {
        case 0: at(random.uniform(88.5...90) * (random.below(2) == 0 ? 1 : -1), random.uniform(-180...180))
        case 1:
            at(random.uniform(-70...70), (180 + random.uniform(-1...1)).remainder(dividingBy: 360))
        case 2: at(random.uniform(32...37), random.uniform(35...42))
        default: at(random.uniform(-85...85), random.uniform(-180...180))
        }
    }

    mutating func offset(_ from: Position, upToM: Double) -> Position {
        Geodesic.destination(
            from: from, bearingDeg: random.uniform(0...360), distanceM: upToM * random.unit().squareRoot()) ?? from
    }

    /// A star-shaped polygon, a line or a point within `sizeM` of `anchor`.
    mutating func footprint(near anchor: Position, sizeM: Double, radiusM: Double? = nil) -> Footprint {
        let radius = radiusM ?? (random.below(2) == 0 ? 0 : random.uniform(0...sizeM))
        switch random.below(5) {
        case 0: return Footprint(unchecked: .point(offset(anchor, upToM: sizeM)), radiusM: radius)
        case 1, 2:
            let count = 2 + Int(random.below(4))
            return Footprint(
                unchecked: .line((0..<count).map { _ in offset(anchor, upToM: sizeM) }), radiusM: radius)
        default:
            let count = 3 + Int(random.below(8))
            let vertices = (0..<count).map { i in
                Geodesic.destination(
                    from: anchor, bearingDeg: 360 * (Double(i) + random.uniform(0.1...0.9)) / Double(count),
                    distanceM: sizeM * random.uniform(0.4...1)) ?? anchor
            }
            return Footprint(unchecked: .polygon(vertices), radiusM: radius)
        }
    }

    /// Two footprints whose sizes and distance are of one order, from 100 m to 300 km.
    mutating func pair(radiusM: Double? = nil) -> (Footprint, Footprint) {
        let sizeM = 100 * exp(random.uniform(0...8))
        let first = anchor()
        let second = offset(first, upToM: 4 * sizeM)
        return (
            footprint(near: first, sizeM: sizeM, radiusM: radiusM),
            footprint(near: second, sizeM: sizeM * random.uniform(0.1...1), radiusM: radiusM)
        )
    }
}

/// Distance between the edges of two cores by sampling and zooming in: never below the true one.
enum SampledDistance {
    static func edges(_ footprint: Footprint) -> [(Position, Position)] {
        let v = footprint.vertices
        switch footprint.core {
        case .point: return [(v[0], v[0])]
        case .line: return Array(zip(v, v.dropFirst()))
        case .polygon: return Array(zip(v, v.dropFirst())) + [(v[v.count - 1], v[0])]
        }
    }

    private static func along(_ edge: (Position, Position), _ t: Double) -> Position {
        let way = Geodesic.inverse(edge.0, edge.1)
        return Geodesic.destination(
            from: edge.0, bearingDeg: way.startBearingDeg, distanceM: way.distanceM * t) ?? edge.0
    }

    static func boundary(_ a: Footprint, _ b: Footprint, samples: Int = 8) -> Double {
        var best = Double.infinity
        for edge in edges(a) {
            for other in edges(b) {
                if best == 0 { return 0 }
                best = min(best, zoom(edge, other, samples, best))
            }
        }
        return best
    }

    private static func zoom(
        _ edge: (Position, Position), _ other: (Position, Position), _ samples: Int, _ known: Double
    ) -> Double {
        var (s0, s1, t0, t1) = (0.0, 1.0, 0.0, 1.0)
        var best = Double.infinity
        for level in 0..<14 {
            var (bestS, bestT) = (s0, t0)
            var found = Double.infinity
            let mine = (0...samples).map { s0 + (s1 - s0) * Double($0) / Double(samples) }
            let others = (0...samples).map { t0 + (t1 - t0) * Double($0) / Double(samples) }
            let minePositions = mine.map { along(edge, $0) }
            let othersPositions = others.map { along(other, $0) }
            for (s, p) in zip(mine, minePositions) {
                for (t, q) in zip(others, othersPositions) {
                    let metres = Geodesic.distanceM(p, q)
                    if metres < found { (found, bestS, bestT) = (metres, s, t) }
                }
            }
            best = min(best, found)
            // What the first looks show to be far from the best known is not looked at more closely.
            let spacing = (Geodesic.distanceM(edge.0, edge.1) * (s1 - s0)
                + Geodesic.distanceM(other.0, other.1) * (t1 - t0)) / Double(samples)
            if found - spacing > known || (level > 0 && spacing < 1e-4) { break }
            let (ds, dt) = (1.5 * (s1 - s0) / Double(samples), 1.5 * (t1 - t0) / Double(samples))
            (s0, s1) = (max(0, bestS - ds), min(1, bestS + ds))
            (t0, t1) = (max(0, bestT - dt), min(1, bestT + dt))
        }
        return best
    }
}
