import Kernel
import Testing

@testable import NodeRuntime

@Suite("a fair queue")
struct FairQueueTests {
    private let flood = WorkSource.officer("flood")
    private let calm = WorkSource.officer("calm")

    private func queue(count: Int = 100, perSource: Int = 50, bytes: Int = 1_000, bytesPerSource: Int = 600)
        -> FairQueue<Int>
    {
        FairQueue(.init(count: count, countPerSource: perSource, bytes: bytes, bytesPerSource: bytesPerSource))
    }

    @Test("gives what one source brought in the order in which it came")
    func order() throws {
        var queue = queue()
        for i in 0..<40 { try queue.offer(i, from: calm, cost: 1 + i % 5, bytes: 1) }
        let drained = queue.drain()
        #expect(drained == Array(0..<40))
        #expect(queue.isEmpty)
        #expect(queue.bytes == 0)
    }

    @Test("refuses a source beyond its own share, by number and by bytes, and still takes another's")
    func bounds() throws {
        var queue = queue()
        for i in 0..<50 { try queue.offer(i, from: flood, cost: 1, bytes: 2) }
        #expect(throws: FairQueue<Int>.Refusal.sourceIsFull) { try queue.offer(50, from: flood, cost: 1, bytes: 2) }
        #expect(throws: FairQueue<Int>.Refusal.sourceIsFull) { try queue.offer(0, from: calm, cost: 1, bytes: 601) }
        try queue.offer(0, from: calm, cost: 1, bytes: 600)
        #expect(queue.count == 51)
        #expect(queue.bytes == 700)
        #expect(throws: FairQueue<Int>.Refusal.isFull) {
            try queue.offer(0, from: .officer("third"), cost: 1, bytes: 301)
        }
        #expect(queue.count == 51)
    }

    @Test("refuses everybody when it is full in all, and takes again when one has gone")
    func isFull() throws {
        var queue = queue(count: 4, perSource: 2)
        for source in [flood, calm] {
            for i in 0..<2 { try queue.offer(i, from: source, cost: 1, bytes: 1) }
        }
        let third = WorkSource.officer("third")
        #expect(throws: FairQueue<Int>.Refusal.isFull) { try queue.offer(9, from: third, cost: 1, bytes: 1) }
        _ = queue.take()
        try queue.offer(9, from: third, cost: 1, bytes: 1)
    }

    @Test("a source that brings much holds up only itself: others have their turn after one quantum")
    func fairness() throws {
        var queue = queue()
        for i in 0..<50 { try queue.offer(i, from: flood, cost: 1, bytes: 1) }
        try queue.offer(1_000, from: calm, cost: 1, bytes: 1)
        var before = 0
        while let next = queue.take(), next.element != 1_000 { before += 1 }
        #expect(before <= FairQueue<Int>.quantum)
    }

    @Test("is fair by cost: against pushes of 256 records one record at a time gets the same share")
    func fairnessByCost() throws {
        var queue = queue(count: 5_000, perSource: 4_000, bytes: 10_000, bytesPerSource: 10_000)
        for i in 0..<8 { try queue.offer(-1 - i, from: flood, cost: 257, bytes: 1) }
        for i in 0..<2_000 { try queue.offer(i, from: calm, cost: 1, bytes: 1) }
        var (pushes, single) = (0, 0)
        while pushes < 4, let next = queue.take() {
            if next.element < 0 { pushes += 1 } else { single += 1 }
        }
        #expect(abs(single - 4 * 257) <= 2 * FairQueue<Int>.quantum + 257)
    }

    @Test("a source of which nothing waits saves nothing up")
    func noSavings() throws {
        var queue = queue(count: 1_000, perSource: 500)
        // It is alone for a while, and its turns pass.
        for i in 0..<100 {
            try queue.offer(i, from: flood, cost: 1, bytes: 1)
            let taken = queue.take()?.element
            #expect(taken == i)
        }
        for i in 0..<100 { try queue.offer(i, from: flood, cost: 1, bytes: 1) }
        for i in 100..<200 { try queue.offer(i, from: calm, cost: 1, bytes: 1) }
        let firstRound = (0..<2 * FairQueue<Int>.quantum).compactMap { _ in queue.take()?.element }
        #expect(firstRound.count { $0 < 100 } == FairQueue<Int>.quantum)
    }

    @Test("nothing that was taken is lost or comes twice, whatever the order of offers and takes")
    func conservation() throws {
        var random = SeededGenerator(seed: 7)
        var queue = queue(count: 64, perSource: 20, bytes: 100_000, bytesPerSource: 50_000)
        var (next, held, given) = (0, SortedSet<Int>(), SortedSet<Int>())
        let sources = (0..<6).map { WorkSource.officer("\($0)") }
        for _ in 0..<20_000 {
            if random.next() % 5 < 3 {
                let source = sources[Int(random.next() % 6)]
                let cost = Int(random.next() % 300) + 1
                if (try? queue.offer(next, from: source, cost: cost, bytes: cost)) != nil { held.insert(next) }
                next += 1
            } else if let taken = queue.take() {
                #expect(held.contains(taken.element))
                let isNew = given.insert(taken.element)
                #expect(isNew)
            }
        }
        for element in queue.drain() {
            let isNew = given.insert(element)
            #expect(isNew)
        }
        #expect(given == held)
        #expect(given.count > 5_000, "that was no test")
        #expect(queue.count == 0)
        #expect(queue.bytes == 0)
    }
}
