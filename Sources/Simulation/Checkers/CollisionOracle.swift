import Kernel
import Records
import Separation

/// Every pair of volumes, one by one, without the index, by ``PlainSeparation`` as far as that can tell.
struct CollisionOracle: Sendable {
    private struct Pair: Hashable, Sendable {
        let a: RecordID
        let b: RecordID
        let isPastA: Bool
        let isPastB: Bool
    }

    private var known: [Pair: Bool] = [:]

    mutating func collide(
        _ a: RecordView.HeldNotice, _ b: RecordView.HeldNotice, at utc: UTCInstant, terms: Terms
    ) -> Bool {
        guard a.mode == b.mode else { return false }
        // A version is named by the record that states it.
        let pair = Pair(a: a.record, b: b.record, isPastA: a.isPast(utc), isPastB: b.isPast(utc))
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
