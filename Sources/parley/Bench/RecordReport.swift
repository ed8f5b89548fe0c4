import Foundation
import Kernel
import Records

/// What was measured, beside what was promised and what the disk does by itself.
struct RecordReport: Sendable {
    struct Kind: Sendable {
        let sealing: Sealing
        let throughput: RecordLoad.Throughput
        let latency: RecordLoad.Latency

        var name: String { sealing == .none ? "clear" : "sealed" }
    }

    private static let measured = """
        author in this process, commands handed to its driver; two cosigners as processes of their own; mutual TLS on \
        loopback; SQLite, synchronous=FULL, one disk; small notices that collide with none
        """

    var disk: [DiskRate] = []
    var tree: [TreeBench.Stage] = []
    var kinds: [Kind] = []

    /// Mean of before and after.
    private var disksPerSecond: Double {
        disk.isEmpty ? 0 : disk.map(\.perSecond).reduce(0, +) / Double(disk.count)
    }

    var targets: [Target] {
        kinds.flatMap { kind in
            [
                Target(
                    name: "\(kind.name) records, both receipts held", measured: kind.throughput.perSecond,
                    wanted: kind.sealing == .none ? 2_000 : 800, isUpperLimit: false, unit: "per second"),
                Target(
                    name: "\(kind.name) receipts at \(RecordBench.steadyPerSecond) records per second, p99",
                    measured: RecordReport.percentile(kind.latency.receipted, 0.99).inSeconds * 1_000, wanted: 100,
                    isUpperLimit: true, unit: "ms"),
            ]
        } + treeTarget
    }

    /// Memory at the end less that at a tenth of the leaves: flat to within the allocator's own habits.
    private var treeTarget: [Target] {
        guard tree.count > 1, let last = tree.last, let resident = last.residentBytes else { return [] }
        let before = tree[tree.count - 2]
        guard let residentBefore = before.residentBytes else { return [] }
        return [
            Target(
                name: "memory that the tree's last \(last.leaves - before.leaves) leaves added",
                measured: Double(max(0, resident - residentBefore)) / 1_048_576, wanted: 4, isUpperLimit: true, unit: "MiB")
        ]
    }

    private static func percentile(_ durations: [Duration], _ p: Double) -> Duration {
        let sorted = durations.sorted()
        // Nearest rank.
        return sorted.isEmpty ? .zero : sorted[min(max(1, Int((p * Double(sorted.count)).rounded(.up))), sorted.count) - 1]
    }

    var json: JSONValue {
        [
            "machine": Measurement.json,
            "measured": .string(RecordReport.measured),
            "fdatasync": .array(disk.map(\.json)),
            "records": .array(kinds.map(json)),
            "tree": TreeBench.json(tree),
            "targets": .array(targets.map(\.json)),
        ]
    }

    private func json(_ kind: Kind) -> JSONValue {
        let throughput = kind.throughput
        return [
            "bodies": .string(kind.name), "sealing": .string(kind.sealing.rawValue),
            "throughput": [
                "records": .integer(Int64(throughput.records)), "atOnce": .integer(Int64(RecordLoad.officers)),
                "perSecond": .number(Measurement.rounded(throughput.perSecond)),
                "durableHerePerSecond": .number(Measurement.rounded(throughput.durablePerSecond)),
                "authorCommits": .integer(Int64(throughput.commits)),
                "recordsPerFdatasync": .number(Measurement.rounded(ratio(throughput.perSecond))),
                "processorMsPerRecord": .object(
                    throughput.spent.map { JSONMember($0.name, .number(Measurement.rounded($0.perRecord.inSeconds * 1_000))) }),
            ],
            "latency": [
                "perSecond": .number(Measurement.rounded(kind.latency.perSecond)),
                "count": .integer(Int64(kind.latency.durable.count)),
                "durableHere": RingBench.percentiles(kind.latency.durable),
                "bothReceipts": RingBench.percentiles(kind.latency.receipted),
            ],
        ]
    }

    private func ratio(_ perSecond: Double) -> Double { disksPerSecond > 0 ? perSecond / disksPerSecond : 0 }

    var text: String {
        let rates = disk.map { "\(Int($0.perSecond)) per second" }.joined(separator: " before, ")
        let head = [
            "\(ProcessInfo.processInfo.activeProcessorCount) cores, \(Measurement.isRelease ? "release" : "debug build")",
            "4 KiB and fdatasync: \(rates) after",
        ]
        return (head + kinds.flatMap(lines) + tree.map(line) + targets.map(\.line)).joined(separator: "\n") + "\n"
    }

    private func lines(_ kind: Kind) -> [String] {
        let (done, latency) = (kind.throughput, kind.latency)
        let spent = done.spent.map { "\($0.name) \(Measurement.rounded($0.perRecord.inSeconds * 1_000)) ms" }
        return [
            "\(kind.name): \(done.records) records, \(Int(done.perSecond)) per second until both receipts are held, "
                + "\(Measurement.rounded(ratio(done.perSecond))) for each fdatasync that the disk could do; "
                + "\(Int(done.durablePerSecond)) per second until durable here",
            "\(kind.name), processor time for each record: " + spent.joined(separator: ", "),
            "\(kind.name), \(Int(latency.perSecond.rounded())) per second: durable here "
                + "\(RecordReport.line(latency.durable)); both receipts \(RecordReport.line(latency.receipted))",
        ]
    }

    private func line(_ stage: TreeBench.Stage) -> String {
        let memory = stage.residentBytes.map { "\(Measurement.rounded(Double($0) / 1_048_576)) MiB resident" }
        return "tree of \(stage.leaves): \(Int(stage.appendsPerSecond)) appends, \(Int(stage.inclusionsPerSecond)) "
            + "inclusion and \(Int(stage.consistenciesPerSecond)) consistency proofs per second, "
            + (memory ?? "memory unknown")
    }

    private static func line(_ durations: [Duration]) -> String {
        let worst = durations.max() ?? .zero
        return "p50 \(percentile(durations, 0.5).shown), p99 \(percentile(durations, 0.99).shown), worst \(worst.shown)"
    }
}
