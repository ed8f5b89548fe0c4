import Kernel
import Records
import Separation

/// Every pair of volumes, one by one, without the index, by ``PlainSeparation`` as far as that can tell.
struct CollisionOracle: Sendable {
    private struct Pair: Hashable, Sendable {
        let a: Version
        let b: Version
        let isPastA: Bool
        let isPastB: Bool
    }

    /// A version is named by the record that states it; of a log with two histories, two records have that name.
    private struct Version: Hashable, Sendable {
        let record: RecordID
        let stated: NoticeFields

        init(_ notice: RecordView.HeldNotice) {
            record = notice.record
            stated = notice.content.fields
        }
    }

    private var known: [Pair: Bool] = [:]

    mutating func collide(
        _ a: RecordView.HeldNotice, _ b: RecordView.HeldNotice, at utc: UTCInstant, terms: Terms
    ) -> Bool {
        guard a.mode == b.mode else { return false }
        let pair = Pair(a: Version(a), b: Version(b), isPastA: a.isPast(utc), isPastB: b.isPast(utc))
        if let answer = known[pair] { return answer }
        let minima = terms.minima[a.content.kind, b.content.kind]
        let answer = volumes(of: a, at: utc).contains { first in
            volumes(of: b, at: utc).contains { second in
                PlainSeparation.collide(first, second, minima)
                    ?? ConflictTest.conflict(first, second, minima: minima, reference: .init(bounds: terms)).isConflict
            }
        }
        known[pair] = answer
        return answer
    }

    private func volumes(of notice: RecordView.HeldNotice, at utc: UTCInstant) -> [Volume4D] {
        notice.content.volumes.map { stated in
            guard notice.isPast(utc) else { return stated.volume }
            return Volume4D(
                footprint: stated.volume.footprint, band: stated.volume.band, window: stated.volume.window.openEnded)
        }
    }
}
