import JointLog
import Kernel
import Storage
import Testing

@Suite("Every store: commits")
struct CommitTests {
    @Test("a new store is empty and sound", arguments: Backend.allCases)
    func empty(backend: Backend) throws {
        let store = try backend.medium().open()
        #expect(try store.lastSequence == 0)
        #expect(try store.prunedThrough == 0)
        #expect(try store.logs == [])
        #expect(try store.journal(after: 0, limit: 10) == [])
        #expect(try store.size(of: alpha) == 0)
        #expect(try store.head(of: alpha) == nil)
        #expect(try store.entries(of: alpha, from: 0, limit: 10) == [])
        #expect(try store.tileCount(of: alphaLog, level: 0) == 0)
        #expect(try store.tile(of: alphaLog, level: 0, index: 0) == nil)
        #expect(try store.firstNote(of: alphaLog, atLeast: 0) == nil)
        #expect(try store.latestSnapshot() == nil)
        #expect(try store.verify() == [])
        #expect(store.degradation == nil)
    }

    @Test("what was committed is read back, before and after opening again", arguments: Backend.allCases)
    func readBack(backend: Backend) throws {
        let medium = try backend.medium()
        let first = Commit(
            journal: journal(1...3), entries: entries(alpha, 0..<2) + entries(bravo, 0..<1),
            heads: [HeadChange(expectedSize: nil, head: head(alpha, 2)), HeadChange(expectedSize: nil, head: head(bravo, 9))])
        let second = Commit(
            journal: journal(4...4), entries: entries(bravo, 1..<3) + entries(alpha, 2..<3),
            heads: [HeadChange(expectedSize: 2, head: head(alpha, 3))])
        var store = try medium.open()
        try store.commit(first)
        try store.commit(second)
        for isReopened in [false, true] {
            if isReopened {
                store.close()
                store = try medium.open()
            }
            #expect(try store.lastSequence == 4)
            #expect(try store.journal(after: 0, limit: 10) == journal(1...4))
            #expect(try store.journal(after: 1, limit: 2) == journal(2...3))
            #expect(try store.journal(after: 4, limit: 2) == [])
            #expect(try store.logs == [alphaLog, bravoLog])
            #expect(try store.entries(of: alpha, from: 0, limit: 10) == entries(alpha, 0..<3))
            #expect(try store.entries(of: bravo, from: 1, limit: 1) == entries(bravo, 1..<2))
            #expect(try store.entries(of: bravo, from: 3, limit: 1) == [])
            #expect(try store.readBack(of: bravoLog, from: 1, limit: 9) == entries(bravo, 1..<3))
            #expect(try store.size(of: alpha) == 3)
            #expect(try store.head(of: alpha) == head(alpha, 3))
            #expect(try store.head(of: bravo) == head(bravo, 9))
            #expect(try store.verify() == [])
        }
    }

    @Test("empty bytes and a limit of nothing are lawful", arguments: Backend.allCases)
    func emptyBytes(backend: Backend) throws {
        let store = try backend.medium().open()
        let empty = Commit(
            journal: [JournalEntry(sequence: 1, bytes: [])], entries: [MirrorEntry(party: alpha, index: 0, envelope: [])],
            heads: [
                HeadChange(expectedSize: nil, head: HeadState(party: alpha, size: 1, root: MerkleHash.empty, checkpoint: []))
            ])
        try store.commit(empty)
        try store.commit(Commit())
        #expect(try store.journal(after: 0, limit: 5) == empty.journal)
        #expect(try store.entries(of: alpha, from: 0, limit: 5) == empty.entries)
        #expect(try store.head(of: alpha)?.checkpoint == [])
        #expect(try store.journal(after: 0, limit: 0) == [])
        #expect(try store.entries(of: alpha, from: 0, limit: -1) == [])
        #expect(try store.journal(after: .max, limit: .max) == [])
        #expect(try store.entries(of: alpha, from: .max, limit: .max) == [])
    }

    @Test("a batch of 5,000 entries with records of the largest size is one commit", arguments: Backend.allCases)
    func bigBatch(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        let largest = entries(alpha, 5_000..<5_001, bytes: Limits.recordBytes)
        let batch = Commit(journal: journal(1...5_000, bytes: 300), entries: entries(alpha, 0..<5_000) + largest)
        try store.commit(batch)
        store.close()
        store = try medium.open()
        #expect(try store.journal(after: 0, limit: .max) == batch.journal)
        #expect(try store.entries(of: alpha, from: 0, limit: .max) == batch.entries)
        #expect(try store.verify() == [])
    }

