import Geodesy
import Kernel
import Testing

@testable import Separation

/// A notice among others, in conflict more often than not, and what may be changed of it: seeded.
struct AdviceCase {
    struct Other {
        let id: NoticeID
        let kind: ActivityKind
        let mode: Mode
        let volumes: [Volume4D]
    }

    let others: [Other]
    let index: ConflictIndex
    let request: AdviceRequest

    static let kinds: [ActivityKind] = [.strike, .airOperation, .groundMovement]

    static func table(_ scale: Double = 1) throws -> MinimaTable {
        try #require(
            MinimaTable(rows: [
                .init(.strike, .strike, try minima(2_000 * scale, .all, .minutes(10))),
                .init(.strike, .airOperation, try minima(1_500 * scale, .metres(300), .minutes(5))),
                .init(.airOperation, .airOperation, try minima(1_000 * scale, .metres(150), .zero)),
                .init(.airOperation, .groundMovement, try minima(0, .metres(0), .zero)),
            ]))
    }

    /// - Parameters:
    ///   - reachM: how far apart things are.
    ///   - bounds: of the request.
    init(
        _ maker: inout VolumeMaker, others count: Int, volumes most: UInt64 = 2, bounds: AdviceBounds,
        tables: [MinimaTable], costs: AdviceCosts = .standard, avoidsOwn: Bool = false
    ) throws {
        let (alpha, bravo) = (try #require(PartyID("alpha")), try #require(PartyID("bravo")))
        let own = NoticeID(party: alpha, index: 0)
        var others: [Other] = []
        for i in 0..<count {
            let party = maker.random.below(6) == 0 ? alpha : bravo
            others.append(
                Other(
                    id: NoticeID(party: party, index: UInt64(i + 1)), kind: Self.kinds[Int(maker.random.below(3))],
                    mode: maker.random.below(10) == 0 ? .drill : .real,
                    volumes: try (0..<1 + maker.random.below(most)).map { _ in try Self.volume(&maker) }))
        }
        let volumes = try (0..<1 + maker.random.below(most)).map { _ in try Self.volume(&maker) }
        let kind = Self.kinds[Int(maker.random.below(3))]
        var index = ConflictIndex(reference: .anywhere)
        for other in others {
            index.insert(other.id, owner: other.id.party, kind: other.kind, mode: other.mode, volumes: other.volumes)
        }
        // The notice's present version is in the index, too, and never stands in its own way.
        index.insert(own, owner: alpha, kind: kind, mode: .real, volumes: volumes)
        self.others = others
        self.index = index
        request = AdviceRequest(
            volumes: volumes, kind: kind, mode: .real, owner: alpha, notice: own, tables: tables, bounds: bounds,
            costs: costs, avoidsOwn: avoidsOwn)
    }

    /// Small footprints, bands of one datum mostly, and windows within some hours.
    private static func volume(_ maker: inout VolumeMaker) throws -> Volume4D {
        let footprint: Footprint
        if maker.random.below(3) == 0 {
            footprint = try maker.volume().footprint
        } else {
            let anchor = maker.place(maker.centre, maker.reachM)
            footprint = try Footprint(
                validating: maker.random.below(2) == 0 ? .point(anchor) : .line([anchor, maker.place(anchor, 6_000)]),
                radiusM: maker.random.uniform(0...2_000))
        }
        let start = Int64(maker.random.below(180)) * 60
        var window = try seconds(start, start + Int64(maker.random.below(90)) * 60)
        if maker.random.below(25) == 0 { window = window.openEnded }
        let band: AltitudeBand
        switch maker.random.below(8) {
        case 0:
            let lower = Double(maker.random.below(60) * 5)
            band = try metres(lower, lower + Double(maker.random.below(60)), .flightLevel)
        case 1:
            let lower = maker.random.uniform(0...4_000)
            band = try metres(lower, lower + maker.random.uniform(0...800), .amsl)
        default:
            let lower = Double(maker.random.below(40) * 100)
            band = try metres(lower, lower + Double(maker.random.below(10) * 100))
        }
        return Volume4D(footprint: footprint, band: band, window: window)
    }

    /// Whether volumes conflict with anything that they must keep clear of: every pair, without the index.
    func conflicts(_ volumes: [Volume4D]) -> Bool {
        others.contains { other in
            other.mode == request.mode && (request.avoidsOwn || other.id.party != request.owner)
                && other.volumes.contains { theirs in
                    volumes.contains { mine in
                        request.tables.contains { table in
                            ConflictTest.conflict(
                                mine, theirs, minima: table[request.kind, other.kind], reference: .anywhere
                            ).isConflict
                        }
                    }
                }
        }
    }

    /// The notice's volumes after a change, by the definition and not by the search.
    func volumes(time: Int64, height: Int64, footprints: [Footprint]? = nil) -> [Volume4D]? {
        let microseconds = time * request.bounds.timeStepMicroseconds
        let metres = Double(height) * request.bounds.altitudeStepM
        func moved(_ altitude: Altitude) -> Altitude? {
            let perUnit = altitude.unit == .metres ? 1 : altitude.unit == .feet ? 0.3048 : 30.48
            return Altitude(
                value: ((altitude.value + metres / perUnit) * 1e6).rounded() / 1e6, unit: altitude.unit,
                datum: altitude.datum)
        }
        func moved(_ instant: UTCInstant) -> UTCInstant {
            instant == .distantFuture ? instant : UTCInstant(microseconds: instant.microseconds + microseconds)
        }
        var result: [Volume4D] = []
        for (i, volume) in request.volumes.enumerated() {
            guard let lower = height == 0 ? volume.band.lower : moved(volume.band.lower),
                let upper = height == 0 ? volume.band.upper : moved(volume.band.upper),
                let window = TimeWindow(start: moved(volume.window.start), end: moved(volume.window.end))
            else { return nil }
            result.append(
                Volume4D(
                    footprint: footprints?[i] ?? volume.footprint, band: AltitudeBand(lower: lower, upper: upper),
                    window: window))
        }
        return result
    }
}
