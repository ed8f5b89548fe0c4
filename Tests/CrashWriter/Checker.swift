import Kernel
import Storage

/// Whether a store that was opened after a crash is sound and holds everything that was acknowledged.
struct Checker {
    let store: any NodeStore
    /// In the order in which they were printed.
    let acknowledged: [Acknowledgement]

    /// - Returns: what is wrong, in words.
    func run() throws(StoreError) -> [String] {
        var faults = try store.verify().map { "finding: \($0)" }
        let last = try store.lastSequence
        if let newest = acknowledged.last {
            // One commit may have been under way.
            if last < newest.sequence || last > newest.sequence + 1 {
                faults.append("the journal ends at \(last), and \(newest.sequence) was acknowledged")
            }
            if last == newest.sequence { faults += try differences(from: newest) }
        }
        for entry in try store.journal(after: try store.prunedThrough, limit: .max)
        where entry.bytes != Content.journal(entry.sequence) { faults.append("journal entry \(entry.sequence) differs") }
        for log in try store.logs { faults += try check(log) }
        return faults
    }

    /// What differs although no commit was under way.
    private func differences(from newest: Acknowledgement) throws(StoreError) -> [String] {
        var faults: [String] = []
        for head in newest.heads {
            let held = try store.head(of: head.log)
            if held?.size != head.size || held?.root != head.root { faults.append("the head of \(head.log) differs") }
        }
        return faults
    }

    private func check(_ log: LogID) throws(StoreError) -> [String] {
        var faults: [String] = []
        let tree = try LogTree(log, store: store)
        let head = try store.head(of: log)
        if head?.size != tree.size || head?.root != tree.root { faults.append("the head of \(log) is not its tree's") }
        if !tree.pendingTiles.isEmpty { faults.append("tiles of \(log) are missing") }
        for one in acknowledged.flatMap(\.heads) where one.log == log {
            // Neither backwards nor sideways: what was acknowledged is a beginning of what is there.
            if try tree.root(at: one.size) != one.root { faults.append("\(log) has no head of size \(one.size) any more") }
            for signer in ["author", "holder"] {
                guard try store.firstNote(of: log, atLeast: one.size, by: signer)?.size != one.size else { continue }
                faults.append("\(signer)'s note on \(log) of size \(one.size) is gone")
            }
        }
        var index: UInt64 = 0
        while index < tree.size {
            let entries = try store.readBack(of: log, from: index, limit: 500)
            for entry in entries where entry.envelope != Content.envelope(log, entry.index) {
                faults.append("entry \(log)-\(entry.index) differs")
            }
            index += UInt64(entries.count)
        }
        return faults
    }
}
