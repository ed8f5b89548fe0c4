import Geodesy
import Kernel

/// All volumes that still count, arranged to find those that conflict with given ones.
///
/// Volumes lie in buckets by their windows (``TimeBuckets``) with a box each (``IndexBox``); what meets there goes
/// through the test itself, so the index never decides a conflict and, its boxes being rounded outward, never hides
/// one. The same notices inserted and removed in any order give the same answers.
public struct ConflictIndex: Sendable {
    public typealias Key = NoticeID

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

    public let reference: VerticalReference
    /// Number of volumes.
    public var count: Int { store.count }

    var store = VolumeStore()
    /// Keys by the number that their volumes carry; `nil` where a number is free.
    var keys: [Key?] = []
    private var freeNumbers: [Int] = []
    /// Parties by the number that their volumes carry.
    var owners: [PartyID] = []
    var kinds: [ActivityKind] = []
    /// For each owner its notices: the keys of one owner mostly arrive in rising order. A removed key stays with no
    /// number until enough of them have gathered, since taking one out moves all that follow.
    private var notices: [SortedMap<Key, Notice?>] = []
    private var removed: [Int] = []

    private struct Notice: Sendable {
        let number: Int
        let slots: [Int]
    }

    public init(reference: VerticalReference) { self.reference = reference }

    public func contains(_ key: Key) -> Bool { notice(key) != nil }

    /// Takes in the volumes of a notice; those that the key had before go.
    public mutating func insert(
        _ key: Key, owner: PartyID, kind: ActivityKind, mode: Mode, volumes: [Volume4D]
    ) {
        remove(key)
        let ownerNumber = Self.number(of: owner, in: &owners)
        let kindNumber = Self.number(of: kind, in: &kinds)
        if ownerNumber == notices.count {
            notices.append(SortedMap())
            removed.append(0)
        }
        let number = freeNumbers.popLast() ?? keys.count
        if number == keys.count { keys.append(key) } else { keys[number] = key }
        let slots = volumes.enumerated().map { i, volume in
            store.insert(
                StoredVolume(
                    notice: number, owner: ownerNumber, kind: kindNumber, index: i, volume: volume,
                    extent: VerticalExtent(volume.band, over: volume.footprint, reference),
                    prepared: PreparedFootprint(volume.footprint),
                    address: TimeBuckets.address(mode, volume.window)))
        }
        notices[ownerNumber][key] = .some(Notice(number: number, slots: slots))
    }

    /// - Returns: whether there was such a key.
    @discardableResult
    public mutating func remove(_ key: Key) -> Bool {
        for owner in notices.indices {
            guard let kept = notices[owner][key], let notice = kept else { continue }
            for slot in notice.slots { store.remove(slot) }
            keys[notice.number] = nil
            freeNumbers.append(notice.number)
            notices[owner].update(key) { $0 = nil }
            removed[owner] += 1
            if removed[owner] * 2 > notices[owner].count { compact(owner) }
            return true
        }
        return false
    }

    /// A stored volume, to be shown.
    public func volume(_ index: Int, of key: Key) -> Volume4D? { stored(index, of: key)?.volume }

    func stored(_ index: Int, of key: Key) -> StoredVolume? {
        guard let notice = notice(key), notice.slots.indices.contains(index) else { return nil }
        return store[notice.slots[index]]
    }

    private func notice(_ key: Key) -> Notice? {
        for map in notices {
            if let kept = map[key], let notice = kept { return notice }
        }
        return nil
    }

    private mutating func compact(_ owner: Int) {
        var kept = SortedMap<Key, Notice?>()
        for (key, notice) in notices[owner] where notice != nil { kept[key] = .some(notice) }
        notices[owner] = kept
        removed[owner] = 0
    }

    private static func number<Name: Equatable>(of name: Name, in names: inout [Name]) -> Int {
        if let number = names.firstIndex(of: name) { return number }
        names.append(name)
        return names.count - 1
    }
}

/// The volumes themselves, by slot.
struct VolumeStore: Sendable {
    private var volumes: [StoredVolume?] = []
    private var free: [Int] = []
    private var shelves = VolumeShelves()
    private(set) var count = 0

    subscript(slot: Int) -> StoredVolume? { volumes[slot] }

    mutating func insert(_ stored: StoredVolume) -> Int {
        let slot = free.popLast() ?? volumes.count
        if slot == volumes.count { volumes.append(stored) } else { volumes[slot] = stored }
        shelves.insert(IndexBox(stored: stored.prepared, stored.extent), slot: slot, at: stored.address)
        count += 1
        return slot
    }

    mutating func remove(_ slot: Int) {
        guard let stored = volumes[slot] else { return }
        shelves.remove(slot: slot, at: stored.address)
        volumes[slot] = nil
        free.append(slot)
        count -= 1
    }

    /// Hits of one query volume as slot and certainty, in no particular order.
    func hits(
        _ probe: ProbeVolume, _ mode: Mode, excludingOwner: Int?, kinds: [ActivityKind], _ rules: inout PairRules,
        margin: Duration
    ) -> [(slot: Int, proven: Bool)] {
        var hits: [(slot: Int, proven: Bool)] = []
        for slot in shelves.slots(meeting: probe.box, mode, near: probe.window, margin: margin) {
            guard let stored = volumes[slot], stored.owner != excludingOwner else { continue }
            let minima = rules.minima(with: kinds[stored.kind], number: stored.kind)
            if let proven = probe.test(stored, minima) { hits.append((slot, proven)) }
        }
        return hits
    }
}
