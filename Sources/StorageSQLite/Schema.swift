import GRDB
import Storage

/// The tables, by version. A version that was ever released is never edited; a new one is appended.
enum Schema {
    /// `PARL`, at byte 68 of the file, where `file(1)` looks.
    static let applicationID = 0x5041_524C

    struct Migration {
        let version: Int
        let name: String
        let sql: String
        /// What SQL alone cannot do, after it.
        var convert: (@Sendable (Database) throws -> Void)?
    }

    static let migrations = [
        Migration(
            version: 1, name: "journal, logs, heads and snapshot",
            sql: """
                CREATE TABLE migration (
                    version INTEGER PRIMARY KEY,
                    name TEXT NOT NULL
                ) STRICT;
                CREATE TABLE state (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    last_sequence INTEGER NOT NULL,
                    pruned_through INTEGER NOT NULL,
                    snapshot_through INTEGER,
                    snapshot_bytes INTEGER,
                    log_count INTEGER NOT NULL,
                    checksum INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE journal (
                    sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
                    bytes BLOB NOT NULL,
                    checksum INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE log (
                    party TEXT PRIMARY KEY NOT NULL,
                    size INTEGER NOT NULL,
                    head_size INTEGER,
                    head_root BLOB,
                    head_checkpoint BLOB,
                    checksum INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE entry (
                    party TEXT NOT NULL REFERENCES log (party),
                    position INTEGER NOT NULL CHECK (position >= 0),
                    envelope BLOB NOT NULL,
                    checksum INTEGER NOT NULL,
                    PRIMARY KEY (party, position)
                ) STRICT;
                CREATE TABLE snapshot_part (
                    part INTEGER PRIMARY KEY CHECK (part >= 0),
                    bytes BLOB NOT NULL,
                    checksum INTEGER NOT NULL
                ) STRICT;
                """),
        Migration(
            version: 2, name: "logs by epoch, tiles and notes",
            sql: """
                ALTER TABLE log RENAME COLUMN party TO log;
                ALTER TABLE log ADD COLUMN leaf_tiles INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE log ADD COLUMN notes INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE entry RENAME COLUMN party TO log;
                CREATE TABLE tile (
                    log TEXT NOT NULL REFERENCES log (log),
                    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7),
                    position INTEGER NOT NULL CHECK (position >= 0),
                    hashes BLOB NOT NULL,
                    checksum INTEGER NOT NULL,
                    PRIMARY KEY (log, level, position)
                ) STRICT;
                CREATE TABLE note (
                    log TEXT NOT NULL REFERENCES log (log),
                    size INTEGER NOT NULL CHECK (size >= 0),
                    arrival INTEGER NOT NULL CHECK (arrival >= 0),
                    signer TEXT NOT NULL,
                    note BLOB NOT NULL,
                    checksum INTEGER NOT NULL,
                    PRIMARY KEY (log, size, arrival)
                ) STRICT;
                CREATE INDEX note_by_signer ON note (log, signer, size, arrival);
                """, convert: LogsWithoutTiles.convert),
    ]

    static var newest: Int { migrations.last?.version ?? 0 }

    /// The file's schema version; 0 for a new one, also when its creation was interrupted.
    ///
    /// - Throws: `notAStore` for another program's file, `newerSchema`; a `DatabaseError`.
    static func version(of db: Database) throws -> Int {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if application == 0 && version == 0 {
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
                throw StoreError.notAStore(detail: "it holds tables and no application id")
            }
            return 0
        }
        guard application == applicationID else {
            throw StoreError.notAStore(detail: "its application id is \(application), not \(applicationID)")
        }
        guard version <= newest else { throw StoreError.newerSchema(found: version, known: newest) }
        guard version > 0 else { throw StoreError.corrupt(detail: "its schema version is \(version)") }
        return version
    }

    /// Brings the file to the newest version in one transaction, so that a power cut leaves the old or the new.
    static func migrate(_ db: Database, from version: Int) throws {
        guard version < newest else { return }
        try db.inTransaction(.immediate) {
            for migration in migrations where migration.version > version {
                try db.execute(sql: migration.sql)
                // A new file has nothing to convert.
                if version > 0 { try migration.convert?(db) }
                try db.execute(
                    sql: "INSERT INTO migration (version, name) VALUES (?, ?)",
                    arguments: [migration.version, migration.name])
            }
            if version == 0 { try Ledger().save(db, isNew: true) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(newest)")
            return .commit
        }
    }
}
