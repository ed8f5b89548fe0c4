import Foundation
import Kernel
import NodeRuntime
import Records

/// The tree, then each kind of record, with the disk's own rate before and after.
struct RecordBench: Sendable {
    let records: Int
    /// Of each load.
    let limit: Duration
    let sealings: [Sealing]
    let leaves: UInt64
    let folder: URL

    /// The steady load.
    static let steadyPerSecond = 200
    /// Filed before anything is measured: connections, caches and the first receipts.
    private static let warmUp = 500

    func measure() async throws -> RecordReport {
        var report = RecordReport()
        report.disk.append(try DiskRate.measure(in: folder))
        if leaves > 0 {
            say("A tree of \(leaves) leaves")
            report.tree = try TreeBench(leaves: leaves, folder: folder).measure()
        }
        for sealing in sealings {
            say(sealing == .none ? "Records with clear bodies" : "Sealed records")
            report.kinds.append(try await measure(sealing))
        }
        report.disk.append(try DiskRate.measure(in: folder))
        return report
    }

    private func measure(_ sealing: Sealing) async throws -> RecordReport.Kind {
        let own = folder.appendingPathComponent(sealing.rawValue, isDirectory: true)
        try usingFiles { try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true) }
        let rig = try RecordRig(in: own, sealing: sealing)
        return try await rig.during {
            let load = RecordLoad(rig: rig, now: SystemClock(continuing: nil).now.utc)
            let (warm, full) = (RecordBench.warmUp, RecordBench.warmUp + records)
            _ = try await load.throughput(0..<warm, within: limit)
            let throughput = try await load.throughput(warm..<full, within: limit)
            let steady = RecordBench.steadyPerSecond * Int(min(limit, .seconds(20)).inSeconds)
            let latency = try await load.latency(full..<(full + steady), perSecond: RecordBench.steadyPerSecond)
            return RecordReport.Kind(sealing: sealing, throughput: throughput, latency: latency)
        }
    }

    private func say(_ what: String) {
        if Terminal.isInteractive { Terminal.complain(what + "\n") }
    }
}
