import Geodesy
import Kernel

/// All volumes that still count, arranged to find those that conflict with given ones.
///
/// Volumes lie in buckets by their windows (``TimeLevels``), there in blocks of neighbours (``BlockBucket``) with a box
/// each (``SpaceBox``); what meets there goes through the conflict test itself, so the index never decides a conflict
/// and, its boxes being rounded outward, never hides one. The same notices inserted and removed in any order give the
/// same answers.
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
    private var keys = Pages<Key?>()
    private var freeNumbers: [Int] = []
    /// Parties by the number that their volumes carry.
    private(set) var owners: [PartyID] = []
    private(set) var kinds: [ActivityKind] = []
    /// For each owner its notices: the keys of one owner mostly arrive in rising order. A removed key stays with no
    /// number until enough of them have gathered, since taking one out moves all that follow.
    private var notices: [SortedMap<Key, Notice?>] = []
    private var removed: [Int] = []

    private struct Notice: Sendable {
        let number: Int32
        /// Slot of its first volume; -1 when it has none.
        let first: Int32
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
        var first = -1
        for i in volumes.indices.reversed() {
            let slot = store.insert(
                volumes[i], index: i, notice: number, owner: ownerNumber, kind: kindNumber, mode: mode, reference)
            store.link(slot, to: first)
            first = slot
        }
        notices[ownerNumber][key] = .some(Notice(number: Int32(number), first: Int32(first)))
    }

    /// - Returns: whether there was such a key.
    @discardableResult
    public mutating func remove(_ key: Key) -> Bool {
        for owner in notices.indices {
            guard let kept = notices[owner][key], let notice = kept else { continue }
            var slot = Int(notice.first)
            while slot >= 0 { slot = store.remove(slot) }
            keys[Int(notice.number)] = nil
            freeNumbers.append(Int(notice.number))
            notices[owner].update(key) { $0 = nil }
            removed[owner] += 1
            if removed[owner] * 2 > notices[owner].count { compact(owner) }
            return true
        }
        return false
    }

    /// A stored volume, to be shown.
    public func volume(_ index: Int, of key: Key) -> Volume4D? {
        slot(index, of: key).flatMap { store.volumes[$0] }
    }

    /// Whose volume lies in a slot, and which of the notice's it is; `nil` for a slot that is free.
    public func stored(_ slot: Int) -> (key: Key, owner: PartyID, volume: Int)? {
        guard (0..<store.slots).contains(slot), !store.stored[slot].isFree,
            let key = keys[Int(store.stored[slot].notice)]
        else { return nil }
        return (key, owners[Int(store.stored[slot].owner)], Int(store.stored[slot].index))
    }

    func slot(_ index: Int, of key: Key) -> Int? {
        guard let notice = notice(key) else { return nil }
        var slot = Int(notice.first)
        while slot >= 0, Int(store.stored[slot].index) != index { slot = Int(store.stored[slot].next) }
        return slot >= 0 ? slot : nil
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
