import Geodesy
import Kernel

/// What a conflict test reads of a stored volume. Notices, owners and kinds are numbers of the index. Plain values
/// only, so that reading one touches no reference count.
struct StoredVolume: Sendable {
    let window: TimeWindow
    let extent: VerticalExtent
    let shape: LocalShape
    /// Of its box, for finding it again.
    let place: UInt64
    let notice: Int32
    /// Slot of the notice's next volume; -1 after the last, and in a slot that is free.
    var next: Int32
    let owner: Int32
    let kind: Int32
    /// Which of the notice's volumes; -1 in a slot that is free.
    var index: Int32
    let mode: Mode

    var isFree: Bool { index < 0 }
}

/// The volumes themselves, by slot, and where a query finds them.
struct VolumeStore: Sendable {
    private(set) var stored = Pages<StoredVolume>()
    /// The volumes as they were given, of no use to the search; `nil` in a free slot.
    private(set) var volumes = Pages<Volume4D?>()
    private(set) var arena = ShapeArena()
    private(set) var shelves = BucketShelves()
    private var free: [Int32] = []
    private var chain = FootprintChain()
    private(set) var count = 0

    /// Slots that have ever been used, free ones among them.
    var slots: Int { stored.count }

    mutating func insert(
        _ volume: Volume4D, index: Int, notice: Int, owner: Int, kind: Int, mode: Mode, _ reference: VerticalReference
    ) -> Int {
        chain.load(volume.footprint)
        let extent = VerticalExtent(volume.band, over: volume.footprint, reference)
        let box = SpaceBox(stored: chain, extent)
        let place = box.place
        let slot = free.popLast().map(Int.init) ?? stored.count
        let record = StoredVolume(
            window: volume.window, extent: extent, shape: arena.insert(chain), place: place, notice: Int32(notice),
            next: -1, owner: Int32(owner), kind: Int32(kind), index: Int32(index), mode: mode)
        if slot == stored.count {
            stored.append(record)
            volumes.append(volume)
        } else {
            stored[slot] = record
            volumes[slot] = volume
        }
        shelves.insert(
            box, place: place, slot: UInt32(slot), kind: kind, volume.window,
            at: TimeLevels.address(mode, volume.window))
        count += 1
        return slot
    }

    mutating func link(_ slot: Int, to next: Int) { stored[slot].next = Int32(next) }

    /// - Returns: slot of the notice's next volume.
    mutating func remove(_ slot: Int) -> Int {
        let record = stored[slot]
        shelves.remove(
            place: record.place, slot: UInt32(slot), at: TimeLevels.address(record.mode, record.window))
        arena.remove(record.shape)
        stored[slot].index = -1
        stored[slot].next = -1
        volumes[slot] = nil
        free.append(Int32(slot))
        count -= 1
        return Int(record.next)
    }
}
