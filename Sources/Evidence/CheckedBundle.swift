import JointLog
import Kernel
import Records

/// A bundle of which everything holds: what a report may be made of.
struct CheckedBundle: Sendable {
    let manifest: BundleManifest
    let terms: Terms
    let keys: BundleKeys
    /// In order.
    let logs: [CheckedLog]
    let forks: [CheckedFork]
}

struct CheckedLog: Sendable {
    let id: LogID
    /// Rising by size; at least one, and all of one history.
    let heads: [HeadNote]
    /// Rising by index.
    let records: [CheckedRecord]
}

struct CheckedRecord: Sendable {
    let log: LogID
    let header: RecordHeader
    /// Place in its log's tree: counts from 0 in each epoch, where the header's index goes on.
    let leaf: LogIndex
    let body: Body

    enum Body: Hashable, Sendable {
        case open(RecordBody)
        case withheld
        /// It is what the header commits to, and not what a body should be.
        case unreadable(sentence: String)
    }

    var place: AuditReport.Place { AuditReport.Place(log: log, index: header.index) }
}

/// A log whose author signed two histories.
struct CheckedFork: Sendable {
    let log: LogID
    let first: Checkpoint
    let second: Checkpoint
}
