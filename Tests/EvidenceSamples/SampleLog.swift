import Evidence
import JointLog
import Kernel
import Records

/// One log with everything a node would keep of it.
public struct SampleLog: Sendable {
    public struct Entry: Sendable {
        public let envelope: Envelope
        public let body: [UInt8]
        public let salt: Hash32
        public let contentKey: Hash32
    }

    public let id: LogID
    /// The index of its first record.
    public let start: LogIndex
    public private(set) var records: [Entry] = []
    public private(set) var tree = NaiveTree()
    /// By size: the author's signed head, then the receipts.
    public var notes = SortedMap<UInt64, [String]>()
    /// The newest head of each other log that the author holds.
    var seen = SortedMap<PartyID, RecordHeader.SeenHead>()
    var sealing: SealingEpochs

    public init(id: LogID, start: LogIndex = 0) {
        self.id = id
        self.start = start
        sealing = SealingEpochs(log: id)
    }

    mutating func append(_ entry: Entry) {
        records.append(entry)
        tree.leaves.append(MerkleHash.leaf(entry.envelope.signed))
    }

    /// Every head and every record below the newest head, bodies open.
    public var contents: BundleContents.Log {
        let newest = Int(notes.last?.key ?? 0)
        return BundleContents.Log(
            id: id,
            heads: notes.map { size, notes in
                BundleContents.Head(
                    size: size, notes: notes, consistency: tree.consistency(Int(size), to: newest))
            },
            records: records.prefix(newest).enumerated().map { i, entry in
                BundleContents.Record(
                    index: start + LogIndex(i), header: entry.envelope.signed, signature: entry.envelope.signature,
                    inclusion: tree.inclusion(i, size: newest),
                    disclosure: .open(body: entry.body, salt: entry.salt))
            })
    }
}