    @Test("a rejected commit is named and leaves no trace", arguments: Backend.allCases)
    func rejected(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        let base = Commit(
            journal: journal(1...2), entries: entries(alpha, 0..<2),
            heads: [HeadChange(expectedSize: nil, head: head(alpha, 2))])
        try store.commit(base)
        func change(_ expected: UInt64?, _ new: HeadState) -> Commit {
            Commit(
                journal: journal(3...3), entries: entries(alpha, 2..<3),
                heads: [HeadChange(expectedSize: expected, head: new)])
        }
        let cases: [(Commit, StoreError)] = [
            (Commit(journal: journal(4...4)), .notNext(expected: 3, found: 4)),
            (Commit(journal: journal(2...3)), .notNext(expected: 3, found: 2)),
            (Commit(journal: journal(3...3) + journal(5...5)), .notNext(expected: 4, found: 5)),
            (
                Commit(journal: [JournalEntry(sequence: .max, bytes: [])]), .notNext(expected: 3, found: .max)
            ),
            (
                Commit(journal: journal(3...3), entries: entries(alpha, 3..<4)),
                .entryNotNext(log: alphaLog, expected: 2, found: 3)
            ),
            (
                Commit(journal: journal(3...3), entries: entries(bravo, 1..<2)),
                .entryNotNext(log: bravoLog, expected: 0, found: 1)
            ),
            (change(nil, head(alpha, 3)), .headChanged(log: alphaLog, expected: nil, found: 2)),
            (change(1, head(alpha, 3)), .headChanged(log: alphaLog, expected: 1, found: 2)),
            (change(0, head(bravo, 3)), .headChanged(log: bravoLog, expected: 0, found: nil)),
            (change(2, head(alpha, 1)), .headWouldFork(log: alphaLog, held: 2, offered: 1)),
            (change(2, head(alpha, 2, root: 9)), .headWouldFork(log: alphaLog, held: 2, offered: 2)),
        ]
        for (commit, expected) in cases {
            #expect(error { () throws(StoreError) in try store.commit(commit) } == expected)
            #expect(!expected.isRetryable)
        }
        for isReopened in [false, true] {
            if isReopened {
                store.close()
                store = try medium.open()
            }
            #expect(try store.lastSequence == 2)
            #expect(try store.size(of: alpha) == 2)
            #expect(try store.head(of: alpha) == head(alpha, 2))
            #expect(try store.logs == [alphaLog])
            #expect(try store.verify() == [])
        }
        try store.commit(change(2, head(alpha, 3)))
        #expect(try store.lastSequence == 3)
    }

    @Test("the logs of one party's epochs are logs of their own", arguments: Backend.allCases)
    func epochs(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        try store.commit(
            Commit(
                entries: entries(alphaAgain, 0..<1) + entries(alphaLog, 0..<2),
                heads: [
                    HeadChange(expectedSize: nil, head: head(alphaLog, 2)),
                    HeadChange(expectedSize: nil, head: head(alphaAgain, 1)),
                ]))
        store.close()
        store = try medium.open()
        #expect(try store.logs == [alphaLog, alphaAgain])
        #expect(try store.size(of: alpha) == 2)
        #expect(try store.size(of: alphaAgain) == 1)
        #expect(try store.entries(of: alphaAgain, from: 0, limit: 9) == entries(alphaAgain, 0..<1))
        #expect(try store.head(of: alphaAgain) == head(alphaAgain, 1))
        #expect(try store.verify() == [])
    }

    @Test("head changes of one commit apply in order, and a head may be signed again", arguments: Backend.allCases)
    func headsInOrder(backend: Backend) throws {
        let store = try backend.medium().open()
        let again = HeadState(party: alpha, size: 2, root: sampleRoot(alphaLog, 2), checkpoint: [1, 2, 3])
        try store.commit(
            Commit(heads: [
                HeadChange(expectedSize: nil, head: head(alpha, 1)), HeadChange(expectedSize: 1, head: head(alpha, 2)),
                HeadChange(expectedSize: 2, head: again),
            ]))
        #expect(try store.head(of: alpha) == again)
    }

    @Test("entries beyond their head are found; a head beyond its entries is lawful", arguments: Backend.allCases)
    func headAndEntries(backend: Backend) throws {
        let store = try backend.medium().open()
        try store.commit(
            Commit(
                entries: entries(alpha, 0..<3) + entries(bravo, 0..<3),
                heads: [
                    HeadChange(expectedSize: nil, head: head(alpha, 2)), HeadChange(expectedSize: nil, head: head(bravo, 9)),
                ]))
        #expect(try store.verify() == [.entriesBeyondHead(log: alphaLog, size: 3, headSize: 2)])
    }
}
