import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// Which records of the joint timeline are asked for; what is `nil` lets everything through.
public struct TimelineChoice: Sendable {
    /// Records that name one of these notices.
    public var notices: SortedSet<NoticeID>?
    /// Findings and positions of this conflict besides, and its notices.
    public var conflict: ConflictID?
    public var author: PartyID?
    public var kinds: Set<RecordKind>?
    /// By the author's clock, ends included.
    public var from: UTCInstant?
    public var to: UTCInstant?

    public init() {}

    /// Whether what this node cannot read is asked for as well: nothing is known of it but its author and its place.
    var takesUnreadable: Bool { notices == nil && conflict == nil && kinds == nil && from == nil && to == nil }

    func takes(_ id: RecordID, _ body: RecordBody) -> Bool {
        if let kinds, !kinds.contains(body.content.kind) { return false }
        if let from, body.createdAt < from { return false }
        if let to, body.createdAt > to { return false }
        guard notices != nil || conflict != nil else { return true }
        if let conflict, body.content.conflict == conflict { return true }
        return body.content.notices(statedIn: id).contains { notices?.contains($0) ?? false }
    }
}

/// Where a reading of the joint timeline goes on: how many records of each log are still before it. A log that is not
/// named has come to its end, or had not begun.
public struct TimelineCursor: Equatable, Sendable, CustomStringConvertible {
    public var left: SortedMap<LogID, UInt64>

    public init(left: SortedMap<LogID, UInt64>) { self.left = left }

    /// `israel:12,turkiye:7`, as ``description`` gives it.
    public init?(_ text: String) {
        left = SortedMap()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2, let log = LogID(String(halves[0])), let count = UInt64(halves[1]), left[log] == nil
            else { return nil }
            left[log] = count
        }
    }

    public var description: String { left.map { "\($0.key):\($0.value)" }.joined(separator: ",") }
}

/// One record as this node can show it.
public struct TimelineRow: Sendable {
    public let id: RecordID
    public let log: LogID
    public let audience: [PartyID]
    /// `nil` for what this node cannot read.
    public let body: RecordBody?
}

public struct TimelinePage: Sendable {
    /// Newest first: every log in its own order, and between logs by their authors' clocks.
    public let rows: [TimelineRow]
    /// `nil` at the end. A page may hold fewer rows than asked for, or none, and go on all the same.
    public let next: TimelineCursor?
}

/// Reads the logs that one node holds backwards, side by side.
struct JointTimelineReader {
    /// Records looked at for one page.
    static let looksMost = 5_000
    private static let block: UInt64 = 64

    private let party: PartyID
    private let store: any NodeStore
    private let keys: NodeKeys
    private let choice: TimelineChoice
    private var tails: [Tail] = []

    /// The end of a log that has not been shown yet.
    private struct Tail {
        let log: HeldLog
        var left: UInt64
        /// The records before `left` that were read ahead, oldest first.
        var rows: [TimelineRow] = []
        var keyOf: [LogIndex: Hash32] = [:]
    }

    init(
        mechanism: Mechanism, store: any NodeStore, keys: NodeKeys, choice: TimelineChoice, from cursor: TimelineCursor?
    ) {
        party = mechanism.party
        self.store = store
        self.keys = keys
        self.choice = choice
        for log in mechanism.formerLogs + mechanism.logs.values {
            if let author = choice.author, log.party != author { continue }
            let size = log.tree.size
            let left = cursor.map { min($0.left[log.id] ?? 0, size) } ?? size
            if left > 0 { tails.append(Tail(log: log, left: left)) }
        }
    }

    /// - Throws: `StoreError`.
    mutating func page(limit: Int) throws -> TimelinePage {
        var rows: [TimelineRow] = []
        var looked = 0
        while rows.count < limit, looked < JointTimelineReader.looksMost, let row = try newest() {
            looked += 1
            let isWanted = row.body.map { choice.takes(row.id, $0) } ?? choice.takesUnreadable
            if isWanted { rows.append(row) }
        }
        var left = SortedMap<LogID, UInt64>()
        for tail in tails where tail.left > 0 { left[tail.log.id] = tail.left }
        return TimelinePage(rows: rows, next: left.isEmpty ? nil : TimelineCursor(left: left))
    }

