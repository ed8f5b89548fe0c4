import JointLog
import Kernel
import Mechanism
import Records

/// What one node has taken on its disk, as it was told step by step: by author, in the order of the disk.
struct Ledger: Sendable {
    struct Line: Sendable {
        let record: RecordID
        /// SHA-256 of the bytes that its author signed.
        let leaf: Hash32
    }

    private(set) var lines = SortedMap<PartyID, [Line]>()
    private(set) var trees: [LogID: PlainTree] = [:]
    /// By log: the largest size for which it gave a receipt, as a place on the disk.
    private(set) var receipted = SortedMap<LogID, Int>()

    mutating func take(_ write: LogWrite) { take(write.envelope, write.record, write.log) }

    private mutating func take(_ bytes: [UInt8], _ record: RecordID, _ log: LogID) {
        guard let envelope = Envelope(encoded: bytes) else { return }
        lines[record.party, default: []].append(Line(record: record, leaf: MerkleHash.sha256(envelope.signed)))
        trees[log, default: PlainTree()].append(envelope.signed)
    }

    /// Another disk, as a put-back left it: nothing is promised but what stands there.
    init(_ node: SimulatedNode) {
        for (author, records) in node.held {
            let start = node.mechanism.logs[author]?.start ?? 0
            let epoch = node.mechanism.logs[author]?.id.epoch ?? 0
            for bytes in records {
                guard let record = try? UnverifiedRecord(bytes) else { continue }
                lines[author, default: []].append(
                    Line(record: record.header.id, leaf: MerkleHash.sha256(record.envelope.signed)))
                guard record.header.index >= start else { continue }
                trees[LogID(party: author, epoch: epoch), default: PlainTree()].append(record.envelope.signed)
            }
        }
    }

    init() {}

    /// What a commit left that was whole when the power failed, and of which nobody was told.
    mutating func adopt(_ node: SimulatedNode) {
        for (author, records) in node.held {
            let known = lines[author]?.count ?? 0
            guard records.count > known, let log = node.mechanism.logs[author] else { continue }
            for bytes in records[known...] {
                guard let record = try? UnverifiedRecord(bytes) else { continue }
                take(bytes, record.header.id, log.id)
            }
        }
    }

    /// - Returns: what is wrong with the receipt, if anything.
    mutating func receipt(_ head: Checkpoint, _ log: LogID) -> String? {
        let tree = trees[log] ?? PlainTree()
        guard head.size <= tree.size else { return "it receipts \(head.size) records of \(log) and holds \(tree.size)" }
        guard head.size < tree.size || head.root == tree.root else {
            return "it receipts another history of \(log) than it holds"
        }
        let place = (lines[log.party] ?? []).count - Int(tree.size - head.size)
        receipted[log] = max(receipted[log] ?? 0, place)
        return nil
    }

    /// - Returns: the first difference between what was taken and what a disk holds.
    func difference(from held: SortedMap<PartyID, [[UInt8]]>) -> String? {
        for (author, taken) in lines {
            let records = held[author] ?? []
            if records.count < taken.count { return "\(taken.count - records.count) records of \(author) are gone" }
            if records.count > taken.count { return "records of \(author) came from nowhere" }
            if let place = taken.indices.first(where: { !isSame(taken[$0], records[$0]) }) {
                return "record \(taken[place].record) is another one"
            }
        }
        return nil
    }

    /// The same for a few records at a time, in turn.
    func spotDifference(from held: SortedMap<PartyID, [[UInt8]]>, turn: Int) -> String? {
        for (author, taken) in lines where !taken.isEmpty {
            let records = held[author] ?? []
            guard records.count == taken.count else { return "records of \(author) are gone, or came from nowhere" }
            let place = turn % taken.count
            if !isSame(taken[place], records[place]) { return "record \(taken[place].record) is another one" }
        }
        return nil
    }

    private func isSame(_ line: Line, _ bytes: [UInt8]) -> Bool {
        Envelope(encoded: bytes).map { MerkleHash.sha256($0.signed) } == line.leaf
    }
}
