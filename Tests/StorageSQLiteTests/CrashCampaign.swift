import FaultyDisk
import Kernel
import Storage
import StorageSQLite

/// Power cuts at random moments of a random workload, against a model that holds what was acknowledged.
struct CrashCampaign {
    enum Mutation: Sendable {
        case none
        /// The store does not sync.
        case unsyncedStore
        /// The store syncs and the disk only says that it did.
        case lyingDisk
    }

    /// What the crashes covered, so that a campaign that tested nothing is noticed.
    struct Tally {
        var crashes = 0
        var duringStep = 0
        var duringOpening = 0
        var acknowledged = 0
        var keptInFlight = 0
        var violations: [String] = []
    }

    let mutation: Mutation

    /// Each disk lives through `lives` power cuts, so that recovery from one is itself cut short by the next.
    func run(seeds: Range<UInt64>, lives: Int) -> Tally {
        var tally = Tally()
        for seed in seeds { runDisk(seed: seed, lives: lives, &tally) }
        return tally
    }

    private func runDisk(seed: UInt64, lives: Int, _ tally: inout Tally) {
        var random = SeededGenerator(seed: seed)
        let disk = FaultyDisk()
        if mutation == .lyingDisk { disk.ignoreSync() }
        let options = SQLiteOptions(
            durability: mutation == .unsyncedStore ? .unsynced : .full, fileSystem: disk.fileSystem,
            checkpointPages: Int(5 + random.below(60)))
        do {
            let model = try MemoryStore()
            var workload = Workload(seed: seed)
            for life in 0..<lives {
                if random.below(4) > 0 { disk.plan(.powerCut, in: 1 + random.below(200)) }
                let inFlight = try live(disk, options, model, &workload, steps: 1 + random.below(30), &tally)
                disk.crash(seed: random.next())
                tally.crashes += 1
                if let violation = try recover(disk, options, model, inFlight, &tally) {
                    tally.violations.append("seed \(seed), life \(life): \(violation)")
                    return
                }
            }
        } catch {
            tally.violations.append("seed \(seed): the model failed: \(error)")
        }
    }

    /// Works until the power goes or the steps are done. Returns the step that was under way.
    private func live(
        _ disk: FaultyDisk, _ options: SQLiteOptions, _ model: MemoryStore, _ workload: inout Workload, steps: UInt64,
        _ tally: inout Tally
    ) throws(StoreError) -> Step? {
        let store: SQLiteStore
        do { store = try SQLiteStore(path: "/node.sqlite", options: options) } catch {
            tally.duringOpening += 1
            return nil
        }
        defer { store.close() }
        for _ in 0..<steps {
            let step = try workload.next(for: model)
            do { try step.perform(on: store) } catch {
                tally.duringStep += 1
                return step
            }
            try step.perform(on: model)
            tally.acknowledged += 1
        }
        // A power cut does not wait for an orderly close.
        disk.plan(.powerCut, in: 1)
        return nil
    }

    /// Opens after a crash. The step that was under way may be there, whole, or not; nothing else may differ.
    private func recover(
        _ disk: FaultyDisk, _ options: SQLiteOptions, _ model: MemoryStore, _ inFlight: Step?, _ tally: inout Tally
    ) throws(StoreError) -> String? {
        let acknowledged = try Contents(model)
        do {
            let store = try SQLiteStore(path: "/node.sqlite", options: options)
            defer { store.close() }
            let findings = try store.verify()
            guard findings.isEmpty else { return "\(findings)" }
            let found = try Contents(store)
            if found == acknowledged { return nil }
            if let inFlight {
                try inFlight.perform(on: model)
                if found == (try Contents(model)) {
                    tally.keptInFlight += 1
                    return nil
                }
            }
            return "\(found.lastSequence) found, \(acknowledged.lastSequence) acknowledged"
        } catch { return "\(error)" }
    }
}
