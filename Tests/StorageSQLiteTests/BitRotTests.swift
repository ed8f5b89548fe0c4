import FaultyDisk
import Kernel
import Storage
import StorageSQLite
import Testing

@Suite("SQLite store: bit rot")
struct BitRotTests {
    /// A closed store with a few of everything, and what it holds.
    private func filled(seed: UInt64) throws -> (FaultyDisk, Contents) {
        let disk = FaultyDisk()
        let store = try SQLiteStore(path: "/node.sqlite", options: SQLiteOptions(fileSystem: disk.fileSystem))
        defer { store.close() }
        var workload = Workload(seed: seed)
        for _ in 0..<8 { try workload.next(for: store).perform(on: store) }
        try store.saveSnapshot(Snapshot(throughSequence: try store.lastSequence, bytes: [1, 2, 3]))
        return (disk, try Contents(store))
    }

    /// What a reader gets: the contents, or the named error.
    private func read(_ disk: FaultyDisk) -> Result<Contents, StoreError> {
        do throws(StoreError) {
            let store = try SQLiteStore(path: "/node.sqlite", options: SQLiteOptions(fileSystem: disk.fileSystem))
            defer { store.close() }
            return .success(try Contents(store))
        } catch { return .failure(error) }
    }

    @Test("one flipped bit anywhere in the file is either named or harmless, never other contents")
    func anywhere() throws {
        var random = SeededGenerator(seed: 11)
        var corrupt = 0
        for seed in UInt64(0)..<400 {
            let (disk, expected) = try filled(seed: seed % 4)
            let size = try #require(disk.size(of: "/node.sqlite"))
            // The first page, which holds the header and the schema, gets more than its share.
            let offset = Int64(random.below(seed % 4 == 0 ? 4_096 : UInt64(size)))
            #expect(disk.flip("/node.sqlite", offset: offset, bit: Int(random.below(8))))
            switch read(disk) {
            case .success(let found): #expect(found == expected, "offset \(offset)")
            case .failure(.corrupt): corrupt += 1
            case .failure(.notAStore), .failure(.newerSchema): #expect(offset < 100, "offset \(offset)")
            case .failure(let error): #expect(offset < 100, "offset \(offset): \(error)")
            }
        }
        #expect(corrupt > 100, "too few flips met anything in use")
    }

    @Test("a bit that flips on the way from the disk is named or harmless")
    func onTheWay() throws {
        let (disk, expected) = try filled(seed: 1)
        let before = disk.reads
        #expect(read(disk) == .success(expected))
        let reads = disk.reads - before
        var corrupt = 0
        for count in 1...reads {
            for seed in UInt64(0)..<4 {
                disk.flipRead(in: count, seed: seed)
                switch read(disk) {
                case .success(let found): #expect(found == expected, "read \(count)")
                case .failure(.corrupt): corrupt += 1
                case .failure: #expect(count < 6, "only the header may look like another program's")
                }
            }
        }
        #expect(corrupt > Int(reads))
        #expect(read(disk) == .success(expected), "the file itself was not harmed")
    }

    @Test("verify names the damaged journal entry and log entry")
    func verifyNames() throws {
        let disk = FaultyDisk()
        let options = SQLiteOptions(fileSystem: disk.fileSystem)
        var store = try SQLiteStore(path: "/node.sqlite", options: options)
        let marker = Array("a marker that occurs once: \(0x5EED)".utf8)
        let log = Workload.logs[0]
        let inEntry = Array("another marker in a log entry".utf8)
        try store.commit(
            Commit(
                journal: (1...5).map { JournalEntry(sequence: $0, bytes: $0 == 3 ? marker : [0]) },
                entries: (0..<4).map { MirrorEntry(log: log, index: $0, envelope: $0 == 2 ? inEntry : [0]) }))
        store.close()
        for wanted in [marker, inEntry] {
            let offset = try #require(find(wanted, in: disk))
            #expect(disk.flip("/node.sqlite", offset: offset + 5, bit: 0))
        }
        store = try SQLiteStore(path: "/node.sqlite", options: options)
        let findings = try store.verify()
        #expect(findings.contains(.journalGap(from: 1, through: 5, missing: 3)))
        #expect(findings.contains(.entryGap(log: log, size: 4, missing: 2)))
        #expect(throws: StoreError.corrupt(detail: "journal entry 3")) { try store.journal(after: 0, limit: 9) }
        #expect(try store.journal(after: 0, limit: 2).count == 2)
        #expect(try store.journal(after: 3, limit: 2).count == 2)
    }

    private func find(_ bytes: [UInt8], in disk: FaultyDisk) -> Int64? {
        let file = disk.bytes(of: "/node.sqlite")
        guard file.count >= bytes.count else { return nil }
        return (0...(file.count - bytes.count)).first { file[$0..<($0 + bytes.count)].elementsEqual(bytes) }.map(Int64.init)
    }
}
