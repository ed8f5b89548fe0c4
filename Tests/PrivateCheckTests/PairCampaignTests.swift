import Kernel
import Testing

@testable import PrivateCheck

/// `PARLEY_PRIVATE_PAIRS` and `PARLEY_PRIVATE_SEED` make it longer; `make soak` plays 10⁶.
@Suite("covers against the conflict test, pair by pair")
struct PairCampaignTests {
    @Test("no pair that conflicts is missed, and what is found in vain is nearer than the buffers and one cell")
    func pairs() async throws {
        let count = number("PARLEY_PRIVATE_PAIRS") ?? cases(5_000)
        let seed = UInt64(number("PARLEY_PRIVATE_SEED") ?? 1)
        let tally = try await PairCampaign().run(count, seed: seed)
        print(tally.text)
        #expect(tally.missed == 0 && tally.beyondBound == 0 && tally.failures.isEmpty, "\(tally.failures)")
        #expect(tally.pairs == count)
        guard count >= 1_000 else { return }
        // Enough of everything, or the rest says little.
        #expect(tally.conflicts > count / 20 && tally.vain > count / 100 && tally.found < count)
        #expect(tally.conflictsNearMinima > count / 100 && tally.writtenOut > count / 20)
        #expect(tally.byDatums.count == 10 && tally.byPlace.count == 3)
    }

    @Test("a margin that is too small is found out by a pair that is missed, one that is too large by the bound")
    func planted() async throws {
        let small = try await PairCampaign(fault: .halfTheMargin).run(1_000, seed: 7)
        #expect(small.missed > 0)
        let large = try await PairCampaign(fault: .twoCellsMore).run(1_000, seed: 7)
        #expect(large.missed == 0 && large.beyondBound > 0)
    }
}
