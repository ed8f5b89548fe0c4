import Foundation
import Geodesy
import Kernel
import Separation
import Testing

@testable import PrivateCheck

/// The folder of test vectors beside the package; `nil`, said once, when it is missing.
func vectors(_ path: String) -> Data? {
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    // Beside the package, or, for a work tree in a folder of its own, one folder up.
    for folder in [root.deletingLastPathComponent(), root.deletingLastPathComponent().deletingLastPathComponent()] {
        let file = folder.appendingPathComponent("shared/vectors/\(path)")
        if let data = FileManager.default.contents(atPath: file.path) { return data }
    }
    print("skipped: no vectors at ../shared/vectors/\(path)")
    return nil
}

/// How many random cases a property is tried with: `PARLEY_PRIVATE_CASES`, or what a test run has time for.
func cases(_ usual: Int) -> Int { number("PARLEY_PRIVATE_CASES") ?? usual }

/// A number that the environment gives; `nil` when it gives none.
func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap(Int.init) }

func at(_ latitude: Double, _ longitude: Double) -> Position {
    guard let position = Position(latitudeDeg: latitude, longitudeDeg: longitude) else {
        preconditionFailure("a test's position is valid")
    }
    return position
}

func metres(_ lower: Double, _ upper: Double, _ datum: AltitudeDatum = .ellipsoid) throws -> AltitudeBand {
    let unit: AltitudeUnit = datum == .flightLevel ? .flightLevel : .metres
    return AltitudeBand(
        lower: try #require(Altitude(value: lower, unit: unit, datum: datum)),
        upper: try #require(Altitude(value: upper, unit: unit, datum: datum)))
}

func window(_ start: Int64, _ end: Int64) throws -> TimeWindow {
    try #require(TimeWindow(start: UTCInstant(microseconds: start), end: UTCInstant(microseconds: end)))
}

func minima(_ horizontalM: Double, _ vertical: Minima.Vertical, _ time: Duration) throws -> Minima {
    try #require(Minima(horizontalM: horizontalM, vertical: vertical, time: time))
}

/// A geoid of one degree's grid that stands at -105 m west of 90 E and at 85 m from there on, in PROJ's GTX form.
func steppedGeoid() throws -> GeoidGrid {
    func bigEndian(_ bits: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * (count - 1 - $0))) }
    }
    var bytes = [-90.0, -180, 1, 1].flatMap { bigEndian($0.bitPattern, 8) }
    bytes += bigEndian(181, 4) + bigEndian(360, 4)
    for _ in 0..<181 {
        for column in 0..<360 {
            let height: Float = column < 270 ? -105 : 85
            bytes += bigEndian(UInt64(height.bitPattern), 4)
        }
    }
    return try GeoidGrid(gtx: bytes)
}

/// Seeded plans of two parties: every shape, all over the earth with a liking for poles, the antimeridian and corners
/// of the cube, bands of every datum, windows, and minima, of one order so that about half of the pairs conflict.
struct PairMaker {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func anchor() -> Position {
        switch random.below(6) {
        case 0: at(random.uniform(88.5...90) * (random.below(2) == 0 ? 1 : -1), random.uniform(-180...180))
        case 1: at(random.below(2) == 0 ? 90 : -90, random.uniform(-180...180))
        case 2: at(random.uniform(-70...70), (180 + random.uniform(-1...1)).remainder(dividingBy: 360))
        case 3:
            // Where three faces of the cube meet, and along their edges.
            at((random.below(2) == 0 ? 35.4 : -35.4) + random.uniform(-0.5...0.5),
                45 + 90 * Double(random.below(4)) - 180 + random.uniform(-0.5...0.5))
        case 4: at(random.uniform(32...37), random.uniform(35...42))
        default: at(random.uniform(-89...89), random.uniform(-180...180))
        }
    }

    mutating func offset(_ from: Position, upToM: Double) -> Position {
        Geodesic.destination(
            from: from, bearingDeg: random.uniform(0...360), distanceM: upToM * random.unit().squareRoot()) ?? from
    }

    mutating func footprint(near anchor: Position, sizeM: Double) -> Footprint {
        while true {
            let radius = random.below(2) == 0 ? 0 : random.uniform(0...sizeM)
            let core: Footprint.Core
            switch random.below(4) {
            case 0: core = .point(offset(anchor, upToM: sizeM))
            case 1: core = .line((0..<2 + Int(random.below(3))).map { _ in offset(anchor, upToM: 2 * sizeM) })
            default:
                let count = 3 + Int(random.below(6))
                core = .polygon(
                    (0..<count).map { i in
                        Geodesic.destination(
                            from: anchor, bearingDeg: 360 * (Double(i) + random.uniform(0.1...0.9)) / Double(count),
                            distanceM: sizeM * random.uniform(0.4...1)) ?? anchor
                    })
            }
            if let footprint = try? Footprint(validating: core, radiusM: radius) { return footprint }
        }
    }

    mutating func band() throws -> AltitudeBand {
        let datum = AltitudeDatum.allCases[Int(random.below(4))]
        if datum == .flightLevel {
            let lower = Double(random.below(30) * 10)
            return try metres(lower, lower + Double(random.below(10) * 10), datum)
        }
        let lower = random.uniform(0...3_000)
        return try metres(lower, lower + random.uniform(0...2_000), datum)
    }

    /// Whole minutes often, so that slots' boundaries are met; up to two hours.
    mutating func window(near start: Int64) throws -> TimeWindow {
        let isRound = random.below(2) == 0
        func some(_ below: UInt64) -> Int64 {
            let microseconds = Int64(random.below(below))
            return isRound ? microseconds / 300_000_000 * 300_000_000 : microseconds
        }
        let from = start + some(10_000_000_000)
        return try PrivateCheckTests.window(from, from + some(4_000_000_000))
    }

    mutating func vertical() -> Minima.Vertical {
        random.below(5) == 0 ? .all : .metres((random.uniform(0...1_500)).rounded())
    }
}

/// A scalar cannot be copied, so nor can it stand within an expectation.
func isScalar(_ bytes: [UInt8]) -> Bool { SecretScalar(canonical: bytes) != nil }

/// A point times the scalar of 64 equal bytes.
func times(_ point: GroupPoint, _ byte: UInt8) -> GroupPoint? {
    point.multiplied(by: SecretScalar(reducing: [UInt8](repeating: byte, count: 64)))
}
