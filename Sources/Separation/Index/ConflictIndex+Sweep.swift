import Geodesy
import Kernel

/// Two volumes that conflict, found by looking at all of them.
public struct ConflictPair: Sendable, Equatable {
    public struct Side: Sendable, Hashable, Comparable {
        public let key: NoticeID
        public let owner: PartyID
        /// Which of the notice's volumes.
        public let volume: Int

        public static func < (a: Self, b: Self) -> Bool { a.key == b.key ? a.volume < b.volume : a.key < b.key }
    }

    /// Of two sets, the side of the index that was gone through; within one index, the lesser key.
    public let first: Side
    public let second: Side
    /// As in ``Verdict/conflict(proven:)``.
    public let isProven: Bool
}

/// All conflicts at once: of a new version of the terms, of a node that was restored, or between two sets. The work
/// comes in parts that threads take in any order, each with a probe of its own; parts done are the progress.
extension ConflictIndex {
    /// Every pair of stored volumes of one mode, but of two notices, that conflict under the probe's tables: each pair
    /// in one part only.
    ///
    /// - Parameters:
    ///   - part: `0 ..< parts`.
    ///   - acrossOwners: leaves out the pairs of one owner's own notices.
    public func sweep(
        part: Int, of parts: Int, acrossOwners: Bool, _ probe: inout ConflictProbe, _ take: (ConflictPair) -> Void
    ) {
        forEachSlot(part, of: parts) { slot, stored, volume, side in
            probe.load(volume, kind: kinds[Int(stored.kind)], kinds, reference)
            probe.search(
                store, mode: stored.mode, footprint: volume.footprint,
                excludingOwner: acrossOwners ? stored.owner : nil, after: slot)
            for found in probe.found where store.stored[found.slot].notice != stored.notice {
                guard let other = self.side(found.slot) else { continue }
                take(
                    ConflictPair(
                        first: min(side, other), second: max(side, other), isProven: found.isProven))
            }
        }
    }

    /// Every pair of a volume of this index and one of another that conflict under the probe's tables. The probe is one
    /// for `other`.
    public func sweep(
        against other: ConflictIndex, part: Int, of parts: Int, acrossOwners: Bool, _ probe: inout ConflictProbe,
        _ take: (ConflictPair) -> Void
    ) {
        forEachSlot(part, of: parts) { _, stored, volume, side in
            other.search(
                volume, kind: kinds[Int(stored.kind)], mode: stored.mode, excluding: acrossOwners ? side.owner : nil,
                &probe)
            for found in probe.found {
                guard let second = other.side(found.slot) else { continue }
                take(ConflictPair(first: side, second: second, isProven: found.isProven))
            }
        }
    }

    private func forEachSlot(
        _ part: Int, of parts: Int, _ visit: (Int, StoredVolume, Volume4D, ConflictPair.Side) -> Void
    ) {
        precondition(parts > 0 && (0..<parts).contains(part), "a part is one of so many")
        for slot in stride(from: part, to: store.slots, by: parts) {
            guard let volume = store.volumes[slot], let side = side(slot) else { continue }
            visit(slot, store.stored[slot], volume, side)
        }
    }

    private func side(_ slot: Int) -> ConflictPair.Side? {
        stored(slot).map { ConflictPair.Side(key: $0.key, owner: $0.owner, volume: $0.volume) }
    }
}
