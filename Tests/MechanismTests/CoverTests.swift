import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("cover records")
struct CoverTests {
    @Test("one is a record like any other to whoever counts, and says and changes nothing")
    func saysNothing() throws {
        var bench = try Bench.ready()
        let before = bench.mechanism
        let handled = try bench.handle(.cover(noise: Bytes([UInt8](repeating: 7, count: 500))))
        #expect(handled.writes.count == 1)
        #expect(handled.effects.contains(.push))
        #expect(bench.mechanism.ownLog.size == before.ownLog.size + 1)
        #expect(bench.mechanism.alarms.keys == before.alarms.keys)
        #expect(bench.mechanism.notices.isEmpty && bench.mechanism.conflicts.isEmpty)
        let opened = try #require(handled.writes.first).envelope
        guard case .open(let body) = try VerifiedRecord(fromOwnJournal: opened).body else {
            Issue.record("a cover record opens")
            return
        }
        #expect(body.content.kind == .cover)
        #expect(body.officer == nil)
    }

    @Test("more noise than a record holds is refused, and nothing is written")
    func tooMuch() throws {
        var bench = try Bench.ready()
        let size = bench.mechanism.ownLog.size
        #expect(throws: Refusal.bodyTooLong) {
            try bench.handle(.cover(noise: Bytes([UInt8](repeating: 0, count: 30_001))))
        }
        #expect(bench.mechanism.ownLog.size == size)
        try bench.handle(.cover(noise: Bytes([UInt8](repeating: 0, count: 30_000))))
        #expect(bench.mechanism.ownLog.size == size + 1)
    }
}
