import Geodesy
import Kernel
import Testing

@testable import Separation

func at(_ latitude: Double, _ longitude: Double) -> Position {
    guard let position = Position(latitudeDeg: latitude, longitudeDeg: longitude) else {
        preconditionFailure("a test's position is valid")
    }
    return position
}

func circle(_ latitude: Double, _ longitude: Double, radiusM: Double = 0) throws -> Footprint {
    try Footprint(validating: .point(at(latitude, longitude)), radiusM: radiusM)
}

func metres(_ lower: Double, _ upper: Double, _ datum: AltitudeDatum = .ellipsoid) throws -> AltitudeBand {
    let unit: AltitudeUnit = datum == .flightLevel ? .flightLevel : .metres
    return AltitudeBand(
        lower: try #require(Altitude(value: lower, unit: unit, datum: datum)),
        upper: try #require(Altitude(value: upper, unit: unit, datum: datum)))
}

/// Seconds since 1970, both inclusive.
func seconds(_ start: Int64, _ end: Int64) throws -> TimeWindow {
    try #require(
        TimeWindow(
            start: UTCInstant(microseconds: start * 1_000_000), end: UTCInstant(microseconds: end * 1_000_000)))
}

func minima(_ horizontalM: Double, _ vertical: Minima.Vertical, _ time: Duration) throws -> Minima {
    try #require(Minima(horizontalM: horizontalM, vertical: vertical, time: time))
}

/// Seeded volumes of every shape, datum and kind of window, gathered so that many conflict.
struct VolumeMaker {
    var random: SeededGenerator
    let centre: Position
    let reachM: Double

    init(seed: UInt64, centre: Position, reachM: Double) {
        random = SeededGenerator(seed: seed)
        self.centre = centre
        self.reachM = reachM
    }

    mutating func place(_ around: Position, _ metres: Double) -> Position {
        Geodesic.destination(
            from: around, bearingDeg: random.uniform(0...360), distanceM: metres * random.unit().squareRoot()) ?? around
    }

    mutating func volume() throws -> Volume4D {
        let anchor = place(centre, reachM)
        let sizeM = random.uniform(300...12_000)
        let core: Footprint.Core
        var radiusM = 0.0
        switch random.below(3) {
        case 0:
            core = .point(anchor)
            radiusM = sizeM
        case 1:
            core = .line([anchor, place(anchor, 5 * sizeM), place(anchor, 5 * sizeM)])
            radiusM = sizeM / 10
        default:
            let count = 3 + Int(random.below(9))
            core = .polygon(
                (0..<count).map { i in
                    Geodesic.destination(
                        from: anchor, bearingDeg: 360 * Double(i) / Double(count),
                        distanceM: sizeM * random.uniform(0.5...1)) ?? anchor
                })
        }
        let datum = AltitudeDatum.allCases[Int(random.below(4))]
        let band: AltitudeBand
        if datum == .flightLevel {
            let lower = Double(random.below(30) * 10)
            band = try metres(lower, lower + Double(random.below(10) * 10), datum)
        } else {
            let lower = random.uniform(0...6_000)
            band = try metres(lower, lower + random.uniform(0...3_000), datum)
        }
        let start = Int64(random.below(200_000))
        let length = random.below(4) == 0 ? random.below(500_000) : random.below(9_000)
        var window = try seconds(start, start + Int64(length))
        if random.below(20) == 0 { window = window.openEnded }
        return Volume4D(
            footprint: try Footprint(validating: core, radiusM: radiusM), band: band, window: window)
    }
}
