import Kernel

/// Which heads of a log a bundle needs.
public enum HeadChoice {
    /// The newest, and for each record, of each holder, the first cosigned head that covers it and the last that lacks
    /// it: what brackets the record's time.
    ///
    /// - Parameters:
    ///   - records: places in the log's tree of the records in the bundle.
    ///   - cosigned: for each holder the sizes that it cosigned, in any order.
    ///   - newest: the size of the newest head.
    /// - Returns: sizes from 1 to `newest`, rising, each once.
    public static func sizes(
        for records: [LogIndex], cosigned: SortedMap<PartyID, [UInt64]>, newest: UInt64
    ) -> [UInt64] {
        var sizes = SortedSet<UInt64>()
        if newest > 0 { sizes.insert(newest) }
        for (_, held) in cosigned {
            let held = held.filter { (1...max(1, newest)).contains($0) }.sorted()
            for index in records where index < newest {
                let lacking = held.partitionPoint { $0 <= index }
                if lacking > 0 { sizes.insert(held[lacking - 1]) }
                if lacking < held.count { sizes.insert(held[lacking]) }
            }
        }
        return sizes.elements
    }
}
