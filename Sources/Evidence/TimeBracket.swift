import Kernel
import Records

/// Between which times a record came to be, by the clocks of others: bracketed, never trusted.
public struct TimeBracket: Hashable, Sendable {
    /// Of each holder the first cosignature that covers the record, in order of holder: at this time, by its own clock,
    /// it held the record.
    public let held: [AuditReport.Cosigned]
    /// Of each holder the last cosignature over a head that lacks the record, in order of holder: at this time it did
    /// not hold it yet. The author may have kept it to itself before.
    public let lacked: [AuditReport.Cosigned]
    /// For each head that the record cites, the last cosignature of the record's author over a head of that log that
    /// lacks what is cited: the record came after, by its author's own clock and signature.
    public let cited: [AuditReport.Cosigned]

    /// Not after: the earliest of ``held``.
    public var notAfter: AuditReport.Cosigned? { held.min { $0.time < $1.time } }
    /// Not before: the latest of ``lacked`` and ``cited``.
    public var notBefore: AuditReport.Cosigned? { (lacked + cited).max { $0.time < $1.time } }
}

/// The cosignatures of one log, arranged for brackets.
struct CosignedHeads {
    private struct OfHolder {
        /// Rising by size.
        var sizes: [UInt64] = []
        var cosigned: [AuditReport.Cosigned] = []
        /// At each place the earliest cosignature from there on, and the latest up to there.
        var earliestFrom: [AuditReport.Cosigned] = []
        var latestUpTo: [AuditReport.Cosigned] = []
    }

    private var holders = SortedMap<PartyID, OfHolder>()

    init(_ log: CheckedLog, keys: BundleKeys) {
        for head in log.heads {
            for cosignature in head.cosignatures {
                let receipt = cosignature.receipt
                let cosigned = AuditReport.Cosigned(
                    log: log.id, holder: receipt.holder, time: receipt.time, size: head.checkpoint.size,
                    isKeyRevoked: keys.isRevoked(cosignature.publicKey, of: receipt.holder))
                holders[receipt.holder, default: OfHolder()].sizes.append(head.checkpoint.size)
                holders[receipt.holder, default: OfHolder()].cosigned.append(cosigned)
            }
        }
        for holder in holders.keys { holders.update(holder) { CosignedHeads.arrange(&$0) } }
    }

    private static func arrange(_ holder: inout OfHolder) {
        for next in holder.cosigned {
            let last = holder.latestUpTo.last
            holder.latestUpTo.append(last.map { $0.time > next.time ? $0 : next } ?? next)
        }
        for next in holder.cosigned.reversed() {
            let last = holder.earliestFrom.last
            holder.earliestFrom.append(last.map { $0.time < next.time ? $0 : next } ?? next)
        }
        holder.earliestFrom.reverse()
    }

    /// Of each holder the first cosignature over more than `index` records.
    func covering(_ index: LogIndex) -> [AuditReport.Cosigned] {
        holders.compactMap { _, holder in
            let i = CosignedHeads.count(holder.sizes, upTo: index)
            return i < holder.sizes.count ? holder.earliestFrom[i] : nil
        }
    }

    /// Of each holder the last cosignature over at most `index` records.
    func lacking(_ index: LogIndex) -> [AuditReport.Cosigned] {
        holders.compactMap { _, holder in
            let i = CosignedHeads.count(holder.sizes, upTo: index)
            return i > 0 ? holder.latestUpTo[i - 1] : nil
        }
    }

    func lacking(_ index: LogIndex, by party: PartyID) -> AuditReport.Cosigned? {
        lacking(index).first { $0.holder == party }
    }

    /// How many of the rising sizes are at most `limit`.
    private static func count(_ sizes: [UInt64], upTo limit: UInt64) -> Int {
        var low = 0
        var high = sizes.count
        while low < high {
            let middle = (low + high) / 2
            if sizes[middle] <= limit { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
