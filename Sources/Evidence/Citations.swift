import Kernel
import Records

/// Which logs the heads are of that records cite. A citation names a party, a size and a root, and no epoch: of a
/// party with several logs it is of the one whose head in the bundle it is, and says nothing when it is of none.
struct Citations {
    private let bundle: CheckedBundle
    private var roots = SortedMap<LogID, SortedMap<UInt64, Hash32>>()

    init(_ bundle: CheckedBundle) {
        self.bundle = bundle
        for log in bundle.logs {
            for head in log.heads { roots[log.id, default: SortedMap()][head.checkpoint.size] = head.checkpoint.root }
        }
    }

    func root(of log: LogID, at size: UInt64) -> Hash32? { roots[log]?[size] }

    /// The heads that the record says its author held; of sizes from 1.
    func of(_ record: CheckedRecord) -> [(log: LogID, seen: RecordHeader.SeenHead)] {
        record.header.seen.filter { $0.size > 0 }.compactMap { seen in log(of: seen).map { ($0, seen) } }
    }

    private func log(of seen: RecordHeader.SeenHead) -> LogID? {
        let logs = bundle.keys.logs.filter { $0.party == seen.party }
        guard logs.count > 1 else { return logs.first }
        let fitting = logs.filter { root(of: $0, at: seen.size) == seen.root }
        return fitting.count == 1 ? fitting[0] : nil
    }
}
