import Kernel

/// The buckets of every mode and level, each level's in the order of time.
struct BucketShelves: Sendable {
    struct Shelf: Sendable {
        var numbers: [Int64] = []
        var buckets: [BlockBucket] = []

        /// Place of the first bucket whose number is not less.
        func place(_ number: Int64) -> Int {
            var low = 0
            var high = numbers.count
            while low < high {
                let middle = (low + high) / 2
                if numbers[middle] < number { low = middle + 1 } else { high = middle }
            }
            return low
        }

        /// Adds the slots whose boxes meet the query's, of one bucket. A volume that lies in several buckets is taken
        /// from the first of them that the query looks at.
        ///
        /// - Parameter boxes: what a box has to meet, by its kind; `widest` holds all of them.
        func gather(
            _ at: Int, _ widest: SpaceBox, _ boxes: [SpaceBox], _ when: BlockBucket.When, _ slots: inout [UInt32]
        ) {
            // Every access begins at the shelf: taking a bucket out would count references, which threads share.
            for block in 0..<buckets[at].bounds.count where buckets[at].bounds[block].meets(widest) {
                let from = Int(buckets[at].homes[block]) * BlockBucket.blockLargest
                for i in from..<(from + Int(buckets[at].counts[block])) where buckets[at].boxes[i].meets(widest) {
                    let entry = buckets[at].entries[i]
                    guard entry.start <= when.end, entry.negatedEnd <= when.negatedStart,
                        when.isFirst || entry.isFirst, buckets[at].boxes[i].meets(boxes[entry.kind])
                    else { continue }
                    slots.append(entry.slot)
                }
            }
        }
    }

    private(set) var shelves = Array(repeating: Shelf(), count: 2 * TimeLevels.shelvesPerMode)

    mutating func insert(
        _ box: SpaceBox, place: UInt64, slot: UInt32, kind: Int, _ window: TimeWindow, at address: TimeLevels.Address
    ) {
        let level = address.shelf % TimeLevels.shelvesPerMode
        let (start, end) = (Double(window.start.microseconds), Double(window.end.microseconds))
        for number in address.first...address.last {
            let at = shelves[address.shelf].place(number)
            if at == shelves[address.shelf].numbers.count || shelves[address.shelf].numbers[at] != number {
                shelves[address.shelf].numbers.insert(number, at: at)
                shelves[address.shelf].buckets.insert(BlockBucket(), at: at)
            }
            let entry = BlockBucket.Entry(
                start: TimeLevels.secondsDown(start, level, number),
                negatedEnd: -TimeLevels.secondsUp(end, level, number), slot: slot, kind: kind,
                isFirst: number == address.first)
            shelves[address.shelf].buckets[at].insert(box, entry, place: place)
        }
    }

    mutating func remove(place: UInt64, slot: UInt32, at address: TimeLevels.Address) {
        for number in address.first...address.last {
            let at = shelves[address.shelf].place(number)
            guard at < shelves[address.shelf].numbers.count, shelves[address.shelf].numbers[at] == number else {
                continue
            }
            shelves[address.shelf].buckets[at].remove(place: place, slot: slot)
            if shelves[address.shelf].buckets[at].isEmpty {
                shelves[address.shelf].numbers.remove(at: at)
                shelves[address.shelf].buckets.remove(at: at)
            }
        }
    }
}
