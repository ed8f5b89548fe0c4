import Kernel
import Separation

/// Minima from which talks can start: one row for every pair of the kinds that every mechanism knows, so that no
/// pair falls to the worst row by oversight.
enum UsualMinima {
    /// What an activity does to its surroundings, which decides what must stay away from it.
    private enum Nature: Comparable {
        case surface, aircraft, airDefence, interference, fires, missiles
    }

    private static func nature(_ kind: ActivityKind) -> Nature {
        switch kind {
        case .airOperation, .unmannedAircraft, .searchAndRescue: .aircraft
        case .strike, .artilleryFire: .fires
        case .missileLaunch: .missiles
        case .airDefencePosture: .airDefence
        case .electronicInterference: .interference
        default: .surface
        }
    }

    static let rows: [MinimaTable.Row] = {
        let kinds = ActivityKind.wellKnown
        return kinds.indices.flatMap { i in
            kinds[i...].compactMap { other in
                minima(kinds[i], other).map { MinimaTable.Row(kinds[i], other, $0) }
            }
        }
    }()

    private static let nauticalMileM = 1_852.0
    private static let thousandFeetM = 304.8

    private static func minima(_ a: ActivityKind, _ b: ActivityKind) -> Minima? {
        let (low, high) = nature(a) <= nature(b) ? (nature(a), nature(b)) : (nature(b), nature(a))
        switch (low, high) {
        case (.aircraft, .aircraft):
            // "20 miles" was cited as safe between the air forces over Syria; civil separation is 1,000 ft.
            return Minima(horizontalM: 20 * nauticalMileM, vertical: .metres(thousandFeetM), time: .minutes(10))
        case (.surface, .aircraft):
            return Minima(horizontalM: 1_000, vertical: .metres(thousandFeetM), time: .minutes(10))
        case (.surface, .surface):
            return Minima(horizontalM: 1_000, vertical: .all, time: .minutes(30))
        case (.surface, .fires):
            // Breaches were reported at 0.3 to 1 km.
            return Minima(horizontalM: 5_000, vertical: .all, time: .minutes(30))
        case (.fires, .fires):
            return Minima(horizontalM: 10_000, vertical: .all, time: .minutes(30))
        case (.aircraft, .fires), (.airDefence, .fires):
            return Minima(horizontalM: 20 * nauticalMileM, vertical: .all, time: .minutes(30))
        case (.aircraft, .airDefence):
            // Aircraft have been lost to air defence that was firing at somebody else.
            return Minima(horizontalM: 20 * nauticalMileM, vertical: .all, time: .minutes(30))
        case (.aircraft, .interference), (.airDefence, .interference), (.interference, .interference):
            return Minima(horizontalM: 20 * nauticalMileM, vertical: .all, time: .minutes(10))
        case (.surface, .interference), (.interference, .fires):
            return Minima(horizontalM: 5_000, vertical: .all, time: .minutes(10))
        case (.surface, .airDefence), (.airDefence, .airDefence):
            return Minima(horizontalM: 1_000, vertical: .all, time: .minutes(30))
        case (_, .missiles):
            // India and Pakistan keep impacts 75 km from the border.
            return Minima(horizontalM: 75_000, vertical: .all, time: .minutes(60))
        default:
            // No pair comes here; if one did, it would take the worst row.
            return nil
        }
    }
}
