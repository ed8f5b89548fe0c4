import Geodesy
import Kernel

/// Boxes of volumes by mode, length of window and start of window: what a query looks through first.
struct VolumeShelves: Sendable {
    private struct Bucket: Sendable {
        var boxes: [IndexBox] = []
        var slots: [Int32] = []
    }

    /// The buckets of one mode and level, by rising number.
    private struct Shelf: Sendable {
        var numbers: [Int64] = []
        var buckets: [Bucket] = []

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
    }

    private var shelves = Array(repeating: Shelf(), count: 2 * TimeBuckets.shelvesPerMode)

    mutating func insert(_ box: IndexBox, slot: Int, at address: TimeBuckets.Address) {
        let place = shelves[address.shelf].place(address.bucket)
        if place == shelves[address.shelf].numbers.count || shelves[address.shelf].numbers[place] != address.bucket {
            shelves[address.shelf].numbers.insert(address.bucket, at: place)
            shelves[address.shelf].buckets.insert(Bucket(), at: place)
        }
        shelves[address.shelf].buckets[place].boxes.append(box)
        shelves[address.shelf].buckets[place].slots.append(Int32(slot))
    }

    mutating func remove(slot: Int, at address: TimeBuckets.Address) {
        let place = shelves[address.shelf].place(address.bucket)
        guard place < shelves[address.shelf].numbers.count, shelves[address.shelf].numbers[place] == address.bucket,
            let found = shelves[address.shelf].buckets[place].slots.firstIndex(of: Int32(slot))
        else { return }
        let last = shelves[address.shelf].buckets[place].slots.count - 1
        shelves[address.shelf].buckets[place].slots.swapAt(found, last)
        shelves[address.shelf].buckets[place].boxes.swapAt(found, last)
        shelves[address.shelf].buckets[place].slots.removeLast()
        shelves[address.shelf].buckets[place].boxes.removeLast()
        if last == 0 {
            shelves[address.shelf].numbers.remove(at: place)
            shelves[address.shelf].buckets.remove(at: place)
        }
    }

    /// Slots whose boxes meet the query's, in no particular order. Their windows may be farther than the margin.
    func slots(meeting box: IndexBox, _ mode: Mode, near window: TimeWindow, margin: Duration) -> [Int] {
        var found: [Int] = []
        for level in 0...TimeBuckets.openLevel {
            let shelf = shelves[TimeBuckets.shelf(mode, level)]
            guard !shelf.numbers.isEmpty else { continue }
            let numbers = TimeBuckets.buckets(level, near: window, margin: margin)
            var place = shelf.place(numbers.lowerBound)
            while place < shelf.numbers.count, shelf.numbers[place] <= numbers.upperBound {
                shelf.buckets[place].boxes.withUnsafeBufferPointer { boxes in
                    for i in boxes.indices where boxes[i].meets(box) {
                        found.append(Int(shelf.buckets[place].slots[i]))
                    }
                }
                place += 1
            }
        }
        return found
    }
}
