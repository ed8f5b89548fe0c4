import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// The order in which gathered logs are handed to a mechanism again: no record before those that its author had seen,
/// as far as the signed heads allow, because a push ends at one.
struct RestoreOrder {
    struct Step {
        let log: LogID
        let first: LogIndex
        let entries: [MirrorEntry]
        /// Its author's checkpoint over the end; `nil` where this node is the author and may sign it again.
        let note: String?

        var end: LogIndex { first + UInt64(entries.count) }
    }

    private struct Window {
        var entries: ArraySlice<MirrorEntry>
        /// What the author of each had seen.
        var seen: ArraySlice<[RecordHeader.SeenHead]>
    }

    private let gathered: any NodeStore
    private let sizes: SortedMap<LogID, UInt64>
    private let mechanism: MechanismID
    private let own: PartyID
    private var windows = SortedMap<LogID, Window>()
    /// Records handed out of each log.
    private(set) var done = SortedMap<LogID, UInt64>()
    private(set) var outOfOrder: UInt64 = 0

    init(_ gathered: any NodeStore, sizes: SortedMap<LogID, UInt64>, mechanism: MechanismID, own: PartyID) {
        self.gathered = gathered
        self.sizes = sizes
        self.mechanism = mechanism
        self.own = own
    }

    func isDone(_ log: LogID) -> Bool { done[log] ?? 0 >= sizes[log] ?? 0 }

    /// The next run of one of these logs.
    ///
    /// - Parameters:
    ///   - logs: those in force now, one of each party.
    ///   - author: asks the author of a log for a head of exactly this size.
    /// - Returns: `nil` when all of them are done.
    mutating func next(
        of logs: [LogID], author: (LogID, UInt64) async -> String?
    ) async throws -> Step? {
        let open = logs.filter { !isDone($0) }
        guard !open.isEmpty else { return nil }
        for log in open { try fill(log) }
        for log in open {
            let ready = ready(log, among: logs)
            guard ready > 0 else { continue }
            let from = done[log] ?? 0
            if let head = try head(of: log, after: from, through: from + ready) { return step(log, to: head.size, head.note) }
            if log.party == own { return step(log, to: from + ready, nil) }
        }
        for log in open {
            let end = (done[log] ?? 0) + ready(log, among: logs)
            if end > done[log] ?? 0, let note = await author(log, end) { return step(log, to: end, note) }
        }
        return try await forced(open, among: logs, author: author)
    }

    /// No signed head lies where order would have it: the run that breaks it least.
    private mutating func forced(
        _ open: [LogID], among logs: [LogID], author: (LogID, UInt64) async -> String?
    ) async throws -> Step {
        var best: (step: Step, early: UInt64)?
        for log in open {
            let from = done[log] ?? 0
            let window = UInt64(windows[log]?.entries.count ?? 0)
            var step: Step?
            if log.party == own {
                step = self.step(log, to: from + 1, nil, isTaken: false)
            } else if let note = try gathered.firstNote(of: log, atLeast: from + 1, by: origin(log)), note.size <= from + window {
                step = self.step(log, to: note.size, String(decoding: note.note, as: UTF8.self), isTaken: false)
            } else if let note = await author(log, from + window) {
                step = self.step(log, to: from + window, note, isTaken: false)
            }
            guard let step else { continue }
            let early = UInt64(step.entries.count) - min(ready(log, among: logs), UInt64(step.entries.count))
            if best.map({ early < $0.early }) ?? true { best = (step, early) }
        }
        guard let best else { throw RestoreFailure.headMissing(open[0], from: done[open[0]] ?? 0) }
        outOfOrder += best.early
        return self.step(best.step.log, to: best.step.end, best.step.note)
    }

    private mutating func step(_ log: LogID, to end: UInt64, _ note: String?, isTaken: Bool = true) -> Step {
        let from = done[log] ?? 0
        let count = Int(end - from)
        let entries = windows[log].map { Array($0.entries.prefix(count)) } ?? []
        if isTaken {
            windows.update(log) {
                $0.entries = $0.entries.dropFirst(count)
                $0.seen = $0.seen.dropFirst(count)
            }
            done[log] = end
        }
        return Step(log: log, first: from, entries: entries, note: note)
    }

    /// How many of the records that wait need nothing that has not been handed out.
    private func ready(_ log: LogID, among logs: [LogID]) -> UInt64 {
        guard let window = windows[log] else { return 0 }
        var count: UInt64 = 0
        for seen in window.seen {
            let isReady = seen.allSatisfy { head in
                guard let other = logs.first(where: { $0.party == head.party }), other != log else { return true }
                // More than anybody holds now cannot be waited for.
                return (done[other] ?? 0) >= min(head.size, sizes[other] ?? 0)
            }
            guard isReady else { break }
            count += 1
        }
        return count
    }

    private mutating func fill(_ log: LogID) throws {
        let from = done[log] ?? 0
        let held = windows[log]?.entries.count ?? 0
        guard held < Limits.pushEntries, from + UInt64(held) < sizes[log] ?? 0 else { return }
        let next = from + UInt64(held)
        let wanted = min((sizes[log] ?? 0) - next, UInt64(Limits.pushEntries - held))
        let entries = try gathered.entries(of: log, from: next, limit: Int(wanted))
        let seen = try entries.map { entry in
            guard let envelope = Envelope(encoded: entry.envelope),
                let header = RecordHeader(text: String(decoding: envelope.signed, as: UTF8.self))
            else { throw StoreError.corrupt(detail: "entry \(log)-\(entry.index) is no record") }
            return header.seen
        }
        if windows[log] == nil { windows[log] = Window(entries: [], seen: []) }
        windows.update(log) {
            $0.entries += entries
            $0.seen += seen
        }
    }

    private func head(of log: LogID, after low: UInt64, through high: UInt64) throws -> (size: UInt64, note: String)? {
        guard let note = try gathered.lastNote(of: log, atMost: high, by: origin(log)), note.size > low else { return nil }
        return (note.size, String(decoding: note.note, as: UTF8.self))
    }

    private func origin(_ log: LogID) -> String { Checkpoint.origin(mechanism: mechanism, log: log) }
}
