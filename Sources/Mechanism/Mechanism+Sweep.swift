import Kernel
import Records
import Separation

/// Two notices of different parties, the lesser first.
public struct NoticePair: Hashable, Comparable, Sendable {
    public let first: NoticeID
    public let second: NoticeID

    public init(_ a: NoticeID, _ b: NoticeID) {
        first = min(a, b)
        second = max(a, b)
    }

    public static func < (a: Self, b: Self) -> Bool { a.first == b.first ? a.second < b.second : a.first < b.first }
}

/// Where looking at all notices at once leads elsewhere than one change after the other has led.
public enum SweepDifference: Hashable, Sendable {
    /// They collide, and no conflict says so.
    case missing(NoticePair)
    /// A conflict that we say we found, and nothing collides.
    case unfounded(NoticePair)
}

/// Every collision of held notices looked for anew.
extension Mechanism {
    /// Collisions between notices of different parties, found in one part of all volumes. The work is in parts that threads
    /// take in any order.
    ///
    /// - Parameter part: `0 ..< parts`.
    public func sweep(part: Int, of parts: Int) -> SortedSet<NoticePair> {
        var found = SortedSet<NoticePair>()
        var probe = ConflictProbe(tables: [terms.minima])
        index.sweep(part: part, of: parts, acrossOwners: true, &probe) { pair in
            found.insert(NoticePair(pair.first.key, pair.second.key))
        }
        return found
    }

    /// - Parameter found: of all parts together.
    public func differences(from found: SortedSet<NoticePair>) -> [SweepDifference] {
        var differences: [SweepDifference] = []
        for pair in found {
            guard let mode = notices[pair.first]?.mode else { continue }
            let id = Conflict.id(mechanism: terms.mechanism, mode: mode, pair.first, pair.second)
            if conflicts[id]?.ownProof == nil { differences.append(.missing(pair)) }
        }
        for (_, conflict) in conflicts where conflict.ownProof != nil {
            let pair = NoticePair(conflict.first, conflict.second)
            if !found.contains(pair) { differences.append(.unfounded(pair)) }
        }
        return differences
    }
}
