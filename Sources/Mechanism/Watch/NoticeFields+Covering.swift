import Geodesy
import Kernel
import Records
import Separation

extension NoticeFields {
    /// Whether it certainly warns of all that an earlier version of the notice warned of: the same kind, and each of
    /// the earlier volumes lies wholly within some volume of this one, in area, band and window. `false` wherever that
    /// is not proven. What counts is what was stated: that an overdue notice is open-ended comes from its owner's
    /// silence, and a new version ends that silence.
    func covers(_ earlier: NoticeFields, _ reference: VerticalReference) -> Bool {
        guard kind == earlier.kind else { return false }
        return earlier.volumes.allSatisfy { old in
            volumes.contains { $0.volume.covers(old.volume, reference) }
        }
    }
}

extension Volume4D {
    fileprivate func covers(_ other: Volume4D, _ reference: VerticalReference) -> Bool {
        guard window.start <= other.window.start, window.end >= other.window.end else { return false }
        return coversBand(of: other, reference) && footprint.covers(other.footprint)
    }

    private func coversBand(of other: Volume4D, _ reference: VerticalReference) -> Bool {
        let mine = VerticalExtent(band, over: footprint, reference)
        let others = VerticalExtent(other.band, over: other.footprint, reference)
        // Ends of one datum compare as they stand, whatever the ground or the pressure is.
        let reachesDown =
            band.lower.datum == other.band.lower.datum
            ? band.lower.metres <= other.band.lower.metres : mine.lowerM.upperBound <= others.lowerM.lowerBound
        let reachesUp =
            band.upper.datum == other.band.upper.datum
            ? band.upper.metres >= other.band.upper.metres : mine.upperM.lowerBound >= others.upperM.upperBound
        return reachesDown && reachesUp && !mine.isReversed && !others.isReversed
    }
}

extension Footprint {
    /// Whether `other` certainly lies within it. The same core with no smaller radius; or all of it is near enough to
    /// this point, or within a disc that is near enough to this line; or no part of it comes near the edge of this
    /// polygon, and one point of it is inside.
    fileprivate func covers(_ other: Footprint) -> Bool {
        if core == other.core, radiusM >= other.radiusM { return true }
        switch core {
        case .point(let centre): return other.reachM(from: centre) <= radiusM
        case .line:
            guard let line = try? Footprint(validating: core, radiusM: 0) else { return false }
            let middle = other.referencePoint
            return line.distance(to: middle).upperM + other.reachM(from: middle) <= radiusM
        case .polygon(let vertices):
            guard let inner = try? Footprint(validating: core, radiusM: 0),
                let edge = try? Footprint(validating: .line(vertices + vertices.prefix(1)), radiusM: 0),
                let inside = other.vertices.first
            else { return false }
            return edge.distance(to: other).lowerM > 0 && inner.contains(inside)
        }
    }

    /// No point of it is farther from `centre` than this: along an edge the distance is convex, so that the farthest
    /// vertex is the farthest point. Infinite where that is not certain.
    private func reachM(from centre: Position) -> Double {
        let farthest = vertices.map { Geodesic.distanceM(centre, $0) }.max() ?? .infinity
        guard farthest <= Limits.radiusLargestMetres else { return .infinity }
        return farthest + radiusM + DistanceBounds.errorM
    }
}
