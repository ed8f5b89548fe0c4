import Foundation

/// What one measurement of the conflict index found. Written as JSON with these names.
struct ConflictReport: Encodable {
    let measured =
        "one query volume against all stored ones, exact stage included; the second pass over the queries, one thread"
    var n = 0
    var queries = 0
    var hits = 0
    /// Conflicts because a distance lies within its error bound of the minimum.
    var unproven = 0
    var readSeconds = 0.0
    var buildSeconds = 0.0
    var insertsPerSecond = 0.0
    /// Resident after building, less what was resident before: volumes as stated, what the index keeps, and its order.
    var memoryMiB = 0.0
    var bytesPerVolume = 0.0
    var p50Us = 0.0
    var p95Us = 0.0
    var p99Us = 0.0
    var maxUs = 0.0
    /// Processor time of the same queries in a pass of their own: what a busy machine does not add to.
    var p50ProcessorUs = 0.0
    var p99ProcessorUs = 0.0
    var threads = 1
    /// Over all threads, in a pass of its own.
    var queriesPerSecond = 0.0
    var queriesPerSecondOneThread = 0.0
    /// Amendments, removals and insertions in turn, with a query after every tenth that has to see it.
    var changesPerSecond = 0.0
    var sweepSeconds: Double?
    var sweepPairs: Int?
    var cores = ProcessInfo.processInfo.activeProcessorCount
    /// Of the last minute, at the end.
    var load = 0.0
    var isDebugBuild = false

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    mutating func finish() {
        let words = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ")
        load = words?.first.flatMap { Double($0) } ?? 0
        #if DEBUG
            isDebugBuild = true
        #endif
    }
}

/// Quantiles by nearest rank.
struct Quantiles {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    subscript(fraction: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, max(0, Int((fraction * Double(sorted.count)).rounded(.up)) - 1))]
    }
}
