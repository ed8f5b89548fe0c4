import FaultyDisk
import Kernel
import Storage
import StorageSQLite
import Testing

/// One fault at the k-th operation, for every k of a short life.
@Suite("SQLite store: full disks and I/O errors")
struct FaultSweepTests {
    struct Plan: Sendable, CustomTestStringConvertible {
        let fault: FaultyDisk.Fault
        let persists: Bool
        /// Whether the power goes after the error, instead of an orderly restart.
        let cutsPower: Bool

        var testDescription: String { "\(fault), persists: \(persists), then power cut: \(cutsPower)" }

        static let all = [FaultyDisk.Fault.full, .errorBeforeEffect, .errorAfterEffect].flatMap { fault in
            [false, true].flatMap { persists in
                [false, true].map { Plan(fault: fault, persists: persists, cutsPower: $0) }
            }
        }
    }

    @Test("whatever operation fails, the error is named, all acknowledged stays, and the store works again",
        arguments: Plan.all)
    func sweep(plan: Plan) throws {
        var at: UInt64 = 0
        var refusals = 0
        var degradations = 0
        var hits: UInt64 = 1
        while hits > 0 {
            at += 1
            let disk = FaultyDisk()
            let options = SQLiteOptions(fileSystem: disk.fileSystem, checkpointPages: 40)
            let model = try MemoryStore()
            disk.plan(plan.fault, in: at, persists: plan.persists)
            let (inFlight, failure, degraded) = try live(disk, options, model, at)
            hits = disk.hits
            disk.cancelPlan()
            if plan.cutsPower { disk.crash(seed: at) }
            if let failure {
                refusals += 1
                let isNamed = if case .io = failure { true } else { failure == .full }
                #expect(isNamed, "operation \(at): \(failure)")
            }
            degradations += degraded ? 1 : 0

            let store = try SQLiteStore(path: "/node.sqlite", options: options)
            defer { store.close() }
            #expect(try store.verify() == [], "operation \(at)")
            if try Contents(store) != Contents(model) {
                // Only an I/O error may leave it open whether the commit was stored, and then whole.
                #expect(failure != .full, "operation \(at)")
                try inFlight?.perform(on: model)
                #expect(try Contents(store) == Contents(model), "operation \(at)")
            }
            var workload = Workload(seed: 1_000 + at)
            for _ in 0..<3 {
                let step = try workload.next(for: model)
                try step.perform(on: store)
                try step.perform(on: model)
            }
            #expect(try Contents(store) == Contents(model), "operation \(at)")
        }
        #expect(at > 60, "too few operations were tried")
        #expect(refusals > 20, "too few faults were felt")
        #expect(degradations > 0, "no fault fell into moving the write-ahead log")
    }

    /// The same for every k, so that each operation of one life is tried. In it a tile fills.
    private static let life: [Step] = {
        var steps: [Step] = []
        var workload = Workload(seed: 5)
        // What cannot fail in memory cannot leave the life shorter.
        guard let model = try? MemoryStore() else { return [] }
        while steps.count < 8, let step = try? workload.next(for: model), (try? step.perform(on: model)) != nil {
            steps.append(step)
        }
        return steps
    }()

    @Test("the life under the sweep is long enough and fills a tile")
    func lifeIsWhole() {
        let commits = FaultSweepTests.life.compactMap { if case .commit(let commit) = $0 { commit } else { nil } }
        #expect(FaultSweepTests.life.count == 8)
        #expect(commits.contains { !$0.tiles.isEmpty })
        #expect(commits.contains { !$0.notes.isEmpty })
    }

    /// A short life of the store until its first refusal.
    private func live(
        _ disk: FaultyDisk, _ options: SQLiteOptions, _ model: MemoryStore, _ at: UInt64
    ) throws(StoreError) -> (inFlight: Step?, failure: StoreError?, degraded: Bool) {
        let store: SQLiteStore
        do { store = try SQLiteStore(path: "/node.sqlite", options: options) } catch { return (nil, error, false) }
        defer { store.close() }
        for step in FaultSweepTests.life {
            do { try step.perform(on: store) } catch {
                // A full disk is retryable: nothing changed, and reading goes on.
                if error.isRetryable {
                    let (found, kept) = (try Contents(store), try Contents(model))
                    #expect(found == kept, "operation \(at)")
                } else {
                    #expect(throws: StoreError.closed) { try store.lastSequence }
                }
                return (step, error, store.degradation != nil)
            }
            try step.perform(on: model)
            if store.degradation != nil { return (nil, nil, true) }
        }
        return (nil, nil, false)
    }

    @Test("on a full disk commits are refused as full, reading goes on, and space makes the same commit succeed")
    func fullDisk() throws {
        let disk = FaultyDisk()
        let options = SQLiteOptions(fileSystem: disk.fileSystem, checkpointPages: 20)
        var store = try SQLiteStore(path: "/node.sqlite", options: options)
        disk.limit(bytes: 400_000)
        var sequence: UInt64 = 0
        var failure: StoreError?
        func commit(_ sequence: UInt64) throws(StoreError) {
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: 5_000)
            try store.commit(Commit(journal: [JournalEntry(sequence: sequence, bytes: bytes)]))
        }
        while failure == nil && sequence < 1_000 {
            do {
                try commit(sequence + 1)
                sequence += 1
            } catch { failure = error }
        }
        #expect(failure == .full)
        #expect(sequence > 20)
        #expect(throws: StoreError.full) { try commit(sequence + 1) }
        #expect(try store.journal(after: 0, limit: .max).count == Int(sequence))
        store.close()
        store = try SQLiteStore(path: "/node.sqlite", options: options)
        #expect(try store.lastSequence == sequence)
        disk.limit(bytes: nil)
        try commit(sequence + 1)
        #expect(try store.lastSequence == sequence + 1)
        #expect(try store.verify() == [])
    }

    @Test("a write-ahead log that cannot be moved degrades the store, costs no commit, and heals")
    func degradation() throws {
        let disk = FaultyDisk()
        let options = SQLiteOptions(fileSystem: disk.fileSystem, checkpointPages: 10_000)
        var store = try SQLiteStore(path: "/node.sqlite", options: options)
        func commit(_ sequence: UInt64) throws(StoreError) {
            try store.commit(Commit(journal: [JournalEntry(sequence: sequence, bytes: [9])]))
        }
        try commit(1)
        store.close()
        store = try SQLiteStore(
            path: "/node.sqlite", options: SQLiteOptions(fileSystem: disk.fileSystem, checkpointPages: 1))
        let before = disk.operations
        try commit(2)
        let each = disk.operations - before
        // The last operations of a commit that also moves the log belong to the move.
        disk.plan(.errorBeforeEffect, in: each)
        try commit(3)
        #expect(disk.hits == 1)
        guard case .io? = store.degradation else {
            Issue.record("expected an I/O error, not \(String(describing: store.degradation))")
            return
        }
        try commit(4)
        #expect(store.degradation == nil)
        disk.crash(seed: 3)
        store.close()
        store = try SQLiteStore(path: "/node.sqlite", options: options)
        #expect(try store.lastSequence == 4)
        #expect(try store.verify() == [])
    }
}
