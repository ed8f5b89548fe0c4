import Dispatch
import Foundation
import Geodesy
import Kernel
import Separation
import Synchronization

/// Measures the conflict index on files of volumes (``ConflictFile``).
struct ConflictMeasurement {
    private var index = ConflictIndex(reference: .anywhere)
    private var queries: [ConflictFile.Row] = []
    private let kinds: [ActivityKind]
    private let table: MinimaTable
    private let party: PartyID
    private let clock = ContinuousClock()
    private(set) var report = ConflictReport()
    /// Query and volume, in the order of both.
    private(set) var hits: [(query: UInt64, volume: UInt64)] = []

    enum Failure: Error {
        case badClass(Int)
        case name
        case unseenInsertion

        var sentence: String {
            switch self {
            case .badClass(let number): "class \(number) has no minima"
            case .name: "the volumes have no owner"
            case .unseenInsertion: "a query did not see what was inserted just before it"
            }
        }
    }

    init(minima path: String) throws {
        (kinds, table) = try ConflictMinima.read(path)
        guard let party = PartyID("volumes") else { throw Failure.name }
        self.party = party
    }

    /// Times of reading and of inserting are kept apart, though the rows go in one by one.
    mutating func build(_ path: String) throws {
        let before = Self.residentBytes
        let start = clock.now
        var inserting = Duration.zero
        var rows: [ConflictFile.Row] = []
        func insertAll() throws {
            let begin = clock.now
            for row in rows { try insert(row) }
            inserting += clock.now - begin
            rows.removeAll(keepingCapacity: true)
        }
        try ConflictFile.read(path) { row in
            rows.append(row)
            if rows.count == 4_096 { try insertAll() }
        }
        try insertAll()
        report.n = index.count
        report.buildSeconds = inserting.inSeconds
        report.readSeconds = (clock.now - start - inserting).inSeconds
        report.insertsPerSecond = Double(index.count) / inserting.inSeconds
        let bytes = Self.residentBytes - before
        report.memoryMiB = bytes / 1_048_576
        report.bytesPerVolume = bytes / Double(max(1, index.count))
    }

    private mutating func insert(_ row: ConflictFile.Row) throws {
        guard kinds.indices.contains(row.kind) else { throw Failure.badClass(row.kind) }
        index.insert(
            NoticeID(party: party, index: row.id), owner: party, kind: kinds[row.kind], mode: .real,
            volumes: [row.volume])
    }

    mutating func ask(_ path: String) throws {
        try ConflictFile.read(path) { row in
            guard kinds.indices.contains(row.kind) else { throw Failure.badClass(row.kind) }
            queries.append(row)
        }
        report.queries = queries.count
        var probe = ConflictProbe(tables: [table])
        for row in queries {
            index.search(row.volume, kind: kinds[row.kind], mode: .real, excluding: nil, &probe)
            let found = probe.found.compactMap { index.stored($0.slot)?.key.index }.sorted()
            hits += found.map { (row.id, $0) }
            report.unproven += probe.found.count { !$0.isProven }
        }
        report.hits = hits.count
        let wall = Quantiles(times(&probe) { Double(clock_gettime_nsec(CLOCK_MONOTONIC)) })
        (report.p50Us, report.p95Us) = (wall[0.5], wall[0.95])
        (report.p99Us, report.maxUs) = (wall[0.99], wall[1])
        let processor = Quantiles(times(&probe) { Double(clock_gettime_nsec(CLOCK_THREAD_CPUTIME_ID)) })
        (report.p50ProcessorUs, report.p99ProcessorUs) = (processor[0.5], processor[0.99])
    }

    private func times(_ probe: inout ConflictProbe, _ nanoseconds: () -> Double) -> [Double] {
        queries.map { row in
            let begin = nanoseconds()
            index.search(row.volume, kind: kinds[row.kind], mode: .real, excluding: nil, &probe)
            return (nanoseconds() - begin) / 1_000
        }
    }

    private func clock_gettime_nsec(_ id: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(id, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    mutating func measureThroughput(threads: Int) {
        report.threads = threads
        report.queriesPerSecondOneThread = throughput(threads: 1)
        report.queriesPerSecond = threads == 1 ? report.queriesPerSecondOneThread : throughput(threads: threads)
    }

    /// Every thread goes through all queries, from a place of its own, as often as fills about a second.
    private func throughput(threads: Int) -> Double {
        guard !queries.isEmpty else { return 0 }
        let rounds = max(1, Int(1e6 / (max(1, report.p50Us) * 2 * Double(queries.count))))
        let begin = clock.now
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            var probe = ConflictProbe(tables: [table])
            let from = queries.count * thread / threads
            for _ in 0..<rounds {
                for row in queries[from...] + queries[..<from] {
                    index.search(row.volume, kind: kinds[row.kind], mode: .real, excluding: nil, &probe)
                }
            }
        }
        return Double(threads * rounds * queries.count) / (clock.now - begin).inSeconds
    }

    /// Files each query's volume as a notice, moves it on in time, and takes it away again, with queries in between.
    mutating func measureChanges() throws {
        var probe = ConflictProbe(tables: [table])
        var spent = Duration.zero
        var changes = 0
        for (i, row) in queries.enumerated() {
            let key = NoticeID(party: party, index: 1 << 50 + row.id)
            let amended = queries[(i + 1) % queries.count].volume
            let begin = clock.now
            index.insert(key, owner: party, kind: kinds[row.kind], mode: .real, volumes: [row.volume])
            index.insert(key, owner: party, kind: kinds[row.kind], mode: .real, volumes: [amended])
            spent += clock.now - begin
            if i % 10 == 0 {
                index.search(amended, kind: kinds[row.kind], mode: .real, excluding: nil, &probe)
                let isSeen = probe.found.contains { index.stored($0.slot)?.key == key }
                guard isSeen else { throw Failure.unseenInsertion }
            }
            let removal = clock.now
            index.remove(key)
            spent += clock.now - removal
            changes += 3
        }
        report.changesPerSecond = Double(changes) / max(1e-9, spent.inSeconds)
    }

    /// All pairs of stored volumes, in parts that the threads take in turn.
    mutating func measureSweep(threads: Int, progress: @Sendable (Int, Int) -> Void) {
        let parts = 64
        let pairs = Atomic(0)
        let done = Atomic(0)
        let begin = clock.now
        let (index, table) = (index, table)
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var probe = ConflictProbe(tables: [table])
            while true {
                let part = next.add(1, ordering: .relaxed).oldValue
                guard part < parts else { break }
                var count = 0
                index.sweep(part: part, of: parts, acrossOwners: false, &probe) { _ in count += 1 }
                pairs.add(count, ordering: .relaxed)
                progress(done.add(1, ordering: .relaxed).newValue, parts)
            }
        }
        report.sweepSeconds = (clock.now - begin).inSeconds
        report.sweepPairs = pairs.load(ordering: .relaxed)
    }

    mutating func finish() { report.finish() }

    func writeHits(_ path: String) throws {
        var text = ""
        text.reserveCapacity(hits.count * 16)
        for hit in hits { text += "\(hit.query),\(hit.volume)\n" }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private static var residentBytes: Double {
        let words = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return (words.flatMap { $0.count > 1 ? Double($0[1]) : nil } ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}