    mutating func bodies(of records: [RecordID]) throws -> [RecordBody] {
        var bodies: [RecordBody] = []
        for id in records {
            guard let place = tails.firstIndex(where: { $0.log.party == id.party && $0.log.start <= id.index }) else { continue }
            let log = tails[place].log
            var opener = SealOpener(seals: keys.seals)
            guard let entry = try store.entries(of: log.id, from: id.index - log.start, limit: 1).first else { continue }
            opener.expect([entry.envelope], in: log.id, for: party)
            let record = try VerifiedRecord(fromOwnJournal: entry.envelope)
            if let body = try body(of: record, place, opener) { bodies.append(body) }
        }
        return bodies
    }

    /// Takes the newest of the logs' last records; one without a time comes at once, in its place in its log.
    private mutating func newest() throws -> TimelineRow? {
        var best: (place: Int, at: UTCInstant)?
        for place in tails.indices where tails[place].left > 0 {
            if tails[place].rows.isEmpty { try readAhead(place) }
            let at = tails[place].rows.last?.body?.createdAt ?? .distantFuture
            if best.map({ at > $0.at }) ?? true { best = (place, at) }
        }
        guard let best else { return nil }
        tails[best.place].left -= 1
        return tails[best.place].rows.popLast()
    }

    private mutating func readAhead(_ place: Int) throws {
        let log = tails[place].log
        let end = tails[place].left
        let start = end - min(end, JointTimelineReader.block)
        var opener = SealOpener(seals: keys.seals)
        let entries = try store.entries(of: log.id, from: start, limit: Int(end - start))
        opener.expect(entries.lazy.map(\.envelope), in: log.id, for: party)
        for entry in entries {
            let record = try VerifiedRecord(fromOwnJournal: entry.envelope)
            tails[place].rows.append(
                TimelineRow(
                    id: record.id, log: log.id, audience: record.header.audience,
                    body: try body(of: record, place, opener)))
        }
    }

    private mutating func body(of record: VerifiedRecord, _ place: Int, _ opener: SealOpener) throws -> RecordBody? {
        let log = tails[place].log.id
        guard let entry = record.sealEntry(for: party) else { return record.body.readable }
        let key: Hash32?
        switch entry.source {
        case .fresh: key = encapsulatedKey(of: record, place, opener)
        case .earlier(let index): key = try earlierKey(index, place)
        }
        let contentKey = key.flatMap { entry.contentKey(under: $0, binding: record.sealBinding(in: log)) }
        return contentKey.flatMap { record.opened(contentKey: $0, in: log).readable }
    }

    /// Of a record that brings an encapsulation to us.
    private mutating func encapsulatedKey(of record: VerifiedRecord, _ place: Int, _ opener: SealOpener) -> Hash32? {
        if let known = tails[place].keyOf[record.id.index] { return known }
        guard case .fresh(let bytes)? = record.sealEntry(for: party)?.source else { return nil }
        let binding = record.sealBinding(in: tails[place].log.id)
        let key = opener.decapsulate(bytes, info: binding.encapsulationInfo(for: party))
        tails[place].keyOf[record.id.index] = key
        return key
    }

    private mutating func earlierKey(_ index: LogIndex, _ place: Int) throws -> Hash32? {
        let log = tails[place].log
        if let known = tails[place].keyOf[index] { return known }
        guard index >= log.start,
            let entry = try store.entries(of: log.id, from: index - log.start, limit: 1).first
        else { return nil }
        var opener = SealOpener(seals: keys.seals)
        opener.expect([entry.envelope], in: log.id, for: party)
        return encapsulatedKey(of: try VerifiedRecord(fromOwnJournal: entry.envelope), place, opener)
    }
}

extension VerifiedRecord.OpenedBody {
    fileprivate var readable: RecordBody? {
        guard case .open(let body) = self else { return nil }
        return body
    }
}

extension Node {
    /// What every party that this node mirrors has signed, newest first.
    ///
    /// - Throws: `StoreError`.
    public nonisolated func timeline(
        _ choice: TimelineChoice, before cursor: TimelineCursor?, limit: Int
    ) async throws -> TimelinePage {
        // Read beside the driver, which goes on meanwhile: entries never change.
        var reader = await timelineReader(choice, cursor)
        return try reader.page(limit: limit)
    }

    /// Bodies of records of one log that this node holds and can read.
    ///
    /// - Returns: in their order; fewer, where one cannot be read.
    /// - Throws: `StoreError`.
    nonisolated func bodies(of records: [RecordID]) async throws -> [RecordBody] {
        var reader = await timelineReader(TimelineChoice(), nil)
        return try reader.bodies(of: records)
    }

    private func timelineReader(_ choice: TimelineChoice, _ cursor: TimelineCursor?) -> JointTimelineReader {
        JointTimelineReader(mechanism: mechanism, store: store, keys: keys, choice: choice, from: cursor)
    }
}
