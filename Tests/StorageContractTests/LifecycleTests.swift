import Storage
import Testing

@Suite("Every store: opening, snapshots, pruning")
struct LifecycleTests {
    @Test("an open store cannot be opened twice, a closed one can", arguments: Backend.allCases)
    func exclusive(backend: Backend) throws {
        let medium = try backend.medium()
        let store = try medium.open()
        try store.commit(Commit(journal: journal(1...1)))
        #expect(error { () throws(StoreError) in _ = try medium.open() } == .locked)
        #expect(StoreError.locked.isRetryable)
        store.close()
        let second = try medium.open()
        #expect(try second.lastSequence == 1)
    }

    @Test("a closed store names itself closed, and closing twice is harmless", arguments: Backend.allCases)
    func closed(backend: Backend) throws {
        let store = try backend.medium().open()
        store.close()
        store.close()
        #expect(error { () throws(StoreError) in try store.commit(Commit(journal: journal(1...1))) } == .closed)
        #expect(error { () throws(StoreError) in _ = try store.lastSequence } == .closed)
        #expect(error { () throws(StoreError) in _ = try store.journal(after: 0, limit: 1) } == .closed)
        #expect(error { () throws(StoreError) in _ = try store.head(of: alpha) } == .closed)
        #expect(error { () throws(StoreError) in _ = try store.verify() } == .closed)
        #expect(error { () throws(StoreError) in try store.saveSnapshot(Snapshot(throughSequence: 0, bytes: [])) } == .closed)
    }

    @Test("after a crash everything acknowledged is there and the dead store is closed or failing", arguments: Backend.allCases)
    func crash(backend: Backend) throws {
        let medium = try backend.medium()
        let store = try medium.open()
        try store.commit(Commit(journal: journal(1...2), entries: entries(alpha, 0..<2)))
        medium.cutPower(store)
        #expect(error { () throws(StoreError) in try store.commit(Commit(journal: journal(3...3))) } != nil)
        let again = try medium.open()
        #expect(try again.journal(after: 0, limit: 9) == journal(1...2))
        #expect(try again.entries(of: alpha, from: 0, limit: 9) == entries(alpha, 0..<2))
        try again.commit(Commit(journal: journal(3...3)))
        #expect(try again.verify() == [])
    }

    @Test("a snapshot is replaced by a newer one and survives opening again", arguments: Backend.allCases)
    func snapshots(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        try store.commit(Commit(journal: journal(1...10)))
        try store.saveSnapshot(Snapshot(throughSequence: 0, bytes: []))
        #expect(try store.latestSnapshot() == Snapshot(throughSequence: 0, bytes: []))
        // Larger than one stored part and not a multiple of it.
        let large = Snapshot(throughSequence: 4, bytes: sample(4, 2_500_001))
        try store.saveSnapshot(large)
        #expect(try store.latestSnapshot() == large)
        let small = Snapshot(throughSequence: 5, bytes: [5])
        try store.saveSnapshot(small)
        store.close()
        store = try medium.open()
        #expect(try store.latestSnapshot() == small)
        #expect(try store.verify() == [])
        let beyond = Snapshot(throughSequence: 11, bytes: [])
        #expect(
            error { () throws(StoreError) in try store.saveSnapshot(beyond) }
                == .snapshotOutOfRange(from: 5, through: 10, found: 11))
        #expect(
            error { () throws(StoreError) in try store.saveSnapshot(large) }
                == .snapshotOutOfRange(from: 5, through: 10, found: 4))
        #expect(try store.latestSnapshot() == small)
    }

    @Test("only what a snapshot covers is pruned, and the sequence goes on", arguments: Backend.allCases)
    func pruning(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        try store.commit(Commit(journal: journal(1...10)))
        #expect(
            error { () throws(StoreError) in try store.pruneJournal(through: 1) } == .notCovered(requested: 1, covered: nil))
        try store.saveSnapshot(Snapshot(throughSequence: 6, bytes: [6]))
        #expect(
            error { () throws(StoreError) in try store.pruneJournal(through: 7) } == .notCovered(requested: 7, covered: 6))
        try store.pruneJournal(through: 4)
        try store.pruneJournal(through: 2)
        #expect(try store.prunedThrough == 4)
        #expect(error { () throws(StoreError) in _ = try store.journal(after: 3, limit: 1) } == .pruned(through: 4))
        #expect(try store.journal(after: 4, limit: 99) == journal(5...10))
        #expect(try store.verify() == [])
        try store.saveSnapshot(Snapshot(throughSequence: 10, bytes: [10]))
        try store.pruneJournal(through: 10)
        store.close()
        store = try medium.open()
        #expect(try store.prunedThrough == 10)
        #expect(try store.lastSequence == 10)
        #expect(try store.journal(after: 10, limit: 9) == [])
        try store.commit(Commit(journal: journal(11...12)))
        #expect(try store.journal(after: 10, limit: 9) == journal(11...12))
        #expect(try store.verify() == [])
    }
}
