import Geodesy
import Kernel

/// What an advised change leaves beyond the minima to the notice that it comes nearest to. Between two volumes the axis
/// that keeps them apart by most, at the prices of ``AdviceCosts``, counts; of all other volumes the one that is left
/// least.
public struct AdviceMargin: Hashable, Sendable {
    /// What is farther beyond the minima than all of these does not come near.
    public static let farthestTime = Duration.minutes(30)
    public static let farthestAltitudeM = 300.0
    public static let farthestPlaceM = 5_000.0

    public enum Amount: Hashable, Sendable {
        case time(Duration)
        /// Metres.
        case vertical(Double)
        /// Metres.
        case horizontal(Double)
    }

    public let notice: NoticeID
    /// Beyond the minimum of that axis; never negative.
    public let amount: Amount

    /// The least margin of some volumes that conflict with nothing.
    static func least(_ volumes: [Volume4D], _ index: ConflictIndex, _ request: AdviceRequest) -> AdviceMargin? {
        let wide = volumes.map(widened)
        var best: (margin: AdviceMargin, cost: Double)?
        let hits = index.query(
            wide, kind: request.kind, mode: request.mode, excluding: request.avoidsOwn ? nil : request.owner,
            tables: request.tables)
        // The distance, which takes longest, is measured only of pairs that the other axes leave nearer than the best.
        var pairs: [Pair] = []
        for hit in hits where hit.key != request.notice {
            guard let slot = index.slot(hit.volume, of: hit.key) else { continue }
            for table in request.tables {
                let limit = table[request.kind, index.kinds[Int(index.store.stored[slot].kind)]]
                pairs.append(Pair(hit.key, volumes[hit.queryVolume], slot, limit, index, request.costs))
            }
        }
        pairs.sort { $0.known < $1.known }
        for pair in pairs where best.map({ pair.known < $0.cost }) ?? true {
            let (amount, cost) = pair.measured(index, request.costs)
            if best.map({ cost < $0.cost }) ?? true {
                best = (AdviceMargin(notice: pair.notice, amount: amount), cost)
            }
        }
        return best?.margin
    }

    private static func widened(_ volume: Volume4D) -> Volume4D {
        let radiusM = min(Limits.radiusLargestMetres, volume.footprint.radiusM + farthestPlaceM)
        let lower = volume.band.lower.moved(byM: -farthestAltitudeM) ?? volume.band.lower
        let upper = volume.band.upper.moved(byM: farthestAltitudeM) ?? volume.band.upper
        let end = volume.window.end == .distantFuture ? volume.window.end : volume.window.end.advanced(by: farthestTime)
        return Volume4D(
            footprint: Footprint(validatedBefore: volume.footprint.core, radiusM: radiusM) ?? volume.footprint,
            band: AltitudeBand(lower: lower, upper: upper),
            window: TimeWindow(start: volume.window.start.advanced(by: .zero - farthestTime), end: end) ?? volume.window)
    }

    private struct Pair {
        let notice: NoticeID
        let slot: Int
        let footprint: Footprint
        let minima: Minima
        let timeMicroseconds: Int64
        /// `nil` when altitude does not separate.
        let verticalM: Double?
        /// By time and altitude alone, at their prices; negative when neither separates.
        let known: Double

        init(
            _ notice: NoticeID, _ volume: Volume4D, _ slot: Int, _ minima: Minima, _ index: ConflictIndex,
            _ costs: AdviceCosts
        ) {
            self.notice = notice
            self.slot = slot
            self.minima = minima
            footprint = volume.footprint
            let stored = index.store.stored[slot]
            let gap = ConflictTest.gapMicroseconds(volume.window, stored.window)
            timeMicroseconds = gap - minima.time.wholeMicroseconds
            if case .metres(let metres) = minima.vertical {
                verticalM = VerticalExtent(volume.band, over: volume.footprint, index.reference)
                    .gapM(to: stored.extent).lowerBound - metres
            } else {
                verticalM = nil
            }
            known = max(
                Double(timeMicroseconds) / 60e6 * costs.perMinute,
                verticalM.map { $0 / 100 * costs.per100M } ?? -.infinity)
        }

        func measured(_ index: ConflictIndex, _ costs: AdviceCosts) -> (Amount, cost: Double) {
            var best: (Amount, cost: Double) = (.horizontal(0), 0)
            if let other = index.store.volumes[slot] {
                let apart = footprint.distance(to: other.footprint).lowerM - minima.horizontalM
                best = (.horizontal(max(0, apart)), max(0, apart / 1_000 * costs.perKm))
            }
            if let verticalM, verticalM / 100 * costs.per100M > best.cost {
                best = (.vertical(verticalM), verticalM / 100 * costs.per100M)
            }
            let minutes = Double(timeMicroseconds) / 60e6 * costs.perMinute
            if minutes > best.cost { best = (.time(.microseconds(timeMicroseconds)), minutes) }
            return best
        }
    }
}
