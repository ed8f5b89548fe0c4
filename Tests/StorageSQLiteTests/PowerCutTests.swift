import FaultyDisk
import Storage
import StorageSQLite
import Testing

@Suite("SQLite store: power cuts")
struct PowerCutTests {
    @Test("over 200 power cuts nothing acknowledged is lost and no part of a commit is seen")
    func nothingLost() {
        let tally = CrashCampaign(mutation: .none).run(seeds: 0..<50, lives: 4)
        #expect(tally.violations == [])
        #expect(tally.crashes == 200)
        #expect(tally.acknowledged > 1_000, "too little was at stake")
        #expect(tally.duringStep > 50, "too few power cuts fell into a commit")
        #expect(tally.duringOpening > 0, "no power cut fell into creation or recovery")
        #expect(tally.keptInFlight > 0, "no commit under way was ever kept")
    }

    @Test("the same power cuts lose commits when the store does not sync, or the disk lies about it",
        arguments: [CrashCampaign.Mutation.unsyncedStore, .lyingDisk])
    func lossIsNoticed(mutation: CrashCampaign.Mutation) {
        let tally = CrashCampaign(mutation: mutation).run(seeds: 0..<50, lives: 4)
        #expect(tally.violations.count > 25, "the test of durability cannot fail")
    }

    @Test("every commit syncs at least once, and one without sync not at all")
    func syncs() throws {
        for durability in [SQLiteOptions.Durability.full, .unsynced] {
            let disk = FaultyDisk()
            let options = SQLiteOptions(durability: durability, fileSystem: disk.fileSystem)
            let store = try SQLiteStore(path: "/node.sqlite", options: options)
            let before = disk.syncs
            for sequence in UInt64(1)...20 {
                try store.commit(Commit(journal: [JournalEntry(sequence: sequence, bytes: [1])]))
            }
            let syncs = disk.syncs - before
            #expect(durability == .full ? syncs >= 20 : syncs == 0)
        }
    }

    @Test("a power cut at any operation of creating the file leaves nothing or a sound empty store")
    func creation() throws {
        var cut: UInt64 = 0
        var hits: UInt64 = 1
        while hits > 0 {
            cut += 1
            let disk = FaultyDisk()
            let options = SQLiteOptions(fileSystem: disk.fileSystem)
            disk.plan(.powerCut, in: cut)
            (try? SQLiteStore(path: "/node.sqlite", options: options))?.close()
            hits = disk.hits
            disk.crash(seed: cut)
            let store = try SQLiteStore(path: "/node.sqlite", options: options)
            #expect(try store.lastSequence == 0)
            #expect(try store.verify() == [])
        }
        #expect(cut > 10)
    }
}
