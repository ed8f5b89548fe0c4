import Geodesy
import Kernel

/// All volumes that still count, arranged to find those that conflict with given ones.
///
/// Volumes lie in buckets by their windows (``TimeBuckets``) with a box each (``IndexBox``); what meets there goes
/// through the test itself, so the index never decides a conflict and, its boxes being rounded outward, never hides
/// one. The same insertions and removals in any order give the same answers.
public struct ConflictIndex<Key: Comparable & Sendable>: Sendable {
    /// A stored volume that conflicts with a volume of the query.
    public struct Hit: Sendable, Equatable {
        public let key: Key
        public let owner: PartyID
        /// Which of the stored notice's volumes.
        public let volume: Int
        /// Which of the query's volumes.
        public let queryVolume: Int
        /// As in ``Verdict/conflict(proven:)``.
        public let proven: Bool
    }

    struct Entry: Sendable {
        let key: Key
        let volumeIndex: Int
        let owner: Int
        let kind: Int
        let volume: Volume4D
        let extent: VerticalExtent
        let prepared: PreparedFootprint
        let bucket: TimeBuckets.Key
    }

    struct Bucket: Sendable {
        var boxes: [IndexBox] = []
        var slots: [Int] = []
    }

    public let reference: VerticalReference
    var entries: [Entry?] = []
    var buckets = SortedMap<TimeBuckets.Key, Bucket>()
    /// Parties and kinds by the number that entries carry.
    var owners: [PartyID] = []
    var kinds: [ActivityKind] = []
    private var free: [Int] = []
    /// For each owner the slots of each key: keys of one owner mostly arrive in rising order.
    private var slots: [SortedMap<Key, [Int]>] = []

    public init(reference: VerticalReference) { self.reference = reference }

    /// Number of volumes.
    public private(set) var count = 0

    public func contains(_ key: Key) -> Bool { slots.contains { $0.contains(key) } }

    /// Takes in the volumes of a notice; those that the key had before go.
    public mutating func insert(
        _ key: Key, owner: PartyID, kind: ActivityKind, mode: Mode, volumes: [Volume4D]
    ) {
        remove(key)
        let ownerNumber = Self.number(of: owner, in: &owners)
        let kindNumber = Self.number(of: kind, in: &kinds)
        if ownerNumber == slots.count { slots.append(SortedMap()) }
        var taken: [Int] = []
        taken.reserveCapacity(volumes.count)
        for (i, volume) in volumes.enumerated() {
            let entry = Entry(
                key: key, volumeIndex: i, owner: ownerNumber, kind: kindNumber, volume: volume,
                extent: VerticalExtent(volume.band, over: volume.footprint, reference),
                prepared: PreparedFootprint(volume.footprint), bucket: TimeBuckets.key(mode, volume.window))
            taken.append(place(entry))
        }
        slots[ownerNumber][key] = taken
        count += taken.count
    }

    /// - Returns: whether there was such a key.
    @discardableResult
    public mutating func remove(_ key: Key) -> Bool {
        for owner in slots.indices {
            guard let taken = slots[owner].removeValue(forKey: key) else { continue }
            for slot in taken { vacate(slot) }
            count -= taken.count
            return true
        }
        return false
    }

    /// A stored volume, to be shown.
    public func volume(_ index: Int, of key: Key) -> Volume4D? { entry(index, of: key)?.volume }

    func entry(_ index: Int, of key: Key) -> Entry? {
        for map in slots {
            guard let taken = map[key] else { continue }
            return taken.indices.contains(index) ? entries[taken[index]] : nil
        }
        return nil
    }

    private mutating func place(_ entry: Entry) -> Int {
        let slot: Int
        if let vacant = free.popLast() {
            slot = vacant
            entries[slot] = entry
        } else {
            slot = entries.count
            entries.append(entry)
        }
        let box = IndexBox(stored: entry.prepared, entry.extent)
        if !buckets.contains(entry.bucket) { buckets[entry.bucket] = Bucket() }
        buckets.update(entry.bucket) { bucket in
            bucket.boxes.append(box)
            bucket.slots.append(slot)
        }
        return slot
    }

    private mutating func vacate(_ slot: Int) {
        guard let entry = entries[slot] else { return }
        entries[slot] = nil
        free.append(slot)
        var isEmpty = false
        buckets.update(entry.bucket) { bucket in
            if let place = bucket.slots.firstIndex(of: slot) {
                bucket.slots.swapAt(place, bucket.slots.count - 1)
                bucket.boxes.swapAt(place, bucket.boxes.count - 1)
                bucket.slots.removeLast()
                bucket.boxes.removeLast()
            }
            isEmpty = bucket.slots.isEmpty
        }
        if isEmpty { buckets.removeValue(forKey: entry.bucket) }
    }

    private static func number<Name: Equatable>(of name: Name, in names: inout [Name]) -> Int {
        if let number = names.firstIndex(of: name) { return number }
        names.append(name)
        return names.count - 1
    }
}
