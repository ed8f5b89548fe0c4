import Geodesy
import Kernel
import Records

public enum ReadBackMismatch: String, Sendable, Codable, Hashable, CaseIterable {
    case position, lower, start
}

/// Compares a read-back with the volume that begins first. A pure function of the notice and the terms, so
/// that both nodes reach the same answer.
public enum ReadBackComparison {
    /// - Returns: what differs by more than the terms' tolerance, in order.
    public static func mismatches(
        _ readBack: ReadBack, with fields: NoticeFields, terms: Terms
    ) -> [ReadBackMismatch] {
        let stated = NoticeContent(
            notice: nil, version: 1, kind: fields.kind, onBehalfOf: nil, volumes: fields.volumes, contact: "",
            remarks: nil, reviewBy: nil
        ).firstVolume.volume
        var found: [ReadBackMismatch] = []
        let distance = Geodesic.distanceM(stated.footprint.referencePoint, readBack.position)
        if !(distance <= toleranceM(of: fields, terms: terms)) { found.append(.position) }
        if !agree(stated.band.lower, readBack.lower, withinM: terms.readBack.altitudeM) { found.append(.lower) }
        if stated.window.start.duration(since: readBack.start).magnitude > terms.readBack.start {
            found.append(.start)
        }
        return found
    }

    /// Metres: the tight tolerance for strikes and fixed sites, else the loose one. A kind that the terms lack
    /// takes the tight one.
    public static func toleranceM(of fields: NoticeFields, terms: Terms) -> Double {
        terms.kind(fields.kind)?.tightReadBack ?? true ? terms.readBack.tightM : terms.readBack.looseM
    }

    /// Altitudes agree only in the same datum: 3 000 ft above ground is not 3 000 ft above the sea.
    static func agree(_ stated: Altitude, _ read: Altitude, withinM tolerance: Double) -> Bool {
        stated.datum == read.datum && (stated.metres - read.metres).magnitude <= tolerance
    }
}
