/// The boxes of one bucket of time, in blocks of neighbours: a query looks at the bounds of all blocks and at the boxes
/// of few.
///
/// Blocks are in the order of their boxes' places on a curve through space. A block that is full is split in two, one
/// that has become small joins its neighbour; so entries come and go at any time at the price of one block.
struct BlockBucket: Sendable {
    struct Entry: Sendable {
        /// Seconds from the begin of the bucket, rounded outward.
        var start: Float
        var negatedEnd: Float
        var slot: UInt32
        private var kindAndFirst: UInt32

        /// - Parameter isFirst: whether this is the first of the buckets that the volume lies in.
        init(start: Float, negatedEnd: Float, slot: UInt32, kind: Int, isFirst: Bool) {
            self.start = start
            self.negatedEnd = negatedEnd
            self.slot = slot
            kindAndFirst = UInt32(truncatingIfNeeded: kind) << 1 | (isFirst ? 1 : 0)
        }

        @inline(__always) var kind: Int { Int(kindAndFirst >> 1) }
        @inline(__always) var isFirst: Bool { kindAndFirst & 1 == 1 }
    }

    /// Order on the curve; of boxes at one place that of their slots.
    struct Key: Comparable, Sendable {
        var place: UInt64
        var slot: UInt32

        static func < (a: Key, b: Key) -> Bool { a.place == b.place ? a.slot < b.slot : a.place < b.place }
    }

    static let blockLargest = 24
    private static let blockSmall = 6

    /// Block by block, in the order of the curve: what holds its boxes, and no key of it or of later ones is less.
    private(set) var bounds: [SpaceBox] = []
    private var firsts: [Key] = []
    private(set) var counts: [Int32] = []
    /// Where its boxes are: from `home * blockLargest`.
    private(set) var homes: [Int32] = []

    private(set) var boxes: [SpaceBox] = []
    private(set) var entries: [Entry] = []
    private var freeHomes: [Int32] = []

    var isEmpty: Bool { bounds.isEmpty }

    /// The query's window in this bucket's seconds, rounded outward.
    struct When {
        let negatedStart: Float
        let end: Float
        /// Whether this is the first bucket that the query looks at.
        let isFirst: Bool
    }

    mutating func insert(_ box: SpaceBox, _ entry: Entry, place: UInt64) {
        let key = Key(place: place, slot: entry.slot)
        guard !bounds.isEmpty else {
            addBlock(at: 0, first: key)
            put(box, entry, into: 0)
            return
        }
        var block = self.block(of: key)
        if counts[block] == Self.blockLargest {
            split(block)
            if firsts[block + 1] <= key { block += 1 }
        }
        put(box, entry, into: block)
    }

    /// - Returns: whether there was such an entry.
    @discardableResult
    mutating func remove(place: UInt64, slot: UInt32) -> Bool {
        guard !bounds.isEmpty else { return false }
        let block = self.block(of: Key(place: place, slot: slot))
        let from = Int(homes[block]) * Self.blockLargest
        let last = from + Int(counts[block]) - 1
        guard let found = (from..<(last + 1)).first(where: { entries[$0].slot == slot }) else { return false }
        boxes[found] = boxes[last]
        entries[found] = entries[last]
        counts[block] -= 1
        let count = Int(counts[block])
        if count == 0 {
            dropBlock(block)
        } else if count < Self.blockSmall, block > 0, Int(counts[block - 1]) + count <= Self.blockLargest * 3 / 4 {
            move(block, into: block - 1)
        } else {
            bound(block)
        }
        return true
    }

    /// The last block whose first key is not above; the first block takes what lies before all.
    private func block(of key: Key) -> Int {
        var low = 0
        var high = firsts.count
        while low < high {
            let middle = (low + high) / 2
            if firsts[middle] <= key { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    private mutating func put(_ box: SpaceBox, _ entry: Entry, into block: Int) {
        let at = Int(homes[block]) * Self.blockLargest + Int(counts[block])
        boxes[at] = box
        entries[at] = entry
        counts[block] += 1
        bounds[block].join(box)
    }

    private mutating func addBlock(at block: Int, first: Key) {
        let home: Int32
        if let free = freeHomes.popLast() {
            home = free
        } else {
            home = Int32(boxes.count / Self.blockLargest)
            boxes.append(contentsOf: repeatElement(.nothing, count: Self.blockLargest))
            let none = Entry(start: 0, negatedEnd: 0, slot: 0, kind: 0, isFirst: false)
            entries.append(contentsOf: repeatElement(none, count: Self.blockLargest))
        }
        bounds.insert(.nothing, at: block)
        firsts.insert(first, at: block)
        counts.insert(0, at: block)
        homes.insert(home, at: block)
    }

    private mutating func dropBlock(_ block: Int) {
        freeHomes.append(homes[block])
        bounds.remove(at: block)
        firsts.remove(at: block)
        counts.remove(at: block)
        homes.remove(at: block)
    }

    private mutating func bound(_ block: Int) {
        let from = Int(homes[block]) * Self.blockLargest
        var joined = SpaceBox.nothing
        for at in from..<(from + Int(counts[block])) { joined.join(boxes[at]) }
        bounds[block] = joined
    }

    private mutating func move(_ block: Int, into other: Int) {
        let from = Int(homes[block]) * Self.blockLargest
        for at in from..<(from + Int(counts[block])) { put(boxes[at], entries[at], into: other) }
        dropBlock(block)
    }

    /// The upper half of the block's keys goes to a new block behind it.
    private mutating func split(_ block: Int) {
        let from = Int(homes[block]) * Self.blockLargest
        var order: [(key: Key, box: SpaceBox, entry: Entry)] = []
        order.reserveCapacity(Self.blockLargest)
        for at in from..<(from + Int(counts[block])) {
            order.append((Key(place: boxes[at].place, slot: entries[at].slot), boxes[at], entries[at]))
        }
        order.sort { $0.key < $1.key }
        let half = order.count / 2
        addBlock(at: block + 1, first: order[half].key)
        counts[block] = 0
        bounds[block] = .nothing
        for one in order[..<half] { put(one.box, one.entry, into: block) }
        for one in order[half...] { put(one.box, one.entry, into: block + 1) }
    }
}
