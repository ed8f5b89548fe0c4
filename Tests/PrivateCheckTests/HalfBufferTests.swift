import Kernel
import Separation
import Testing

@testable import PrivateCheck

@Suite("half-buffers from the minima")
struct HalfBufferTests {
    private func kind(_ name: String) throws -> ActivityKind { try #require(ActivityKind(name)) }

    @Test("a strike that altitude does not separate grows without end, and the others do not")
    func strike() throws {
        let (s, a, g) = (ActivityKind.strike, ActivityKind.airOperation, ActivityKind.groundMovement)
        let table = try #require(
            MinimaTable(rows: [
                .init(s, s, try minima(2_000, .all, .minutes(10))),
                .init(s, a, try minima(10_000, .all, .minutes(10))),
                .init(s, g, try minima(6_000, .all, .minutes(30))),
                .init(a, a, try minima(9_000, .metres(300), .minutes(5))),
                .init(a, g, try minima(0, .metres(150), .zero)),
                .init(g, g, try minima(500, .metres(0), .zero)),
            ]))
        let buffers = HalfBuffers(table: table, kinds: [s, a, g])
        // By hand, horizontally: strike and air have 5 000 at first, ground 3 000. Strike goes first of the two: 10 000
        // less 5 000. Then air: the same. Then ground: 6 000 less 5 000.
        #expect(buffers[s].horizontalM == 5_000)
        #expect(buffers[a].horizontalM == 5_000)
        #expect(buffers[g].horizontalM == 1_000)
        #expect(buffers[s].verticalM == .infinity)
        #expect(buffers[a].verticalM == 150)
        #expect(buffers[g].verticalM == 0)
        #expect(buffers.uniform == .init(horizontalM: 5_000, verticalM: .infinity, microseconds: 900_000_000))
        #expect(buffers.otherwise.horizontalM == 10_000)
    }

    @Test("two buffers make up every minimum, and none can be lowered alone, over random tables with missing rows")
    func random() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<cases(2_000) {
            let kinds = try (0..<2 + Int(random.below(5))).map { try kind("k\($0)") }
            var rows: [MinimaTable.Row] = []
            for (n, first) in kinds.enumerated() {
                for second in kinds[n...] where rows.isEmpty || random.below(6) > 0 {
                    let vertical = random.below(8) == 0 ? Minima.Vertical.all : .metres(random.uniform(0...900))
                    let needed = try minima(
                        random.uniform(0...50_000), vertical, .microseconds(Int64(random.below(4_000_000_000))))
                    rows.append(.init(first, second, needed))
                }
            }
            let table = try #require(MinimaTable(rows: rows))
            let buffers = HalfBuffers(table: table, kinds: kinds)
            let stranger = try kind("not-named")
            for a in kinds + [stranger] {
                var least = (horizontal: Double.infinity, vertical: Double.infinity)
                for b in kinds + [stranger] {
                    let needed = table[a, b]
                    let (x, y) = (buffers[a], buffers[b])
                    #expect(x.horizontalM + y.horizontalM >= needed.horizontalM)
                    #expect(x.microseconds + y.microseconds >= needed.time.wholeMicroseconds)
                    if case .metres(let metres) = needed.vertical {
                        #expect(x.verticalM + y.verticalM >= metres)
                        least.vertical = min(least.vertical, (x.verticalM + y.verticalM - metres))
                    } else {
                        #expect(x.verticalM + y.verticalM == .infinity)
                        least.vertical = 0
                    }
                    if b != stranger {
                        least.horizontal = min(least.horizontal, x.horizontalM + y.horizontalM - needed.horizontalM)
                    }
                }
                if a != stranger, buffers[a].horizontalM > 0 { #expect(least.horizontal < 1e-6) }
                if a != stranger, buffers[a].verticalM > 0, least.vertical > 1e-6 {
                    #expect(buffers[a].verticalM == .infinity, "only what has to be is infinite")
                }
            }
        }
    }
}
