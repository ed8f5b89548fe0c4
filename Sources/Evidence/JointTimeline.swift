import Kernel
import Records

/// The records of all logs in their causal order: a record comes after those before it in its own log, after every
/// record below the sizes of the heads that it cites, and after what those come after. Of records without such an
/// order neither is earlier.
struct JointTimeline {
    private(set) var rows: [AuditReport.TimelineRow] = []
    private(set) var contradictions: [AuditReport.Contradiction] = []

    /// The logs, and for each its records in order.
    private let logs: [LogID]
    private let chains: [[CheckedRecord]]
    private let citations: Citations
    /// For each record, how much of each log came before it or with it: `known[log][position][other log]`.
    private var known: [[[UInt64]]]

    /// - Parameter time: decides only between records that have no order.
    init(_ bundle: CheckedBundle, _ citations: Citations, time: (CheckedRecord) -> UTCInstant) {
        self.citations = citations
        logs = bundle.logs.map(\.id)
        chains = bundle.logs.map(\.records)
        known = chains.map { _ in [] }
        var order: [(log: Int, position: Int)] = []
        let total = chains.reduce(0) { $0 + $1.count }
        while order.count < total {
            let next = chains.indices.filter { known[$0].count < chains[$0].count }
            let ready = next.filter { isReady($0) }
            if ready.isEmpty {
                let stuck = next.map { chains[$0][known[$0].count].place }
                if contradictions.last != .circle(stuck) { contradictions.append(.circle(stuck)) }
            }
            let chosen = (ready.isEmpty ? Array(next.prefix(1)) : ready).min { a, b in
                let first = chains[a][known[a].count]
                let second = chains[b][known[b].count]
                return (time(first), first.place) < (time(second), second.place)
            }
            guard let chosen else { break }
            order.append((chosen, known[chosen].count))
            known[chosen].append(knowledge(of: chosen))
        }
        rows = grouped(order)
    }

    /// Whether everything that the chain's next record cites has its place already.
    private func isReady(_ chain: Int) -> Bool {
        let record = chains[chain][known[chain].count]
        return citations.of(record).allSatisfy { log, seen in
            guard let other = logs.firstIndex(of: log), other != chain, known[other].count < chains[other].count
            else { return true }
            return chains[other][known[other].count].leaf >= seen.size
        }
    }

    private func knowledge(of chain: Int) -> [UInt64] {
        let position = known[chain].count
        let record = chains[chain][position]
        var result = position > 0 ? known[chain][position - 1] : logs.map { _ in 0 }
        for (log, seen) in citations.of(record) {
            guard let other = logs.firstIndex(of: log), other != chain else { continue }
            // Within a circle, only as far as records have their place.
            let placed = known[other].count
            let limit = placed < chains[other].count ? chains[other][placed].leaf : UInt64.max
            result[other] = max(result[other], min(seen.size, limit))
            let below = chains[other][..<placed].partitionPoint { $0.leaf < seen.size }
            if below > 0 { for i in result.indices { result[i] = max(result[i], known[other][below - 1][i]) } }
        }
        result[chain] = record.leaf + 1
        return result
    }

    private func isBefore(_ a: (log: Int, position: Int), _ b: (log: Int, position: Int)) -> Bool {
        known[b.log][b.position][a.log] > chains[a.log][a.position].leaf
            && !(a.log == b.log && a.position >= b.position)
    }

    private func grouped(_ order: [(log: Int, position: Int)]) -> [AuditReport.TimelineRow] {
        var rows: [AuditReport.TimelineRow] = []
        var group: [(log: Int, position: Int)] = []
        var number = 0
        for next in order {
            if !group.allSatisfy({ !isBefore($0, next) }) {
                number += 1
                group = []
            }
            group.append(next)
            rows.append(
                AuditReport.TimelineRow(
                    place: chains[next.log][next.position].place, group: number, concurrent: concurrent(next)))
        }
        return rows
    }

    private func concurrent(_ record: (log: Int, position: Int)) -> [AuditReport.Span] {
        let leaf = chains[record.log][record.position].leaf
        return logs.indices.compactMap { other in
            guard other != record.log else { return nil }
            let before = known[record.log][record.position][other]
            let first = chains[other].partitionPoint { $0.leaf < before }
            let end = known[other].partitionPoint { $0[record.log] <= leaf }
            guard first < end else { return nil }
            return AuditReport.Span(
                log: logs[other], first: chains[other][first].header.index, last: chains[other][end - 1].header.index)
        }
    }
}

extension RandomAccessCollection where Index == Int {
    /// How many elements come first that satisfy the condition; all that do come before all that do not.
    func partitionPoint(_ isFirst: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if isFirst(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low - startIndex
    }
}
