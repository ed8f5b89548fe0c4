import Geodesy
import Kernel

/// How far bands may be moved so that they stay between a floor and a ceiling, and within what an altitude may be.
public struct AltitudeRoom: Hashable, Sendable {
    /// Metres, not negative; 0 without a floor.
    public let downM: Double
    /// Metres, not negative; 0 without a ceiling.
    public let upM: Double

    public enum Rejection: Error, Hashable, Sendable {
        /// The band lies below the floor now, or may.
        case belowFloor(volume: Int)
        /// The band lies above the ceiling now, or may.
        case aboveCeiling(volume: Int)
    }

    /// Altitudes of one datum compare as they stand; of two, the one that has to be higher by the least that it may be
    /// and the other by the most, wherever the volumes may come to.
    ///
    /// - Parameter withinM: the greatest distance that the volumes may be moved, metres.
    public init(
        of volumes: [Volume4D], floor: Altitude?, ceiling: Altitude?, withinM: Double, _ reference: VerticalReference
    ) throws(Rejection) {
        var (down, up) = (Double.infinity, Double.infinity)
        for (i, volume) in volumes.enumerated() {
            let reachM = min(Limits.radiusLargestMetres, volume.footprint.radiusM + withinM * 1.01)
            let wide = Footprint(validatedBefore: volume.footprint.core, radiusM: reachM) ?? volume.footprint
            let (lower, upper) = (volume.band.lower, volume.band.upper)
            if let floor {
                let room = Self.roomM(from: floor, upTo: lower, over: wide, reference)
                guard room >= -VerticalExtent.roundingM else { throw .belowFloor(volume: i) }
                down = min(down, max(0, room), lower.downM, upper.downM)
            }
            if let ceiling {
                let room = Self.roomM(from: upper, upTo: ceiling, over: wide, reference)
                guard room >= -VerticalExtent.roundingM else { throw .aboveCeiling(volume: i) }
                up = min(up, max(0, room), lower.upM, upper.upM)
            }
        }
        downM = floor == nil || volumes.isEmpty ? 0 : down
        upM = ceiling == nil || volumes.isEmpty ? 0 : up
    }

    private static func roomM(
        from low: Altitude, upTo high: Altitude, over footprint: Footprint, _ reference: VerticalReference
    ) -> Double {
        if low.datum == high.datum { return high.metres - low.metres }
        let top = VerticalExtent(AltitudeBand(lower: low, upper: low), over: footprint, reference).upperM.upperBound
        let bottom = VerticalExtent(AltitudeBand(lower: high, upper: high), over: footprint, reference).lowerM.lowerBound
        return bottom - top
    }
}

extension Altitude {
    /// Metres that it may be lowered: heights above the ground not below it, unless they are already.
    fileprivate var downM: Double {
        switch datum {
        case .flightLevel: metres
        case .agl: metres >= 0 ? metres : metres + 1_000
        case .ellipsoid, .amsl: metres + 1_000
        }
    }

    /// Metres that it may be raised.
    fileprivate var upM: Double {
        datum == .flightLevel ? (999 - value) * 100 * Altitude.metresPerFoot : 100_000 - metres
    }
}
