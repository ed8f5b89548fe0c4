import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Why two notices conflict") struct NoticePairExplanationTests {
    private func volume(_ longitude: Double, _ start: Int64 = 0, _ end: Int64 = 100) throws -> Volume4D {
        Volume4D(footprint: try circle(34, longitude, radiusM: 1_000), band: try metres(0, 100), window: try seconds(start, end))
    }

    @Test("the nearest of the pairs that conflict is the worst, wherever it stands, and all are counted")
    func worst() throws {
        let limits = try minima(30_000, .all, .zero)
        // The second of these is nearer than all, and at another time.
        let others = [try volume(38.2), try volume(38.001, 500, 600), try volume(38.1), try volume(39.9)]
        let why = try #require(NoticePairExplanation([try volume(38)], others, minima: limits, reference: .anywhere))
        #expect(why.count == 2)
        #expect(why.pairs.map(\.second) == [2, 0])
        #expect(why.worst.explanation.verdict == .conflict(proven: true))
    }

    @Test("where nothing conflicts, the one pair that is nearest in time and then in place says what keeps it apart")
    func none() throws {
        let limits = try minima(1_000, .all, .zero)
        let others = [try volume(38.2), try volume(38.1), try volume(38.001, 500, 600)]
        let why = try #require(NoticePairExplanation([try volume(38)], others, minima: limits, reference: .anywhere))
        #expect(why.count == 0)
        #expect(why.pairs.map(\.second) == [1])
        #expect(why.worst.explanation.verdict == .separate(by: .horizontal))
        #expect(!why.worst.explanation.isBroken(.horizontal) && why.worst.explanation.isBroken(.time))
    }

    @Test("every minimum of a conflict is broken, and of what is apart at least one is kept")
    func broken() throws {
        let limits = try minima(30_000, .metres(500), .seconds(60))
        let one = try volume(38)
        for (longitude, start) in [(38.1, 0), (38.1, 160), (38.1, 161), (38.9, 0)] as [(Double, Int64)] {
            let why = Explanation(one, try volume(longitude, start, start + 100), minima: limits, reference: .anywhere)
            #expect(Verdict.Axis.allCases.allSatisfy(why.isBroken) == why.verdict.isConflict)
        }
    }

    @Test("of very many pairs only the worst are kept, and without a volume there is nothing to explain")
    func bounded() throws {
        let limits = try minima(300_000, .all, .zero)
        let many = try (0..<20).map { try volume(38 + Double($0) * 0.01) }
        let why = try #require(NoticePairExplanation(many, many, minima: limits, reference: .anywhere))
        #expect(why.count == 400)
        #expect(why.pairs.count == NoticePairExplanation.pairsMost)
        let brief = NoticePairExplanation(many, many, minima: limits, reference: .anywhere, testedMost: 30)
        #expect(brief?.count == 30)
        #expect(NoticePairExplanation([], many, minima: limits, reference: .anywhere) == nil)
    }
}
