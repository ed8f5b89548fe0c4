import GRDB
import Kernel
import Storage

extension SQLiteStore {
    private static var batch: Int { 256 }

    public func verify(progress: (VerifyProgress) -> Void) throws(StoreError) -> [StoreFinding] {
        try read { db, ledger in
            let journalRows = ledger.lastSequence - ledger.prunedThrough
            let total = ledger.logs.reduce(journalRows) { $0 + $1.value.rows }
            var done: UInt64 = 0
            func step(_ rows: UInt64) {
                // Damage can make a log seem to hold more rows than it should.
                done = min(total, done + rows)
                progress(VerifyProgress(done: done, total: total))
            }
            var findings: [StoreFinding] = []
            // One unreadable part must not hide what is wrong with the others.
            func add(_ check: () throws -> [StoreFinding]) throws {
                do { findings += try check() } catch {
                    guard case .corrupt(let detail) = StoreError(converting: error) else { throw error }
                    findings.append(.backend(detail: detail))
                }
            }
            try add { try databaseFindings(db) }
            try add { try journalFindings(db, ledger, step) }
            for (id, log) in ledger.logs {
                try add {
                    var verifier = LogVerifier(log: id, state: log, rows: try StoredRows(log: id, size: log.size, db))
                    return try verifier.run(step: step)
                }
            }
            try add { try countFindings(db, ledger) }
            try add { try snapshotFindings(db, ledger) }
            step(total)
            return findings
        }
    }

    private func databaseFindings(_ db: Database) throws -> [StoreFinding] {
        var findings: [StoreFinding] = []
        let lines = try Row.fetchCursor(db, sql: "PRAGMA integrity_check(20)")
        while let row = try lines.next() {
            let line = row.text(0) ?? "unreadable"
            if line != "ok" { findings.append(.backend(detail: line)) }
        }
        if try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") != nil {
            findings.append(.backend(detail: "a row of a log that is not there"))
        }
        return findings
    }

    private func journalFindings(
        _ db: Database, _ ledger: Ledger, _ step: (UInt64) -> Void
    ) throws -> [StoreFinding] {
        var next = ledger.prunedThrough
        while next < ledger.lastSequence {
            let run = try SQLiteStore.journal(after: next, limit: SQLiteStore.batch, db, ledger)
            step(UInt64(run.elements.count))
            if let missing = run.firstBad {
                return [.journalGap(from: ledger.prunedThrough + 1, through: ledger.lastSequence, missing: missing)]
            }
            next += UInt64(run.elements.count)
        }
        return []
    }

    /// Rows beyond those that are looked for.
    private func countFindings(_ db: Database, _ ledger: Ledger) throws -> [StoreFinding] {
        let logs = ledger.logs.values
        let expected: [(String, UInt64)] = [
            ("journal", ledger.lastSequence - ledger.prunedThrough),
            ("entry", logs.reduce(0) { $0 + $1.size }),
            ("tile", logs.reduce(0) { $0 + $1.allTiles }),
            ("note", logs.reduce(0) { $0 + $1.notes }),
        ]
        return try expected.compactMap { table, held in
            let rows = try Row.fetchOne(db, sql: "SELECT count(*) FROM \(table)")?.number(0)
            return rows == held ? nil : .backend(detail: "\(rows ?? 0) rows of \(table), not \(held)")
        }
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

/// One log's rows for the verifier.
private struct StoredRows: LogRows {
    let log: LogID
    let size: UInt64
    let db: Database
    let notes: RowCursor

    init(log: LogID, size: UInt64, _ db: Database) throws {
        self.log = log
        self.size = size
        self.db = db
        notes = try Row.fetchCursor(
            db, sql: "\(SQLiteStore.noteColumns) WHERE log = ? ORDER BY size, arrival", arguments: [log.description])
    }

    func entries(from index: LogIndex, limit: Int) throws(StoreError) -> SoundRun<MirrorEntry> {
        do { return try SQLiteStore.entries(of: log, from: index, limit: limit, db, size: size) } catch {
            throw StoreError(converting: error)
        }
    }

    func tile(level: Int, index: UInt64) throws(StoreError) -> [UInt8]? {
        do { return try SQLiteStore.tile(of: log, level: level, index: index, db) } catch {
            throw StoreError(converting: error)
        }
    }

    func nextNote() throws(StoreError) -> NoteRow? {
        do { return try notes.next().map { SQLiteStore.note($0, of: log) } } catch {
            throw StoreError(converting: error)
        }
    }
}
