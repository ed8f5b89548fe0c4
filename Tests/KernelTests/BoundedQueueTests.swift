import Kernel
import Testing

@Suite struct BoundedQueueTests {
    @Test("a full queue refuses and keeps what it has")
    func full() {
        var queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.isEmpty)
        let offers = [queue.offer(1), queue.offer(2), queue.offer(3)]
        #expect(offers == [true, true, false])
        #expect(queue.isFull)
        #expect(queue.count == 2)
        let first = queue.take()
        #expect(first == 1)
        let fourth = queue.offer(4)
        #expect(fourth)
        let rest = queue.drain()
        #expect(rest == [2, 4])
        let none = queue.take()
        #expect(none == nil)
        let nothing = queue.drain()
        #expect(nothing.isEmpty)
    }

    @Test("under seeded offers and takes a queue does what a list of bounded length does")
    func model() {
        for seed in 0..<100 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let capacity = Int(random.below(9)) + 1
            var queue = BoundedQueue<Int>(capacity: capacity)
            var model: [Int] = []
            for step in 0..<300 {
                switch random.below(10) {
                case 0..<5:
                    let accepted = queue.offer(step)
                    #expect(accepted == (model.count < capacity))
                    if model.count < capacity { model.append(step) }
                case 5..<9:
                    let taken = queue.take()
                    let expected = model.isEmpty ? nil : model.removeFirst()
                    #expect(taken == expected, "seed \(seed)")
                default:
                    let drained = queue.drain()
                    #expect(drained == model, "seed \(seed)")
                    model = []
                }
                #expect(queue.count == model.count)
                #expect(queue.isEmpty == model.isEmpty)
                #expect(queue.isFull == (model.count == capacity))
            }
        }
    }
}
