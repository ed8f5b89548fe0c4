import GRDB
import Kernel
import Storage

extension SQLiteStore {
    private static let batch = 1_000

    public func verify() throws(StoreError) -> [StoreFinding] {
        try read { db, ledger in
            var findings: [StoreFinding] = []
            // One unreadable part must not hide what is wrong with the others.
            for check in [databaseFindings, journalFindings, logFindings, snapshotFindings] {
                do { findings += try check(db, ledger) } catch {
                    guard case .corrupt(let detail) = StoreError(converting: error) else { throw error }
                    findings.append(.backend(detail: detail))
                }
            }
            return findings
        }
    }

    private func databaseFindings(_ db: Database, _ ledger: Ledger) throws -> [StoreFinding] {
        var findings: [StoreFinding] = []
        let lines = try Row.fetchCursor(db, sql: "PRAGMA integrity_check(20)")
        while let row = try lines.next() {
            let line = row.text(0) ?? "unreadable"
            if line != "ok" { findings.append(.backend(detail: line)) }
        }
        if try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") != nil {
            findings.append(.backend(detail: "an entry of a log that is not there"))
        }
        return findings
    }

    private func journalFindings(_ db: Database, _ ledger: Ledger) throws -> [StoreFinding] {
        var next = ledger.prunedThrough
        while next < ledger.lastSequence {
            let run = try SQLiteStore.journal(after: next, limit: SQLiteStore.batch, db, ledger)
            if let missing = run.firstBad {
                return [.journalGap(from: ledger.prunedThrough + 1, through: ledger.lastSequence, missing: missing)]
            }
            next += UInt64(run.elements.count)
        }
        let rows = try Row.fetchOne(db, sql: "SELECT count(*) FROM journal")?.number(0)
        let held = ledger.lastSequence - ledger.prunedThrough
        return rows == held ? [] : [.backend(detail: "\(rows ?? 0) journal rows, not \(held)")]
    }

    private func logFindings(_ db: Database, _ ledger: Ledger) throws -> [StoreFinding] {
        var findings: [StoreFinding] = []
        var held: UInt64 = 0
        for (party, log) in ledger.logs {
            held += log.size
            var next: LogIndex = 0
            while next < log.size {
                let run = try SQLiteStore.entries(of: party, from: next, limit: SQLiteStore.batch, db, ledger)
                next += UInt64(run.elements.count)
                if let missing = run.firstBad {
                    findings.append(.entryGap(party: party, size: log.size, missing: missing))
                    break
                }
            }
            if let head = log.head, head.size < log.size {
                findings.append(.entriesBeyondHead(party: party, size: log.size, headSize: head.size))
            }
        }
        let rows = try Row.fetchOne(db, sql: "SELECT count(*) FROM entry")?.number(0)
        if rows != held { findings.append(.backend(detail: "\(rows ?? 0) entry rows, not \(held)")) }
        return findings
    }

    private func snapshotFindings(_ db: Database, _ ledger: Ledger) throws -> [StoreFinding] {
        if ledger.prunedThrough > ledger.snapshot?.throughSequence ?? 0 {
            return [.snapshot(detail: "the journal is pruned through \(ledger.prunedThrough), beyond the snapshot")]
        }
        do {
            _ = try SQLiteStore.snapshot(db, ledger)
            return []
        } catch StoreError.corrupt(let detail) {
            return [.snapshot(detail: detail)]
        }
    }
}
