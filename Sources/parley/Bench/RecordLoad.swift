import Foundation
import Kernel
import Records

/// The two loads under which a rig is measured.
struct RecordLoad: Sendable {
    let rig: RecordRig
    /// The wall clock at the start: every notice lies in its future.
    let now: UTCInstant

    /// Peers that give receipts.
    private static let cosigners = 2
    /// Commands under way at once, as if by so many officers who each wait for their answer.
    static let officers = 256

    struct Throughput: Sendable {
        let records: Int
        /// From the first command until the last of them is durable here, and until both receipts for it are held.
        let durable: Duration
        let receipted: Duration
        let commits: Int
        /// Processor time for each record at each node: what limits the rate when the disk does not.
        let spent: [(name: String, perRecord: Duration)]

        var perSecond: Double { Double(records) / receipted.inSeconds }
        var durablePerSecond: Double { Double(records) / durable.inSeconds }
    }

    /// As many records as the node will take.
    ///
    /// - Parameters:
    ///   - numbers: of the notices; no two loads of one rig may share one.
    ///   - limit: no record is filed after this time.
    func throughput(_ numbers: Range<Int>, within limit: Duration) async throws -> Throughput {
        let commits = rig.times.commits
        let spent = rig.processorTimes
        let begin = ContinuousClock.now
        let indices = try await withThrowingTaskGroup(of: [LogIndex].self) { group in
            for officer in 0..<RecordLoad.officers {
                group.addTask {
                    var indices: [LogIndex] = []
                    for i in stride(from: numbers.lowerBound + officer, to: numbers.upperBound, by: RecordLoad.officers) {
                        guard begin.duration(to: .now) < limit else { break }
                        indices.append(try await rig.file(i, now: now))
                    }
                    return indices
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let durable = begin.duration(to: .now)
        guard let last = indices.max() else { throw DemoFailure("no record was filed") }
        try await rig.times.wait(for: last + 1, peers: RecordLoad.cosigners, within: .seconds(300))
        let end = rig.times.bothHeld([last])[0]
        return Throughput(
            records: indices.count, durable: durable, receipted: begin.duration(to: end),
            commits: rig.times.commits - commits,
            spent: zip(spent, rig.processorTimes).map { ($0.name, ($1.spent - $0.spent) / indices.count) })
    }

    struct Latency: Sendable {
        let perSecond: Double
        /// From the moment at which each command was due.
        var durable: [Duration] = []
        var receipted: [Duration] = []
    }

    /// Records at a steady rate, each sent when it is due whether or not those before it were answered.
    func latency(_ numbers: Range<Int>, perSecond rate: Int) async throws -> Latency {
        let begin = ContinuousClock.now
        typealias Filed = (index: LogIndex, due: ContinuousClock.Instant, at: ContinuousClock.Instant)
        let filed = try await withThrowingTaskGroup(of: Filed.self) { group in
            for i in numbers {
                let due = begin + .seconds(Double(i - numbers.lowerBound) / Double(rate))
                group.addTask {
                    try await Task.sleep(until: due, tolerance: .zero, clock: .continuous)
                    let index = try await rig.file(i, now: now)
                    return (index, due, .now)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let sent = begin.duration(to: .now)
        guard let last = filed.map(\.0).max() else { throw DemoFailure("no record was filed") }
        try await rig.times.wait(for: last + 1, peers: RecordLoad.cosigners, within: .seconds(60))
        var latency = Latency(perSecond: Double(numbers.count) / sent.inSeconds)
        for ((_, due, at), held) in zip(filed, rig.times.bothHeld(filed.map(\.0))) {
            latency.durable.append(due.duration(to: at))
            latency.receipted.append(due.duration(to: held))
        }
        return latency
    }
}
