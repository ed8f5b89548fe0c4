import FaultyDisk
import Kernel
import Storage
import StorageSQLite
import Testing

@Suite("SQLite store: reading back")
struct ReadBackTests {
    private let log = Workload.logs[0]

    @Test("reading back reads the file, where plain reading may answer from the buffer that was written")
    func fromTheFile() throws {
        let disk = FaultyDisk()
        let store = try SQLiteStore(path: "/node.sqlite", options: SQLiteOptions(fileSystem: disk.fileSystem))
        let entry = MirrorEntry(log: log, index: 0, envelope: Array("a marker that occurs once".utf8))
        try store.commit(Commit(entries: [entry]))
        var before = disk.reads
        #expect(try store.entries(of: log, from: 0, limit: 9) == [entry])
        #expect(disk.reads == before, "the control: what was just written is still in memory")
        before = disk.reads
        #expect(try store.readBack(of: log, from: 0, limit: 9) == [entry])
        #expect(disk.reads > before)
    }

    @Test("a bit that changed in the file after the commit is named on reading back")
    func namesDamage() throws {
        let disk = FaultyDisk()
        let store = try SQLiteStore(path: "/node.sqlite", options: SQLiteOptions(fileSystem: disk.fileSystem))
        let marker = Array("a marker that occurs once".utf8)
        let entry = MirrorEntry(log: log, index: 0, envelope: marker)
        try store.commit(Commit(entries: [entry]))
        let file = disk.bytes(of: "/node.sqlite-wal")
        let offset = try #require(
            (0...(file.count - marker.count)).first { file[$0..<($0 + marker.count)].elementsEqual(marker) })
        #expect(disk.flip("/node.sqlite-wal", offset: Int64(offset), bit: 2))
        #expect(try store.entries(of: log, from: 0, limit: 9) == [entry], "the control: memory is unharmed")
        #expect(throws: StoreError.corrupt(detail: "entry alpha-0")) { try store.readBack(of: log, from: 0, limit: 9) }
    }

    @Test("writing goes on after reading back")
    func goesOn() throws {
        let disk = FaultyDisk()
        let store = try SQLiteStore(
            path: "/node.sqlite", options: SQLiteOptions(fileSystem: disk.fileSystem, checkpointPages: 30))
        for index in UInt64(0)..<40 {
            let entry = MirrorEntry(log: log, index: index, envelope: [0, 0, 0, 1, UInt8(index)])
            try store.commit(Commit(entries: [entry]))
            #expect(try store.readBack(of: log, from: index, limit: 2) == [entry])
        }
        #expect(try store.verify() == [])
    }
}
