import Geodesy
import Kernel
import PrivateCheck
import Separation

extension MappingDay {
    /// A kind of plan of a simulated day: what is drawn at random about it, and within which limits.
    struct Shape {
        let kind: ActivityKind
        /// Metres: a line of that length, or a place when it is nothing.
        let lengthM: ClosedRange<Double>
        let radiusM: ClosedRange<Double>
        /// Metres above the ellipsoid: of the lower end, and how thick.
        let lowerM: ClosedRange<Double>
        let thicknessM: Double
        let minutes: ClosedRange<Double>

        /// Six transits, three orbits, three unmanned orbits, six strikes, four columns.
        static let day: [Shape] =
            Array(repeating: transit, count: 6) + Array(repeating: orbit, count: 3)
            + Array(repeating: unmanned, count: 3) + Array(repeating: strike, count: 6)
            + Array(repeating: column, count: 4)

        private static let transit = Shape(
            kind: .airOperation, lengthM: 80_000...250_000, radiusM: 5_000...5_000, lowerM: 3_600...7_900,
            thicknessM: 610, minutes: 45...180)
        private static let orbit = Shape(
            kind: .airOperation, lengthM: 0...0, radiusM: 15_000...30_000, lowerM: 4_500...7_900, thicknessM: 914,
            minutes: 120...360)
        private static let unmanned = Shape(
            kind: .unmannedAircraft, lengthM: 0...0, radiusM: 5_000...15_000, lowerM: 2_400...6_000,
            thicknessM: 305, minutes: 240...600)
        private static let strike = Shape(
            kind: .strike, lengthM: 0...0, radiusM: 500...2_000, lowerM: 0...0, thicknessM: 7_600, minutes: 10...30)
        private static let column = Shape(
            kind: .groundMovement, lengthM: 20_000...80_000, radiusM: 1_000...1_000, lowerM: 0...0, thicknessM: 900,
            minutes: 120...360)

        private static let buffers: HalfBuffers = {
            let (air, unmanned, strike, ground) = (
                ActivityKind.airOperation, ActivityKind.unmannedAircraft, ActivityKind.strike,
                ActivityKind.groundMovement
            )
            func row(_ a: ActivityKind, _ b: ActivityKind, _ m: Double, _ vertical: Minima.Vertical, _ time: Int64)
                -> MinimaTable.Row?
            {
                Minima(horizontalM: m, vertical: vertical, time: .minutes(time)).map { MinimaTable.Row(a, b, $0) }
            }
            let aloft: Minima.Vertical = .metres(304.8)
            let rows = [
                row(air, air, 37_040, aloft, 10), row(air, unmanned, 37_040, aloft, 10),
                row(unmanned, unmanned, 37_040, aloft, 10), row(strike, air, 5_000, .all, 30),
                row(strike, unmanned, 5_000, .all, 30), row(strike, strike, 5_000, .all, 30),
                row(strike, ground, 5_000, .all, 30), row(ground, ground, 1_000, aloft, 30),
                row(ground, air, 1_000, aloft, 10), row(ground, unmanned, 1_000, aloft, 10),
            ]
            guard let table = MinimaTable(rows: rows.compactMap { $0 }) else {
                preconditionFailure("the minima of the simulated day are a table")
            }
            return HalfBuffers(table: table, kinds: [air, unmanned, strike, ground])
        }()

        func volume(_ random: inout SeededGenerator) -> (volume: Volume4D, margin: HalfBuffers.Margin)? {
            let length = random.uniform(lengthM)
            let radius = random.uniform(radiusM)
            guard let place = Position(
                latitudeDeg: random.uniform(32.7...36.8), longitudeDeg: random.uniform(36.2...41.8))
            else { return nil }
            let bearing = random.uniform(-180...180)
            let core: Footprint.Core
            if length == 0 {
                core = .point(place)
            } else {
                guard let end = Geodesic.destination(from: place, bearingDeg: bearing, distanceM: length) else {
                    return nil
                }
                core = .line([place, end])
            }
            let lower = random.uniform(lowerM)
            let slots = Int64((random.uniform(minutes) / 5).rounded())
            let room = Int64(MappingDay.slotsPerDay) - slots
            let start = MappingDay.window.start.advanced(by: .minutes(5 * Int64(random.below(UInt64(room)))))
            guard let footprint = try? Footprint(validating: core, radiusM: radius),
                let low = Altitude(value: lower, unit: .metres, datum: .ellipsoid),
                let high = Altitude(value: lower + thicknessM, unit: .metres, datum: .ellipsoid),
                let window = TimeWindow(start: start, end: start.advanced(by: .minutes(5 * slots)))
            else { return nil }
            return (
                Volume4D(footprint: footprint, band: AltitudeBand(lower: low, upper: high), window: window),
                Self.buffers[kind]
            )
        }
    }
}
